"""Numbers as JSON has them."""

import math


def known_or_none(value: float) -> float | None:
    """A plain float, or None for NaN: nothing was there to measure."""
    return None if math.isnan(value) else float(value)
