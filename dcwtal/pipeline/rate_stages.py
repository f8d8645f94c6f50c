"""How good a run's maps are at each stage: Table 3 (frame rates), and the metric that selects a stage."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from dcwtal.core.detections import Detections
from dcwtal.core.errors import DataError
from dcwtal.core.files import read_json
from dcwtal.core.instances import ActionInstances
from dcwtal.data.score_store import BRANCHES, VideoScores
from dcwtal.evaluation.frame_rates import (
    CLOCK_FPS,
    FrameRates,
    FrameReport,
    FrameThresholds,
    frame_rates,
    trivial_frame_rates,
)
from dcwtal.evaluation.mean_average_precision import mean_average_precision
from dcwtal.evaluation.tiou_thresholds import NAMED_AVERAGES
from dcwtal.formats.activitynet import GroundTruthFile
from dcwtal.jobs.run_folder import RunFolder
from dcwtal.localize.settings import LocalizeSettings
from dcwtal.pipeline.localize import localize_scores, read_run_scores

Durations = Mapping[str, float | None]


def selection_metric(
    scores: Iterable[VideoScores],
    stage: str,
    *,
    settings: LocalizeSettings,
    truth: ActionInstances,
    durations: Durations | None = None,
) -> float:
    """Average mAP(0.3:0.7), a fraction, of the given videos at one stage; what best-on-held-out maximises.

    ``truth`` may hold more videos: only those with scores are looked at. ``scores`` must hold the stage that
    ``settings.class_scores_stage`` names, too.
    """
    durations, scores = durations or {}, list(scores)
    known = {video.video for video in scores}
    instances = truth[np.fromiter((video in known for video in truth.video), bool, len(truth))]
    if not len(instances):
        raise DataError(
            f"no true instances in the {len(known)} videos to select by; choose a subset that has them"
        )
    detections = Detections.merge(
        [localize_scores(s, stage, settings, duration=durations.get(s.video)) for s in scores]
    )
    report = mean_average_precision(detections, instances, tious=NAMED_AVERAGES["0.3:0.7"])
    return report.averages["0.3:0.7"]


def rates_of_stage(
    scores: Iterable[VideoScores],
    stage: str,
    *,
    truth: ActionInstances,
    labels: Mapping[str, Sequence[str]],
    durations: Durations | None = None,
    thresholds: FrameThresholds | None = None,
) -> dict[str, FrameReport]:
    """Frame rates of both branches at one stage: ``{"cbp": …, "vlp": …}``; ``labels``: classes of each
    video."""
    scores = list(scores)
    return {
        branch: frame_rates(
            {s.video: s.at(stage, branch) for s in scores}, truth, labels, durations, thresholds=thresholds
        )
        for branch in BRANCHES
    }


def table3_of_run(
    folder: RunFolder,
    truth: GroundTruthFile,
    videos: Sequence[str],
    *,
    thresholds: FrameThresholds | None = None,
) -> dict[str, Any]:
    """Every stage and branch of a run, and both trivial maps, on those of ``videos`` that have scores.
    ``thresholds`` None: those of the run's pseudo-labels."""
    wanted = set(videos)
    scores = [s for s in read_run_scores(folder) if s.video in wanted]
    if not scores:
        return {"note": "the run has no scores of these videos"}
    classes = set(scores[0].classes)
    known = {video.id: video for video in truth.videos if video.id in wanted}
    labels = {id_: [label for label in video.labels if label in classes] for id_, video in known.items()}
    durations = {id_: video.duration for id_, video in known.items()}
    thresholds = thresholds or run_thresholds(folder)
    rows = []
    for stage in scores[0].stages:
        reports = rates_of_stage(
            scores, stage, truth=truth.instances, labels=labels, durations=durations, thresholds=thresholds
        )
        rows += [_row(stage, branch, report) for branch, report in reports.items()]
    first = {s.video: s.at(s.stages[0], "cbp") for s in scores}
    trivial = trivial_frame_rates(first, truth.instances, labels, durations)
    rows += [_row(None, name, report) for name, report in trivial.items()]
    any_report = trivial["all-background"]
    return {
        "clock_fps": CLOCK_FPS,
        "videos": any_report.videos,
        "frames": any_report.frames,
        "foreground_share": any_report.foreground_share,
        "classes_without_scores": sorted({c for v in known.values() for c in v.labels} - classes),
        "thresholds": {
            "all_frames": f"foreground: p >= {thresholds.foreground:g}",
            "confident_frames": f"foreground: p > {thresholds.confident_foreground:g}, "
            f"background: p < {thresholds.confident_background:g}",
        },
        "rows": rows,
    }


def run_thresholds(folder: RunFolder) -> FrameThresholds:
    """δ_h and δ_l of the run's pseudo-labels; the paper's where its settings hold none."""
    stored = read_json(folder.settings, "a run's settings") if folder.settings.is_file() else {}
    return thresholds_in(stored, str(folder.settings))


def thresholds_in(stored: Any, where: str) -> FrameThresholds:
    """The same from a run's settings as they were read from ``where``."""
    section = stored.get("pseudo_labels") if isinstance(stored, dict) else None
    section = section if isinstance(section, dict) else {}
    try:
        high, low = float(section.get("delta_h", 0.3)), float(section.get("delta_l", 0.1))
    except (TypeError, ValueError):
        raise DataError(f"{where}: pseudo_labels.delta_h and delta_l must be numbers") from None
    return FrameThresholds.between(high, low)


def _row(stage: str | None, branch: str, report: FrameReport) -> dict[str, Any]:
    return {
        "stage": stage,
        "branch": branch,
        "all_frames": _numbers(report.all_frames),
        "confident_frames": _numbers(report.confident_frames),
    }


def _numbers(rates: FrameRates) -> dict[str, float | None]:
    return {
        "foreground_iou": rates.foreground_iou,
        "background_iou": rates.background_iou,
        "true_positive_rate": rates.true_positive_rate,
        "true_negative_rate": rates.true_negative_rate,
        "share": rates.share,
    }
