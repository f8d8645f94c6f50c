"""Eq. 4 and its options against a frame-by-frame reading in plain Python."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dcwtal.training.pseudo_labels import background_below, coverage, ternary_labels
from dcwtal.training.settings import PseudoLabelSettings

PLAIN = PseudoLabelSettings(delta_h=0.3, delta_l=0.1)


def by_hand(scores, labels, chosen, anchored=None, opposed=None):
    """One entry at a time, in the order of the design: thresholds, share, arg-max, conflict, anchor, absence."""
    n, classes = len(scores), len(labels)
    values = [[float(scores[t][c]) for c in range(classes)] for t in range(n)]
    if chosen.minmax:
        for c in range(classes):
            column = [float(scores[t][c]) for t in range(n)]
            span = max(max(column) - min(column), 1e-6)
            for t in range(n):
                values[t][c] = (column[t] - min(column)) / span
    out = [[-1] * classes for _ in range(n)]
    for c in range(classes):
        for t in range(n):
            if values[t][c] > chosen.delta_h:
                out[t][c] = 1
            elif values[t][c] < chosen.delta_l:
                out[t][c] = 0
        if chosen.minimum_share and n > 1:
            share = max(1, int(chosen.minimum_share * n))
            ranked = sorted(range(n), key=lambda t: values[t][c])
            if sum(out[t][c] == 1 for t in range(n)) < share:
                for t in ranked[-share:]:
                    out[t][c] = 1
            if sum(out[t][c] == 0 for t in range(n)) < share:
                for t in ranked[:share]:
                    out[t][c] = 0
    for t in range(n):
        row = [float(value) for value in scores[t]]
        best = row.index(max(row))
        for c in range(classes):
            if chosen.argmax_must_match and labels[best] == 0:
                out[t][c] = 0
            if opposed is not None and opposed[t][c] and out[t][c] == 1:
                out[t][c] = -1
            if anchored is not None and anchored[t][c]:
                out[t][c] = 0
            if labels[c] == 0:
                out[t][c] = 0
    return out


@st.composite
def cases(draw):
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n, classes = draw(st.integers(1, 25)), draw(st.integers(1, 5))
    # Steps of 1/16 and thresholds of the same steps: equal scores and scores on a threshold do occur.
    scores = (random.integers(0, 17, (n, classes)) / 16).astype(np.float32)
    labels = (random.random(classes) < 0.6).astype(np.float32)
    low, high = sorted(draw(st.lists(st.integers(0, 16), min_size=2, max_size=2, unique=True)))
    chosen = PseudoLabelSettings(
        delta_h=high / 16,
        delta_l=low / 16,
        minmax=draw(st.booleans()),
        argmax_must_match=draw(st.booleans()),
        minimum_share=draw(st.sampled_from([0.0, 0.1, 0.25, 0.5])),
    )
    anchored = random.random((n, classes)) < 0.3 if draw(st.booleans()) else None
    opposed = random.random((n, classes)) < 0.3 if draw(st.booleans()) else None
    return scores, labels, chosen, anchored, opposed


@given(cases())
@settings(max_examples=300, deadline=None)
def test_equals_the_frame_by_frame_reading(case):
    scores, labels, chosen, anchored, opposed = case
    found = ternary_labels(scores, labels, chosen, anchored_background=anchored, opposed_background=opposed)
    assert found.dtype == np.int8 and found.tolist() == by_hand(*case)


def test_eq_4_worked_by_hand():
    """δ_h = .3 and δ_l = .1 are strict; class 1 is not a label of the video."""
    scores = np.array([[0.31, 0.9], [0.3, 0.9], [0.2, 0.2], [0.1, 0.0], [0.09, 0.2]])
    found = ternary_labels(scores, np.array([1.0, 0.0]), PLAIN)
    assert found.tolist() == [[1, 0], [-1, 0], [-1, 0], [-1, 0], [0, 0]]


def test_the_input_is_left_alone():
    scores = np.random.default_rng(0).random((9, 3)).astype(np.float32)
    before = scores.copy()
    everything = PLAIN.model_copy(update={"minmax": True, "argmax_must_match": True, "minimum_share": 0.3})
    ternary_labels(scores, np.ones(3), everything)
    background_below(scores, 0.5, everything)
    assert (scores == before).all()


def test_the_best_class_is_the_most_probable_one_also_under_minmax():
    """Class 1 is absent and never above .02; rescaled it reaches 1, which must not make the frame background."""
    scores = np.array([[0.9, 0.02], [0.1, 0.0]], dtype=np.float32)
    chosen = PseudoLabelSettings(minmax=True, argmax_must_match=True)
    assert ternary_labels(scores, np.array([1.0, 0.0]), chosen)[:, 0].tolist() == [1, 0]


def test_a_video_of_one_snippet_keeps_its_foreground():
    chosen = PseudoLabelSettings(minimum_share=0.5)
    assert ternary_labels(np.array([[0.9]]), np.ones(1), chosen).tolist() == [[1]]
    assert ternary_labels(np.array([[0.2]]), np.ones(1), chosen).tolist() == [[-1]]


@pytest.mark.parametrize("level", [0.2, 0.0, 1.0])
def test_constant_scores_survive_minmax(level):
    found = ternary_labels(np.full((6, 1), level, np.float32), np.ones(1), PseudoLabelSettings(minmax=True))
    assert found.tolist() == [[0]] * 6


def test_background_below_uses_the_scale_of_the_labels():
    scores = np.array([[0.2], [0.3], [0.4]], dtype=np.float32)
    assert background_below(scores, 0.25, PLAIN)[:, 0].tolist() == [True, False, False]
    rescaled = PseudoLabelSettings(minmax=True)
    assert background_below(scores, 0.25, rescaled)[:, 0].tolist() == [True, False, False]
    assert background_below(scores, 0.6, rescaled)[:, 0].tolist() == [True, True, False]


def test_coverage_counts_the_videos_own_classes_alone():
    ternary = [np.array([[1, 0], [-1, 0]], np.int8), np.array([[0, 1], [0, 0], [0, -1], [0, 0]], np.int8)]
    labels = [np.array([1.0, 0.0]), np.array([0.0, 1.0])]
    share = coverage(ternary, labels)
    assert (share.foreground, share.background, share.uncertain) == pytest.approx((2 / 6, 2 / 6, 2 / 6))


@given(st.lists(cases(), min_size=1, max_size=3))
@settings(max_examples=50, deadline=None)
def test_coverage_sums_to_one_unless_no_video_has_a_label(many):
    classes = len(many[0][1])
    same = [case for case in many if len(case[1]) == classes]
    ternary = [ternary_labels(scores, labels, chosen) for scores, labels, chosen, *_ in same]
    share = coverage(ternary, [labels for _, labels, *_ in same])
    total = share.foreground + share.background + share.uncertain
    assert total == pytest.approx(1 if any(labels.any() for _, labels, *_ in same) else 0)
