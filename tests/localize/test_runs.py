"""Runs at a threshold, and min-max normalising."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dcwtal.localize.runs import distinct_runs, drop_short, join_runs, min_max, runs_at_each, runs_at_least

CURVES = arrays(np.float64, st.integers(0, 30), elements=st.integers(0, 10).map(lambda tenth: tenth / 10))
LEVELS = st.lists(st.integers(1, 10).map(lambda tenth: tenth / 10), unique=True, max_size=5).map(sorted)


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


@given(CURVES, LEVELS)
def test_each_threshold_finds_its_own_runs(curve, levels):
    runs, level = runs_at_each(curve, levels)
    assert runs.dtype == level.dtype == np.int64 and runs.shape == (len(level), 2)
    for k, threshold in enumerate(levels):
        assert np.array_equal(runs[level == k], runs_at_least(curve, threshold))
    assert (np.diff(level) >= 0).all()


def test_a_stored_score_reaches_the_threshold_of_the_same_digits():
    """float32 .45 is a little less than .45."""
    assert runs_at_least(np.array([0.45], dtype=np.float32), 0.45).tolist() == [[0, 1]]
    assert runs_at_least(np.array([0, 1, 1]), 0.5).tolist() == [[1, 3]]  # whole numbers are no trap


@pytest.mark.parametrize(
    ("max_gap", "joined"),
    [
        (0, [[0, 1], [2, 3], [5, 6], [9, 12]]),
        (1, [[0, 3], [5, 6], [9, 12]]),
        (2, [[0, 6], [9, 12]]),
        (3, [[0, 12]]),
        (10**9, [[0, 12]]),
    ],
)
def test_joining_by_hand(max_gap, joined):
    assert join_runs(np.array([[0, 1], [2, 3], [5, 6], [9, 12]]), max_gap=max_gap).tolist() == joined


@given(CURVES, LEVELS, st.integers(0, 12))
def test_joining_fills_gaps_up_to_the_bound_and_joining_twice_is_joining_once(curve, levels, max_gap):
    runs, level = runs_at_each(curve, levels)
    all_joined = join_runs(runs, max_gap=max_gap, level=level)
    apart = [join_runs(runs[level == k], max_gap=max_gap) for k in range(len(levels))]
    assert all_joined.tolist() == [run for joined in apart for run in joined.tolist()]
    for k, joined in enumerate(apart):
        assert (joined[1:, 0] - joined[:-1, 1] > max_gap).all()
        assert np.array_equal(join_runs(joined, max_gap=max_gap), joined)
        covered = curve >= levels[k]
        for first, past in joined:  # each end is an end of a run, and inside no gap is too long
            assert covered[first] and covered[past - 1]
            outside = "".join("x" if on else "." for on in covered[first:past])
            assert "." * (max_gap + 1) not in outside
            covered[first:past] = False
        assert not covered.any()


@given(CURVES, st.integers(0, 12))
def test_short_runs_are_dropped_and_no_other(curve, min_snippets):
    runs = runs_at_least(curve, 0.5)
    kept = drop_short(runs, min_snippets=min_snippets)
    assert kept.tolist() == [run for run in runs.tolist() if run[1] - run[0] >= min_snippets]


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 9)), max_size=20))
def test_distinct_runs_are_the_sorted_set(pairs):
    runs = np.array([(first, first + length) for first, length in pairs], dtype=np.int64).reshape(-1, 2)
    assert distinct_runs(runs).tolist() == [list(run) for run in sorted(set(map(tuple, runs.tolist())))]
