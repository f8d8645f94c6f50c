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
from dcwtal.core.plain_numbers import known_or_none
from dcwtal.evaluation.frame_counts import CLOCK_FPS as CLOCK_FPS
from dcwtal.evaluation.frame_counts import FrameThresholds, PreparedFrames

METRICS = ("foreground_iou", "background_iou", "true_positive_rate", "true_negative_rate")


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
    prepared = _prepared(maps, instances, labels, durations)
    flat = prepared.flat({video: scores.class_scores for video, scores in maps.items()})
    return rates_of(prepared, flat, thresholds=thresholds)


def trivial_frame_rates(
    maps: Mapping[str, ClassActivationSequence],
    instances: ActionInstances,
    labels: Mapping[str, Sequence[str]],
    durations: Mapping[str, float | None] | None = None,
) -> dict[str, FrameReport]:
    """The same numbers for the maps that call everything foreground or background, on the videos of
    ``maps``."""
    prepared = _prepared(maps, instances, labels, durations)
    return {
        name: rates_of(prepared, np.full(len(prepared.frames), value, dtype=np.float32))
        for name, value in (("all-foreground", 1.0), ("all-background", 0.0))
    }


def rates_of(
    prepared: PreparedFrames, flat: np.ndarray, *, thresholds: FrameThresholds | None = None
) -> FrameReport:
    """Rates of curves ``flat`` (L,) float32, as ``prepared.flat(scores)`` lays them out; milliseconds a data set."""
    thresholds = thresholds or FrameThresholds()
    tables = prepared.count(flat, thresholds)
    everything, confident = (_pooled(table, prepared) for table in (tables.all, tables.confident))
    return FrameReport(
        all_frames=_rates(everything, everything, prepared.classes),
        confident_frames=_rates(confident, everything, prepared.classes),
        thresholds=thresholds,
        videos=len(prepared.videos),
        frames=prepared.frames_in_all,
        foreground_share=_mean(_ratio(everything[:, 1].sum(axis=1), everything.sum(axis=(1, 2)))),
    )


def metrics_of(tables: np.ndarray) -> tuple[np.ndarray, ...]:
    """The four of :data:`METRICS`, each (G,) in [0, 1], of tables (G, 2, 2) of frames by (true, said).

    A group without true foreground (background) frames says nothing of them: NaN.
    """
    (tn, fp), (fn, tp) = tables[:, 0].T, tables[:, 1].T
    no_truth, all_truth = tp + fn == 0, tn + fp == 0
    return (
        np.where(no_truth, np.nan, _ratio(tp, tp + fp + fn)),
        np.where(all_truth, np.nan, _ratio(tn, tn + fp + fn)),
        _ratio(tp, tp + fn),
        _ratio(tn, tn + fp),
    )


def _prepared(
    maps: Mapping[str, ClassActivationSequence],
    instances: ActionInstances,
    labels: Mapping[str, Sequence[str]],
    durations: Mapping[str, float | None] | None,
) -> PreparedFrames:
    if not maps:
        raise DataError("no maps to compare with the truth; expected the scores of at least one video")
    classes = next(iter(maps.values())).classes
    for video, scores in maps.items():
        if scores.classes != classes:
            raise DataError(f"video {video!r} has scores of other classes than the first video")
    grids = {video: scores.grid for video, scores in maps.items()}
    return PreparedFrames.of(grids, instances, labels, durations, classes=classes)


def _pooled(tables: np.ndarray, prepared: PreparedFrames) -> np.ndarray:
    """Tables of the pairs (P, 2, 2) summed by class: (C, 2, 2)."""
    pooled = np.zeros((len(prepared.classes), 2, 2), dtype=np.int64)
    np.add.at(pooled, prepared.column, tables)
    return pooled


def _rates(tables: np.ndarray, everything: np.ndarray, classes: ClassNames) -> FrameRates:
    columns = metrics_of(tables)
    labelled = np.flatnonzero(everything.sum(axis=(1, 2)) > 0)
    per_class = {
        classes.names[c]: {
            name: known_or_none(values[c]) for name, values in zip(METRICS, columns, strict=True)
        }
        for c in labelled
    }
    share = float(tables.sum() / max(1, everything.sum()))
    return FrameRates(*(_mean(values) for values in columns), share=share, per_class=per_class)


def _ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    return np.divide(part, whole, out=np.full(len(part), np.nan), where=whole > 0)


def _mean(values: np.ndarray) -> float | None:
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else None
