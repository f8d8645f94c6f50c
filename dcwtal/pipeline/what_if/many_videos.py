"""Localize many videos again and again: after a change of settings only what depends on it is worked out anew.

A *cell* is one class of one video. Candidates of a cell depend on the curve's settings, its survivors also on
suppression, and which cells count at all on the choice of classes: three layers, each kept for the last few settings.
The detections are those of ``localize_scores`` on each video, merged, to the last bit.
"""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from dcwtal.core.detections import Detections
from dcwtal.data.score_store import VideoScores
from dcwtal.localize.candidates import candidates_of_class
from dcwtal.localize.class_choice import choose_classes
from dcwtal.localize.fusion import pick_branch
from dcwtal.localize.grouped_nms import soft_nms_of_groups
from dcwtal.localize.settings import LocalizeSettings
from dcwtal.localize.suppression import suppress
from dcwtal.pipeline.localize import choosing_scores

Segments = tuple[np.ndarray, np.ndarray]  # (N, 2) seconds and (N,) scores
Cell = tuple[int, int]  # position of the video, column of the class

CHOICE = ("theta_cls", "relative_cls")
SUPPRESSION = ("nms", "sigma", "nms_tiou", "min_score")
CUT = ("max_per_video",)
SETTINGS_KEPT = 3
ROWS_KEPT = 3_000_000  # of one layer at one setting: some 70 MB
VIDEOS_AT_ONCE = 64


class Superseded(Exception):
    """The question was withdrawn: somebody asked a newer one."""


def never() -> bool:
    """For callers whose question cannot be withdrawn."""
    return False


class ManyVideos:
    """Scores of many videos and what was worked out from them. Not for two threads at once."""

    def __init__(self, videos: Sequence[VideoScores], durations: Sequence[float | None]) -> None:
        self.videos, self.durations = list(videos), list(durations)
        self._candidates: OrderedDict[tuple, _Layer] = OrderedDict()
        self._survivors: OrderedDict[tuple, _Layer] = OrderedDict()
        self._choosers: OrderedDict[tuple, list[np.ndarray]] = OrderedDict()

    def detections(
        self, stage: str, settings: LocalizeSettings, *, cancelled: Callable[[], bool] = never
    ) -> Detections:
        """All detections, video after video and best first within each; ``cancelled`` saying yes raises
        Superseded."""
        cells, survivors = self._chosen(stage, settings), {}
        for first in range(0, len(self.videos), VIDEOS_AT_ONCE):
            some = {row: cells[row] for row in range(first, min(first + VIDEOS_AT_ONCE, len(self.videos)))}
            survivors |= self._survivors_of(stage, settings, some, cancelled)
        return self._table(survivors, limit=settings.max_per_video)

    def candidates(
        self, stage: str, settings: LocalizeSettings, *, cancelled: Callable[[], bool] = never
    ) -> Detections:
        """What the thresholds propose for the chosen classes, before any suppression."""
        cells = self._chosen(stage, settings)
        return self._table(
            self._candidates_of(stage, settings, dict(enumerate(cells)), cancelled), limit=None
        )

    def _chosen(self, stage: str, settings: LocalizeSettings) -> list[np.ndarray]:
        """The columns of the classes that each video is asked about."""
        return [
            choose_classes(scores, threshold=settings.theta_cls, relative=settings.relative_cls)
            for scores in self._choosing(stage, settings)
        ]

    def _choosing(self, stage: str, settings: LocalizeSettings) -> list[np.ndarray]:
        names = ("class_scores_stage", "class_scores_branch", "branch")
        key = (stage, _values(settings, *names), _weight(settings))
        if key not in self._choosers:
            self._choosers[key] = [
                np.asarray(choosing_scores(video, stage, settings), dtype=np.float64) for video in self.videos
            ]
        return _used(self._choosers, key)

    def _survivors_of(
        self,
        stage: str,
        settings: LocalizeSettings,
        cells: dict[int, np.ndarray],
        cancelled: Callable[[], bool],
    ) -> dict[Cell, Segments]:
        kept = _layer(self._survivors, (_candidate_key(stage, settings), _values(settings, *SUPPRESSION)))
        missing = {
            row: [column for column in columns.tolist() if (row, column) not in kept]
            for row, columns in cells.items()
        }
        found = self._candidates_of(stage, settings, missing, cancelled)
        new = _suppress_all(found, settings)
        kept.keep(new)
        return {
            (row, column): new[row, column] if (row, column) in new else kept[row, column]
            for row, columns in cells.items()
            for column in columns.tolist()
        }

    def _candidates_of(
        self,
        stage: str,
        settings: LocalizeSettings,
        cells: dict[int, Any],
        cancelled: Callable[[], bool],
    ) -> dict[Cell, Segments]:
        kept = _layer(self._candidates, _candidate_key(stage, settings))
        chooser = self._choosing(stage, settings)
        found = {}
        for row, columns in cells.items():
            if cancelled():
                raise Superseded
            missing = [column for column in map(int, columns) if (row, column) not in kept]
            new = self._propose(row, missing, stage, settings, chooser[row]) if missing else {}
            found |= {
                (row, column): kept[row, column] for column in map(int, columns) if column not in missing
            }
            found |= new
            kept.keep(new)
        return found

    def _propose(
        self, row: int, columns: list[int], stage: str, settings: LocalizeSettings, video_scores: np.ndarray
    ) -> dict[Cell, Segments]:
        scores = self.videos[row]
        chosen = pick_branch(
            scores.at(stage, "cbp"),
            scores.at(stage, "vlp"),
            branch=settings.branch,
            weight=settings.fusion_weight,
        )
        return {
            (row, column): candidates_of_class(
                chosen.class_scores[:, column],
                chosen.grid,
                settings,
                video_score=float(video_scores[column]),
                duration=self.durations[row],
            )
            for column in columns
        }

    def _table(self, cells: dict[Cell, Segments], *, limit: int | None) -> Detections:
        """One table of the cells, which come in order of video and column; ``limit``: the best so many of a video."""
        counts = [len(scores) for _, scores in cells.values()]
        if not sum(counts):
            return Detections.empty()
        segments = np.concatenate([segments for segments, _ in cells.values()])
        scores = np.concatenate([scores for _, scores in cells.values()])
        video, column = np.repeat(np.array(list(cells), dtype=np.int64), counts, axis=0).T
        order = np.lexsort((-scores, video))  # stable: equal scores stay in order of column and rank
        if limit is not None:
            place = np.arange(len(order)) - np.searchsorted(video[order], video[order])
            order = order[place < limit]
        names = np.array([scores.video for scores in self.videos], dtype=object)
        labels = np.array(self.videos[0].classes.names, dtype=object)
        return Detections(
            names[video[order]], segments[order, 0], segments[order, 1], labels[column[order]], scores[order]
        )


