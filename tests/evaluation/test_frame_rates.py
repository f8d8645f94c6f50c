"""Table 3: frame rates by hand, against plain loops, and the trivial maps."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dcwtal.core.class_activation import ClassActivationSequence
from dcwtal.core.class_names import ClassNames
from dcwtal.core.errors import DataError
from dcwtal.core.instances import ActionInstances
from dcwtal.core.timegrid import TimeGrid
from dcwtal.evaluation.frame_rates import (
    FrameThresholds,
    frame_rates,
    trivial_frame_rates,
)

CLASSES = ClassNames.of(["Dive", "Jump"])


def scores_of(dive, jump=None, step=1.0) -> ClassActivationSequence:
    dive = np.asarray(dive, dtype=float)
    columns = np.stack([dive, np.zeros_like(dive) if jump is None else np.asarray(jump, dtype=float)], axis=1)
    return ClassActivationSequence(columns, np.zeros(2), TimeGrid(0.0, step, len(dive)), CLASSES)


def four(rates):
    return [
        rates.foreground_iou,
        rates.background_iou,
        rates.true_positive_rate,
        rates.true_negative_rate,
    ]


def test_one_video_by_hand():
    """10 s, truth 2-6 s; said foreground 4-7 s: TP 2, FN 2, FP 1, TN 5 seconds; 8-9 s is uncertain."""
    curve = [0, 0, 0, 0, 0.9, 0.9, 0.9, 0, 0.2, 0]
    truth = ActionInstances.of([("v", 2, 6, "Dive")])
    report = frame_rates({"v": scores_of(curve)}, truth, {"v": ["Dive"]})
    assert four(report.all_frames) == pytest.approx([2 / 5, 5 / 8, 2 / 4, 5 / 6])
    assert four(report.confident_frames) == pytest.approx([2 / 5, 4 / 7, 2 / 4, 4 / 5])
    assert report.confident_frames.share == pytest.approx(0.9) and report.all_frames.share == 1
    assert (report.videos, report.frames) == (1, 250) and report.foreground_share == pytest.approx(0.4)


def test_the_foreground_threshold_itself_is_foreground_but_not_confident():
    truth = ActionInstances.of([("v", 0, 1, "Dive")])
    curve = np.array([0.25, 0.0])
    thresholds = FrameThresholds(foreground=0.25, confident_foreground=0.25, confident_background=0.125)
    report = frame_rates({"v": scores_of(curve)}, truth, {"v": ["Dive"]}, thresholds=thresholds)
    assert report.all_frames.true_positive_rate == 1
    assert report.confident_frames.true_positive_rate is None and report.confident_frames.share == 0.5


def test_frames_are_pooled_over_videos_and_averaged_over_classes():
    maps = {"v": scores_of([1, 0, 0, 0], [1, 1, 0, 0]), "w": scores_of([1, 1])}
    truth = ActionInstances.of([("v", 0, 2, "Dive"), ("w", 0, 2, "Dive"), ("v", 0, 1, "Jump")])
    report = frame_rates(maps, truth, {"v": ["Dive", "Jump"], "w": ["Dive"]})
    # Dive: TP 3, FN 1, TN 2 of 6 s. Jump, only where labelled: TP 1, FP 1, TN 2 of 4 s.
    assert report.all_frames.per_class["Dive"]["true_positive_rate"] == pytest.approx(3 / 4)
    assert report.all_frames.per_class["Jump"]["true_negative_rate"] == pytest.approx(2 / 3)
    assert four(report.all_frames) == pytest.approx(
        [(3 / 4 + 1 / 2) / 2, (2 / 3 + 2 / 3) / 2, (3 / 4 + 1) / 2, (1 + 2 / 3) / 2]
    )


def test_the_duration_bounds_the_clock_and_the_last_snippet_lasts():
    truth = ActionInstances.of([("v", 0, 4, "Dive")])
    one = frame_rates({"v": scores_of([0, 1])}, truth, {"v": ["Dive"]}, {"v": 4.0})
    assert one.frames == 100 and one.all_frames.true_positive_rate == pytest.approx(3 / 4)
    assert frame_rates({"v": scores_of([0, 1])}, truth, {"v": ["Dive"]}, {"v": None}).frames == 50


def test_a_class_without_foreground_is_left_out_of_the_foreground_mean():
    truth = ActionInstances.of([("v", 0, 1, "Dive")])
    report = frame_rates({"v": scores_of([1, 0], [1, 0])}, truth, {"v": ["Dive", "Jump"]})
    assert report.all_frames.foreground_iou == 1.0
    assert report.all_frames.per_class["Jump"]["foreground_iou"] is None
    assert report.all_frames.background_iou == pytest.approx((1 + 1 / 2) / 2)


def test_no_labels_no_numbers_and_no_maps_an_error():
    report = frame_rates({"v": scores_of([1, 0])}, ActionInstances.empty(), {})
    assert four(report.all_frames) == [None] * 4
    with pytest.raises(DataError, match="at least one video"):
        frame_rates({}, ActionInstances.empty(), {})
    with pytest.raises(DataError, match="did you mean 'Dive'"):
        frame_rates({"v": scores_of([1, 0])}, ActionInstances.empty(), {"v": ["Dove"]})


@pytest.mark.parametrize("values", [(0.3, 0.1, 0.3), (0.3, 0.2, 0.2), (2.0, 0.3, 0.1)])
def test_thresholds_must_be_in_order(values):
    with pytest.raises(DataError, match="background < foreground"):
        FrameThresholds(*values)


def test_trivial_maps_are_the_shares():
    maps = {"v": scores_of([0.5] * 10)}
    truth = ActionInstances.of([("v", 0, 3, "Dive")])
    trivial = trivial_frame_rates(maps, truth, {"v": ["Dive"]})
    assert four(trivial["all-foreground"].all_frames) == pytest.approx([0.3, 0, 1, 0])
    assert four(trivial["all-background"].all_frames) == pytest.approx([0, 0.7, 0, 1])
    assert trivial["all-foreground"].confident_frames.share == 1


def counts_by_the_letter(curves, truth, thresholds, step):
    """(TP, FP, FN, TN) over all frames, then over confident ones, frame by frame."""
    everything, sure = [0, 0, 0, 0], [0, 0, 0, 0]
    for curve, segments in zip(curves, truth, strict=True):
        for frame in range(round(len(curve) * step * 25)):
            time = (frame + 0.5) / 25
            value = curve[min(len(curve) - 1, int(time / step))]
            true = any(start <= time < end for start, end in segments)
            everything[2 * true + (value >= thresholds.foreground)] += 1
            if value > thresholds.confident_foreground or value < thresholds.confident_background:
                sure[2 * true + (value > thresholds.confident_foreground)] += 1
    return everything, sure


def ratio(part, whole):
    return part / whole if whole else None


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(
            arrays(np.float32, st.integers(1, 8), elements=st.floats(0, 1, width=32)),
            st.lists(st.tuples(st.floats(0, 6), st.floats(0.1, 3)), max_size=3),
        ),
        min_size=1,
        max_size=3,
    ),
    st.sampled_from([0.5, 0.64, 1.0]),
)
def test_equals_plain_loops(videos, step):
    thresholds = FrameThresholds(0.5, 0.6, 0.2)
    truth = [[(start, start + length) for start, length in segments] for _, segments in videos]
    instances = ActionInstances.of(
        (f"v{i}", start, end, "Dive") for i, segments in enumerate(truth) for start, end in segments
    )
    maps = {f"v{i}": scores_of(curve, step=step) for i, (curve, _) in enumerate(videos)}
    report = frame_rates(maps, instances, {video: ["Dive"] for video in maps}, thresholds=thresholds)
    for found, (tn, fp, fn, tp) in zip(
        (report.all_frames, report.confident_frames),
        counts_by_the_letter([curve for curve, _ in videos], truth, thresholds, step),
        strict=True,
    ):
        expected = [
            ratio(tp, tp + fp + fn) if tp + fn else None,
            ratio(tn, tn + fp + fn) if tn + fp else None,
            ratio(tp, tp + fn),
            ratio(tn, tn + fp),
        ]
        assert four(found) == pytest.approx(expected)
