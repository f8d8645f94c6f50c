"""Localizing many videos with a memory: the same detections as one by one, to the last bit."""

import numpy as np
import pytest
from scored_run import STAGES, random_scores

from dcwtal.core.detections import Detections
from dcwtal.localize.settings import LocalizeSettings
from dcwtal.pipeline.localize import localize_scores
from dcwtal.pipeline.what_if import many_videos
from dcwtal.pipeline.what_if.many_videos import ManyVideos
from dcwtal.pipeline.what_if.turns import CLIENTS_KEPT, Turns

CHANGES = [
    {},
    {"theta_cls": 0.2},
    {"theta_cls": 0.2, "sigma": 0.8},
    {"theta_cls": 0.2, "sigma": 0.8, "max_per_video": 3},
    {"mode": "peer"},
    {"mode": "peer", "nms": "hard", "nms_tiou": 0.3},
    {"mode": "peer", "nms": "none", "min_score": 0.2},
    {"branch": "fused", "fusion_weight": 0.2, "smoothing": 2.0},
    {"branch": "fused", "fusion_weight": 0.8, "smoothing": 2.0},
    {"class_scores_stage": "warmup", "class_scores_branch": "vlp", "relative_cls": 0.5},
    {"theta_loc": 1.0, "min_length": 100.0},
    {},
]


@pytest.mark.parametrize("videos_at_once", [1, 2, 64])
def test_every_change_gives_the_detections_of_a_fresh_start(monkeypatch, videos_at_once):
    monkeypatch.setattr(many_videos, "VIDEOS_AT_ONCE", videos_at_once)
    scores = [random_scores(f"v{number}", number, n=30 + 11 * number) for number in range(4)]
    durations = [None, 26.0, 30.5, None]
    many = ManyVideos(scores, durations)
    for stage in STAGES[:2]:
        for change in CHANGES:
            chosen = LocalizeSettings(**change)
            one_by_one = [
                localize_scores(video, stage, chosen, duration=duration)
                for video, duration in zip(scores, durations, strict=True)
            ]
            expected, found = Detections.merge(one_by_one), many.detections(stage, chosen)
            for column in ("video", "start", "end", "label", "score"):
                np.testing.assert_array_equal(getattr(found, column), getattr(expected, column), str(change))


def test_the_memory_is_bounded(monkeypatch):
    monkeypatch.setattr(many_videos, "ROWS_KEPT", 1)
    many = ManyVideos([random_scores("v", 3)], [None])
    for step in range(1, 20):
        chosen = LocalizeSettings(theta_loc=step / 20, theta_cls=0)
        assert len(many.detections("F1", chosen)) == len(localize_scores(many.videos[0], "F1", chosen))
    assert len(many._candidates) <= many_videos.SETTINGS_KEPT


def test_the_newest_turn_of_a_client_wins():
    turns = Turns()
    first, other, nameless = turns.announce("a", 1), turns.announce("b", 1), turns.announce(None, 1)
    assert not first()
    second = turns.announce("a", 2)
    assert first() and not second() and not other() and not nameless()
    assert turns.announce("a", 1)(), "an older turn is not wanted even when it comes later"
    assert not turns.announce("a", 2)(), "two questions of one turn live side by side"
    for number in range(2 * CLIENTS_KEPT):
        turns.announce(f"client {number}", 1)
    assert len(turns._newest) == CLIENTS_KEPT
