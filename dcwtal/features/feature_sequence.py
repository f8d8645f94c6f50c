"""FeatureSequence: what one encoder says about one video, with all that is needed to trust it."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from dcwtal.core.errors import DataError
from dcwtal.core.timegrid import TimeGrid


@dataclass(frozen=True)
class FeatureSequence:
    """Raw features of one video.

    ``values`` float32 (T, D), finite, row i of snippet i of ``grid``. ``recipe`` holds, as plain JSON values,
    every choice that changes the numbers (encoder, weights, clock, stride, flow, sizes). ``source_sha256``
    names the video file's content, ``duration`` its length in seconds, ``notes`` what was odd about it.
    """

    values: np.ndarray
    grid: TimeGrid
    encoder: str
    recipe: dict[str, Any]
    source_sha256: str
    duration: float
    notes: tuple[str, ...] = field(default=())

    def __post_init__(self) -> None:
        values = np.asarray(self.values, dtype=np.float32)
        object.__setattr__(self, "values", values)
        if values.ndim != 2:
            raise DataError(f"features of {self.encoder!r} must be (T, D); found shape {values.shape}")
        if len(values) != self.grid.n:
            raise DataError(
                f"features of {self.encoder!r} have {len(values)} rows; their grid has {self.grid.n} snippets"
            )
        bad = np.argwhere(~np.isfinite(values))
        if len(bad):
            raise DataError(
                f"features of {self.encoder!r} must be finite; row {bad[0][0]} holds {values[tuple(bad[0])]}"
            )
        if not self.duration > 0:
            raise DataError(f"features of {self.encoder!r} need a duration > 0 s; found {self.duration}")

    @property
    def dim(self) -> int:
        """D, the length of one feature vector."""
        return self.values.shape[1]
