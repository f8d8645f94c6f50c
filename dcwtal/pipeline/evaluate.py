"""Evaluate detections: mAP with its protocol, the trivial baseline, and for a run's own file the Table-3
block."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import Field

from dcwtal.core.errors import DataError, SettingsError
from dcwtal.core.files import write_json_atomic
from dcwtal.core.instances import ActionInstances
from dcwtal.core.settings import SettingsBase, build_settings, merge, parse_overrides
from dcwtal.core.video_info import VideoInfo
from dcwtal.evaluation.evaluate_under import evaluate_under
from dcwtal.evaluation.frame_rates import FrameThresholds
from dcwtal.evaluation.protocols import Protocol, find_protocol
from dcwtal.evaluation.tiou_thresholds import parse_tious
from dcwtal.evaluation.trivial import whole_video_detections
from dcwtal.formats.activitynet import (
    DetectionFile,
    GroundTruthFile,
    read_detection_file,
    read_ground_truth,
)
from dcwtal.jobs.run_folder import RunFolder
from dcwtal.pipeline.localize import read_run
from dcwtal.pipeline.open_dataset import is_teaching_set
from dcwtal.pipeline.rate_stages import run_thresholds, table3_of_run
from dcwtal.pipeline.read_config import read_config
from dcwtal.pipeline.report_text import format_report

__all__ = ["evaluate_detections", "format_report", "write_report"]


class _Thresholds(SettingsBase):
    delta_h: float = Field(ge=0, le=1)
    delta_l: float = Field(ge=0, le=1)


class _EvaluateSections(SettingsBase):
    pseudo_labels: _Thresholds


def evaluate_detections(
    detections: Path,
    ground_truth: Path,
    *,
    subset: str | None = None,
    tiou: str | None = "0.1:0.7:0.1",
    protocol: str = "activitynet",
    run: Path | None = None,
    overrides: Sequence[str] = (),
    config: Path | None = None,
) -> dict[str, Any]:
    """The report of a detection file, as plain values for JSON; mAP as fractions.

    Without ``subset``: the only one the truth has, or the only one that holds the file's videos. ``tiou``
    None: the protocol's own thresholds. The run (``run.json``, ``scores/``) that is given, or lies beside
    ``detections``, adds its Table-3 block under ``table3``; its δ_h and δ_l may be changed by the ``[pseudo_labels]``
    section of the TOML file ``config`` and by ``overrides`` as ``pseudo_labels.delta_h=value``.
    """
    chosen = find_protocol(protocol)
    folder = _run_of(Path(detections), run)
    thresholds = _thresholds(folder, list(overrides), config)
    tious = chosen.tious if tiou is None else parse_tious(tiou)
    truth, found = read_ground_truth(Path(ground_truth)), read_detection_file(Path(detections))
    subset, rule = choose_subset(truth, found, subset, Path(ground_truth))
    videos = [video.id for video in truth.videos if subset in (None, video.subset)]
    others = [video.id for video in truth.videos if subset not in (None, video.subset)]
    report = evaluate_under(
        chosen, found.detections, truth.instances, videos=videos, other_videos=others, tious=tious
    ).to_dict()
    report["protocol"] |= {
        "subset": subset,
        "subset_rule": rule,
        "ground_truth": Path(ground_truth).name,
        "zero_length_annotations": sum(truth.dropped.get(video, 0) for video in videos),
        "zero_length_detections": sum(found.dropped.get(video, 0) for video in videos),
        "selection": found.external_data.get("selection"),
        "teaching_set": is_teaching_set(truth.version),
    }
    report["produced_by"] = found.external_data
    report["trivial_whole_video"] = trivial_whole_video(chosen, truth.videos, truth.instances, videos, tious)
    if folder is not None:
        report["table3"] = table3_of_run(folder, truth, videos, thresholds=thresholds)
    return report


def _run_of(detections: Path, asked: Path | None) -> RunFolder | None:
    """The run that a detection file belongs to: the given one, else the one it lies in."""
    folder = RunFolder(detections.parent if asked is None else Path(asked))
    if asked is not None:
        read_run(folder)
    return folder if folder.info.is_file() and folder.scores.is_dir() else None


def _thresholds(
    folder: RunFolder | None, overrides: list[str], config: Path | None
) -> FrameThresholds | None:
    """δ_h and δ_l of a run with a file and overrides on top; None without a run. Other settings are refused."""
    file = {} if config is None else read_config(config).get("pseudo_labels", {})
    asked = parse_overrides(overrides)
    if folder is None:
        if asked or file:
            raise SettingsError(
                "pseudo_labels settings change only the Table-3 block of a run; expected detections that lie in "
                "their run's folder; name the run with --run RUN"
            )
        return None
    own = run_thresholds(folder)
    stored = {"delta_h": own.confident_foreground, "delta_l": own.confident_background}
    chosen = build_settings(
        _EvaluateSections, merge({"pseudo_labels": stored}, merge({"pseudo_labels": file}, asked))
    ).pseudo_labels
    return FrameThresholds.between(chosen.delta_h, chosen.delta_l)


def write_report(run: Path, report: dict[str, Any]) -> Path:
    """Write ``report.json`` of a run."""
    path = RunFolder(Path(run)).report
    write_json_atomic(path, report)
    return path


def choose_subset(
    truth: GroundTruthFile, found: DetectionFile, asked: str | None, path: Path
) -> tuple[str | None, str]:
    """The subset to evaluate and how it was chosen; None where the truth names none."""
    known = [name for name in truth.subsets() if name]
    if asked is not None:
        if asked not in known:
            raise DataError(
                f"no subset {asked!r} in {path}; found: {', '.join(known) or 'no subsets at all'}"
            )
        return asked, "as asked for"
    if len(known) <= 1:
        return (known[0] if known else None), "the only one of the ground truth"
    subset_of = {video.id: video.subset for video in truth.videos}
    listed = Counter(subset_of[video] for video in found.videos if video in subset_of)
    if len(listed) == 1:
        return next(iter(listed)), "the only one that holds the detections' videos"
    counts = ", ".join(f"{name} ({listed[name]} of the detections' videos)" for name in known)
    raise DataError(f"{path} has several subsets; choose one with --subset: {counts}")


def trivial_whole_video(
    protocol: Protocol,
    known: Sequence[VideoInfo],
    instances: ActionInstances,
    videos: Sequence[str],
    tious: tuple[float, ...],
) -> dict[str, Any]:
    """mAP of one segment over the whole video for each true class, on ``videos``; needs the duration of every one
    of them that has an instance, else a ``note`` says so. ``known``: what the truth says of its videos."""
    durations = {video.id: video.duration for video in known if video.duration is not None}
    missing = sorted(set(instances.video) & set(videos) - set(durations))
    if missing:
        return {"note": f"the ground truth states no duration of {len(missing)} videos"}
    baseline = whole_video_detections(_of_videos(instances, videos), durations)
    report = evaluate_under(protocol, baseline, instances, videos=videos, tious=tious)
    return {"map": list(report.map), "average": report.averages}


def _of_videos(instances: ActionInstances, videos: Sequence[str]) -> ActionInstances:
    wanted = set(videos)
    return instances[[row for row, video in enumerate(instances.video) if video in wanted]]
