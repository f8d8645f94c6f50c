"""What the page is told when stage or settings change: detections, their matches, and which classes are asked about."""

from typing import Any

import numpy as np

from dcwtal.core.detections import Detections
from dcwtal.core.instances import ActionInstances
from dcwtal.evaluation.mean_average_precision import mean_average_precision
from dcwtal.views.detection_rows import detection_rows

MATCH_TIOU = 0.5


def video_answer(
    detections: Detections, truth: ActionInstances | None, *, tiou: float = MATCH_TIOU
) -> dict[str, Any]:
    """Plain values for JSON: what :func:`detection_rows` says, the ``tiou`` that counts as found, and ``ap``, label →
    AP in [0, 1] at that tIoU within this video (None without a truth)."""
    ap = None if truth is None else _precision(detections, truth, tiou)
    return detection_rows(detections, truth, tiou=tiou) | {"tiou": tiou, "ap": ap}


def class_rows(names: tuple[str, ...], scores: np.ndarray, chosen: np.ndarray) -> list[dict[str, Any]]:
    """The classes by their video score ``scores`` (C,), highest first; ``chosen``: columns that are localized."""
    picked = set(chosen.tolist())
    return [
        {"label": names[column], "score": float(scores[column]), "chosen": column in picked}
        for column in np.argsort(-scores, kind="stable").tolist()
    ]


def _precision(detections: Detections, truth: ActionInstances, tiou: float) -> dict[str, float]:
    if not len(truth):
        return {}
    report = mean_average_precision(detections, truth, tious=[tiou])
    return {label: values[0] for label, values in report.per_class.items()}
