"""ActivityNet-style JSON: ground truth (``database``) and detections (``results``).

Also reads BaS-Net's ``gt.json``, whose segments are text (``["67.5", "75.9"]``) and whose videos may carry no
duration. Seconds in, seconds out; rows without a positive length are counted, not kept, since they cannot be
matched. Every fault is a DataError that names file, video and row.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dcwtal.core.detections import Detections
from dcwtal.core.errors import DataError
from dcwtal.core.files import read_json, write_json_atomic
from dcwtal.core.instances import ActionInstances
from dcwtal.core.video_info import VideoInfo


@dataclass(frozen=True)
class GroundTruthFile:
    """A parsed ground-truth file. ``dropped`` counts annotations of zero or negative length, by video id;
    ``listed_classes`` is the file's own ``classes`` entry as it stands, unchecked, None without one."""

    version: str
    videos: tuple[VideoInfo, ...]
    instances: ActionInstances
    dropped: dict[str, int]
    listed_classes: Any = None

    def subsets(self) -> list[str]:
        """Names of the subsets in order of first appearance."""
        return list(dict.fromkeys(video.subset for video in self.videos))


@dataclass(frozen=True)
class DetectionFile:
    """A parsed detection file. ``videos``: every listed one, also those without detections; ``dropped``
    counts detections of zero or negative length, by video id; ``external_data``: as written, {} when
    absent."""

    detections: Detections
    videos: tuple[str, ...]
    external_data: dict[str, Any]
    dropped: dict[str, int]


def read_ground_truth(path: Path) -> GroundTruthFile:
    """Parse ``{"database": {id: {"subset", "duration", "annotations": [{"label", "segment"}]}}}``."""
    document = read_json(path, "an ActivityNet-style ground truth")
    database = document.get("database") if isinstance(document, dict) else None
    if not isinstance(database, dict):
        raise DataError(f"{path} has no 'database' object; expected an ActivityNet-style ground truth")
    videos: list[VideoInfo] = []
    rows: list[tuple[str, float, float, str]] = []
    dropped: dict[str, int] = {}
    for video_id, entry in database.items():
        where = f"{path}, video {video_id!r}"
        annotated = _annotations(entry, where)
        for start, end, label in annotated:
            if start < end:
                rows.append((video_id, start, end, label))
            else:
                dropped[video_id] = dropped.get(video_id, 0) + 1
        videos.append(_video_info(video_id, entry, [label for _, _, label in annotated], where))
    version, listed = str(document.get("version", "")), document.get("classes")
    return GroundTruthFile(version, tuple(videos), ActionInstances.of(rows), dropped, listed)


def _annotations(entry: Any, where: str) -> list[tuple[float, float, str]]:
    """(start, end, label) of one video, of whatever length."""
    if not isinstance(entry, dict):
        raise DataError(f"{where}: expected an object; found {type(entry).__name__}")
    annotations = entry.get("annotations") or []
    if not isinstance(annotations, list):
        raise DataError(f"{where}: expected 'annotations' to be a list; found {type(annotations).__name__}")
    return [
        (*_segment(annotation, f"{where}, annotation {n}"), _label(annotation, f"{where}, annotation {n}"))
        for n, annotation in enumerate(annotations)
    ]


def _video_info(video_id: str, entry: dict[str, Any], annotated: list[str], where: str) -> VideoInfo:
    """What a ground truth says of a video; without a list of weak ``labels``, those of its annotations."""
    labels = entry.get("labels", annotated)
    if not isinstance(labels, list) or not all(isinstance(label, str) and label for label in labels):
        raise DataError(f"{where}: expected 'labels' to be a list of class names; found {labels!r}")
    duration = _number_or_none(entry.get("duration"), f"{where}, duration")
    if duration is not None and duration <= 0:
        raise DataError(f"{where}: expected a duration > 0 s; found {duration}")
    return VideoInfo(
        id=video_id,
        subset=str(entry.get("subset", "")),
        duration=duration,
        labels=tuple(dict.fromkeys(labels)),
        fps=_number_or_none(entry.get("fps"), f"{where}, fps"),
    )


def read_detections(path: Path) -> Detections:
    """The detections of :func:`read_detection_file`."""
    return read_detection_file(path).detections


def read_detection_file(path: Path) -> DetectionFile:
    """Parse ``{"results": {id: [{"label", "segment": [s, e], "score"}]}}``; segments may be text."""
    document = read_json(path, "ActivityNet-style detections")
    results = document.get("results") if isinstance(document, dict) else None
    if not isinstance(results, dict):
        raise DataError(f"{path} has no 'results' object; expected ActivityNet-style detections")
    external = document.get("external_data")
    rows: list[tuple[str, float, float, str, float]] = []
    dropped: dict[str, int] = {}
    for video_id, entries in results.items():
        if not isinstance(entries, list):
            raise DataError(f"{path}, video {video_id!r}: expected a list of detections")
        for position, entry in enumerate(entries):
            where = f"{path}, video {video_id!r}, detection {position}"
            label, (start, end) = _label(entry, where), _segment(entry, where)
            score = _number(entry.get("score"), f"{where}, score")
            if start < end:
                rows.append((video_id, start, end, label, score))
            else:
                dropped[video_id] = dropped.get(video_id, 0) + 1
    return DetectionFile(
        Detections.of(rows), tuple(results), external if isinstance(external, dict) else {}, dropped
    )


def detections_document(
    detections: Detections, *, videos: Iterable[str] = (), external_data: dict[str, Any] | None = None
) -> dict[str, Any]:
    """The ``results`` object of detections; ``videos`` without any are listed with an empty list."""
    results: dict[str, list[dict[str, Any]]] = {video: [] for video in videos}
    for video, start, end, label, score in zip(
        detections.video, detections.start, detections.end, detections.label, detections.score, strict=True
    ):
        results.setdefault(video, []).append(
            {"label": label, "segment": [float(start), float(end)], "score": float(score)}
        )
    return {"version": "dcwtal 1", "results": results, "external_data": external_data or {}}


def write_detections(path: Path, detections: Detections, **extra: Any) -> None:
    """Write detections as ActivityNet-style JSON; ``extra`` as in :func:`detections_document`."""
    write_json_atomic(path, detections_document(detections, **extra))


def _label(entry: Any, where: str) -> str:
    label = entry.get("label") if isinstance(entry, dict) else None
    if not isinstance(label, str) or not label:
        raise DataError(f"{where}: expected a text 'label'; found {label!r}")
    return label


def _segment(entry: Any, where: str) -> tuple[float, float]:
    segment = entry.get("segment") if isinstance(entry, dict) else None
    if not isinstance(segment, (list, tuple)) or len(segment) != 2:
        raise DataError(f"{where}: expected 'segment': [start, end] in seconds; found {segment!r}")
    return _number(segment[0], f"{where}, segment"), _number(segment[1], f"{where}, segment")


def _number_or_none(value: Any, where: str) -> float | None:
    return None if value is None else _number(value, where)


def _number(value: Any, where: str) -> float:
    try:
        number = float("nan") if isinstance(value, bool) else float(value)
    except (TypeError, ValueError, OverflowError):
        number = float("nan")
    if not math.isfinite(number):
        raise DataError(f"{where}: expected a finite number; found {str(value)[:60]!r}")
    return number
