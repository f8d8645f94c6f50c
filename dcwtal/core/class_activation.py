"""ClassActivationSequence: one branch's class scores for one video, on its grid; a file of its own."""

from dataclasses import dataclass

import numpy as np

from dcwtal.core.class_names import ClassNames
from dcwtal.core.errors import DataError
from dcwtal.core.timegrid import TimeGrid


@dataclass(frozen=True)
class ClassActivationSequence:
    """Class scores after normalising, ``class_scores`` (T, C) float32 in [0, 1], and the video-level
    class probabilities ``video_scores`` (C,) float32 in [0, 1] (Eq. 1's ŷ)."""

    class_scores: np.ndarray
    video_scores: np.ndarray
    grid: TimeGrid
    classes: ClassNames

    def __post_init__(self) -> None:
        scores = np.asarray(self.class_scores, dtype=np.float32)
        video = np.asarray(self.video_scores, dtype=np.float32)
        object.__setattr__(self, "class_scores", scores)
        object.__setattr__(self, "video_scores", video)
        expected = (self.grid.n, len(self.classes))
        if scores.shape != expected:
            raise DataError(f"class_scores must be (T, C) = {expected}; found {scores.shape}")
        if video.shape != expected[1:]:
            raise DataError(f"video_scores must be (C,) = {expected[1:]}; found {video.shape}")
        for name, values in (("class_scores", scores), ("video_scores", video)):
            if not np.isfinite(values).all() or values.min(initial=0) < 0 or values.max(initial=0) > 1 + 1e-6:
                raise DataError(f"{name} must be finite and in [0, 1]")

    def of_class(self, name: str) -> np.ndarray:
        """The (T,) curve of one class."""
        return self.class_scores[:, self.classes.index(name)]
