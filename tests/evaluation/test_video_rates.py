"""Rates of each video, against Table 3's numbers of that video alone."""

import numpy as np
import pytest

from dcwtal.core.class_activation import ClassActivationSequence
from dcwtal.core.class_names import ClassNames
from dcwtal.core.instances import ActionInstances
from dcwtal.core.timegrid import TimeGrid
from dcwtal.evaluation.frame_counts import FrameThresholds, PreparedFrames
from dcwtal.evaluation.frame_rates import frame_rates
from dcwtal.evaluation.video_rates import rates_by_video

CLASSES = ClassNames.of(["Dive", "Jump", "Run"])
THRESHOLDS = FrameThresholds(0.45, 0.5, 0.2)


def test_each_video_is_as_if_alone():
    dice = np.random.default_rng(5)
    grids = {f"v{i}": TimeGrid(0, 0.64, 5 + 3 * i) for i in range(6)}
    maps = {
        video: ClassActivationSequence(dice.random((grid.n, 3)), np.zeros(3), grid, CLASSES)
        for video, grid in grids.items()
    }
    truth = ActionInstances.of(
        [
            ("v0", 1, 2, "Dive"),
            ("v1", 0, 3, "Jump"),
            ("v1", 2, 4, "Run"),
            ("v3", 0, 99, "Run"),
            ("v4", 1, 5, "Run"),
        ]
    )
    labels = {"v0": ["Dive"], "v1": ["Jump", "Run"], "v3": ["Run"], "v4": ["Dive", "Run"], "v5": ["Jump"]}
    prepared = PreparedFrames.of(grids, truth, labels, classes=CLASSES)
    flat = prepared.flat({video: scores.class_scores for video, scores in maps.items()})
    rates = rates_by_video(prepared, flat, thresholds=THRESHOLDS)
    assert rates.videos == tuple(grids)
    for row, video in enumerate(rates.videos):
        # With one video the mean over classes is the mean over its labels.
        alone = frame_rates({video: maps[video]}, truth, labels, thresholds=THRESHOLDS)
        for name in ("foreground_iou", "background_iou", "true_positive_rate", "true_negative_rate"):
            expected = getattr(alone.all_frames, name)
            found = getattr(rates, name)[row]
            assert np.isnan(found) if expected is None else found == pytest.approx(expected), (video, name)
        if video in labels:
            assert rates.confident_share[row] == pytest.approx(alone.confident_frames.share)
    assert np.isnan(rates.confident_share[2])
    assert np.isnan(rates.background_iou[3]) and np.isnan(rates.true_positive_rate[5])
