"""Non-maximum suppression of segments of one class in one video; tIoU as everywhere (no ``+1``).

Both kinds first put the segments into one canonical order (score, then start, then end), so that the answer
does not depend on the order in which segments arrive, not even among equal scores.
"""

from collections.abc import Callable

import numpy as np

from dcwtal.core.segment import tiou_matrix

# Up to so many segments all pairs are worked out at once (2 MiB); past that, each step looks up its own.
_ALL_PAIRS = 512
_SMALLEST = np.finfo(np.float64).smallest_subnormal


def canonical_order(segments: np.ndarray, scores: np.ndarray) -> np.ndarray:
    """Row order: highest score first; among equals the earlier start, then the earlier end."""
    return np.lexsort((segments[:, 1], segments[:, 0], -np.asarray(scores)))


def hard_nms(
    segments: np.ndarray, scores: np.ndarray, *, max_tiou: float, limit: int | None = None
) -> np.ndarray:
    """Rows kept, best first: each overlaps every better kept one by tIoU ≤ ``max_tiou``.

    ``segments`` (N, 2) seconds, ``scores`` (N,); gives (M,) int64, at most ``limit`` rows.
    """
    order = canonical_order(segments, scores)
    boxes = segments[order]
    if _disjoint(boxes):
        return order[:limit]
    near = _near_of(boxes, lambda overlap: overlap <= max_tiou)
    left = np.ones(len(order), dtype=bool)
    kept = []
    for row in range(len(order)):
        if len(kept) == limit:
            break
        if left[row]:
            kept.append(row)
            others, allowed = near(row)
            left[others] &= allowed
    return order[np.array(kept, dtype=np.int64)]


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
    boxes, current = segments[order], np.asarray(scores, dtype=np.float64)[order]
    lowest = max(min_score, 0.0)
    if _disjoint(boxes):
        kept = (current >= lowest).nonzero()[0][:limit]
        return order[kept], current[kept]
    near = _near_of(boxes, lambda overlap: _decay(overlap, sigma))
    rows, decayed = [], []
    for _ in range(len(order) if limit is None else min(limit, len(order))):
        best = int(current.argmax())
        score = current[best]
        if score < lowest:
            break
        rows.append(best)
        decayed.append(score)
        others, decay = near(best)
        current[others] *= decay
        current[best] = -np.inf
    return order[np.array(rows, dtype=np.int64)], np.array(decayed, dtype=np.float64)


def _decay(overlap: np.ndarray, sigma: float) -> np.ndarray:
    # Never 0: that would turn the -inf of a row already taken into NaN.
    return np.maximum(np.exp(-(overlap**2) / sigma), _SMALLEST)


def _disjoint(boxes: np.ndarray) -> bool:
    """Whether no two ``boxes`` (N, 2) overlap, as the runs of one threshold: then nothing is suppressed."""
    by_start = boxes[np.argsort(boxes[:, 0])]
    return bool((by_start[:-1, 1] <= by_start[1:, 0]).all())


def _near_of(
    boxes: np.ndarray, effect: Callable[[np.ndarray], np.ndarray]
) -> Callable[[int], tuple[slice | np.ndarray, np.ndarray]]:
    """For a row of ``boxes`` (N, 2): which rows it may affect, and ``effect`` of its tIoU on each of those.

    ``effect`` works entry by entry and leaves alone (multiplies by 1, says True) what has tIoU 0.
    """
    if len(boxes) <= _ALL_PAIRS:
        effects, everywhere = effect(tiou_matrix(boxes, boxes)), slice(None)
        return lambda row: (everywhere, effects[row])
    starts, ends = np.ascontiguousarray(boxes.T)

    def overlapping(row: int) -> tuple[np.ndarray, np.ndarray]:
        others = ((starts < ends[row]) & (ends > starts[row])).nonzero()[0]
        return others, effect(tiou_matrix(boxes[row], boxes[others])[0])

    return overlapping
