"""True foreground and background on one fixed clock (25 frames a second), counted once for each snippet.

A score is constant within a snippet, so the frames that a threshold gets right are sums of whole snippets' frames:
with the counts at hand, a new threshold or a new curve costs one pass over snippets, not over frames.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from dcwtal.core.class_names import ClassNames
from dcwtal.core.errors import DataError
from dcwtal.core.instances import ActionInstances
from dcwtal.core.timegrid import TimeGrid

CLOCK_FPS = 25.0


@dataclass(frozen=True)
class FrameThresholds:
    """All frames: foreground is p ≥ ``foreground``. Confident frames: foreground is p >
    ``confident_foreground`` (δ_h), background p < ``confident_background`` (δ_l), the rest is left out."""

    foreground: float = 0.3
    confident_foreground: float = 0.3
    confident_background: float = 0.1

    def __post_init__(self) -> None:
        if (
            not 0 <= self.confident_background < self.confident_foreground <= 1
            or not 0 <= self.foreground <= 1
        ):
            raise DataError(
                "frame thresholds need 0 <= background < foreground <= 1; found background "
                f"{self.confident_background}, foreground {self.confident_foreground} and {self.foreground}"
            )

    @classmethod
    def between(cls, high: float, low: float) -> "FrameThresholds":
        """Those of δ_h and δ_l: a score of at least ``high`` counts as foreground."""
        return cls(foreground=high, confident_foreground=high, confident_background=low)


@dataclass(frozen=True)
class FrameTables:
    """Frames of P pairs of a video and one of its labels by (true, said): (P, 2, 2) int64, over all frames and over
    confident ones; index 1 is foreground."""

    all: np.ndarray
    confident: np.ndarray


@dataclass(frozen=True)
class PreparedFrames:
    """The frames of every snippet of P pairs of a video and one of its labels, pair after pair; L snippets in all.

    ``videos``: V ids. ``video``, ``column`` (P,) int64: rows of ``videos`` and of ``classes``. ``first`` (P + 1,)
    int64: where the snippets of each pair begin. ``frames``, ``foreground`` (L,) int64: frames of each snippet, and
    those inside an instance of the label. ``frames_in_all``: frames of all V videos, each once.
    """

    classes: ClassNames
    videos: tuple[str, ...]
    video: np.ndarray
    column: np.ndarray
    first: np.ndarray
    frames: np.ndarray
    foreground: np.ndarray
    frames_in_all: int

    @classmethod
    def of(
        cls,
        grids: Mapping[str, TimeGrid],
        truth: ActionInstances,
        labels: Mapping[str, Sequence[str]],
        durations: Mapping[str, float | None] | None = None,
        *,
        classes: ClassNames,
    ) -> "PreparedFrames":
        """Count the frames of the videos of ``grids``. ``labels``: the video-level classes of each video.

        ``durations`` in seconds bound the clock; a video without one ends with its grid. A label outside ``classes``
        is a DataError.
        """
        durations = durations or {}
        segments = _segments_by_video_and_label(truth)
        pairs, frames, foreground, frames_in_all = [], [], [], 0
        for row, (video, grid) in enumerate(grids.items()):
            times = frame_times(durations.get(video) or grid.end)
            frames_in_all += len(times)
            wanted = dict.fromkeys(labels.get(video, ()))
            snippets = grid.snippet_at(times) if wanted else None
            for label in wanted:
                pairs.append((row, classes.index(label)))
                action = snippets[inside(times, segments.get((video, label), []))]
                frames.append(np.bincount(snippets, minlength=grid.n))
                foreground.append(np.bincount(action, minlength=grid.n))
        video, column = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
        first = np.cumsum([0, *map(len, frames)])
        empty = np.zeros(0, dtype=np.int64)
        return cls(
            classes,
            tuple(grids),
            video,
            column,
            first,
            np.concatenate([empty, *frames]),
            np.concatenate([empty, *foreground]),
            frames_in_all,
        )

    def flat(self, scores: Mapping[str, np.ndarray]) -> np.ndarray:
        """The labelled columns of ``scores`` (video → (T, C)), pair after pair: (L,) float32."""
        curves = np.empty(len(self.frames), dtype=np.float32)
        for pair, (video, column) in enumerate(zip(self.video.tolist(), self.column.tolist(), strict=True)):
            curves[self.first[pair] : self.first[pair + 1]] = scores[self.videos[video]][:, column]
        return curves

    def count(self, flat: np.ndarray, thresholds: FrameThresholds) -> FrameTables:
        """How the curves ``flat`` (L,) in [0, 1], float32, call the frames of each pair."""
        said = flat >= thresholds.foreground
        confident = flat > thresholds.confident_foreground
        sure = confident | (flat < thresholds.confident_background)
        return FrameTables(
            self._tables(said, np.ones_like(sure)),
            self._tables(confident, sure),
        )

    def _tables(self, said: np.ndarray, looked_at: np.ndarray) -> np.ndarray:
        """Frames of each pair by (true, said), of the snippets ``looked_at``: (P, 2, 2) int64."""
        tables = np.zeros((len(self.video), 2, 2), dtype=np.int64)
        if not len(tables):
            return tables
        for called in (False, True):
            chosen = looked_at & (said if called else ~said)
            every, true = (
                np.add.reduceat(frames * chosen, self.first[:-1]) for frames in (self.frames, self.foreground)
            )
            tables[:, 1, int(called)], tables[:, 0, int(called)] = true, every - true
        return tables


def frame_times(duration: float) -> np.ndarray:
    """Centres of the clock's frames in seconds, (N,) float64, N ≥ 1."""
    return (np.arange(max(1, round(duration * CLOCK_FPS))) + 0.5) / CLOCK_FPS


def inside(times: np.ndarray, segments: Sequence[tuple[float, float]]) -> np.ndarray:
    """Which of ``times`` (N,) lie in any of ``segments`` ``[start, end)``; (N,) bool."""
    found = np.zeros(len(times), dtype=bool)
    for start, end in segments:
        found[np.searchsorted(times, start) : np.searchsorted(times, end)] = True
    return found


def _segments_by_video_and_label(
    instances: ActionInstances,
) -> dict[tuple[str, str], list[tuple[float, float]]]:
    table: dict[tuple[str, str], list[tuple[float, float]]] = {}
    columns = (instances.video, instances.label, instances.start, instances.end)
    for video, label, start, end in zip(*columns, strict=True):
        table.setdefault((video, label), []).append((start, end))
    return table
