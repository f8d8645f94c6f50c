"""Mean average precision over classes, at several tIoU thresholds."""

from collections.abc import Sequence

import numpy as np

from dcwtal.core.detections import Detections
from dcwtal.core.errors import DataError
from dcwtal.core.instances import ActionInstances
from dcwtal.evaluation.average_precision import average_precision
from dcwtal.evaluation.matching import UNMATCHED, match_detections
from dcwtal.evaluation.report import EvalReport
from dcwtal.evaluation.tiou_thresholds import THUMOS14, averages


def mean_average_precision(
    detections: Detections, instances: ActionInstances, *, tious: Sequence[float] = THUMOS14
) -> EvalReport:
    """mAP of ``detections`` against all of ``instances``: the mean over the classes that have instances.

    A class without detections has AP 0. A video without detections only leaves its instances unfound.
    Detections of a video without instances of their class are false positives; detections of a label that no
    instance has enter no class and so no number: ``protocol["labels_without_instances"]`` counts them.
    """
    if not len(instances):
        raise DataError("nothing to evaluate against: the ground truth holds no instances")
    tious = tuple(float(tiou) for tiou in tious)
    hits = match_detections(detections, instances, tious) != UNMATCHED
    best_first = np.argsort(-detections.score, kind="stable")
    rows_of = _rows_of_labels(detections.label, best_first)
    labels, counts = np.unique(instances.label.astype(str), return_counts=True)
    per_class = {
        str(label): average_precision(hits[:, rows_of.get(str(label), [])], int(count))
        for label, count in zip(labels, counts, strict=True)
    }
    values = np.mean(list(per_class.values()), axis=0)
    strange = {label: len(rows) for label, rows in sorted(rows_of.items()) if label not in per_class}
    return EvalReport(
        tious=tious,
        map=tuple(values.tolist()),
        per_class={label: tuple(ap.tolist()) for label, ap in per_class.items()},
        averages=averages(tious, values),
        videos=len(set(instances.video)),
        instances=len(instances),
        detections=len(detections) - sum(strange.values()),
        protocol={"labels_without_instances": strange},
    )


def _rows_of_labels(labels: np.ndarray, order: np.ndarray) -> dict[str, list[int]]:
    rows: dict[str, list[int]] = {}
    for row in order.tolist():
        rows.setdefault(labels[row], []).append(row)
    return rows
