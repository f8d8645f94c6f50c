"""Everything about one video that does not change while its timeline is looked at, as one blob."""

from dataclasses import asdict

import numpy as np

from dcwtal.core.instances import ActionInstances
from dcwtal.data.score_store import BRANCHES, VideoScores
from dcwtal.views.binary_blob import pack_blob
from dcwtal.views.stage_rates import CurveRules, rates_by_class


def timeline_blob(
    scores: VideoScores,
    *,
    frame_times: np.ndarray,
    duration: float,
    labels: tuple[str, ...],
    truth: ActionInstances | None,
    rules: CurveRules,
) -> bytes:
    """Header: grid, classes, stages, truth, rules, rates (see :func:`rates_by_class`). Arrays: ``cbp`` and ``vlp``
    (S, T, C) float32, ``cbp_video`` and ``vlp_video`` (S, C) float32, ``frame_times`` (N,) float64 seconds.
    ``truth`` None means nobody annotated the video."""
    header = {
        "video": scores.video,
        "duration": float(duration),
        "grid": {"start": scores.grid.start, "step": scores.grid.step, "n": scores.grid.n},
        "classes": list(scores.classes),
        "labels": list(labels),
        "stages": list(scores.stages),
        "rules": asdict(rules),
        "truth": None if truth is None else instance_rows(truth),
        "rates": {} if truth is None else rates_by_class(scores, truth, rules=rules, duration=duration),
    }
    arrays = {"frame_times": np.asarray(frame_times, dtype=np.float64)}
    for branch in BRANCHES:
        arrays[branch] = np.asarray(scores.class_scores[branch], dtype=np.float32)
        arrays[f"{branch}_video"] = np.asarray(scores.video_scores[branch], dtype=np.float32)
    return pack_blob(header, arrays)


def instance_rows(truth: ActionInstances) -> list[dict[str, object]]:
    """Instances as plain rows in order of time."""
    order = np.argsort(truth.start, kind="stable")
    return [
        {"start": float(truth.start[row]), "end": float(truth.end[row]), "label": str(truth.label[row])}
        for row in order
    ]
