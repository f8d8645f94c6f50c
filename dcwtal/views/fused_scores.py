"""The fused curve and the ternary map as the page computes them: the reference for its JavaScript."""

import numpy as np

from dcwtal.core.pseudo_label_values import BACKGROUND, FOREGROUND, UNCERTAIN


def fuse(cbp: np.ndarray, vlp: np.ndarray, weight: float) -> np.ndarray:
    """``w·CBP + (1 − w)·VLP`` in float32, every product and sum rounded to float32."""
    ours, theirs = np.float32(weight), np.float32(1.0 - weight)
    return ours * np.asarray(cbp, np.float32) + theirs * np.asarray(vlp, np.float32)


def ternary(curve: np.ndarray, *, high: float, low: float) -> np.ndarray:
    """Eq. 4 for one class of the video: above ``high`` foreground, below ``low`` background, else uncertain; int8.

    Both comparisons are strict and made in float32.
    """
    curve = np.asarray(curve, dtype=np.float32)
    labels = np.full(curve.shape, UNCERTAIN, dtype=np.int8)
    labels[curve > np.float32(high)] = FOREGROUND
    labels[curve < np.float32(low)] = BACKGROUND
    return labels


def runs(labels: np.ndarray) -> list[tuple[int, int, int]]:
    """Runs of equal value in a (T,) array as (first, past the last, value)."""
    if len(labels) == 0:
        return []
    borders = np.flatnonzero(np.diff(labels)) + 1
    edges = [0, *borders.tolist(), len(labels)]
    return [(a, b, int(labels[a])) for a, b in zip(edges[:-1], edges[1:], strict=True)]
