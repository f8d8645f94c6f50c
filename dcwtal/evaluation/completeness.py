"""Incomplete or over-complete: where detections and instances differ in length, merge, break up or stand alone.

For a detection p and an instance g of its class and video with intersection I: **coverage** = I/|g| and **purity** =
I/|p|, so that exactly

    tIoU = 1 / (1/coverage + 1/purity − 1).

Incomplete: purity high, coverage low. Over-complete: coverage high, purity low. Both are cousins of the labels of SSN
(Zhao et al., "Temporal Action Detection with Structured Segment Networks", ICCV 2017), whose incomplete proposals are
those of high overlap with themselves (I/|p|) and low tIoU.

Merges, fragments, deletes and insertions are the events of Ward, Lukowicz & Gellersen, "Performance metrics for
activity recognition", ACM TIST 2(1):6, 2011, as rules on pairs. They describe curves best on segments after
thresholding and before NMS, which hides fragments; what is passed is the caller's choice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from dcwtal.core.detections import Detections
from dcwtal.core.instances import ActionInstances
from dcwtal.evaluation.overlap_pairs import NO_INSTANCE, OverlapPairs, overlapping_pairs
from dcwtal.evaluation.text_codes import text_codes

# What a merge must cover of each instance, and what of a fragment must lie inside its instance.
HALF = 0.5


@dataclass(frozen=True)
class OverlapFacts:
    """How each of N detections lies to its instance.

    ``instance``: int64 row of the instance, -1 without one. ``tiou``, ``coverage``, ``purity``: float64, 0 without one.
    ``start_error``, ``end_error``: detection − instance in seconds (start > 0: late, end > 0: late), NaN without one.
    """

    instance: np.ndarray
    tiou: np.ndarray
    coverage: np.ndarray
    purity: np.ndarray
    start_error: np.ndarray
    end_error: np.ndarray

    @property
    def outward(self) -> np.ndarray:
        """Seconds by which a detection sticks out of its instance at both ends, (N,) ≥ 0; NaN without one."""
        return np.maximum(-self.start_error, 0) + np.maximum(self.end_error, 0)

    @property
    def inward(self) -> np.ndarray:
        """Seconds by which a detection falls short of its instance at both ends, (N,) ≥ 0; NaN without one."""
        return np.maximum(self.start_error, 0) + np.maximum(-self.end_error, 0)


def overlap_facts(
    detections: Detections,
    instances: ActionInstances,
    *,
    matched: np.ndarray | None = None,
    pairs: OverlapPairs | None = None,
) -> OverlapFacts:
    """Each detection beside the instance of its class and video that it overlaps with the highest tIoU (the first one
    on ties), or beside the one it took: ``matched`` (N,), one row of :func:`match_detections`. ``pairs``: the
    overlapping pairs of one class, for a caller that has them."""
    if pairs is None:
        pairs = overlapping_pairs(detections, instances, same_label=True)
    chosen = pairs.best(len(detections))
    if matched is not None:
        taken = np.flatnonzero(matched[pairs.detection] == pairs.instance)
        chosen[pairs.detection[taken]] = taken
    rows = np.flatnonzero(chosen != NO_INSTANCE)
    instance = np.full(len(detections), NO_INSTANCE, dtype=np.int64)
    instance[rows] = target = pairs.instance[chosen[rows]]

    def column(values: np.ndarray, otherwise: float) -> np.ndarray:
        filled = np.full(len(detections), otherwise)
        filled[rows] = values
        return filled

    return OverlapFacts(
        instance,
        *(column(values[chosen[rows]], 0.0) for values in (pairs.tiou, pairs.coverage, pairs.purity)),
        column(detections.start[rows] - instances.start[target], np.nan),
        column(detections.end[rows] - instances.end[target], np.nan),
    )


@dataclass(frozen=True)
class CompletenessTable:
    """One row for each of G groups, in order of video and label; what was not grouped by is None.

    ``instances``, ``detections``: how many the group has. ``overlapping``: detections that overlap an instance of
    their class; over these, each beside its best instance, stand the means ``coverage``, ``purity`` (fractions),
    ``outward`` (over-complete) and ``inward`` (incomplete, both seconds), NaN without any. Counts: ``merges``, one
    detection that covers at least half of each of two or more instances; ``fragments``, instances of two or more
    detections each at least half inside (purity ≥ .5) and of coverage below the tIoU asked for; ``deletes``, instances
    that no detection overlaps; ``insertions``, detections that overlap no instance. All within one class and video.
    """

    video: np.ndarray | None
    label: np.ndarray | None
    instances: np.ndarray
    detections: np.ndarray
    overlapping: np.ndarray
    coverage: np.ndarray
    purity: np.ndarray
    outward: np.ndarray
    inward: np.ndarray
    merges: np.ndarray
    fragments: np.ndarray
    deletes: np.ndarray
    insertions: np.ndarray

    def __len__(self) -> int:
        return len(self.instances)


Grouping = Sequence[Literal["video", "label"]]


def completeness(
    detections: Detections,
    instances: ActionInstances,
    *,
    tiou: float = 0.5,
    by: Grouping = ("video", "label"),
) -> CompletenessTable:
    """Completeness of the detections of each video, label or both; ``by=()``: of all, in one row."""
    return completeness_facts(detections, instances, tiou=tiou).table(by=by)


@dataclass(frozen=True)
class CompletenessFacts:
    """What each detection (N) and each instance (M) is; :meth:`table` counts it by any grouping.

    ``is_merge`` (N,), ``is_fragmented`` and ``is_deleted`` (M,): bool.
    """

    detections: Detections
    instances: ActionInstances
    overlap: OverlapFacts
    is_merge: np.ndarray
    is_fragmented: np.ndarray
    is_deleted: np.ndarray

    def table(self, *, by: Grouping) -> CompletenessTable:
        """The counts and means of every group that has a detection or an instance."""
        columns, mine, theirs, groups = _grouping(self.detections, self.instances, by)
        overlaps = self.overlap.instance != NO_INSTANCE
        with_instance = mine[overlaps]
        overlapping = np.bincount(with_instance, minlength=groups)

        def mean(values: np.ndarray) -> np.ndarray:
            total = np.bincount(with_instance, weights=values[overlaps], minlength=groups)
            return np.divide(total, overlapping, out=np.full(groups, np.nan), where=overlapping > 0)

        return CompletenessTable(
            columns.get("video"),
            columns.get("label"),
            instances=np.bincount(theirs, minlength=groups),
            detections=np.bincount(mine, minlength=groups),
            overlapping=overlapping,
            coverage=mean(self.overlap.coverage),
            purity=mean(self.overlap.purity),
            outward=mean(self.overlap.outward),
            inward=mean(self.overlap.inward),
            merges=np.bincount(mine[self.is_merge], minlength=groups),
            fragments=np.bincount(theirs[self.is_fragmented], minlength=groups),
            deletes=np.bincount(theirs[self.is_deleted], minlength=groups),
            insertions=np.bincount(mine[~overlaps], minlength=groups),
        )


def completeness_facts(
    detections: Detections, instances: ActionInstances, *, tiou: float = 0.5
) -> CompletenessFacts:
    """The facts behind :func:`completeness`, for several groupings of the same rows. ``tiou`` in (0, 1]: below this
    coverage a detection inside an instance is a fragment of it."""
    pairs = overlapping_pairs(detections, instances, same_label=True)
    covering = np.bincount(pairs.detection[pairs.coverage >= HALF], minlength=len(detections))
    is_piece = (pairs.purity >= HALF) & (pairs.coverage < tiou)
    pieces = np.bincount(pairs.instance[is_piece], minlength=len(instances))
    return CompletenessFacts(
        detections,
        instances,
        overlap_facts(detections, instances, pairs=pairs),
        is_merge=covering >= 2,
        is_fragmented=pieces >= 2,
        is_deleted=np.bincount(pairs.instance, minlength=len(instances)) == 0,
    )


def _grouping(
    detections: Detections, instances: ActionInstances, by: Grouping
) -> tuple[dict[str, np.ndarray], np.ndarray, np.ndarray, int]:
    """The names of the groups by column, the group of each detection and of each instance, and how many there are."""
    mine, theirs = np.zeros(len(detections), np.int64), np.zeros(len(instances), np.int64)
    names = {}
    for column in ("video", "label"):
        if column in by:
            names[column], codes = text_codes(getattr(detections, column), getattr(instances, column))
            mine, theirs = (
                group * len(names[column]) + code for group, code in zip((mine, theirs), codes, strict=True)
            )
    if not names:
        return {}, mine, theirs, 1
    used, group = np.unique(np.concatenate([mine, theirs]), return_inverse=True)
    columns, left = {}, used
    for column in reversed(names):
        columns[column] = names[column][left % len(names[column])] if len(used) else names[column]
        left = left // max(1, len(names[column]))
    return columns, group[: len(mine)], group[len(mine) :], len(used)
