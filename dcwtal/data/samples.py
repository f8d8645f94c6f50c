"""TrainingSample: what training may see of one video. There is no place for true instances in it."""

from dataclasses import dataclass

import numpy as np

from dcwtal.core.errors import DataError
from dcwtal.core.timegrid import TimeGrid


@dataclass(frozen=True)
class TrainingSample:
    """Features of both branches on one grid: ``cbp`` (T, D) and ``vlp`` (T, E) float32; ``labels`` (C,) 0/1."""

    video: str
    cbp: np.ndarray
    vlp: np.ndarray
    labels: np.ndarray
    grid: TimeGrid

    def __post_init__(self) -> None:
        lengths = {len(self.cbp), len(self.vlp), self.grid.n}
        if len(lengths) > 1:
            raise DataError(
                f"video {self.video!r}: features and grid must have one length; found cbp {len(self.cbp)}, "
                f"vlp {len(self.vlp)}, grid {self.grid.n}; extract both encoders again"
            )
        if not len(self):
            raise DataError(
                f"video {self.video!r} has no snippet; it is too short to learn from: take it out"
            )
        for branch in ("cbp", "vlp"):
            bad = np.flatnonzero(~np.isfinite(getattr(self, branch)).all(1))
            if len(bad):
                raise DataError(
                    f"{branch} features of video {self.video!r} are not finite in snippet {bad[0]}; extract it again"
                )

    def __len__(self) -> int:
        return self.grid.n


def check_training_samples(samples: list[TrainingSample], class_names: tuple[str, ...]) -> None:
    """Raise a DataError when a class has no training video, or widths differ between videos."""
    if not samples:
        raise DataError("no training videos; expected at least one in the subset 'train'")
    missing = [name for name, n in zip(class_names, sum(s.labels for s in samples), strict=True) if n == 0]
    if missing:
        raise DataError(
            f"no training video has the label {', '.join(map(repr, missing))}; label one, or take the class out "
            f"of 'classes' in annotations.json"
        )
    check_widths(samples)


def check_widths(samples: list[TrainingSample]) -> None:
    """Raise a DataError that names the first video whose features are of another width than the first one's."""
    for sample in samples:
        for branch in ("cbp", "vlp"):
            found, expected = getattr(sample, branch).shape[1], getattr(samples[0], branch).shape[1]
            if found != expected:
                raise DataError(
                    f"{branch} features of {sample.video!r} are {found} wide; expected {expected} as in "
                    f"{samples[0].video!r}; extract them again with one encoder"
                )
