"""Pseudo-labels on disk: a phase is taught by the same labels before and after an interruption."""

from pathlib import Path

import numpy as np

from dcwtal.core.errors import DataError
from dcwtal.core.files import write_npz_atomic
from dcwtal.data.npz_faults import NPZ_FAULTS
from dcwtal.data.samples import TrainingSample


def write_labels(path: Path, samples: list[TrainingSample], labels: list[np.ndarray]) -> None:
    """One (T, C) array a video."""
    write_npz_atomic(path, **{f"video/{s.video}": value for s, value in zip(samples, labels, strict=True)})


def read_labels(path: Path, samples: list[TrainingSample]) -> list[np.ndarray]:
    """The arrays in the order of ``samples``; a video that is not in the file, or has another length there, is a
    DataError."""
    try:
        with np.load(path, allow_pickle=False) as file:
            known = set(file.files)
            labels = [file[name] if (name := f"video/{s.video}") in known else None for s in samples]
    except NPZ_FAULTS as error:
        raise DataError(f"{path} is damaged ({error}); delete it and run the same command again") from None
    for sample, value in zip(samples, labels, strict=True):
        if value is None or len(value) != len(sample):
            found = "none" if value is None else f"{len(value)} snippets"
            raise DataError(
                f"{path} has labels of {found} for video {sample.video!r}; expected {len(sample)} snippets: the data "
                "set changed since the run began; start a new run"
            )
    return labels
