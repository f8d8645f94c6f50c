"""Table 3 of the paper: how much of the foreground and of the background a map of class scores gets right.

Maps and truth are sampled on one fixed clock (25 frames a second), so that grids of any step compare. For
each class, frames are pooled over the videos labelled with it; what is not that class's foreground is its
background. Then the mean over classes.

IoU over all frames cannot reach the paper's printed pairs (a foreground IoU of .756 at THUMOS14's
foreground share leaves a background IoU of at least .87, not .341). So the same four numbers also stand
over confident frames only, as a ternary pseudo-label would call them, and the rates say what the paper's
text says: "high TP", "high TN".
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from dcwtal.core.class_activation import ClassActivationSequence
from dcwtal.core.class_names import ClassNames
from dcwtal.core.errors import DataError
from dcwtal.core.instances import ActionInstances
from dcwtal.core.timegrid import TimeGrid

CLOCK_FPS = 25.0
_METRICS = ("foreground_iou", "background_iou", "true_positive_rate", "true_negative_rate")


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


@dataclass(frozen=True)
class FrameRates:
    """Means over classes, fractions in [0, 1]; None where no class has such frames.

    ``share``: how much of all (frame, class) entries these numbers look at. ``per_class``: label → the same
    four.
    """

    foreground_iou: float | None
    background_iou: float | None
    true_positive_rate: float | None
    true_negative_rate: float | None
    share: float
    per_class: dict[str, dict[str, float | None]]


@dataclass(frozen=True)
class FrameReport:
    """The rates of one set of maps, over all frames and over confident frames, and what they were made of.

    ``foreground_share``: mean over classes of the true foreground's share of the frames.
    """

    all_frames: FrameRates
    confident_frames: FrameRates
    thresholds: FrameThresholds
    videos: int
    frames: int
    foreground_share: float | None


def frame_rates(
    maps: Mapping[str, ClassActivationSequence],
    instances: ActionInstances,
    labels: Mapping[str, Sequence[str]],
    durations: Mapping[str, float | None] | None = None,
    *,
    thresholds: FrameThresholds | None = None,
) -> FrameReport:
    """Rates of ``maps`` (video → scores). ``labels``: the video-level classes of each video.

    ``durations`` in seconds bound the clock; a video without one ends with its grid.
    """
    if not maps:
        raise DataError("no maps to compare with the truth; expected the scores of at least one video")
    thresholds = thresholds or FrameThresholds()
    durations = durations or {}
    classes = next(iter(maps.values())).classes
    counts = _Counts(classes)
    truth = _segments_by_video_and_label(instances)
    for video, scores in maps.items():
        if scores.classes != classes:
            raise DataError(f"video {video!r} has scores of other classes than the first video")
        times = frame_times(durations.get(video) or scores.grid.end)
        counts.frames += len(times)
        for label in dict.fromkeys(labels.get(video, ())):
            curve = scores.of_class(label)[scores.grid.snippet_at(times)]
            counts.add(label, curve, inside(times, truth.get((video, label), [])), thresholds)
    return counts.report(thresholds, videos=len(maps))


def trivial_frame_rates(
    maps: Mapping[str, ClassActivationSequence],
    instances: ActionInstances,
    labels: Mapping[str, Sequence[str]],
    durations: Mapping[str, float | None] | None = None,
) -> dict[str, FrameReport]:
    """The same numbers for the maps that call everything foreground or background, on the videos of
    ``maps``."""
    reports = {}
    for name, value in (("all-foreground", 1.0), ("all-background", 0.0)):
        flat = {
            video: _flat(
                TimeGrid(scores.grid.start, scores.grid.n * scores.grid.step, 1), scores.classes, value
            )
            for video, scores in maps.items()
        }
        reports[name] = frame_rates(flat, instances, labels, durations)
    return reports


def frame_times(duration: float) -> np.ndarray:
    """Centres of the clock's frames in seconds, (N,) float64, N ≥ 1."""
    return (np.arange(max(1, round(duration * CLOCK_FPS))) + 0.5) / CLOCK_FPS


def inside(times: np.ndarray, segments: Sequence[tuple[float, float]]) -> np.ndarray:
    """Which of ``times`` (N,) lie in any of ``segments`` ``[start, end)``; (N,) bool."""
    found = np.zeros(len(times), dtype=bool)
    for start, end in segments:
        found[np.searchsorted(times, start) : np.searchsorted(times, end)] = True
    return found


def _flat(grid: TimeGrid, classes: ClassNames, value: float) -> ClassActivationSequence:
    return ClassActivationSequence(
        np.full((1, len(classes)), value), np.full(len(classes), value), grid, classes
    )


def _segments_by_video_and_label(
    instances: ActionInstances,
) -> dict[tuple[str, str], list[tuple[float, float]]]:
    table: dict[tuple[str, str], list[tuple[float, float]]] = {}
    columns = (instances.video, instances.label, instances.start, instances.end)
    for video, label, start, end in zip(*columns, strict=True):
        table.setdefault((video, label), []).append((start, end))
    return table


class _Counts:
    """Frames of each class by (true, said): two tables (C, 2, 2), over all and over confident frames."""

    def __init__(self, classes: ClassNames) -> None:
        self.classes = classes
        self.frames = 0
        self.all = np.zeros((len(classes), 2, 2), dtype=np.int64)
        self.confident = np.zeros_like(self.all)

    def add(self, label: str, curve: np.ndarray, truth: np.ndarray, thresholds: FrameThresholds) -> None:
        column = self.classes.index(label)
        self.all[column] += _table(truth, curve >= thresholds.foreground)
        foreground = curve > thresholds.confident_foreground
        sure = foreground | (curve < thresholds.confident_background)
        self.confident[column] += _table(truth[sure], foreground[sure])

    def report(self, thresholds: FrameThresholds, *, videos: int) -> FrameReport:
        total = self.all.sum(axis=(1, 2))
        shares = _ratio(self.all[:, 1].sum(axis=1), total)
        return FrameReport(
            all_frames=self._rates(self.all),
            confident_frames=self._rates(self.confident),
            thresholds=thresholds,
            videos=videos,
            frames=self.frames,
            foreground_share=_mean(shares),
        )

    def _rates(self, table: np.ndarray) -> FrameRates:
        (tn, fp), (fn, tp) = table[:, 0].T, table[:, 1].T
        # A class without true foreground (background) frames says nothing of them: it is left out of their
        # mean.
        no_truth, all_truth = tp + fn == 0, tn + fp == 0
        columns = (
            np.where(no_truth, np.nan, _ratio(tp, tp + fp + fn)),
            np.where(all_truth, np.nan, _ratio(tn, tn + fp + fn)),
            _ratio(tp, tp + fn),
            _ratio(tn, tn + fp),
        )
        labelled = np.flatnonzero(self.all.sum(axis=(1, 2)) > 0)
        per_class = {
            self.classes.names[c]: {
                name: None if np.isnan(values[c]) else float(values[c])
                for name, values in zip(_METRICS, columns, strict=True)
            }
            for c in labelled
        }
        share = float(table.sum() / max(1, self.all.sum()))
        return FrameRates(*(_mean(values) for values in columns), share=share, per_class=per_class)


def _table(truth: np.ndarray, said: np.ndarray) -> np.ndarray:
    return np.bincount(2 * truth.astype(np.int64) + said, minlength=4).reshape(2, 2)


def _ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    return np.divide(part, whole, out=np.full(len(part), np.nan), where=whole > 0)


def _mean(values: np.ndarray) -> float | None:
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else None
