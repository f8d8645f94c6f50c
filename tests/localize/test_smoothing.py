"""The moving average, against plain loops over slices of time."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dcwtal.localize.smoothing import moving_average

CURVES = arrays(np.float32, st.integers(0, 40), elements=st.floats(0, 1, width=32))
WIDTHS = st.floats(0, 60) | st.integers(0, 60).map(float)


def average_by_the_letter(curve, width):
    """Each snippet's share of the window, one by one."""
    averaged = []
    for middle in range(len(curve)):
        low, high = middle + 0.5 - width / 2, middle + 0.5 + width / 2
        shares = [max(0.0, min(i + 1, high) - max(i, low)) for i in range(len(curve))]
        averaged.append(sum(s * float(c) for s, c in zip(shares, curve, strict=True)) / sum(shares))
    return averaged


@pytest.mark.parametrize(
    ("width", "averaged"),
    [
        (0.0, [0, 0, 1, 0, 0.5]),
        (1.0, [0, 0, 1, 0, 0.5]),  # one snippet: the curve itself
        (2.0, [0, 0.25, 0.5, 0.375, 1 / 3]),  # half of each neighbour; at the border 1.5 snippets exist
        (3.0, [0, 1 / 3, 1 / 3, 0.5, 0.25]),
        (100.0, [0.3] * 5),
    ],
)
def test_by_hand(width, averaged):
    curve = np.array([0, 0, 1, 0, 0.5], dtype=np.float32)
    assert moving_average(curve, width) == pytest.approx(averaged, abs=1e-7)


@given(CURVES, WIDTHS.filter(lambda width: width > 1))
def test_equals_plain_loops(curve, width):
    assert moving_average(curve, width) == pytest.approx(average_by_the_letter(curve, width), abs=1e-6)


@given(CURVES, st.floats(0, 1))
def test_less_than_a_snippet_is_off(curve, width):
    assert np.array_equal(moving_average(curve, width), curve)


@given(CURVES, WIDTHS)
def test_stays_in_the_curves_range_and_type(curve, width):
    averaged = moving_average(curve, width)
    assert averaged.shape == curve.shape and averaged.dtype == curve.dtype
    if len(curve):
        assert curve.min() <= averaged.min() and averaged.max() <= curve.max()


@given(st.floats(0, 1, width=32), st.integers(0, 3000), WIDTHS)
def test_a_flat_curve_stays_exactly_flat(value, count, width):
    """Else min-max would stretch its rounding noise to runs."""
    curve = np.full(count, value, dtype=np.float32)
    assert np.array_equal(moving_average(curve, width), curve)
