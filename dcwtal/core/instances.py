"""ActionInstances: ground truth, columnar. For evaluation and figures only; training never sees it."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from dcwtal.core.columns import as_float_column, as_text_column, check_equal_lengths, check_order


@dataclass(frozen=True)
class ActionInstances:
    """N instances: ``video`` and ``label`` are text, ``start`` and ``end`` seconds with ``start < end``."""

    video: np.ndarray
    start: np.ndarray
    end: np.ndarray
    label: np.ndarray

    def __post_init__(self) -> None:
        owner = type(self).__name__
        for name in ("video", "label"):
            object.__setattr__(self, name, as_text_column(getattr(self, name), name, owner))
        for name in ("start", "end"):
            object.__setattr__(self, name, as_float_column(getattr(self, name), name, owner))
        check_equal_lengths(owner, video=self.video, start=self.start, end=self.end, label=self.label)
        check_order(owner, self.start, self.end, self.video)

    @classmethod
    def empty(cls) -> "ActionInstances":
        """No instances."""
        return cls([], [], [], [])

    @classmethod
    def of(cls, rows: Iterable[tuple[str, float, float, str]]) -> "ActionInstances":
        """From rows of (video, start, end, label)."""
        rows = list(rows)
        return cls(*zip(*rows, strict=True)) if rows else cls.empty()

    def __len__(self) -> int:
        return len(self.video)

    def __getitem__(self, index) -> "ActionInstances":
        """Rows picked by a boolean mask, a slice or an index array."""
        return ActionInstances(self.video[index], self.start[index], self.end[index], self.label[index])

    @property
    def segments(self) -> np.ndarray:
        """(N, 2) float64 seconds."""
        return np.stack([self.start, self.end], axis=1)

    def of_video(self, video: str) -> "ActionInstances":
        """The instances of one video, in stored order."""
        return self[self.video == video]

    def of_label(self, label: str) -> "ActionInstances":
        """The instances of one class, in stored order."""
        return self[self.label == label]
