"""From the scores of one video to its detections, in both modes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dcwtal.core.class_activation import ClassActivationSequence
from dcwtal.core.class_names import ClassNames
from dcwtal.core.errors import DataError
from dcwtal.core.timegrid import TimeGrid
from dcwtal.localize.localize_video import localize_video
from dcwtal.localize.settings import LocalizeSettings

CLASSES = ClassNames.of(["Dive", "Jump"])
STEP = 0.64


def sequence(dive, video=(0.9, 0.1), jump=None) -> ClassActivationSequence:
    dive = np.asarray(dive, dtype=float)
    jump = np.zeros_like(dive) if jump is None else np.asarray(jump, dtype=float)
    grid = TimeGrid(0.0, STEP, len(dive))
    return ClassActivationSequence(np.stack([dive, jump], axis=1), np.array(video), grid, CLASSES)


def run(scores, *, vlp=None, duration=None, video_class_scores=None, **options):
    return localize_video(
        scores,
        scores if vlp is None else vlp,
        "v",
        LocalizeSettings(**options),
        duration=duration,
        video_class_scores=video_class_scores,
    )


def rows(found):
    return [
        (label, round(float(start), 6), round(float(end), 6), round(float(score), 6))
        for label, start, end, score in zip(found.label, found.start, found.end, found.score, strict=True)
    ]


def test_paper_mode_by_hand():
    found = run(sequence([0.1, 0.5, 0.75, 0.1, 0.1, 0.45, 0.1]))
    assert rows(found) == [("Dive", 0.64, 1.92, 0.75), ("Dive", 3.2, 3.84, 0.45)]


def test_a_class_that_never_reaches_the_threshold_falls_back_to_its_own_range():
    """Never empty-handed: θ_loc then applies to the min-max curve, while the score stays the plain
    maximum."""
    found = run(sequence([0.0, 0.1, 0.25, 0.1, 0.0]))
    assert rows(found) == [("Dive", 1.28, 1.92, 0.25)]


def test_minmax_thresholds_the_stretched_curve():
    curve = [0.5, 0.5, 0.75, 0.5, 0.5]  # plain: one run over all
    assert rows(run(sequence(curve))) == [("Dive", 0.0, 3.2, 0.75)]
    assert rows(run(sequence(curve), minmax=True)) == [("Dive", 1.28, 1.92, 0.75)]


def test_a_flat_curve_below_the_threshold_has_nothing_to_show():
    assert len(run(sequence([0.25, 0.25, 0.25]))) == 0


def test_peer_mode_by_hand():
    """Curve 0 .5 1 .5 0: thresholds .1-.5 give [1,4), .6-.9 give [2,3)."""
    found = run(sequence([0, 0.5, 1, 0.5, 0], video=(0.5, 0.1)), mode="peer", nms="none")
    # [1,4): mean 2/3, flanks of int(.75) = 0 → left int(1-.75)=0 → {0}, right int(3.75)=3 → {} → 2/3 - 0 +
    # .2·.5 [2,3): mean 1, left int(1.75)=1 → {1}: .5, right int(2.25)=2 → {} → 1 - .5 + .2·.5
    assert rows(found) == [
        ("Dive", 0.64, 2.56, pytest.approx(2 / 3 + 0.1, abs=1e-6)),
        ("Dive", 1.28, 1.92, pytest.approx(0.6, abs=1e-6)),
    ]


def test_soft_nms_decays_the_nested_run():
    peer = {"mode": "peer", "min_score": 0}
    plain, soft = (run(sequence([0, 0.5, 1, 0.5, 0]), nms=kind, **peer) for kind in ("none", "gaussian"))
    assert soft.score[0] == plain.score[0]
    assert soft.score[1] == pytest.approx(plain.score[1] * np.exp(-((1 / 3) ** 2) / 0.3))
    assert len(run(sequence([0, 0.5, 1, 0.5, 0]), nms="hard", nms_tiou=0.3, **peer)) == 1


def test_duration_cuts_the_last_snippet_and_what_lies_past_it():
    scores = sequence([0.1, 0.9, 0.1, 0.9, 0.1, 0.9])
    found = run(scores, duration=2.0)
    assert rows(found) == [("Dive", 0.64, 1.28, 0.9), ("Dive", 1.92, 2.0, 0.9)]


def test_video_scores_from_elsewhere_choose_the_class_and_enter_the_score():
    scores = sequence([0.1, 0.75, 0.1], video=(0.9, 0.1), jump=[0.5, 0.1, 0.1])
    found = run(scores, video_class_scores=np.array([0.2, 0.5]), multiply_video_score=True)
    assert rows(found) == [("Jump", 0.0, 0.64, 0.25)]


def test_two_classes_come_best_first():
    scores = sequence([0.1, 0.75, 0.1], video=(0.9, 0.9), jump=[0.875, 0.1, 0.5])
    assert [row[0] for row in rows(run(scores))] == ["Jump", "Dive", "Jump"]


def test_the_branch_is_a_setting():
    cbp, vlp = sequence([0.9, 0.1, 0.1]), sequence([0.1, 0.1, 0.7])
    assert rows(run(cbp, vlp=vlp, branch="vlp")) == [("Dive", 1.28, 1.92, 0.7)]
    assert rows(run(cbp, vlp=vlp, branch="fused", fusion_weight=0.5)) == [("Dive", 0.0, 0.64, 0.5)]


def test_min_score_and_the_cap_hold():
    curve = np.tile([0.1, 0.6, 0.1, 0.9], 10)
    assert len(run(sequence(curve), min_score=0.7)) == 10
    capped = run(sequence(curve), max_per_video=3)
    assert capped.score == pytest.approx([0.9, 0.9, 0.9])


def test_tie_break_prefers_the_better_contrast():
    curve = [0.1, 0.9, 0.1, 0.4, 0.4, 0.9, 0.5, 0.4]
    plain = run(sequence(curve))
    broken = run(sequence(curve), tie_break_weight=0.001)
    assert plain.score[0] == plain.score[1] and broken.score[0] > broken.score[1]
    assert broken.start[0] == pytest.approx(0.64)


def test_wrong_number_of_video_scores_is_told():
    with pytest.raises(DataError, match=r"one video score for each of 2 classes; found shape \(3,\)"):
        run(sequence([0.5]), video_class_scores=np.array([0.1, 0.2, 0.3]))


def test_a_video_without_snippets_has_no_detections():
    assert len(run(sequence([]))) == len(run(sequence([]), mode="peer")) == 0


@settings(max_examples=60)
@given(
    arrays(np.float64, st.tuples(st.integers(1, 25), st.just(2)), elements=st.floats(0, 1, width=32)),
    st.sampled_from(["paper", "peer"]),
    st.sampled_from(["gaussian", "hard", "none"]),
    st.sampled_from(["cbp", "vlp", "fused"]),
    st.none() | st.floats(0.1, 20),
)
def test_detections_lie_in_the_video_best_first_and_repeat_exactly(curves, mode, nms, branch, duration):
    scores = ClassActivationSequence(curves, curves.max(axis=0), TimeGrid(0.0, STEP, len(curves)), CLASSES)
    options = {"mode": mode, "nms": nms, "branch": branch, "relative_cls": 0.5}
    found = run(scores, duration=duration, **options)
    assert (np.diff(found.score) <= 0).all() and (found.score >= 0.001).all()
    assert (found.start >= 0).all()
    assert (found.end <= (scores.grid.end if duration is None else duration) + 1e-9).all()
    again = run(scores, duration=duration, **options)
    assert rows(found) == rows(again)
