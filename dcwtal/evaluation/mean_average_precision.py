"""Mean average precision over classes, at several tIoU thresholds."""

from collections.abc import Sequence

import numpy as np

from dcwtal.core.detections import Detections
from dcwtal.core.errors import DataError
from dcwtal.core.instances import ActionInstances
from dcwtal.evaluation.average_precision import average_precision
from dcwtal.evaluation.matching import UNMATCHED, match_detections
from dcwtal.evaluation.report import EvalReport
from dcwtal.evaluation.text_codes import text_codes
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
    names, (found, true) = text_codes(detections.label, instances.label)
    rows_of, counts = (
        _rows_of_codes(found, detections.score, len(names)),
        np.bincount(true, minlength=len(names)),
    )
    per_class = {
        str(names[code]): average_precision(hits[:, rows_of[code]], int(counts[code]))
        for code in np.flatnonzero(counts)
    }
    values = np.mean(list(per_class.values()), axis=0)
    strange = {
        str(names[code]): len(rows) for code, rows in enumerate(rows_of) if len(rows) and not counts[code]
    }
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


def _rows_of_codes(codes: np.ndarray, score: np.ndarray, many: int) -> list[np.ndarray]:
    """For each of the codes 0 … ``many`` - 1, the rows that carry it: highest score first, stored order on ties."""
    order = np.lexsort((-score, codes))
    return np.split(order, np.searchsorted(codes[order], np.arange(1, many))) if many else []
