"""Why no detection found an instance: the first step of the way from curve to match at which it was lost.

The steps, and what is lost there: the choice of classes ("class missed"), the thresholds ("undiscovered": no candidate
reaches the tIoU), min_score and NMS ("suppressed"), max_per_video and the matching ("out-ranked").
"""

from dataclasses import dataclass, field

import numpy as np

from dcwtal.core.segment import tiou_matrix
from dcwtal.evaluation.matching import UNMATCHED, match_detections
from dcwtal.localize.class_choice import choose_classes
from dcwtal.localize.suppression import suppress
from dcwtal.pipeline.localize import choosing_scores, localize_scores
from dcwtal.pipeline.why_missed.missed_instance import MissedInstance, candidates, outcome, seconds_text
from dcwtal.pipeline.why_missed.suppressor import suppressor_of
from dcwtal.pipeline.why_missed.undiscovered import undiscovered_text

REASONS = ("class missed", "undiscovered", "suppressed", "out-ranked")


@dataclass(frozen=True)
class Reason:
    """One of REASONS or "found", one or two sentences, and the ``hints`` from which a search for a remedy starts:
    ``class_score`` ŷ, ``best_score`` of the candidates that reach the tIoU, ``place`` of the best of them."""

    name: str
    text: str
    hints: dict[str, float] = field(default_factory=dict)


def reason_of(missed: MissedInstance) -> Reason:
    """Why the instance was missed, or "found"."""
    scores, settings = missed.scores, missed.settings
    if outcome(missed, settings)[0]:
        return Reason("found", f"A detection reaches tIoU {missed.tiou:g} with it and was matched to it.")
    if missed.label not in scores.classes.names:
        return Reason("class missed", f"This run does not know the class {missed.label}.")
    column = scores.classes.index(missed.label)
    chooser = choosing_scores(scores, missed.stage, settings)
    if column not in choose_classes(chooser, threshold=settings.theta_cls, relative=settings.relative_cls):
        return _class_missed(missed, float(chooser[column]))
    segments, ranks = candidates(missed, settings, float(chooser[column]))
    overlap = tiou_matrix(segments, missed.segment)[:, 0]
    reaching = np.flatnonzero(overlap >= missed.tiou)
    if not len(reaching):
        return Reason("undiscovered", undiscovered_text(missed, segments, overlap))
    kept, decayed = suppress(segments, ranks, settings)
    hints = {"best_score": float(ranks[reaching].max())}
    if not np.isin(reaching, kept).any():
        return _suppressed(missed, segments, ranks, overlap, kept, hints)
    return _out_ranked(missed, segments, kept, decayed, reaching, hints)


def _class_missed(missed: MissedInstance, score: float) -> Reason:
    settings = missed.settings
    relative = "" if settings.relative_cls is None else f", nor {settings.relative_cls:g} of the highest ŷ"
    text = f"{missed.label} is not looked for in this video: its ŷ {score:.3f} is below θ_cls {settings.theta_cls:g}"
    return Reason("class missed", f"{text}{relative}.", {"class_score": score})


def _suppressed(
    missed: MissedInstance,
    segments: np.ndarray,
    ranks: np.ndarray,
    overlap: np.ndarray,
    kept: np.ndarray,
    hints: dict[str, float],
) -> Reason:
    """A candidate reached the tIoU, but none such survived min_score and NMS."""
    settings = missed.settings
    reaching = np.flatnonzero(overlap >= missed.tiou)
    lost = int(reaching[ranks[reaching].argmax()])
    where = seconds_text(*segments[lost])
    text = f"The candidate {where} reaches tIoU {overlap[lost]:.2f} with score {ranks[lost]:.3g}"
    if ranks[lost] < settings.min_score or not len(kept):
        return Reason("suppressed", f"{text}, which is below min_score {settings.min_score:g}.", hints)
    by, shared = suppressor_of(lost, segments, ranks, kept, settings)
    culprit = (
        f"the detection {seconds_text(*segments[by])} (score {ranks[by]:.3g}, tIoU {shared:.2f} with it)"
    )
    if settings.nms == "hard":
        return Reason("suppressed", f"{text}, but NMS removed it in favour of {culprit}.", hints)
    return Reason(
        "suppressed",
        f"{text}, but NMS decayed it below min_score {settings.min_score:g}, mostly for {culprit}.",
        hints,
    )


def _out_ranked(
    missed: MissedInstance,
    segments: np.ndarray,
    kept: np.ndarray,
    decayed: np.ndarray,
    reaching: np.ndarray,
    hints: dict[str, float],
) -> Reason:
    """A candidate that reaches the tIoU survived NMS, but is cut off at the end or belongs to another instance."""
    best = int(np.flatnonzero(np.isin(kept, reaching))[0])
    segment, score = segments[kept[best]], float(decayed[best])
    detections = localize_scores(missed.scores, missed.stage, missed.settings, duration=missed.duration)
    matched = match_detections(detections, missed.truth, [missed.tiou])[0]
    found = np.flatnonzero(
        (detections.label == missed.label)
        & (tiou_matrix(detections.segments, missed.segment)[:, 0] >= missed.tiou)
        & (matched != UNMATCHED)
    )
    if len(found):
        other = missed.truth[matched[found[0] : found[0] + 1]]
        better, own = tiou_matrix(
            detections.segments[found[:1]], np.concatenate([other.segments, missed.segment])
        )[0]
        taken = seconds_text(detections.start[found[0]], detections.end[found[0]])
        whose = seconds_text(other.start[0], other.end[0])
        text = f"The detection {taken} reaches tIoU {missed.tiou:g} with it, but was matched to the instance {whose}, "
        why = "which it fits better" if better > own else "which it fits as well and which is stored first"
        return Reason("out-ranked", f"{text}{why}.", hints)
    everything = missed.settings.model_copy(update={"max_per_video": 10**9})
    all_of_it = localize_scores(missed.scores, missed.stage, everything, duration=missed.duration)
    place = int((all_of_it.score > score).sum()) + 1
    where = seconds_text(*segment)
    text = f"The detection {where} (score {score:.3g}) reaches it, but is number {place} of this video; "
    limit = missed.settings.max_per_video
    return Reason("out-ranked", f"{text}only the best {limit} are kept.", hints | {"place": float(place)})
