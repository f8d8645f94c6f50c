"""How good a run of snippets is: its maximum (the paper), its mean, or its contrast to both flanks (the peers)."""

import numpy as np


def run_maxima(curve: np.ndarray, runs: np.ndarray) -> np.ndarray:
    """Highest score inside each of ``runs`` (R, 2) ``[first, past-the-last)``; (R,) float64."""
    if not len(runs):
        return np.zeros(0)
    padded = np.append(np.asarray(curve, dtype=np.float64), -np.inf)
    return np.maximum.reduceat(padded, np.asarray(runs).ravel())[::2]


def run_means(curve: np.ndarray, runs: np.ndarray) -> np.ndarray:
    """Mean score inside each of ``runs`` (R, 2) ``[first, past-the-last)``; (R,) float64."""
    if not len(runs):
        return np.zeros(0)
    runs = np.asarray(runs)
    padded = np.append(np.asarray(curve, dtype=np.float64), 0.0)
    return np.add.reduceat(padded, runs.ravel())[::2] / (runs[:, 1] - runs[:, 0])


def outer_inner_contrast(curve: np.ndarray, runs: np.ndarray, *, flank: float) -> np.ndarray:
    """Mean inside each run minus the mean of its two flanks, (R,) float64 in [-1, 1] for scores in [0, 1].

    ``flank`` (λ) times the run's length is the reach of each flank, cut to the video. The reach is truncated
    to whole snippets as in every published copy of this score, so that the flanks of short runs are uneven:
    scores .1 .1 .9 .8 .9 .1 .1 .1, run 2..4, λ = .25 → left flank {1}, right flank {} → .8667 - .1 = .7667.
    Without any flank (the run is the whole video) the outer mean counts as 0.
    """
    if not len(runs):
        return np.zeros(0)
    curve = np.asarray(curve, dtype=np.float64)
    first, past = np.asarray(runs, dtype=np.int64).T
    length = past - first
    outer_first = np.maximum(0, np.trunc(first - flank * length)).astype(np.int64)
    outer_past = np.minimum(len(curve), np.trunc(past - 1 + flank * length).astype(np.int64) + 1)
    total = np.concatenate([[0.0], np.cumsum(curve)])
    inner_sum = total[past] - total[first]
    outer_sum = total[outer_past] - total[outer_first] - inner_sum
    outer_count = outer_past - outer_first - length
    outer = np.divide(outer_sum, outer_count, out=np.zeros_like(outer_sum), where=outer_count > 0)
    return inner_sum / length - outer
