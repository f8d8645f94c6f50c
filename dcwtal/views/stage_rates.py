"""How well each branch tells action from the rest within one video, at every stage: incomplete or over-complete."""

from dataclasses import dataclass

from dcwtal.core.class_activation import ClassActivationSequence
from dcwtal.core.instances import ActionInstances
from dcwtal.data.score_store import VideoScores
from dcwtal.evaluation.frame_rates import FrameThresholds, frame_rates
from dcwtal.localize.fusion import pick_branch

SHOWN_BRANCHES = ("cbp", "vlp", "fused")


@dataclass(frozen=True)
class CurveRules:
    """How the page turns curves into maps: ``high`` and ``low`` are δ_h and δ_l of Eq. 4, ``minmax`` stretches a
    curve to [0, 1] before them, ``fusion_weight`` is w of ``fused = w·CBP + (1 − w)·VLP``; all in [0, 1]."""

    high: float = 0.3
    low: float = 0.1
    minmax: bool = False
    fusion_weight: float = 0.5


def rates_by_class(
    scores: VideoScores, truth: ActionInstances, *, rules: CurveRules, duration: float
) -> dict[str, dict[str, dict[str, dict[str, float | None]]]]:
    """label → stage → ``cbp``, ``vlp``, ``fused`` → rates, for each class that the truth of this video has."""
    return {
        label: {
            stage: {
                branch: _rates(scores, stage, branch, label, truth, rules, duration)
                for branch in SHOWN_BRANCHES
            }
            for stage in scores.stages
        }
        for label in sorted(set(truth.label.tolist()))
    }


def map_at(scores: VideoScores, stage: str, branch: str, rules: CurveRules) -> ClassActivationSequence:
    """One branch's class scores at a stage, or both fused."""
    cbp, vlp = scores.at(stage, "cbp"), scores.at(stage, "vlp")
    return pick_branch(cbp, vlp, branch=branch, weight=rules.fusion_weight)


def _rates(
    scores: VideoScores,
    stage: str,
    branch: str,
    label: str,
    truth: ActionInstances,
    rules: CurveRules,
    duration: float,
) -> dict[str, float | None]:
    """``true_positive_rate`` and ``true_negative_rate`` of the frames (scored at least δ_h: called foreground), and
    the ``confident_share`` of the frames; fractions, None without such frames."""
    report = frame_rates(
        {scores.video: map_at(scores, stage, branch, rules)},
        truth,
        {scores.video: (label,)},
        {scores.video: duration},
        thresholds=FrameThresholds(rules.high, rules.high, rules.low),
    )
    return {
        "true_positive_rate": report.all_frames.true_positive_rate,
        "true_negative_rate": report.all_frames.true_negative_rate,
        "confident_share": report.confident_frames.share,
    }
