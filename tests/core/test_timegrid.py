"""The only converter between snippets and seconds."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dcwtal.core.errors import DataError
from dcwtal.core.timegrid import TimeGrid

GRIDS = st.builds(
    TimeGrid, st.floats(-10, 10), st.sampled_from([0.32, 0.64, 8 / 60, 0.04, 1.0]), st.integers(1, 3000)
)


def test_worked_conversions():
    grid = TimeGrid(0, 0.64, 100)
    assert grid.runs_to_segments(np.array([[30, 46]])).tolist() == [pytest.approx([19.20, 29.44])]
    # UM's stretched grid: 1500 snippets as 750 points, 24 upsampled points each
    assert TimeGrid(0, 16 * 1500 / (24 * 750 * 25), 18000).to_seconds(720) == pytest.approx(38.4)
    # ActionFormer's centres: fps 30, stride 4, 16 frames
    assert TimeGrid(8 / 30, 4 / 30, 200).to_seconds(100) == pytest.approx(13.6)
    assert TimeGrid(0, 25 / 16, 10).step == 1.5625


@given(GRIDS, st.data())
def test_every_edge_belongs_to_the_snippet_it_opens(grid, data):
    index = data.draw(st.integers(0, grid.n - 1))
    assert grid.snippet_at(grid.to_seconds(index)) == index
    assert grid.snippet_at(grid.centres[index]) == index
    assert grid.to_index(grid.to_seconds(index)) == pytest.approx(index, abs=1e-6)


@given(GRIDS)
def test_times_outside_belong_to_the_border_snippets(grid):
    assert grid.snippet_at(grid.start - 5) == 0 and grid.snippet_at(grid.end + 5) == grid.n - 1
    assert np.array_equal(grid.snippet_at(grid.centres), np.arange(grid.n))


@given(GRIDS)
def test_edges_bound_centres(grid):
    assert len(grid.edges) == grid.n + 1 and grid.edges[-1] == pytest.approx(grid.end)
    assert ((grid.edges[:-1] < grid.centres) & (grid.centres < grid.edges[1:])).all()


def test_coverage_by_hand():
    grid = TimeGrid(0, 1.0, 4)
    assert grid.coverage([[0.5, 2.25]]).tolist() == pytest.approx([0.5, 1, 0.25, 0])
    assert grid.coverage([[0, 1], [0, 1]]).tolist() == [1, 0, 0, 0]  # twice the same counts once
    assert grid.coverage([[-5, 50]]).tolist() == [1, 1, 1, 1]
    assert grid.coverage(np.zeros((0, 2))).tolist() == [0, 0, 0, 0]


@given(
    st.integers(1, 20),
    st.lists(st.tuples(st.floats(-3, 15), st.floats(0.05, 6)).map(lambda s: (s[0], s[0] + s[1])), max_size=5),
)
def test_coverage_equals_counting_fine_points(n, segments):
    grid = TimeGrid(0, 0.64, n)
    points = (np.arange(n * 64) + 0.5) / 100
    inside = np.zeros(len(points), dtype=bool)
    for start, end in segments:
        inside |= (points >= start) & (points < end)
    assert grid.coverage(segments) == pytest.approx(inside.reshape(n, 64).mean(axis=1), abs=0.09)


@pytest.mark.parametrize(
    "values", [(0, 0, 3), (0, -1, 3), (float("nan"), 1, 3), (0, float("inf"), 3), (0, 1, -1)]
)
def test_a_grid_needs_a_positive_step(values):
    with pytest.raises(DataError, match="step > 0"):
        TimeGrid(*values)


def test_a_grid_without_snippets_covers_no_time():
    with pytest.raises(DataError, match="without snippets"):
        TimeGrid(0, 1, 0).snippet_at(0.5)
    assert TimeGrid(0, 1, 0).coverage([[0, 1]]).shape == (0,)
