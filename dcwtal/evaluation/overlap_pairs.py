"""All pairs of a detection and an instance that share time, found without looking at the pairs that do not.

Matching, error kinds and completeness all start from these pairs: few of the possible ones overlap at all, so
finding them by sorting costs milliseconds where all pairwise tIoU of a data set would cost seconds.
"""

from dataclasses import dataclass

import numpy as np

from dcwtal.core.detections import Detections
from dcwtal.core.instances import ActionInstances
from dcwtal.evaluation.text_codes import text_codes

NO_INSTANCE = -1


@dataclass(frozen=True)
class OverlapPairs:
    """P pairs in order of (detection, instance), both int64 rows in stored order.

    ``intersection`` in seconds, > 0; ``tiou`` = I / (|p| + |g| − I), ``coverage`` = I / |g| and ``purity`` = I / |p| in
    (0, 1], float64.
    """

    detection: np.ndarray
    instance: np.ndarray
    intersection: np.ndarray
    tiou: np.ndarray
    coverage: np.ndarray
    purity: np.ndarray

    def best(self, detections: int) -> np.ndarray:
        """For each of N ``detections`` the row of its pair of highest tIoU, the first instance's on ties, or −1 for a
        detection in no pair; (N,) int64."""
        found = np.full(detections, NO_INSTANCE, dtype=np.int64)
        # Written from the worst pair to the best: the last one written stays.
        order = np.lexsort((-np.arange(len(self.tiou)), self.tiou))
        found[self.detection[order]] = order
        return found


def overlapping_pairs(
    detections: Detections, instances: ActionInstances, *, same_label: bool
) -> OverlapPairs:
    """The pairs of one video, and with ``same_label`` of one class, that overlap by more than touching."""
    groups, targets = _groups(detections, instances, same_label=same_label)
    row, instance = _candidates(groups, detections, targets, instances)
    shared = np.minimum(detections.end[row], instances.end[instance]) - np.maximum(
        detections.start[row], instances.start[instance]
    )
    keep = shared > 0
    row, instance, shared = row[keep], instance[keep], shared[keep]
    order = np.argsort(row * max(1, len(instances)) + instance)
    row, instance, shared = row[order], instance[order], shared[order]
    length = detections.end[row] - detections.start[row]
    true_length = instances.end[instance] - instances.start[instance]
    # The order of operations of core.segment.tiou_matrix: equal to the last bit.
    tiou = shared / (length + true_length - shared)
    return OverlapPairs(row, instance, shared, tiou, shared / true_length, shared / length)


def _groups(
    detections: Detections, instances: ActionInstances, *, same_label: bool
) -> tuple[np.ndarray, np.ndarray]:
    """A number for each (video) or (video, label): (N,) of the detections and (M,) of the instances."""
    _, (mine, theirs) = text_codes(detections.video, instances.video)
    if not same_label:
        return mine, theirs
    labels, (my_label, their_label) = text_codes(detections.label, instances.label)
    return mine * len(labels) + my_label, theirs * len(labels) + their_label


def _candidates(
    groups: np.ndarray, detections: Detections, targets: np.ndarray, instances: ActionInstances
) -> tuple[np.ndarray, np.ndarray]:
    """Pairs (rows, instances) of one group, a superset of those that overlap.

    With the instances of a group in order of start, those that begin before a detection ends are the first few, and
    all that precede the first one whose end, or whose forerunner's end, lies behind its start are over.
    """
    times = np.concatenate([instances.start, instances.end, detections.start, detections.end])
    # Ranks instead of seconds: group and time fit one integer exactly.
    ranks = np.unique(times, return_inverse=True)[1].astype(np.int64)
    many = len(times) + 1
    splits = np.cumsum([len(instances), len(instances), len(detections)])
    true_start, true_end, start, end = np.split(ranks, splits)
    begins = targets * many + true_start
    order = np.argsort(begins, kind="stable")
    ends_so_far = np.maximum.accumulate((targets * many + true_end)[order])
    first = np.searchsorted(ends_so_far, groups * many + start, side="right")
    past = np.searchsorted(begins[order], groups * many + end, side="left")
    counts = np.maximum(past - first, 0)
    rows = np.repeat(np.arange(len(groups)), counts)
    offsets = np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts)
    return rows, order[np.repeat(first, counts) + offsets]
