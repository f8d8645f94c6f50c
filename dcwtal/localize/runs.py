"""Runs of consecutive snippets whose score reaches a threshold."""

import numpy as np


def runs_at_least(curve: np.ndarray, threshold: float) -> np.ndarray:
    """Maximal runs of ``curve`` (T,) ≥ ``threshold`` as (R, 2) int64 ``[first, past-the-last)``, in order.

    A single snippet is a run: dropping those would lose a sixth of THUMOS14's instances.
    """
    above = np.zeros(len(curve) + 2, dtype=np.int8)
    above[1:-1] = np.asarray(curve) >= threshold
    change = np.diff(above)
    return np.stack([np.flatnonzero(change == 1), np.flatnonzero(change == -1)], axis=1).astype(np.int64)


def min_max(curve: np.ndarray) -> np.ndarray:
    """``curve`` (T,) stretched to [0, 1]; a flat curve has no peak and becomes zero everywhere."""
    curve = np.asarray(curve, dtype=np.float64)
    if not len(curve):
        return curve
    low, high = curve.min(), curve.max()
    return (curve - low) / (high - low) if high > low else np.zeros_like(curve)
