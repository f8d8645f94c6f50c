"""A class curve averaged over time, so that flicker does not tear one action into many runs."""

import numpy as np


def moving_average(curve: np.ndarray, width: float) -> np.ndarray:
    """``curve`` (T,) averaged over ``width`` snippets centred at each snippet; (T,) of the same type.

    A snippet's score holds for its whole time, so ``width`` (≥ 0) need not be whole: scores a b c, width 2
    → (a/2 + b + c/2) / 2 at b. Past a border the mean is over what exists. A width up to 1 stays inside the
    snippet, and so changes nothing.
    """
    curve = np.asarray(curve)
    count = len(curve)
    if width <= 1 or not count:
        return curve
    total = np.zeros(count + 1)
    np.cumsum(curve, dtype=np.float64, out=total[1:])
    borders = np.arange(count + 1, dtype=np.float64)
    centre = borders[:-1] + 0.5
    low, high = np.maximum(centre - width / 2, 0.0), np.minimum(centre + width / 2, float(count))
    mean = (np.interp(high, borders, total) - np.interp(low, borders, total)) / (high - low)
    # Rounding must not leave the curve's own range: min-max would stretch the noise of a flat curve to 0 … 1.
    return np.clip(mean, curve.min(), curve.max()).astype(curve.dtype)
