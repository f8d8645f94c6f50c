"""The plane of coverage and purity: hand-worked points, events from candidates, and its limits."""

import json

import numpy as np
import pytest
from scored_run import CLASSES, flat_scores

from dcwtal.core.detections import Detections
from dcwtal.core.instances import ActionInstances
from dcwtal.evaluation.frame_counts import FrameThresholds
from dcwtal.localize.settings import LocalizeSettings
from dcwtal.pipeline.what_if import completeness_plane as plane_file
from dcwtal.pipeline.what_if.completeness_plane import completeness_plane
from dcwtal.pipeline.what_if.many_videos import ManyVideos
from dcwtal.pipeline.what_if.question import WhatIf

ASKED = WhatIf("F1", LocalizeSettings(), FrameThresholds(), 0.5, "test")
TRUTH = ActionInstances.of([("v", 2, 10, "Dive"), ("v", 12, 16, "Dive")])


@pytest.fixture
def localize():
    """CBP sees a quarter of the first action, VLP one blob over both."""
    scores = flat_scores("v")
    scores.class_scores["cbp"][:, 4:6, 0] = 0.9
    scores.class_scores["vlp"][:, 2:16, 0] = 0.8
    many = ManyVideos([scores], [None])
    return lambda asked: (
        many.candidates(asked.stage, asked.settings),
        many.detections(asked.stage, asked.settings),
    )


def test_incomplete_and_over_complete(localize):
    answer = completeness_plane(ASKED, localize, TRUTH, classes=list(CLASSES), one_video=True)
    assert answer["videos"] == ["v"] and answer["classes"] == ["Dive", "Jump", "Serve"]
    ((video, label, start, end, score, coverage, purity, tiou),) = answer["points"]["cbp"]
    assert (video, label, start, end, score) == (0, 0, 4.0, 6.0, 0.9)
    assert (coverage, purity, tiou) == (0.25, 1.0, 0.25)
    ((*_, coverage, purity, tiou),) = answer["points"]["vlp"]
    assert (coverage, purity, tiou) == (1.0, pytest.approx(8 / 14, abs=1e-5), pytest.approx(8 / 14, abs=1e-5))
    rows = {row["branch"]: row for row in answer["per_class"]}
    assert rows["cbp"]["inward"] == 6 and rows["cbp"]["outward"] == 0
    assert rows["cbp"]["deletes"] == 1 and rows["cbp"]["merges"] == 0
    assert rows["vlp"]["outward"] == 6 and rows["vlp"]["merges"] == 1 and rows["vlp"]["deletes"] == 0
    assert "per_video" not in answer and answer["left_out"] == {"cbp": 0, "vlp": 0, "fused": 0}
    json.dumps(answer, allow_nan=False)


def test_fragments_come_from_before_suppression():
    """Two pieces of one action; the detections handed over hold only one of them."""
    pieces = Detections.of([("v", 2, 4, "Dive", 0.9), ("v", 6, 8, "Dive", 0.8)])
    answer = completeness_plane(
        ASKED, lambda _: (pieces, pieces[:1]), TRUTH, classes=list(CLASSES), one_video=False
    )
    assert [row["fragments"] for row in answer["per_video"]] == [1, 1, 1]
    assert [row["video"] for row in answer["per_video"]] == ["v"] * 3


def test_only_so_many_points_and_the_best_of_them(monkeypatch):
    monkeypatch.setattr(plane_file, "MOST_POINTS", 3)
    rows = [("v", 2 + k / 10, 9, "Dive", k / 10) for k in range(8)] + [("v", 17, 18, "Dive", 1.0)]
    found = Detections.of(rows)
    answer = completeness_plane(ASKED, lambda _: (found, found), TRUTH, classes=list(CLASSES), one_video=True)
    assert [point[4] for point in answer["points"]["fused"]] == [0.7, 0.6, 0.5]
    assert answer["left_out"]["fused"] == 5, "the detection that overlaps nothing is no point"


def test_nothing_at_all():
    nothing = Detections.empty()
    answer = completeness_plane(
        ASKED, lambda _: (nothing, nothing), ActionInstances.empty(), classes=[], one_video=False
    )
    assert answer["points"] == {"cbp": [], "vlp": [], "fused": []} and answer["per_class"] == []
    deleted = completeness_plane(ASKED, lambda _: (nothing, nothing), TRUTH, classes=[], one_video=False)
    assert [row["deletes"] for row in deleted["per_class"]] == [2, 2, 2]
    assert all(row["coverage"] is None for row in deleted["per_video"])
    assert np.isfinite(len(json.dumps(deleted, allow_nan=False)))
