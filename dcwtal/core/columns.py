"""Validation shared by the columnar types: equal lengths, finite times, known labels."""

import numpy as np

from dcwtal.core.errors import DataError


def as_text_column(values, name: str, owner: str) -> np.ndarray:
    """Values as a 1-D array of str objects."""
    is_column = isinstance(values, np.ndarray) and values.dtype == object
    column = values.copy() if is_column else np.asarray(list(values), dtype=object)
    # Types are few, rows are many: only the distinct types are looked at in Python.
    if column.ndim != 1 or not all(issubclass(kind, str) for kind in set(map(type, column.tolist()))):
        raise DataError(f"{owner}.{name} must be a column of text")
    return column


def as_float_column(values, name: str, owner: str) -> np.ndarray:
    """Values as a 1-D float64 array, every entry finite."""
    try:
        column = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise DataError(f"{owner}.{name} must be a column of numbers") from None
    if column.ndim != 1:
        raise DataError(f"{owner}.{name} must have one dimension; found shape {column.shape}")
    bad = np.flatnonzero(~np.isfinite(column))
    if len(bad):
        raise DataError(f"{owner}.{name} must be finite; found {column[bad[0]]} in row {bad[0]}")
    return column


def check_equal_lengths(owner: str, **columns: np.ndarray) -> None:
    """Raise when the columns of a table differ in length."""
    lengths = {name: len(column) for name, column in columns.items()}
    if len(set(lengths.values())) > 1:
        raise DataError(f"columns of {owner} must have one length; found {lengths}")


def check_order(owner: str, start: np.ndarray, end: np.ndarray, video: np.ndarray) -> None:
    """Raise for the first row whose end is not after its start."""
    bad = np.flatnonzero(~(start < end))
    if len(bad):
        row = int(bad[0])
        raise DataError(
            f"{owner} row {row} of video {video[row]!r} needs start < end; found [{start[row]}, {end[row]})"
        )
