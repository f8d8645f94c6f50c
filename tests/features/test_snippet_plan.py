"""Index arithmetic against hand-worked tables and properties."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dcwtal.features.snippet_plan import SnippetPlan

FIELD = SnippetPlan(stride=16, window=16, images=2)
WORLD = SnippetPlan(stride=8, window=16, images=2)


def test_field_windows_are_exactly_their_own_snippet():
    assert [list(FIELD.window_ticks(i)) for i in (0, 3)] == [list(range(16)), list(range(48, 64))]
    assert [FIELD.image_tick(k) for k in range(4)] == [4, 12, 20, 28]


def test_world_windows_are_centred():
    assert list(WORLD.window_ticks(0)) == list(range(-4, 12))
    assert list(WORLD.window_ticks(5)) == list(range(36, 52))
    assert [WORLD.image_tick(k) for k in range(4)] == [2, 6, 10, 14]


def test_one_image_is_the_middle_one():
    assert [SnippetPlan(8, 16, 1).image_tick(k) for k in range(3)] == [4, 12, 20]


@pytest.mark.parametrize(
    "n_ticks,snippets", [(8, 1), (11, 1), (12, 2), (16, 2), (19, 2), (20, 3), (1250, 156), (1252, 157)]
)
def test_a_last_snippet_counts_from_half_on(n_ticks, snippets):
    assert WORLD.n_snippets(n_ticks) == snippets


def test_grid():
    grid = WORLD.grid(1250, 25.0)
    assert (grid.start, grid.step, grid.n) == (0.0, 0.32, 156)
    assert FIELD.grid(1600, 25.0).step == 0.64


plans = st.builds(SnippetPlan, st.integers(1, 40), st.integers(2, 40), st.integers(1, 6))


@given(plans, st.integers(0, 50))
def test_windows_and_images_lie_about_the_centre(plan, snippet):
    centre = snippet * plan.stride + plan.stride / 2
    ticks = plan.window_ticks(snippet)
    assert len(ticks) == plan.window
    assert abs((ticks[0] + ticks[-1] + 1) / 2 - centre) <= 1
    images = [plan.image_tick(snippet * plan.images + k) for k in range(plan.images)]
    assert images == sorted(images)
    assert snippet * plan.stride <= images[0] and images[-1] < (snippet + 1) * plan.stride
    assert abs(sum(images) / len(images) + 0.5 - centre) <= 1


@given(plans, st.integers(1, 500))
def test_grid_ends_within_half_a_snippet_of_the_video(plan, n_ticks):
    assert abs(plan.n_snippets(n_ticks) * plan.stride - n_ticks) <= plan.stride / 2
