"""What the page is told when a stage, a branch or a mode is chosen: detections, their matches, counts by class."""

from typing import Any

from dcwtal.core.detections import Detections
from dcwtal.core.instances import ActionInstances
from dcwtal.views.detection_rows import detection_rows, hit_counts

MATCH_TIOU = 0.5


def video_answer(detections: Detections, truth: ActionInstances | None) -> dict[str, Any]:
    """Plain values for JSON: ``detections``, ``missed``, the ``tiou`` that counts as found, and ``counts`` by label
    (None without a truth)."""
    rows = detection_rows(detections, truth, tiou=MATCH_TIOU)
    return rows | {"tiou": MATCH_TIOU, "counts": None if truth is None else hit_counts(rows)}
