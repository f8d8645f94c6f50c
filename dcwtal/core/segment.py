"""Segments of time and their overlap: the only tIoU in the project (no pixel-style ``+1``)."""

from dataclasses import dataclass

import numpy as np

from dcwtal.core.errors import DataError


@dataclass(frozen=True, order=True)
class Segment:
    """A half-open interval ``[start, end)`` in seconds with ``start < end``, both finite."""

    start: float
    end: float

    def __post_init__(self) -> None:
        if not (np.isfinite(self.start) and np.isfinite(self.end) and self.start < self.end):
            raise DataError(f"a segment needs finite start < end; found [{self.start}, {self.end})")

    @property
    def duration(self) -> float:
        """Length in seconds."""
        return self.end - self.start


def tiou(a: Segment, b: Segment) -> float:
    """Intersection over union of two segments, in [0, 1]; 0 when they only touch."""
    intersection = max(0.0, min(a.end, b.end) - max(a.start, b.start))
    return intersection / (a.duration + b.duration - intersection)


def tiou_matrix(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """All pairwise tIoU of ``a`` (N, 2) and ``b`` (M, 2), each row ``start, end``; gives (N, M) in [0, 1]."""
    a = np.asarray(a, dtype=np.float64).reshape(-1, 2)
    b = np.asarray(b, dtype=np.float64).reshape(-1, 2)
    intersection = np.minimum(a[:, None, 1], b[None, :, 1]) - np.maximum(a[:, None, 0], b[None, :, 0])
    intersection = np.clip(intersection, 0.0, None)
    union = (a[:, 1] - a[:, 0])[:, None] + (b[:, 1] - b[:, 0])[None, :] - intersection
    return np.divide(intersection, union, out=np.zeros_like(intersection), where=union > 0)
