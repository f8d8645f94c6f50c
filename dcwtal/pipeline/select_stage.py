"""Choose the final stage of a run, and say by which rule."""

from typing import Any

from dcwtal.core.detections import Detections
from dcwtal.data.dataset import Dataset
from dcwtal.data.score_store import VideoScores
from dcwtal.evaluation.mean_average_precision import mean_average_precision
from dcwtal.pipeline.localize import localize_scores
from dcwtal.training.settings import RunSettings

TIOUS = (0.3, 0.4, 0.5, 0.6, 0.7)
METRIC = "average mAP, tIoU 0.3:0.7"


def select_stage(
    dataset: Dataset, settings: RunSettings, stages: list[str], scored: list[VideoScores]
) -> dict[str, Any]:
    """The rule, the chosen stage, and what it was chosen by, as plain values for ``run.json``.

    ``last`` needs no truth. The other rules read the intervals of their subset's videos: held-out training videos,
    or (only to compare with a literature that does so) the test videos. Ties go to the earlier stage.
    """
    rule = settings.train.selection
    if rule == "last":
        return {"rule": rule, "stage": stages[-1], "text": "last stage"}
    held_out = rule == "best-on-held-out"
    subset = settings.train.held_out_subset if held_out else settings.train.test_subset
    videos = {video.id for video in dataset.of_subset(subset)}
    values = {stage: stage_map(dataset, settings, stage, scored, videos) for stage in stages}
    best = max(stages, key=lambda stage: values[stage])
    return {
        "rule": rule,
        "stage": best,
        "subset": subset,
        "videos": len(videos),
        "metric": METRIC,
        "scores": values,
        "text": f"{rule}: highest {METRIC} on the intervals of {len(videos)} {subset} videos",
    }


def stage_map(
    dataset: Dataset, settings: RunSettings, stage: str, scored: list[VideoScores], videos: set[str]
) -> float:
    """Average mAP (0.3:0.7) of one stage on some videos, localized with the run's own settings; a fraction."""
    durations = {video.id: video.duration for video in dataset.videos}
    detections = Detections.merge(
        [
            localize_scores(scores, stage, settings.localize, duration=durations[scores.video])
            for scores in scored
            if scores.video in videos
        ]
    )
    truth = dataset.instances[[video in videos for video in dataset.instances.video]]
    report = mean_average_precision(detections, truth, tious=TIOUS)
    return float(sum(report.map) / len(report.map))
