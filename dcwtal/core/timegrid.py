"""TimeGrid: the only converter between snippet indices and seconds."""

from dataclasses import dataclass

import numpy as np

from dcwtal.core.errors import DataError


@dataclass(frozen=True)
class TimeGrid:
    """``n`` snippets; snippet ``i`` covers ``[start + i*step, start + (i+1)*step)`` seconds.

    The default grid of the field is 16 frames at 25 fps: ``TimeGrid(0.0, 0.64, n)``.
    """

    start: float
    step: float
    n: int

    def __post_init__(self) -> None:
        if not np.isfinite(self.start) or not (np.isfinite(self.step) and self.step > 0) or self.n < 0:
            raise DataError(
                f"a time grid needs a finite start, step > 0 and n >= 0; found start={self.start}, "
                f"step={self.step}, n={self.n}"
            )

    @property
    def end(self) -> float:
        """End of the last snippet in seconds."""
        return self.start + self.n * self.step

    @property
    def edges(self) -> np.ndarray:
        """The ``n + 1`` snippet borders in seconds, float64."""
        return self.start + self.step * np.arange(self.n + 1, dtype=np.float64)

    @property
    def centres(self) -> np.ndarray:
        """The ``n`` snippet centres in seconds, float64."""
        return self.start + self.step * (np.arange(self.n, dtype=np.float64) + 0.5)

    def to_seconds(self, index: np.ndarray | float) -> np.ndarray | float:
        """Left edge in seconds of a (possibly fractional) snippet index."""
        return (
            self.start + np.asarray(index, dtype=np.float64) * self.step
            if np.ndim(index)
            else (self.start + float(index) * self.step)
        )

    def to_index(self, seconds: np.ndarray | float) -> np.ndarray | float:
        """Fractional snippet index of a time in seconds; the inverse of :meth:`to_seconds`."""
        value = (np.asarray(seconds, dtype=np.float64) - self.start) / self.step
        return value if np.ndim(seconds) else float(value)

    def snippet_at(self, seconds: np.ndarray | float) -> np.ndarray | int:
        """Index of the snippet that covers a time, clipped to ``0 … n-1``; needs ``n > 0``.

        A time within a millionth of a step below an edge belongs to the snippet after that edge, so that
        ``snippet_at(to_seconds(i)) == i`` in spite of rounding.
        """
        if self.n == 0:
            raise DataError("a time grid without snippets covers no time; expected n > 0")
        index = np.clip(np.floor(np.asarray(self.to_index(seconds)) + 1e-6), 0, self.n - 1).astype(np.int64)
        return index if np.ndim(seconds) else int(index)

    def runs_to_segments(self, runs: np.ndarray) -> np.ndarray:
        """Snippet runs (N, 2) ``[first, past-the-last)`` as seconds (N, 2)."""
        return self.start + np.asarray(runs, dtype=np.float64).reshape(-1, 2) * self.step

    def coverage(self, segments: np.ndarray) -> np.ndarray:
        """Share of each snippet that lies inside any of ``segments`` (N, 2) seconds; (n,) in [0, 1].

        Overlapping segments are united first, so that nothing counts twice.
        """
        covered = np.zeros(self.n, dtype=np.float64)
        edges = self.edges
        for start, end in _united(np.asarray(segments, dtype=np.float64).reshape(-1, 2)):
            overlap = np.minimum(edges[1:], end) - np.maximum(edges[:-1], start)
            covered += np.clip(overlap, 0.0, None)
        return np.clip(covered / self.step, 0.0, 1.0)


def _united(segments: np.ndarray) -> list[tuple[float, float]]:
    united: list[tuple[float, float]] = []
    for start, end in segments[np.argsort(segments[:, 0], kind="stable")]:
        if united and start <= united[-1][1]:
            united[-1] = (united[-1][0], max(united[-1][1], end))
        else:
            united.append((float(start), float(end)))
    return united
