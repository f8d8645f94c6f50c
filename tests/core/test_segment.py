"""Segments and tIoU."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dcwtal.core.errors import DataError
from dcwtal.core.segment import Segment, tiou, tiou_matrix

SEGMENTS = st.tuples(st.floats(-100, 100), st.floats(0.01, 50)).map(lambda s: Segment(s[0], s[0] + s[1]))


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ((0, 10), (0, 10), 1.0),
        ((0, 10), (5, 15), 1 / 3),
        ((0, 10), (0, 5), 0.5),
        ((0, 10), (2, 4), 0.2),  # inside
        ((0, 1), (1, 2), 0.0),  # touching
        ((0, 1), (1.5, 2.5), 0.0),  # with a pixel's +1 this would be .143
        ((10.0, 10.5), (10.2, 10.7), 0.3 / 0.7),  # with a pixel's +1, .76
    ],
)
def test_worked_cases(a, b, expected):
    assert tiou(Segment(*a), Segment(*b)) == pytest.approx(expected)


@pytest.mark.parametrize("times", [(1, 1), (2, 1), (float("nan"), 1), (0, float("inf"))])
def test_a_segment_needs_a_finite_positive_length(times):
    with pytest.raises(DataError, match="start < end"):
        Segment(*times)


@given(SEGMENTS, SEGMENTS)
def test_symmetric_bounded_and_one_only_for_itself(a, b):
    value = tiou(a, b)
    assert value == tiou(b, a) and 0 <= value <= 1 and tiou(a, a) == pytest.approx(1)
    if a != b:
        assert value <= 1


@given(SEGMENTS, SEGMENTS, st.floats(-50, 50), st.floats(0.1, 10))
def test_shifting_and_stretching_time_changes_nothing(a, b, shift, scale):
    moved = [Segment(s.start * scale + shift, s.end * scale + shift) for s in (a, b)]
    assert tiou(*moved) == pytest.approx(tiou(a, b), abs=1e-6)


@given(st.lists(SEGMENTS, max_size=6), st.lists(SEGMENTS, max_size=6))
def test_the_matrix_holds_every_pair(left, right):
    matrix = tiou_matrix([[s.start, s.end] for s in left], [[s.start, s.end] for s in right])
    assert matrix.shape == (len(left), len(right))
    for i, a in enumerate(left):
        for j, b in enumerate(right):
            assert matrix[i, j] == pytest.approx(tiou(a, b))


def test_the_matrix_is_not_upset_by_empty_segments():
    assert tiou_matrix([[1, 1]], [[1, 1], [0, 2]]).tolist() == [[0, 0]]
    assert np.isfinite(tiou_matrix(np.zeros((0, 2)), [[0, 1]])).all()
