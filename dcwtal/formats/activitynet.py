"""ActivityNet-style JSON: ground truth (``database``) and detections (``results``).

Also reads BaS-Net's ``gt.json``, whose segments are text (``["67.5", "75.9"]``) and whose videos may carry no
duration. Seconds in, seconds out; rows without a positive length are counted, not kept, since they cannot be matched.
"""

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
    """A parsed ground-truth file. ``dropped`` counts annotations of zero or negative length, by video id."""

    version: str
    videos: tuple[VideoInfo, ...]
    instances: ActionInstances
    dropped: dict[str, int]

    def subsets(self) -> list[str]:
        """Names of the subsets in order of first appearance."""
        return list(dict.fromkeys(video.subset for video in self.videos))


def read_ground_truth(path: Path) -> GroundTruthFile:
    """Parse ``{"database": {id: {"subset", "duration", "annotations": [{"label", "segment"}]}}}``."""
    document = read_json(path, "an ActivityNet-style ground truth")
    database = document.get("database") if isinstance(document, dict) else None
    if not isinstance(database, dict):
        raise DataError(f"{path} has no 'database' object; expected an ActivityNet-style ground truth")
    videos, rows, dropped = [], [], {}
    for video_id, entry in database.items():
        if not isinstance(entry, dict):
            raise DataError(f"{path}, video {video_id!r}: expected an object; found {type(entry).__name__}")
        annotations = entry.get("annotations") or []
        labels = []
        for position, annotation in enumerate(annotations):
            where = f"{path}, video {video_id!r}, annotation {position}"
            label, (start, end) = _label(annotation, where), _segment(annotation, where)
            labels.append(label)
            if start < end:
                rows.append((video_id, start, end, label))
            else:
                dropped[video_id] = dropped.get(video_id, 0) + 1
        weak = entry.get("labels", labels)
        videos.append(
            VideoInfo(
                id=video_id,
                subset=str(entry.get("subset", "")),
                duration=_number(entry.get("duration"), f"{path}, video {video_id!r}, duration"),
                labels=tuple(dict.fromkeys(str(label) for label in weak)),
                fps=_number(entry.get("fps"), f"{path}, video {video_id!r}, fps"),
            )
        )
    return GroundTruthFile(str(document.get("version", "")), tuple(videos), ActionInstances.of(rows), dropped)


def read_detections(path: Path) -> Detections:
    """Parse ``{"results": {id: [{"label", "segment": [s, e], "score"}]}}``; segments may be text."""
    document = read_json(path, "ActivityNet-style detections")
    results = document.get("results") if isinstance(document, dict) else None
    if not isinstance(results, dict):
        raise DataError(f"{path} has no 'results' object; expected ActivityNet-style detections")
    rows = []
    for video_id, entries in results.items():
        if not isinstance(entries, list):
            raise DataError(f"{path}, video {video_id!r}: expected a list of detections")
        for position, entry in enumerate(entries):
            where = f"{path}, video {video_id!r}, detection {position}"
            label, (start, end) = _label(entry, where), _segment(entry, where)
            if "score" not in entry:
                raise DataError(f"{where}: no 'score'")
            if start < end:
                rows.append((video_id, start, end, label, _number(entry["score"], where + ", score")))
    return Detections.of(rows)


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


def _segment(entry: dict[str, Any], where: str) -> tuple[float, float]:
    segment = entry.get("segment")
    if not isinstance(segment, (list, tuple)) or len(segment) != 2:
        raise DataError(f"{where}: expected 'segment': [start, end] in seconds; found {segment!r}")
    return _number(segment[0], where), _number(segment[1], where)


def _number(value: Any, where: str) -> float | None:
    if value is None:
        return None
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise DataError(f"{where}: expected a number; found {value!r}") from None
    if number != number or number in (float("inf"), float("-inf")):
        raise DataError(f"{where}: expected a finite number; found {value!r}")
    return number
