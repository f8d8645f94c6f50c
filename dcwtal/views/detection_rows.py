"""Detections beside the truth, as rows for the page: what each one is, and which instances are found."""

from typing import Any

import numpy as np

from dcwtal.core.detections import Detections
from dcwtal.core.instances import ActionInstances
from dcwtal.evaluation.completeness import overlap_facts
from dcwtal.evaluation.error_kinds import KINDS, error_kinds
from dcwtal.evaluation.matching import UNMATCHED, match_detections
from dcwtal.evaluation.text_codes import text_codes

# No lane shows more; the rest is in the numbers.
MOST_ROWS = 2000
_FACTS = ("instance", "tiou", "coverage", "purity", "start_error", "end_error")


def detection_rows(
    detections: Detections, truth: ActionInstances | None, *, tiou: float, most: int = MOST_ROWS
) -> dict[str, Any]:
    """One video's detections and truth, plain values for JSON.

    ``total`` detections, of which ``detections`` holds the best ``most``, highest score first: ``start``, ``end``,
    ``label``, ``score``, ``hit``, ``kind`` (one of :data:`KINDS` at ``tiou``), and how it lies to ``instance``, the row
    in order of time of the instance that it took, else of the one of its class that it overlaps best, else None:
    ``tiou``, ``coverage``, ``purity`` (0 without instance), ``start_error``, ``end_error`` (detection − instance in
    seconds, None without instance). ``instances``, in order of time: ``found`` and the row of the ``detection`` that
    took it, None where that lies beyond ``most``. ``counts``: label → ``hits``, ``wrong``, ``missed``, of all
    detections. Without a truth: no ``instances``, all else that needs one None.
    """
    best_first = np.argsort(-detections.score, kind="stable")
    shown = best_first[:most]
    columns = {
        "start": detections.start[shown].tolist(),
        "end": detections.end[shown].tolist(),
        "label": detections.label[shown].tolist(),
        "score": detections.score[shown].tolist(),
    }
    answer: dict[str, Any] = {"total": len(detections), "instances": [], "counts": None}
    if truth is None:
        columns |= dict.fromkeys(("hit", "kind", *_FACTS), [None] * len(shown))
    else:
        matches = match_detections(detections, truth, [tiou])
        columns |= _judged(detections, truth, matches, tiou, shown)
        answer["instances"] = _found(matches[0], truth, best_first, most)
        answer["counts"] = _counts(detections, truth, matches[0])
    answer["detections"] = [
        dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)
    ]
    return answer


def _judged(
    detections: Detections, truth: ActionInstances, matches: np.ndarray, tiou: float, shown: np.ndarray
) -> dict[str, list]:
    """The columns that need a truth, of the rows ``shown``."""
    facts = overlap_facts(detections, truth, matched=matches[0])
    kinds = error_kinds(detections, truth, [tiou], matches=matches)[0]
    has_instance = facts.instance[shown] != UNMATCHED
    columns = {
        "hit": (matches[0][shown] != UNMATCHED).tolist(),
        "kind": [KINDS[code] for code in kinds[shown].tolist()],
        "instance": _or_none(_places(truth)[facts.instance[shown]], has_instance),
    }
    columns |= {name: getattr(facts, name)[shown].tolist() for name in ("tiou", "coverage", "purity")}
    columns |= {
        name: _or_none(getattr(facts, name)[shown], has_instance) for name in ("start_error", "end_error")
    }
    return columns


def _places(truth: ActionInstances) -> np.ndarray:
    """Where each instance stands in order of time, as :func:`instance_rows` lists them; (M + 1,) int64, the
    last one for detections without an instance."""
    places = np.full(len(truth) + 1, UNMATCHED, dtype=np.int64)
    places[np.argsort(truth.start, kind="stable")] = np.arange(len(truth))
    return places


def _or_none(values: np.ndarray, known: np.ndarray) -> list:
    return [value if there else None for value, there in zip(values.tolist(), known.tolist(), strict=True)]


def _found(
    matched: np.ndarray, truth: ActionInstances, best_first: np.ndarray, most: int
) -> list[dict[str, Any]]:
    taken_by: list[int | None] = [None] * len(truth)
    place = _places(truth)
    ordered = matched[best_first]
    for row in np.flatnonzero(ordered != UNMATCHED).tolist():
        taken_by[place[ordered[row]]] = row
    return [
        {"found": row is not None, "detection": row if row is not None and row < most else None}
        for row in taken_by
    ]


def _counts(detections: Detections, truth: ActionInstances, matched: np.ndarray) -> dict[str, dict[str, int]]:
    names, (mine, theirs) = text_codes(detections.label, truth.label)
    is_hit = matched != UNMATCHED
    hits, wrong = (np.bincount(mine[rows], minlength=len(names)) for rows in (is_hit, ~is_hit))
    missed = np.bincount(theirs, minlength=len(names)) - hits
    return {
        name: {"hits": int(hits[code]), "wrong": int(wrong[code]), "missed": int(missed[code])}
        for code, name in enumerate(names.tolist())
    }
