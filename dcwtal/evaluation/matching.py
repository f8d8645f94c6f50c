"""Which instance each detection finds: the greedy matching of the ActivityNet evaluator.

Within one class and one video, detections choose in order of score (equal scores: stored order). Each takes
the free instance of highest tIoU, if that tIoU is at least the threshold (equal tIoU: stored order), and no
other may take it again. Everything else is a false positive, duplicates included.
"""

from collections.abc import Sequence

import numpy as np

from dcwtal.core.detections import Detections
from dcwtal.core.instances import ActionInstances
from dcwtal.core.segment import tiou_matrix

UNMATCHED = -1


def match_detections(
    detections: Detections, instances: ActionInstances, tious: Sequence[float]
) -> np.ndarray:
    """Row of the instance that each detection takes, else -1: (K, N) int64 for K thresholds in (0, 1].

    Columns follow the stored order of ``detections``.
    """
    thresholds = [float(value) for value in tious]
    matched = np.full((len(thresholds), len(detections)), UNMATCHED, dtype=np.int64)
    instance_rows = _rows_by_video_and_label(instances.video, instances.label, range(len(instances)))
    best_first = np.argsort(-detections.score, kind="stable")
    detection_rows = _rows_by_video_and_label(detections.video, detections.label, best_first.tolist())
    all_detections, all_instances = detections.segments, instances.segments
    for key, rows in detection_rows.items():
        targets = instance_rows.get(key)
        if targets:
            overlap = tiou_matrix(all_detections[rows], all_instances[targets])
            _match_group(overlap, rows, targets, thresholds, matched)
    return matched


def _rows_by_video_and_label(video, label, rows) -> dict[tuple[str, str], list[int]]:
    groups: dict[tuple[str, str], list[int]] = {}
    for row in rows:
        groups.setdefault((video[row], label[row]), []).append(row)
    return groups


def _match_group(
    overlap: np.ndarray, rows: list[int], targets: list[int], thresholds: list[float], matched: np.ndarray
) -> None:
    """Fill the columns ``rows`` of ``matched`` from one group's tIoU (detections best first, instances)."""
    choices = _choices(overlap, min(thresholds, default=1.0))
    for k, threshold in enumerate(thresholds):
        taken: set[int] = set()
        found = matched[k]
        for position, options in choices:
            for value, instance in options:
                if value < threshold:
                    break
                if instance not in taken:
                    taken.add(instance)
                    found[rows[position]] = targets[instance]
                    break
            if len(taken) == len(targets):
                break


def _choices(overlap: np.ndarray, lowest: float) -> list[tuple[int, list[tuple[float, int]]]]:
    """Each row that reaches ``lowest`` anywhere, with its (tIoU, column) from there on, highest first.

    Few pairs overlap at all: only those are looked at one by one.
    """
    row, column = np.nonzero(overlap >= lowest)
    values = overlap[row, column]
    order = np.lexsort((column, -values, row))
    options: dict[int, list[tuple[float, int]]] = {}
    for r, value, c in zip(row[order].tolist(), values[order].tolist(), column[order].tolist(), strict=True):
        options.setdefault(r, []).append((value, c))
    return list(options.items())
