"""Runs of consecutive snippets whose score reaches a threshold."""

from collections.abc import Sequence

import numpy as np


def runs_at_least(curve: np.ndarray, threshold: float) -> np.ndarray:
    """Maximal runs of ``curve`` (T,) ≥ ``threshold`` as (R, 2) int64 ``[first, past-the-last)``, in order.

    A single snippet is a run: dropping those would lose a sixth of THUMOS14's instances.
    """
    return runs_at_each(curve, (threshold,))[0]


def runs_at_each(curve: np.ndarray, thresholds: Sequence[float]) -> tuple[np.ndarray, np.ndarray]:
    """Runs of ``curve`` (T,) at each of K ``thresholds``, one threshold after the other, and the ``level``
    (R,) int64 in 0 … K-1 each run (R, 2) was found at."""
    curve = np.asarray(curve)
    # A threshold is rounded to the curve's own type, as in ``curve >= .45``: a score stored as .45 reaches it.
    levels = np.asarray(thresholds, dtype=np.result_type(curve, 0.0))
    above = np.zeros((len(levels), len(curve) + 2), dtype=bool)
    np.greater_equal(curve, levels[:, None], out=above[:, 1:-1])
    edges = np.flatnonzero(above[:, 1:] != above[:, :-1]).reshape(-1, 2)  # enters, leaves, enters, leaves …
    width = len(curve) + 1
    return edges % width, edges[:, 0] // width


def join_runs(runs: np.ndarray, *, max_gap: int, level: np.ndarray | None = None) -> np.ndarray:
    """``runs`` (R, 2), in order, with neighbours at most ``max_gap`` (≥ 0) snippets apart made one run.

    Runs of different ``level`` (R,), where given, stay apart.
    """
    if max_gap <= 0 or len(runs) < 2:
        return runs
    joined = runs[1:, 0] - runs[:-1, 1] <= max_gap
    if level is not None:
        joined &= level[1:] == level[:-1]
    first, past = np.append(True, ~joined), np.append(~joined, True)
    return np.stack([runs[first, 0], runs[past, 1]], axis=1)


def drop_short(runs: np.ndarray, *, min_snippets: int) -> np.ndarray:
    """The ``runs`` (R, 2) of at least ``min_snippets`` snippets, in order."""
    return runs if min_snippets <= 1 else runs[runs[:, 1] - runs[:, 0] >= min_snippets]


def distinct_runs(runs: np.ndarray) -> np.ndarray:
    """``runs`` (R, 2) by first, then past-the-last snippet, each only once."""
    if len(runs) < 2:
        return runs
    width = int(runs[:, 1].max()) + 1
    keys = np.sort(runs[:, 0] * width + runs[:, 1])
    keys = keys[np.append(True, keys[1:] != keys[:-1])]
    return np.stack(np.divmod(keys, width), axis=1)


def min_max(curve: np.ndarray) -> np.ndarray:
    """``curve`` (T,) stretched to [0, 1]; a flat curve has no peak and becomes zero everywhere."""
    curve = np.asarray(curve, dtype=np.float64)
    if not len(curve):
        return curve
    low, high = curve.min(), curve.max()
    return (curve - low) / (high - low) if high > low else np.zeros_like(curve)
