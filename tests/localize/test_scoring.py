"""Scores of runs: the maximum, and the outer-inner contrast with its truncated flanks."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dcwtal.localize.runs import runs_at_least
from dcwtal.localize.scoring import outer_inner_contrast, run_maxima, run_means

CURVES = arrays(np.float64, st.integers(1, 40), elements=st.floats(0, 1))
WORKED = np.array([0.1, 0.1, 0.9, 0.8, 0.9, 0.1, 0.1, 0.1])


def contrast_by_the_letter(curve, first, last, flank):
    """Inner mean minus outer mean with plain loops; ``last`` is inside the run."""
    length = last - first + 1
    outer_first = max(0, int(first - flank * length))
    outer_last = min(len(curve) - 1, int(last + flank * length))
    outside = [curve[i] for i in range(outer_first, first)] + [
        curve[i] for i in range(last + 1, outer_last + 1)
    ]
    inside = [curve[i] for i in range(first, last + 1)]
    return sum(inside) / len(inside) - (sum(outside) / len(outside) if outside else 0.0)


def test_worked_example_has_a_left_flank_only():
    contrast = outer_inner_contrast(WORKED, np.array([[2, 5]]), flank=0.25)
    assert contrast == pytest.approx([0.8666667 - 0.1], abs=1e-6)


def test_the_whole_video_has_no_outside():
    assert outer_inner_contrast(WORKED, np.array([[0, 8]]), flank=0.25) == pytest.approx([WORKED.mean()])


def test_no_flank_is_the_inner_mean():
    assert outer_inner_contrast(WORKED, np.array([[2, 5]]), flank=0) == pytest.approx([2.6 / 3])


@given(CURVES, st.sampled_from([0.0, 0.1, 0.2, 0.25, 0.5, 1.0, 2.0]), st.data())
def test_contrast_equals_plain_loops(curve, flank, data):
    first = data.draw(st.integers(0, len(curve) - 1))
    past = data.draw(st.integers(first + 1, len(curve)))
    found = outer_inner_contrast(curve, np.array([[first, past]]), flank=flank)
    assert found == pytest.approx([contrast_by_the_letter(curve, first, past - 1, flank)], abs=1e-9)


@given(CURVES, st.floats(0.01, 1))
def test_maxima_equal_plain_loops(curve, threshold):
    runs = runs_at_least(curve, threshold)
    assert run_maxima(curve, runs).tolist() == [curve[a:b].max() for a, b in runs]


def test_maxima_of_nested_and_unordered_runs():
    runs = np.array([[2, 5], [0, 8], [7, 8], [3, 4]])
    assert run_maxima(WORKED, runs).tolist() == [0.9, 0.9, 0.1, 0.8]


@given(CURVES, st.lists(st.tuples(st.integers(0, 39), st.integers(1, 40)), max_size=8))
def test_means_equal_plain_loops(curve, pairs):
    runs = [(first, min(first + length, len(curve))) for first, length in pairs if first < len(curve)]
    found = run_means(curve, np.array(runs, dtype=int).reshape(-1, 2))
    assert found == pytest.approx([curve[a:b].mean() for a, b in runs], abs=1e-12)


def test_no_runs_no_scores():
    none = np.zeros((0, 2), dtype=int)
    assert run_means(WORKED, none).shape == (0,)
    assert run_maxima(WORKED, none).shape == outer_inner_contrast(WORKED, none, flank=0.25).shape == (0,)
