"""Which candidates of one class in one video survive, under the settings."""

import numpy as np

from dcwtal.localize.nms import canonical_order, gaussian_soft_nms, hard_nms
from dcwtal.localize.settings import LocalizeSettings


def suppress(
    segments: np.ndarray, scores: np.ndarray, settings: LocalizeSettings, *, limit: int | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Rows (M,) int64 of the input that are kept, best first, and their scores (M,), decayed if so.

    ``segments`` (N, 2) seconds and ``scores`` (N,) as ``candidates_of_class`` gives them. What is below
    ``settings.min_score``, before or after decay, is dropped. ``limit`` stops after the best so many;
    ``settings.max_per_video`` is about all classes together, and so not applied here.
    """
    passed = np.flatnonzero(scores >= settings.min_score)
    segments, scores = segments[passed], scores[passed]
    if settings.nms == "gaussian":
        rows, scores = gaussian_soft_nms(
            segments, scores, sigma=settings.sigma, min_score=settings.min_score, limit=limit
        )
        return passed[rows], scores
    if settings.nms == "hard":
        rows = hard_nms(segments, scores, max_tiou=settings.nms_tiou, limit=limit)
    else:
        rows = canonical_order(segments, scores)[:limit]
    return passed[rows], scores[rows]
