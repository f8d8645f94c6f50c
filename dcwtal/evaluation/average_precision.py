"""Average precision as the ActivityNet evaluator computes it."""

import numpy as np


def average_precision(hits: np.ndarray, instances: int) -> np.ndarray:
    """Area under the interpolated precision-recall curve, (K,) in [0, 1].

    ``hits`` (K, N) bool: whether each detection, best first, is a true positive at each of K thresholds.
    ``instances`` ≥ 1: how many there are to find. Precision at a recall is the highest one at that recall
    or beyond (the envelope); recall steps by 1/instances at every hit, so the area is the mean of the
    envelope over the instances, those never found counting 0. No detections: 0.
    """
    hits = np.asarray(hits, dtype=bool)
    found = hits.cumsum(axis=1)
    precision = found / np.arange(1, hits.shape[1] + 1)
    envelope = np.maximum.accumulate(precision[:, ::-1], axis=1)[:, ::-1]
    return (envelope * hits).sum(axis=1) / instances
