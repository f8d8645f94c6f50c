"""Choose the final stage of a run, and say by which rule."""

from typing import Any

from dcwtal.data.dataset import Dataset
from dcwtal.data.score_store import VideoScores
from dcwtal.pipeline.rate_stages import selection_metric
from dcwtal.training.settings import RunSettings

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
    durations = {video.id: video.duration for video in dataset.videos}
    chosen_from = [scores for scores in scored if scores.video in videos]
    values = {
        stage: selection_metric(
            chosen_from, stage, settings=settings.localize, truth=dataset.instances, durations=durations
        )
        for stage in stages
    }
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
