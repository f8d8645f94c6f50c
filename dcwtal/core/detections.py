"""Detections: the tool's answer, columnar. One type for the page, the files and the metrics."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from dcwtal.core.columns import as_float_column, as_text_column, check_equal_lengths, check_order


@dataclass(frozen=True)
class Detections:
    """N detections: ``video``, ``label`` text; ``start < end`` seconds; ``score`` finite (any range)."""

    video: np.ndarray
    start: np.ndarray
    end: np.ndarray
    label: np.ndarray
    score: np.ndarray

    def __post_init__(self) -> None:
        owner = type(self).__name__
        for name in ("video", "label"):
            object.__setattr__(self, name, as_text_column(getattr(self, name), name, owner))
        for name in ("start", "end", "score"):
            object.__setattr__(self, name, as_float_column(getattr(self, name), name, owner))
        check_equal_lengths(
            owner, video=self.video, start=self.start, end=self.end, label=self.label, score=self.score
        )
        check_order(owner, self.start, self.end, self.video)

    @classmethod
    def empty(cls) -> "Detections":
        """No detections."""
        return cls([], [], [], [], [])

    @classmethod
    def of(cls, rows: Iterable[tuple[str, float, float, str, float]]) -> "Detections":
        """From rows of (video, start, end, label, score)."""
        rows = list(rows)
        return cls(*zip(*rows, strict=True)) if rows else cls.empty()

    @classmethod
    def merge(cls, parts: Sequence["Detections"]) -> "Detections":
        """All rows of several tables, in order."""
        parts = [part for part in parts if len(part)]
        if not parts:
            return cls.empty()
        columns = ("video", "start", "end", "label", "score")
        return cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in columns))

    def __len__(self) -> int:
        return len(self.video)

    def __getitem__(self, index) -> "Detections":
        """Rows picked by a boolean mask, a slice or an index array."""
        return Detections(
            self.video[index], self.start[index], self.end[index], self.label[index], self.score[index]
        )

    @property
    def segments(self) -> np.ndarray:
        """(N, 2) float64 seconds."""
        return np.stack([self.start, self.end], axis=1)

    def of_video(self, video: str) -> "Detections":
        """The detections of one video, in stored order; the first call looks through all rows, later ones do
        not."""
        return self[self._rows_of_videos.get(video, [])]

    @cached_property
    def _rows_of_videos(self) -> dict[str, list[int]]:
        rows: dict[str, list[int]] = {}
        for row, video in enumerate(self.video.tolist()):
            rows.setdefault(video, []).append(row)
        return rows

    def sorted_by_score(self) -> "Detections":
        """Highest score first; equal scores keep their stored order."""
        return self[np.argsort(-self.score, kind="stable")]
