"""Everything about one video that does not change while its timeline is looked at, as one blob.

A large video is sent in parts (the rule is in ``views.sent_curves``): ``header["stages_sent"]`` (names) and
``header["classes_sent"]`` (columns) say what the arrays ``cbp`` and ``vlp`` hold, in that order; :func:`curves_blob`
gives the rest. The rates are left out ({}) where they would take longer than a glance.
"""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from dcwtal.core.class_names import ClassNames
from dcwtal.core.instances import ActionInstances
from dcwtal.data.score_store import BRANCHES, VideoScores
from dcwtal.views.binary_blob import pack_blob
from dcwtal.views.sent_curves import MOST_VALUES, SentPart, asked_part, curves_of, first_part
from dcwtal.views.stage_rates import CurveRules, rates_by_class

MOST_RATES = 60  # stages x labels
LONGEST_RATED = 10_000  # snippets


def timeline_blob(
    scores: VideoScores,
    *,
    frame_times: np.ndarray,
    duration: float,
    labels: tuple[str, ...],
    truth: ActionInstances | None,
    rules: CurveRules,
    stage: str | None = None,
    has_video: bool = True,
    notice: str = "",
    most_values: int = MOST_VALUES,
) -> bytes:
    """Header: grid, classes, stages, what was sent, truth, rules, rates (see :func:`rates_by_class`), ``has_video`` and
    a ``notice`` to show. Arrays: ``cbp`` and ``vlp`` (S', T, C') float32, ``cbp_video`` and ``vlp_video`` (S, C)
    float32, ``frame_times`` (N,) float64 seconds, empty without a video. ``truth`` None: nobody annotated the video.
    ``stage`` (None: the last): what a video too large for one answer is opened at."""
    part = first_part(scores, stage=stage or scores.stages[-1], labels=labels, most_values=most_values)
    header = {
        "video": scores.video,
        "duration": float(duration),
        "grid": _grid(scores),
        "classes": list(scores.classes),
        "labels": list(labels),
        "stages": list(scores.stages),
        **_sent(scores, part),
        "rules": asdict(rules),
        "truth": None if truth is None else instance_rows(truth),
        "rates": {} if truth is None else _quick_rates(scores, truth, rules, duration),
        "has_video": has_video,
        "notice": notice,
    }
    arrays = {"frame_times": np.asarray(frame_times, dtype=np.float64)} | curves_of(scores, part)
    for branch in BRANCHES:
        arrays[f"{branch}_video"] = np.asarray(scores.video_scores[branch], dtype=np.float32)
    return pack_blob(header, arrays)


def curves_blob(
    scores: VideoScores, *, stage: str, classes: Sequence[int] | None = None, most_values: int = MOST_VALUES
) -> bytes:
    """More curves: header ``stages_sent`` and ``classes_sent``, arrays ``cbp`` and ``vlp`` (1, T, K) float32.

    ``classes`` are columns (None: all). An unknown stage or column, or more than fit, is a SettingsError."""
    part = asked_part(scores, stage=stage, classes=classes, most_values=most_values)
    header = {"video": scores.video, "grid": _grid(scores), **_sent(scores, part)}
    return pack_blob(header, curves_of(scores, part))


def _grid(scores: VideoScores) -> dict[str, float | int]:
    return {"start": scores.grid.start, "step": scores.grid.step, "n": scores.grid.n}


def _sent(scores: VideoScores, part: SentPart) -> dict[str, Any]:
    return {
        "stages_sent": [scores.stages[row] for row in part.stages],
        "classes_sent": list(part.classes),
    }


def _quick_rates(
    scores: VideoScores, truth: ActionInstances, rules: CurveRules, duration: float
) -> dict[str, Any]:
    """Rates of the labels that the run knows, {} where that takes long; looks at the labels' curves alone."""
    known = [name for name in scores.classes if name in set(truth.label.tolist())]
    if not known or len(scores.stages) * len(known) > MOST_RATES or not 0 < scores.grid.n <= LONGEST_RATED:
        return {}
    columns = [scores.classes.index(name) for name in known]
    narrow = VideoScores(
        scores.video,
        scores.stages,
        {branch: scores.class_scores[branch][:, :, columns] for branch in BRANCHES},
        {branch: scores.video_scores[branch][:, columns] for branch in BRANCHES},
        scores.grid,
        ClassNames(tuple(known)),
    )
    rated = truth[np.isin(truth.label, known)]
    return rates_by_class(narrow, rated, rules=rules, duration=duration)


def instance_rows(truth: ActionInstances) -> list[dict[str, object]]:
    """Instances as plain rows in order of time."""
    order = np.argsort(truth.start, kind="stable")
    return [
        {"start": float(truth.start[row]), "end": float(truth.end[row]), "label": str(truth.label[row])}
        for row in order
    ]