def _suppress_all(found: dict[Cell, Segments], settings: LocalizeSettings) -> dict[Cell, Segments]:
    """The survivors of each cell, best first."""
    if settings.nms != "gaussian" or not found:
        return {cell: _suppressed(*pair, settings) for cell, pair in found.items()}
    segments = np.concatenate([segments for segments, _ in found.values()])
    scores = np.concatenate([scores for _, scores in found.values()])
    groups = np.repeat(np.arange(len(found)), [len(scores) for _, scores in found.values()])
    passed = scores >= settings.min_score
    segments, scores, groups = segments[passed], scores[passed], groups[passed]
    rows, scores = soft_nms_of_groups(
        segments, scores, groups, sigma=settings.sigma, min_score=settings.min_score
    )
    ends = np.searchsorted(groups[rows], np.arange(1, len(found) + 1))
    pieces = zip(np.split(segments[rows], ends[:-1]), np.split(scores, ends[:-1]), strict=True)
    return dict(zip(found, pieces, strict=True))


def _suppressed(segments: np.ndarray, scores: np.ndarray, settings: LocalizeSettings) -> Segments:
    rows, scores = suppress(segments, scores, settings)
    return segments[rows], scores


def _candidate_key(stage: str, settings: LocalizeSettings) -> tuple:
    without = {*CHOICE, *SUPPRESSION, *CUT, "fusion_weight"}
    names = [name for name in type(settings).model_fields if name not in without]
    return (stage, _values(settings, *names), _weight(settings))


def _weight(settings: LocalizeSettings) -> float | None:
    """The fusion weight where it matters."""
    return settings.fusion_weight if "fused" in (settings.branch, settings.class_scores_branch) else None


def question_key(stage: str, settings: LocalizeSettings) -> tuple:
    """Equal for questions with the same detections: a weight of nothing makes no difference."""
    everything = [name for name in type(settings).model_fields if name != "fusion_weight"]
    return (stage, _values(settings, *everything), _weight(settings))


def _values(settings: LocalizeSettings, *names: str) -> tuple:
    return tuple(getattr(settings, name) for name in names)


def _used(kept: OrderedDict, key: tuple) -> Any:
    """The entry of ``key``, now the youngest; the oldest are dropped."""
    kept.move_to_end(key)
    while len(kept) > SETTINGS_KEPT:
        kept.popitem(last=False)
    return kept[key]


class _Layer(dict[Cell, Segments]):
    """Cells of one layer at one setting; new ones are remembered while there is room."""

    rows = 0

    def keep(self, new: dict[Cell, Segments]) -> None:
        if self.rows < ROWS_KEPT:
            self.update(new)
            self.rows += sum(len(scores) for _, scores in new.values())


def _layer(layers: OrderedDict[tuple, _Layer], key: tuple) -> _Layer:
    layers.setdefault(key, _Layer())
    return _used(layers, key)
