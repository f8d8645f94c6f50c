"""Gaussian soft-NMS of thousands of groups at once, with the answer of ``localize.nms`` to the last bit.

Segments decay each other only where they overlap, so a group falls apart into chains of overlapping segments that know
nothing of each other. Chains of like length go through the greedy loop side by side, as rows of one array.
"""

import numpy as np

# Segments of one batch of chains: enough to make numpy's overhead small, few enough to stay in the cache.
_BATCH = 1 << 16
_SMALLEST = np.finfo(np.float64).smallest_subnormal


def soft_nms_of_groups(
    segments: np.ndarray, scores: np.ndarray, groups: np.ndarray, *, sigma: float, min_score: float
) -> tuple[np.ndarray, np.ndarray]:
    """Rows kept, group after group and best first within each, and their decayed scores.

    ``segments`` (N, 2) seconds, ``scores`` (N,), ``groups`` (N,) int64 ≥ 0. For each group the same rows, scores and
    order as ``gaussian_soft_nms`` gives without a ``limit``.
    """
    order = np.lexsort((segments[:, 1], segments[:, 0], -scores, groups))
    boxes, current, owner = segments[order], scores[order].astype(np.float64), groups[order]
    lowest = max(min_score, 0.0)
    chains = _chains(boxes, owner)
    sizes = np.bincount(chains)
    alone = sizes[chains] == 1
    decayed = np.where(alone & (current >= lowest), current, -np.inf)
    for rows in _batches(chains, sizes):
        decayed[rows[rows >= 0]] = _decay_side_by_side(boxes, current, rows, sigma=sigma, lowest=lowest)
    best_first = np.lexsort((np.arange(len(order)), -decayed, owner))
    kept = best_first[decayed[best_first] > -np.inf]
    return order[kept], decayed[kept]


def _chains(boxes: np.ndarray, owner: np.ndarray) -> np.ndarray:
    """A number (N,) for each chain: segments of one owner joined by overlaps; touching is no overlap."""
    # Ranks instead of seconds: owner and time fit one integer exactly, and ends never reach into the next owner.
    times, ranks = np.unique(boxes, return_inverse=True)
    start, end = ranks.reshape(-1, 2).astype(np.int64).T + owner * (len(times) + 1)
    by_start = np.argsort(start, kind="stable")
    reached = np.maximum.accumulate(end[by_start])
    begins = np.ones(len(boxes), dtype=bool)
    begins[1:] = start[by_start][1:] >= reached[:-1]
    chains = np.empty(len(boxes), dtype=np.int64)
    chains[by_start] = np.cumsum(begins) - 1
    return chains


def _batches(chains: np.ndarray, sizes: np.ndarray):
    """Rows of chains of two or more as arrays (B, n) padded with -1, in their stored order within each chain."""
    rows = np.flatnonzero(sizes[chains] > 1)
    rows = rows[np.lexsort((rows, chains[rows], sizes[chains[rows]]))]
    numbers = chains[rows]
    first = np.flatnonzero(np.r_[True, numbers[1:] != numbers[:-1]]) if len(rows) else np.zeros(0, np.int64)
    lengths = np.diff(np.r_[first, len(rows)])
    position = 0
    while position < len(first):
        # Lengths rise: a batch ends where the padding of its shorter chains would cost more than another batch.
        stop = int(np.searchsorted(lengths, 2 * lengths[position]))
        stop = min(max(stop, position + 1), position + max(1, _BATCH // int(lengths[position])))
        width = int(lengths[stop - 1])
        batch = np.full((stop - position, width), -1, dtype=np.int64)
        filled = np.arange(width) < lengths[position:stop, None]
        batch[filled] = rows[first[position] : first[stop - 1] + lengths[stop - 1]]
        yield batch
        position = stop


def _decay_side_by_side(
    boxes: np.ndarray, scores: np.ndarray, rows: np.ndarray, *, sigma: float, lowest: float
) -> np.ndarray:
    """Decayed scores of the filled entries of ``rows`` (B, n), in row order; -inf where nothing is kept."""
    filled = rows >= 0
    start, end = boxes[rows, 0], boxes[rows, 1]
    current = np.where(filled, scores[rows], -np.inf)
    decayed = np.full(rows.shape, -np.inf)
    chain = np.arange(len(rows))
    length = end - start
    for _ in range(rows.shape[1]):
        best = current.argmax(axis=1)
        score = current[chain, best]
        going_on = score >= lowest
        if not going_on.all():
            chain, best, score = chain[going_on], best[going_on], score[going_on]
            if not len(chain):
                break
        decayed[chain, best] = score
        s, e = start[chain, best][:, None], end[chain, best][:, None]
        everyone = slice(None) if len(chain) == len(rows) else chain
        # The order of operations of core.segment.tiou_matrix and localize.nms: equal to the last bit.
        shared = np.clip(np.minimum(e, end[everyone]) - np.maximum(s, start[everyone]), 0.0, None)
        union = (e - s) + length[everyone] - shared
        overlap = np.divide(shared, union, out=np.zeros_like(shared), where=union > 0)
        current[everyone] *= np.maximum(np.exp(-(overlap**2) / sigma), _SMALLEST)
        current[chain, best] = -np.inf
        if len(chain) < len(current):
            stopped = np.ones(len(current), dtype=bool)
            stopped[chain] = False
            current[stopped] = -np.inf
            chain = np.arange(len(rows))
    return decayed[filled]
