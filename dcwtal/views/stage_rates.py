"""How well each branch tells action from the rest within one video, at every stage: incomplete or over-complete."""

from dataclasses import dataclass

from dcwtal.core.class_activation import ClassActivationSequence
from dcwtal.core.instances import ActionInstances
from dcwtal.core.plain_numbers import known_or_none
from dcwtal.data.score_store import VideoScores
from dcwtal.evaluation.frame_counts import FrameThresholds, PreparedFrames
from dcwtal.evaluation.frame_rates import METRICS, metrics_of
from dcwtal.localize.fusion import pick_branch

SHOWN_BRANCHES = ("cbp", "vlp", "fused")
# label → branch → name of a rate → fraction, None without such frames.
Rates = dict[str, dict[str, dict[str, float | None]]]


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
    """label → stage → ``cbp``, ``vlp``, ``fused`` → rates as in :func:`rates_at`, at every stage of the scores."""
    prepared = _prepared(scores, truth, duration)
    by_stage = {stage: _rates(prepared, scores, stage, rules) for stage in scores.stages}
    return {label: {stage: rates[label] for stage, rates in by_stage.items()} for label in _labels(prepared)}


def rates_at(
    scores: VideoScores, stage: str, truth: ActionInstances, *, rules: CurveRules, duration: float
) -> Rates:
    """label → ``cbp``, ``vlp``, ``fused`` → rates at one stage, for each class that the truth of this video and the
    scores have.

    ``true_positive_rate``, ``true_negative_rate``, ``foreground_iou`` and ``background_iou`` of all frames (scored at
    least δ_h: called foreground), and the ``confident_share`` of the frames (above δ_h or below δ_l); of the curves as
    they are, also under ``rules.minmax``, like Table 3. Fractions, None without such frames.
    """
    return _rates(_prepared(scores, truth, duration), scores, stage, rules)


def _prepared(scores: VideoScores, truth: ActionInstances, duration: float) -> PreparedFrames:
    """The frames of the true classes of the video, in alphabetical order."""
    labels = sorted(set(truth.label.tolist()) & set(scores.classes))
    return PreparedFrames.of(
        {scores.video: scores.grid},
        truth,
        {scores.video: labels},
        {scores.video: duration},
        classes=scores.classes,
    )


def _labels(prepared: PreparedFrames) -> list[str]:
    return [prepared.classes.names[column] for column in prepared.column]


def _rates(prepared: PreparedFrames, scores: VideoScores, stage: str, rules: CurveRules) -> Rates:
    names = _labels(prepared)
    rates: Rates = {name: {} for name in names}
    thresholds = FrameThresholds.between(rules.high, rules.low)
    for branch in SHOWN_BRANCHES:
        curves = _map_at(scores, stage, branch, rules).class_scores
        tables = prepared.count(prepared.flat({scores.video: curves}), thresholds)
        metrics = dict(zip(METRICS, metrics_of(tables.all), strict=True))
        metrics["confident_share"] = tables.confident.sum(axis=(1, 2)) / tables.all.sum(axis=(1, 2))
        for row, name in enumerate(names):
            rates[name][branch] = {key: known_or_none(values[row]) for key, values in metrics.items()}
    return rates


def _map_at(scores: VideoScores, stage: str, branch: str, rules: CurveRules) -> ClassActivationSequence:
    """One branch's class scores at a stage, or both fused."""
    cbp, vlp = scores.at(stage, "cbp"), scores.at(stage, "vlp")
    return pick_branch(cbp, vlp, branch=branch, weight=rules.fusion_weight)
