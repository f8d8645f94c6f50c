"""What the page is told when a stage, a branch or a mode is chosen: detections, matches, numbers of each class."""

from typing import Any

from dcwtal.core.detections import Detections
from dcwtal.core.instances import ActionInstances
from dcwtal.data.score_store import BRANCHES, VideoScores
from dcwtal.evaluation.frame_rates import FrameThresholds, frame_rates
from dcwtal.localize.fusion import pick_branch
from dcwtal.views.detection_rows import detection_rows, hit_counts
from dcwtal.views.timeline_payload import CurveRules

MATCH_TIOU = 0.5
NO_COUNTS = {"hits": 0, "wrong": 0, "missed": 0}


def video_answer(
    scores: VideoScores,
    detections: Detections,
    truth: ActionInstances | None,
    *,
    stage: str,
    rules: CurveRules,
    duration: float,
) -> dict[str, Any]:
    """Plain values for JSON: ``detections``, ``missed``, ``tiou`` and ``numbers``, the latter for each class that the
    truth of this video has (none without a truth): ``branches`` → frame rates, ``counts`` of detections."""
    rows = detection_rows(detections, truth, tiou=MATCH_TIOU)
    counts = hit_counts(rows)
    labels = [] if truth is None else sorted(set(truth.label.tolist()))
    numbers = {
        label: {
            "branches": branch_rates(scores, truth, label, stage=stage, rules=rules, duration=duration),
            "counts": counts.get(label, NO_COUNTS),
        }
        for label in labels
    }
    return rows | {"stage": stage, "tiou": MATCH_TIOU, "numbers": numbers}


def branch_rates(
    scores: VideoScores,
    truth: ActionInstances,
    label: str,
    *,
    stage: str,
    rules: CurveRules,
    duration: float,
) -> dict[str, dict[str, float | None]]:
    """For ``cbp``, ``vlp`` and ``fused``: true-positive and true-negative rate of the frames of one class (frames scored
    at least δ_h are called foreground), and the share of confident frames; fractions, None without such frames."""
    maps = {branch: scores.at(stage, branch) for branch in BRANCHES}
    maps["fused"] = pick_branch(maps["cbp"], maps["vlp"], branch="fused", weight=rules.fusion_weight)
    thresholds = FrameThresholds(rules.high, rules.high, rules.low)
    rates = {}
    for branch, one_map in maps.items():
        report = frame_rates(
            {scores.video: one_map},
            truth,
            {scores.video: (label,)},
            {scores.video: duration},
            thresholds=thresholds,
        )
        rates[branch] = {
            "true_positive_rate": report.all_frames.true_positive_rate,
            "true_negative_rate": report.all_frames.true_negative_rate,
            "confident_share": report.confident_frames.share,
        }
    return rates
