"""Which classes of a video are localized at all."""

import numpy as np


def choose_classes(
    video_scores: np.ndarray, *, threshold: float, relative: float | None = None
) -> np.ndarray:
    """Columns (K,) int64, rising, of the classes whose ``video_scores`` (C,) in [0, 1] pass.

    A class passes with ŷ ≥ ``threshold`` (the paper's θ_cls), or, when ``relative`` is given, with
    ŷ ≥ relative · max ŷ. If none passes, the arg-max does: every peer does so, and under a softmax two true
    classes can never both reach .85. So a video always has a class, if there are classes.
    """
    scores = np.asarray(video_scores, dtype=np.float64)
    if not len(scores):
        return np.zeros(0, dtype=np.int64)
    kept = scores >= threshold
    if relative is not None:
        kept |= scores >= relative * scores.max()
    if not kept.any():
        kept[scores.argmax()] = True
    return np.flatnonzero(kept)
