"""Which kept detection a candidate lost against in the NMS: the greedy order, replayed for that one candidate."""

import numpy as np

from dcwtal.core.segment import tiou_matrix
from dcwtal.localize.settings import LocalizeSettings


def suppressor_of(
    lost: int, segments: np.ndarray, scores: np.ndarray, kept: np.ndarray, settings: LocalizeSettings
) -> tuple[int, float]:
    """Row of the detection that suppressed candidate ``lost``, and its tIoU with it.

    ``segments`` (N, 2) seconds and ``scores`` (N,) before NMS; ``kept`` (M,) rows in the order in which NMS took them,
    M > 0, as ``suppress`` gives them; ``lost`` is none of them, and not below min_score before NMS. Hard NMS: the first
    that overlaps it too much. Gaussian: of those taken until it fell below min_score, the one that decayed it most; by
    original scores that may well be one ranked below it.
    """
    overlap = tiou_matrix(segments[lost : lost + 1], segments[kept])[0]
    if settings.nms == "hard":
        by = int((overlap > settings.nms_tiou).argmax())
        return int(kept[by]), float(overlap[by])
    left = scores[lost] * np.cumprod(np.exp(-(overlap**2) / settings.sigma))
    fallen = np.flatnonzero(left < settings.min_score)
    by = int(overlap[: fallen[0] + 1 if len(fallen) else None].argmax())
    return int(kept[by]), float(overlap[by])
