"""Detections beside the truth, as rows for the page: which hit, which are wrong, which instances nobody found."""

from collections import Counter
from typing import Any

from dcwtal.core.detections import Detections
from dcwtal.core.instances import ActionInstances
from dcwtal.core.segment import tiou_matrix
from dcwtal.evaluation.matching import UNMATCHED, match_detections


def detection_rows(
    detections: Detections, truth: ActionInstances | None, *, tiou: float
) -> dict[str, list[dict[str, Any]]]:
    """``detections``: rows with ``hit`` (None without a truth) and ``tiou``, the best overlap with an instance of the
    label; ``missed``: instances that no detection took. One video's detections and truth; best score first."""
    detections = detections.sorted_by_score()
    matched = None if truth is None else match_detections(detections, truth, [tiou])[0]
    rows = []
    for row in range(len(detections)):
        rows.append(
            {
                "start": float(detections.start[row]),
                "end": float(detections.end[row]),
                "label": str(detections.label[row]),
                "score": float(detections.score[row]),
                "hit": None if matched is None else bool(matched[row] != UNMATCHED),
                "tiou": None if truth is None else _best_overlap(detections, row, truth),
            }
        )
    taken = set() if matched is None else set(matched.tolist())
    missed = [
        {"start": float(truth.start[row]), "end": float(truth.end[row]), "label": str(truth.label[row])}
        for row in range(0 if truth is None else len(truth))
        if row not in taken
    ]
    return {"detections": rows, "missed": missed}


def hit_counts(rows: dict[str, list[dict[str, Any]]]) -> dict[str, dict[str, int]]:
    """Per label: ``hits`` (true positives), ``wrong`` (false positives), ``missed`` (false negatives)."""
    counts: dict[str, Counter] = {}
    for row in rows["detections"]:
        counts.setdefault(row["label"], Counter())["hits" if row["hit"] else "wrong"] += 1
    for row in rows["missed"]:
        counts.setdefault(row["label"], Counter())["missed"] += 1
    return {
        label: {key: found[key] for key in ("hits", "wrong", "missed")} for label, found in counts.items()
    }


def _best_overlap(detections: Detections, row: int, truth: ActionInstances) -> float:
    same = truth.of_label(detections.label[row])
    overlap = tiou_matrix(detections.segments[row : row + 1], same.segments)
    return float(overlap.max(initial=0.0))
