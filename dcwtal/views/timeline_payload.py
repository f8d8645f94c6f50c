"""Everything about one video that does not change while its timeline is looked at, as one blob."""

from dataclasses import asdict, dataclass

import numpy as np

from dcwtal.core.instances import ActionInstances
from dcwtal.data.score_store import BRANCHES, VideoScores
from dcwtal.views.binary_blob import pack_blob


@dataclass(frozen=True)
class CurveRules:
    """How the page turns curves into maps: ``high`` and ``low`` are δ_h and δ_l of Eq. 4, ``minmax`` stretches a curve to
    [0, 1] before them, ``fusion_weight`` is w of ``fused = w·CBP + (1 − w)·VLP``; all in [0, 1]."""

    high: float = 0.3
    low: float = 0.1
    minmax: bool = False
    fusion_weight: float = 0.5


def timeline_blob(
    scores: VideoScores,
    *,
    frame_times: np.ndarray,
    duration: float,
    labels: tuple[str, ...],
    truth: ActionInstances | None,
    rules: CurveRules,
) -> bytes:
    """Header: grid, classes, stages, truth, rules. Arrays: ``cbp`` and ``vlp`` (S, T, C) float32, ``frame_times``
    (N,) float64 seconds. ``truth`` None means nobody annotated the video."""
    header = {
        "video": scores.video,
        "duration": float(duration),
        "grid": {"start": scores.grid.start, "step": scores.grid.step, "n": scores.grid.n},
        "classes": list(scores.classes),
        "labels": list(labels),
        "stages": list(scores.stages),
        "rules": asdict(rules),
        "truth": None if truth is None else instance_rows(truth),
    }
    arrays = {branch: np.asarray(scores.class_scores[branch], dtype=np.float32) for branch in BRANCHES}
    return pack_blob(header, arrays | {"frame_times": np.asarray(frame_times, dtype=np.float64)})


def instance_rows(truth: ActionInstances) -> list[dict[str, object]]:
    """Instances as plain rows in order of time."""
    order = np.argsort(truth.start, kind="stable")
    return [
        {"start": float(truth.start[row]), "end": float(truth.end[row]), "label": str(truth.label[row])}
        for row in order
    ]
