"""Apply a protocol to truth and detections, evaluate, and account for every row that was left out."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from dcwtal.core.detections import Detections
from dcwtal.core.errors import DataError
from dcwtal.core.instances import ActionInstances
from dcwtal.evaluation.mean_average_precision import mean_average_precision
from dcwtal.evaluation.overlap_pairs import overlapping_pairs
from dcwtal.evaluation.protocols import Protocol
from dcwtal.evaluation.report import EvalReport

# An instance that rounds to no snippet at all still has to be found, and cannot be.
_NO_SNIPPETS = 1e-9


def evaluate_under(
    protocol: Protocol,
    detections: Detections,
    instances: ActionInstances,
    *,
    videos: Collection[str],
    other_videos: Collection[str] = (),
    tious: Sequence[float] | None = None,
) -> EvalReport:
    """mAP of ``detections`` against ``instances``, both in seconds, on the subset that lists ``videos``.

    Detections outside the evaluated videos enter no number: ``protocol["left_out"]`` of the report counts
    those of ``other_videos`` (other subsets), of videos nobody knows, of listed videos that the protocol
    passes over, and those of labels without any instance. ``tious`` default to the protocol's own.
    """
    listed = set(videos) - set(protocol.without_videos)
    truth = instances[_is_in(instances.video, listed)]
    is_ambiguous = truth.label == protocol.ambiguous_label
    truth, ambiguous = truth[~is_ambiguous], truth[is_ambiguous]
    if not len(truth):
        raise DataError(
            f"nothing to evaluate against: no instances in the {len(listed)} videos of the subset"
        )
    evaluated = listed if protocol.videos == "listed" else set(truth.video)
    kept, left_out = _sort_out(detections, evaluated, listed, set(other_videos))
    if protocol.drop_ambiguous:
        overlapping = _overlaps(kept, ambiguous)
        left_out["on_ambiguous_spans"] = int(overlapping.sum())
        kept = kept[~overlapping]
    if protocol.unit == "snippets":
        truth, kept = _in_snippets(truth, kept, protocol)
    report = mean_average_precision(kept, truth, tious=protocol.tious if tious is None else tious)
    left_out["labels_without_instances"] = sum(report.protocol["labels_without_instances"].values())
    facts = protocol.describe() | {
        "left_out": {why: count for why, count in left_out.items() if count},
        "unknown_labels": sorted(report.protocol["labels_without_instances"]),
        "duplicate_instances": _count_duplicates(truth),
    }
    return replace(report, videos=len(evaluated), protocol=facts | _list_check(protocol, len(evaluated)))


def _sort_out(
    detections: Detections, evaluated: set[str], listed: set[str], other: set[str]
) -> tuple[Detections, dict[str, int]]:
    """The detections of ``evaluated`` videos, and how many the rest are, by reason."""
    kept = _is_in(detections.video, evaluated)
    if kept.all():
        return detections, {}
    in_other, in_listed = _is_in(detections.video, other), _is_in(detections.video, listed)
    left_out = {
        "videos_of_other_subsets": int((~kept & in_other).sum()),
        "videos_passed_over": int((~kept & in_listed & ~in_other).sum()),
        "unknown_videos": int((~kept & ~in_listed & ~in_other).sum()),
    }
    return detections[kept], left_out


def _is_in(names: np.ndarray, wanted: set[str]) -> np.ndarray:
    return np.fromiter(map(wanted.__contains__, names.tolist()), dtype=bool, count=len(names))


def _overlaps(detections: Detections, spans: ActionInstances) -> np.ndarray:
    """Which detections share any time with a span of their own video, (N,) bool."""
    overlapping = np.zeros(len(detections), dtype=bool)
    overlapping[overlapping_pairs(detections, spans, same_label=False).detection] = True
    return overlapping


def _in_snippets(
    truth: ActionInstances, detections: Detections, protocol: Protocol
) -> tuple[ActionInstances, Detections]:
    """Times in snippets: the truth rounded to whole ones (half to even), detections left where they are."""
    rate = protocol.snippets_per_second
    start, end = np.round(truth.start * rate), np.round(truth.end * rate)
    end = np.maximum(end, start + _NO_SNIPPETS)
    times = [detections.start * rate, detections.end * rate]
    if protocol.exact_borders:
        # 17.28 s are 27 snippets, not 27.000000000000004.
        times = [np.round(column, 6) for column in times]
    return (
        ActionInstances(truth.video, start, end, truth.label),
        Detections(detections.video, *times, detections.label, detections.score),
    )


def _count_duplicates(truth: ActionInstances) -> int:
    """Instances that repeat another one's video, label and times; they count, as in the ActivityNet
    evaluator."""
    rows = zip(truth.video, truth.start, truth.end, truth.label, strict=True)
    return len(truth) - len(set(rows))


def _list_check(protocol: Protocol, found: int) -> dict[str, Any]:
    if protocol.expected_videos in (None, found):
        return {}
    return {"note": f"expected {protocol.expected_videos} videos of this protocol; found {found}"}
