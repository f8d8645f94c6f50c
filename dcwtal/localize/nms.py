"""Non-maximum suppression of segments of one class in one video; tIoU as everywhere (no ``+1``).

Both kinds first put the segments into one canonical order (score, then start, then end), so that the answer
does not depend on the order in which segments arrive, not even among equal scores.
"""

import numpy as np

from dcwtal.core.segment import tiou_matrix


def canonical_order(segments: np.ndarray, scores: np.ndarray) -> np.ndarray:
    """Row order: highest score first; among equals the earlier start, then the earlier end."""
    return np.lexsort((segments[:, 1], segments[:, 0], -np.asarray(scores)))


def hard_nms(segments: np.ndarray, scores: np.ndarray, *, max_tiou: float) -> np.ndarray:
    """Rows kept, best first: each overlaps every better kept one by tIoU ≤ ``max_tiou``.

    ``segments`` (N, 2) seconds, ``scores`` (N,); gives (M,) int64.
    """
    left = canonical_order(segments, scores)
    kept = []
    while len(left):
        best, left = left[0], left[1:]
        kept.append(best)
        overlap = tiou_matrix(segments[best], segments[left])[0]
        left = left[overlap <= max_tiou]
    return np.array(kept, dtype=np.int64)


def gaussian_soft_nms(
    segments: np.ndarray,
    scores: np.ndarray,
    *,
    sigma: float,
    min_score: float = 0.0,
    limit: int | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Rows kept, best first, and their decayed scores: score · exp(-tIoU² / sigma) for each better one.

    ``segments`` (N, 2) seconds, ``scores`` (N,). What falls below ``min_score`` (≥ 0) is dropped; at most
    ``limit`` rows are returned. Negative scores are never kept, since a decay would raise them.
    """
    order = canonical_order(segments, scores)
    boxes, current = segments[order], np.asarray(scores, dtype=np.float64)[order].copy()
    rows, decayed = [], []
    for _ in range(len(order) if limit is None else min(limit, len(order))):
        best = int(current.argmax())
        if current[best] < max(min_score, 0.0):
            break
        rows.append(order[best])
        decayed.append(current[best])
        overlap = tiou_matrix(boxes[best], boxes)[0]
        current *= np.exp(-(overlap**2) / sigma)
        current[best] = -np.inf
    return np.array(rows, dtype=np.int64), np.array(decayed, dtype=np.float64)
