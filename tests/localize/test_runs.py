"""Runs at a threshold, and min-max normalising."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dcwtal.localize.runs import min_max, runs_at_least

CURVES = arrays(np.float64, st.integers(0, 30), elements=st.integers(0, 10).map(lambda tenth: tenth / 10))


@pytest.mark.parametrize(
    ("curve", "runs"),
    [
        ([], []),
        ([0.1, 0.2], []),
        ([0.9], [[0, 1]]),  # one snippet is a run
        ([0.9, 0.9, 0.9], [[0, 3]]),  # from border to border
        ([0.9, 0.1, 0.9], [[0, 1], [2, 3]]),
        ([0.1, 0.5, 0.5, 0.1], [[1, 3]]),  # the threshold itself is above
    ],
)
def test_worked_cases(curve, runs):
    assert runs_at_least(np.array(curve), 0.5).tolist() == runs
    assert runs_at_least(np.array(curve), 0.5).shape == (len(runs), 2)


@given(CURVES, st.integers(1, 10).map(lambda tenth: tenth / 10))
def test_runs_cover_exactly_what_is_above_and_do_not_touch(curve, threshold):
    runs = runs_at_least(curve, threshold)
    covered = np.zeros(len(curve), dtype=int)
    for first, past in runs:
        covered[first:past] += 1
    assert np.array_equal(covered, (curve >= threshold).astype(int))
    assert (runs[1:, 0] > runs[:-1, 1]).all()


@given(CURVES)
def test_min_max_reaches_both_ends_and_keeps_the_order(curve):
    stretched = min_max(curve)
    if len(curve) and curve.max() > curve.min():
        assert stretched.min() == 0 and stretched.max() == 1
        assert np.array_equal(np.argsort(curve, kind="stable"), np.argsort(stretched, kind="stable"))
    else:
        assert not stretched.any()
