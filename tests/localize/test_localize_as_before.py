"""The definition, step by step and slow, gives bit for bit what ``localize_video`` gives.

This is how detections were made before smoothing, joining and the fast suppression: one threshold, one class
and one suppressed row at a time.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dcwtal.core.class_activation import ClassActivationSequence
from dcwtal.core.class_names import ClassNames
from dcwtal.core.segment import tiou_matrix
from dcwtal.core.timegrid import TimeGrid
from dcwtal.localize.class_choice import choose_classes
from dcwtal.localize.localize_video import localize_video
from dcwtal.localize.nms import canonical_order
from dcwtal.localize.runs import min_max
from dcwtal.localize.scoring import outer_inner_contrast
from dcwtal.localize.settings import LocalizeSettings

CLASSES = ClassNames.of(["Dive", "Jump", "Swim"])
# Tenths tie often; any float32 hardly ever.
SCORES = st.integers(0, 10).map(lambda tenth: np.float32(tenth / 10)) | st.floats(0, 1, width=32)


def runs_by_the_letter(curve, threshold):
    above = [*(bool(value >= threshold) for value in curve), False]
    starts = [i for i, on in enumerate(above) if on and (i == 0 or not above[i - 1])]
    return [(first, above.index(False, first)) for first in starts]


def propose_by_the_letter(curve, video_score, options):
    stretched = min_max(curve)
    if options.mode == "peer":
        runs = sorted({run for theta in options.theta_list for run in runs_by_the_letter(stretched, theta)})
        scores = contrast_of(stretched, runs, options) + options.outer_inner_gamma * video_score
    else:
        runs = runs_by_the_letter(stretched if options.minmax else curve, options.theta_loc)
        runs = runs or runs_by_the_letter(stretched, options.theta_loc)
        scores = np.array([float(max(curve[first:past])) for first, past in runs])
        if options.tie_break_weight:
            scores = scores + options.tie_break_weight * contrast_of(curve, runs, options)
    return runs, scores * video_score if options.multiply_video_score else scores


def contrast_of(curve, runs, options):
    runs = np.array(runs, dtype=int).reshape(-1, 2)
    return outer_inner_contrast(curve, runs, flank=options.outer_inner_lambda)


def suppress_by_the_letter(segments, scores, options):
    kept = scores >= options.min_score
    order = canonical_order(segments[kept], scores[kept])
    boxes, current = segments[kept][order], scores[kept][order]
    if options.nms == "none":
        return boxes, current
    rows, decayed, left = [], [], list(range(len(boxes)))
    while left:
        best = max(left, key=lambda row: (current[row], -row))
        if options.nms == "gaussian" and current[best] < options.min_score:
            break
        rows.append(best)
        decayed.append(current[best])
        overlap = tiou_matrix(boxes[best], boxes)[0]
        if options.nms == "gaussian":
            current = current * np.exp(-(overlap**2) / options.sigma)
        left = [
            row for row in left if row != best and (options.nms != "hard" or overlap[row] <= options.nms_tiou)
        ]
    return boxes[rows], np.array(decayed)


def localize_by_the_letter(sequence, options, duration):
    found = []
    for column in choose_classes(
        sequence.video_scores, threshold=options.theta_cls, relative=options.relative_cls
    ):
        video_score = float(sequence.video_scores[column])
        runs, scores = propose_by_the_letter(sequence.class_scores[:, column], video_score, options)
        segments = sequence.grid.runs_to_segments(np.array(runs, dtype=int))
        segments = segments if duration is None else np.minimum(segments, duration)
        kept = segments[:, 0] < segments[:, 1]
        boxes, scores = suppress_by_the_letter(segments[kept], scores[kept], options)
        name = sequence.classes.names[column]
        found += [
            (name, float(start), float(end), float(score))
            for (start, end), score in zip(boxes, scores, strict=True)
        ]
    return sorted(found, key=lambda row: -row[3])[: options.max_per_video]


def rows(found):
    return list(zip(found.label, found.start.tolist(), found.end.tolist(), found.score.tolist(), strict=True))


def agree(curves, video_scores, options, duration=None):
    grid = TimeGrid(0.1, 0.64, len(curves))
    sequence = ClassActivationSequence(curves, video_scores, grid, CLASSES)
    found = localize_video(sequence, sequence, "v", options, duration=duration)
    assert rows(found) == localize_by_the_letter(sequence, options, duration)
    assert found.video.tolist() == ["v"] * len(found)


@settings(max_examples=150, deadline=None)
@given(
    arrays(np.float32, st.tuples(st.integers(0, 30), st.just(3)), elements=SCORES),
    arrays(np.float32, 3, elements=SCORES),
    st.builds(
        LocalizeSettings,
        mode=st.sampled_from(["paper", "peer"]),
        theta_cls=st.sampled_from([0.0, 0.5, 0.85, 1.0]),
        relative_cls=st.sampled_from([None, 0.0, 0.5]),
        theta_loc=st.sampled_from([0.1, 0.45, 1.0]),
        minmax=st.booleans(),
        theta_list=st.sampled_from([(0.5,), (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9), (0.3, 1.0)]),
        outer_inner_lambda=st.sampled_from([0.0, 0.25, 2.0]),
        outer_inner_gamma=st.sampled_from([0.0, 0.2, 1.0]),
        tie_break_weight=st.sampled_from([0.0, 0.01, 1.0]),
        multiply_video_score=st.booleans(),
        nms=st.sampled_from(["gaussian", "hard", "none"]),
        sigma=st.sampled_from([0.1, 0.3, 10.0]),
        nms_tiou=st.sampled_from([0.0, 0.4, 0.6, 1.0]),
        min_score=st.sampled_from([0.0, 0.001, 0.3, 1.0]),
        max_per_video=st.sampled_from([1, 3, 200]),
    ),
    st.none() | st.floats(0.2, 20),
)
def test_any_settings_give_the_same_bits(curves, video_scores, options, duration):
    agree(curves, video_scores, options, duration)


@pytest.mark.parametrize("nms", ["gaussian", "hard"])
def test_a_long_noisy_video_gives_the_same_bits(nms):
    """About a thousand candidates, which is past the number whose pairs are all worked out at once."""
    curves = np.random.default_rng(3).random((900, 3)).astype(np.float32)
    agree(curves, np.array([0.9, 0.1, 0.95]), LocalizeSettings(mode="peer", nms=nms))


# What was detected with the defaults before smoothing, joining and score rules came: start, end, score.
SAVED = {
    "paper": [
        ("Jump", 0.0, 0.64, 0.949999988079071),
        ("Jump", 3.2, 3.84, 0.8999999761581421),
        ("Dive", 1.28, 2.56, 0.800000011920929),
        ("Jump", 1.28, 1.92, 0.5),
        ("Dive", 4.48, 5.12, 0.44999998807907104),
    ],
    "peer": [
        ("Jump", 0.0, 0.64, 1.1700000047683716),
        ("Jump", 3.2, 3.84, 0.8758823267728808),
        ("Dive", 1.28, 1.92, 0.8049999859184027),
        ("Dive", 3.84, 5.12, 0.5862499835900965),
        ("Dive", 0.64, 2.56, 0.5270652966689844),
        ("Jump", 1.28, 1.92, 0.5229411833014044),
        ("Jump", 2.56, 4.48, 0.4423124433672329),
        ("Dive", 0.0, 5.76, 0.3392707429877479),
    ],
}


@pytest.mark.parametrize("mode", ["paper", "peer"])
def test_saved_detections_of_the_defaults(mode):
    dive = [0.1, 0.3, 0.8, 0.6, 0.2, 0.1, 0.4, 0.45, 0.1, 0.0]
    jump = [0.95, 0.2, 0.5, 0.1, 0.3, 0.9, 0.3, 0.1, 0.2, 0.1]
    sequence = ClassActivationSequence(
        np.stack([dive, jump], axis=1),
        np.array([0.9, 0.85]),
        TimeGrid(0.0, 0.64, 10),
        ClassNames.of(["Dive", "Jump"]),
    )
    found = rows(localize_video(sequence, sequence, "v", LocalizeSettings(mode=mode, max_per_video=8)))
    assert [row[0] for row in found] == [row[0] for row in SAVED[mode]]
    # exp() may differ in its last digit from one processor to another.
    assert np.array([row[1:] for row in found]) == pytest.approx(
        np.array([row[1:] for row in SAVED[mode]]), rel=1e-13, abs=0
    )
