"""Incomplete or over-complete, branch by branch: points of the coverage × purity plane, and counts by class and video.

Coverage, purity and boundary errors are of the detections; merges and fragments of the candidates before suppression,
which hides them (see ``evaluation.completeness``).
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from dcwtal.core.detections import Detections
from dcwtal.core.instances import ActionInstances
from dcwtal.core.plain_numbers import known_or_none
from dcwtal.evaluation.completeness import CompletenessFacts, CompletenessTable, completeness_facts
from dcwtal.evaluation.text_codes import text_codes
from dcwtal.pipeline.what_if.question import WhatIf
from dcwtal.views.stage_rates import SHOWN_BRANCHES

MOST_POINTS = 4000

# A question with its branch set → its candidates before suppression, and its detections.
Localize = Callable[[WhatIf], tuple[Detections, Detections]]


def completeness_plane(
    asked: WhatIf, localize: Localize, truth: ActionInstances, *, classes: Sequence[str], one_video: bool
) -> dict[str, Any]:
    """Plain values for JSON.

    ``points``: branch → rows of (row of ``videos``, row of ``classes``, start, end, score, coverage, purity, tIoU) of
    the detections that overlap an instance of their class, best score first, at most MOST_POINTS; ``left_out``: how
    many more there are. ``per_class`` and, without ``one_video``, ``per_video``: counts and means for each branch.
    """
    facts = {}
    for branch in SHOWN_BRANCHES:
        settings = asked.settings.model_copy(update={"branch": branch})
        candidates, detections = localize(replace(asked, settings=settings))
        facts[branch] = tuple(
            completeness_facts(found, truth, tiou=asked.tiou) for found in (candidates, detections)
        )
    videos = sorted({video for _, found in facts.values() for video in found.detections.video.tolist()})
    points, left_out = {}, {}
    for branch, (_, found) in facts.items():
        points[branch], left_out[branch] = _points(found, videos, list(classes))
    answer = {"videos": videos, "classes": list(classes), "points": points, "left_out": left_out}
    groupings = ("label",) if one_video else ("label", "video")
    for by in groupings:
        answer["per_class" if by == "label" else "per_video"] = [
            row for branch, pair in facts.items() for row in table_rows(*pair, by=by, branch=branch)
        ]
    return answer


def table_rows(
    candidates: CompletenessFacts, detections: CompletenessFacts, *, by: str, branch: str
) -> list[dict[str, Any]]:
    """One row for each label or video that has an instance or a detection; None for a mean over nothing."""
    found, proposed = detections.table(by=(by,)), candidates.table(by=(by,))
    events = {name: row for row, name in enumerate(_names(proposed, by))}
    rows = []
    for row, name in enumerate(_names(found, by)):
        event = events.get(name)
        counts = {
            "merges": int(proposed.merges[event]) if event is not None else 0,
            "fragments": int(proposed.fragments[event]) if event is not None else 0,
            "deletes": int(found.deletes[row]),
            "insertions": int(found.insertions[row]),
        }
        means = {
            key: known_or_none(getattr(found, key)[row])
            for key in ("coverage", "purity", "outward", "inward")
        }
        instances = int(found.instances[row])
        rows.append({by: name, "branch": branch, "instances": instances, **means, **counts})
    return rows


def _names(table: CompletenessTable, by: str) -> list[str]:
    column = table.label if by == "label" else table.video
    return [] if column is None else column.tolist()


def _points(facts: CompletenessFacts, videos: list[str], classes: list[str]) -> tuple[list[list], int]:
    detections, overlap = facts.detections, facts.overlap
    rows = np.flatnonzero(overlap.instance >= 0)
    rows = rows[np.argsort(-detections.score[rows], kind="stable")]
    shown = rows[:MOST_POINTS]
    _, (video, _) = text_codes(detections.video[shown], np.array(videos, dtype=object))
    column = {name: number for number, name in enumerate(classes)}
    label = [column[name] for name in detections.label[shown].tolist()]
    numbers = (
        detections.start,
        detections.end,
        detections.score,
        overlap.coverage,
        overlap.purity,
        overlap.tiou,
    )
    columns = [video.tolist(), label, *(np.round(values[shown], 5).tolist() for values in numbers)]
    return [list(point) for point in zip(*columns, strict=True)], len(rows) - len(shown)
