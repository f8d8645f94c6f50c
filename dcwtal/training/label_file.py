"""Pseudo-labels on disk: a phase is taught by the same labels before and after an interruption."""

from pathlib import Path

import numpy as np

from dcwtal.core.errors import DataError
from dcwtal.core.files import write_npz_atomic
from dcwtal.data.samples import TrainingSample


def write_labels(path: Path, samples: list[TrainingSample], labels: list[np.ndarray]) -> None:
    """One (T, C) array a video."""
    write_npz_atomic(path, **{f"video/{s.video}": value for s, value in zip(samples, labels, strict=True)})


def read_labels(path: Path, samples: list[TrainingSample]) -> list[np.ndarray]:
    """The arrays in the order of ``samples``; a video that is not in the file is a DataError."""
    with np.load(path, allow_pickle=False) as file:
        try:
            return [file[f"video/{sample.video}"] for sample in samples]
        except KeyError as error:
            raise DataError(
                f"{path} has no labels for {error}; the data set changed since the run began: start a new run"
            ) from None
