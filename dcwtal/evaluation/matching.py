"""Which instance each detection finds: the greedy matching of the ActivityNet evaluator.

Within one class and one video, detections choose in order of score (equal scores: stored order). Each takes
the free instance of highest tIoU, if that tIoU is at least the threshold (equal tIoU: stored order), and no
other may take it again. Everything else is a false positive, duplicates included.
"""

from collections.abc import Sequence

import numpy as np

from dcwtal.core.detections import Detections
from dcwtal.core.instances import ActionInstances
from dcwtal.evaluation.overlap_pairs import OverlapPairs, overlapping_pairs

UNMATCHED = -1


def match_detections(
    detections: Detections,
    instances: ActionInstances,
    tious: Sequence[float],
    *,
    pairs: OverlapPairs | None = None,
) -> np.ndarray:
    """Row of the instance that each detection takes, else -1: (K, N) int64 for K thresholds in (0, 1].

    Columns follow the stored order of ``detections``. ``pairs``: the overlapping pairs of one class, for a caller that
    has them.
    """
    if pairs is None:
        pairs = overlapping_pairs(detections, instances, same_label=True)
    thresholds = [float(value) for value in tious]
    matched = np.full((len(thresholds), len(detections)), UNMATCHED, dtype=np.int64)
    detection, instance, tiou = _choices(pairs, detections.score, min(thresholds, default=1.0))
    for k, threshold in enumerate(thresholds):
        fits = tiou >= threshold
        _take(detection[fits].tolist(), instance[fits].tolist(), matched[k], len(instances))
    return matched


def _choices(pairs: OverlapPairs, score: np.ndarray, lowest: float) -> tuple[np.ndarray, ...]:
    """(detection, instance, tIoU) of the pairs that reach ``lowest``, in the order in which they are asked."""
    reached = np.flatnonzero(pairs.tiou >= lowest)
    detection, instance, tiou = (column[reached] for column in (pairs.detection, pairs.instance, pairs.tiou))
    turn = np.empty(len(score), dtype=np.int64)
    turn[np.argsort(-score, kind="stable")] = np.arange(len(score))
    order = np.lexsort((instance, -tiou, turn[detection]))
    return detection[order], instance[order], tiou[order]


def _take(detection: list[int], instance: list[int], found: np.ndarray, instances: int) -> None:
    """Fill ``found`` (N,): each detection in turn takes the first of its instances that is still free."""
    taken = bytearray(instances)
    satisfied = UNMATCHED
    for row, target in zip(detection, instance, strict=True):
        if row != satisfied and not taken[target]:
            taken[target] = True
            found[row] = target
            satisfied = row
