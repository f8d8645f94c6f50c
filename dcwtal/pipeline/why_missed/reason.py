"""Why no detection found an instance: the first step of the way from curve to match at which it was lost.

The steps, and what is lost there: the choice of classes ("class missed"), the thresholds ("undiscovered": no candidate
reaches the tIoU), min_score and NMS ("suppressed"), max_per_video and the matching ("out-ranked").
"""

from dataclasses import dataclass, field

import numpy as np

from dcwtal.core.instances import ActionInstances
from dcwtal.core.segment import tiou_matrix
from dcwtal.data.score_store import VideoScores
from dcwtal.evaluation.matching import UNMATCHED, match_detections
from dcwtal.localize.candidates import candidates_of_class
from dcwtal.localize.class_choice import choose_classes
from dcwtal.localize.fusion import pick_branch
from dcwtal.localize.settings import LocalizeSettings
from dcwtal.localize.suppression import suppress
from dcwtal.pipeline.localize import choosing_scores, localize_scores

REASONS = ("class missed", "undiscovered", "suppressed", "out-ranked")
# Coverage and purity closer than this: neither too short nor too long, but shifted.
_SHIFTED = 0.15


@dataclass(frozen=True)
class MissedInstance:
    """One instance of one video under one question. ``truth``: all instances of the video in order of time, of which
    ``row`` is meant; ``duration``: seconds at which detections end, or None; ``tiou``: what counts as found."""

    scores: VideoScores
    stage: str
    settings: LocalizeSettings
    truth: ActionInstances
    row: int
    tiou: float
    duration: float | None

    @property
    def label(self) -> str:
        """The class of the instance."""
        return str(self.truth.label[self.row])

    @property
    def segment(self) -> np.ndarray:
        """Start and end in seconds, (1, 2)."""
        return self.truth.segments[self.row : self.row + 1]


@dataclass(frozen=True)
class Reason:
    """One of REASONS or "found", one or two sentences, and the ``hints`` from which a search for a remedy starts:
    ``class_score`` ŷ, ``best_score`` of the candidates that reach the tIoU, ``place`` of the best of them."""

    name: str
    text: str
    hints: dict[str, float] = field(default_factory=dict)


def outcome(missed: MissedInstance, settings: LocalizeSettings) -> tuple[bool, int, int]:
    """Whether the instance is found under ``settings``, and how many hits and wrong detections the video has."""
    detections = localize_scores(missed.scores, missed.stage, settings, duration=missed.duration)
    matched = match_detections(detections, missed.truth, [missed.tiou])[0]
    hits = int((matched != UNMATCHED).sum())
    return bool((matched == missed.row).any()), hits, len(matched) - hits


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
        return _undiscovered(missed, segments, overlap)
    kept, decayed = suppress(segments, ranks, settings)
    hints = {"best_score": float(ranks[reaching].max())}
    if not np.isin(reaching, kept).any():
        return _suppressed(missed, segments, ranks, overlap, kept, hints)
    return _out_ranked(missed, segments, kept, decayed, reaching, hints)


def candidates(
    missed: MissedInstance, settings: LocalizeSettings, video_score: float
) -> tuple[np.ndarray, np.ndarray]:
    """Candidate segments (N, 2) seconds of the instance's class and their scores (N,), before suppression."""
    scores, stage = missed.scores, missed.stage
    chosen = pick_branch(
        scores.at(stage, "cbp"),
        scores.at(stage, "vlp"),
        branch=settings.branch,
        weight=settings.fusion_weight,
    )
    return candidates_of_class(
        chosen.of_class(missed.label),
        chosen.grid,
        settings,
        video_score=video_score,
        duration=missed.duration,
    )


def _class_missed(missed: MissedInstance, score: float) -> Reason:
    settings = missed.settings
    relative = "" if settings.relative_cls is None else f", nor {settings.relative_cls:g} of the highest ŷ"
    text = f"{missed.label} is not looked for in this video: its ŷ {score:.3f} is below θ_cls {settings.theta_cls:g}"
    return Reason("class missed", f"{text}{relative}.", {"class_score": score})


def _undiscovered(missed: MissedInstance, segments: np.ndarray, overlap: np.ndarray) -> Reason:
    if not len(segments) or not overlap.max(initial=0.0):
        what = "no candidate" if not len(segments) else f"none of {len(segments)} candidates"
        return Reason(
            "undiscovered", f"The curve gives {what} that overlaps it: here it stays below the threshold."
        )
    best = int(overlap.argmax())
    start, end = segments[best]
    first, last = missed.segment[0]
    shared = min(end, last) - max(start, first)
    coverage, purity = shared / (last - first), shared / (end - start)
    kind = (
        "shifted"
        if abs(coverage - purity) < _SHIFTED
        else "incomplete"
        if coverage < purity
        else "over-complete"
    )
    return Reason(
        "undiscovered",
        f"No candidate reaches tIoU {missed.tiou:g}. The best, {_seconds(start, end)}, reaches {overlap[best]:.2f}: it "
        f"covers {coverage:.0%} of the instance and {purity:.0%} of it is the instance, so it is {kind}.",
    )


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
    text = f"The candidate {_seconds(*segments[lost])} reaches tIoU {overlap[lost]:.2f} with score {ranks[lost]:.3g}"
    if ranks[lost] < settings.min_score or not len(kept):
        return Reason("suppressed", f"{text}, which is below min_score {settings.min_score:g}.", hints)
    better = kept[ranks[kept] >= ranks[lost]]
    shared = tiou_matrix(segments[lost : lost + 1], segments[better])[0]
    by = int(better[shared.argmax()])
    culprit = (
        f"the detection {_seconds(*segments[by])} (score {ranks[by]:.3g}, tIoU {shared.max():.2f} with it)"
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
        taken = _seconds(detections.start[found[0]], detections.end[found[0]])
        whose = _seconds(other.start[0], other.end[0])
        text = f"The detection {taken} reaches tIoU {missed.tiou:g} with it, but was matched to the instance {whose}, "
        return Reason("out-ranked", text + "which it fits better.", hints)
    everything = missed.settings.model_copy(update={"max_per_video": 10**9})
    all_of_it = localize_scores(missed.scores, missed.stage, everything, duration=missed.duration)
    place = int((all_of_it.score > score).sum()) + 1
    text = f"The detection {_seconds(*segment)} (score {score:.3g}) reaches it, but is number {place} of this video; "
    limit = missed.settings.max_per_video
    return Reason("out-ranked", f"{text}only the best {limit} are kept.", hints | {"place": float(place)})


def _seconds(start: float, end: float) -> str:
    return f"{start:.2f}–{end:.2f} s"
