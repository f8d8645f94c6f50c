"""One instance under one question, and what localizing gives for it: its curve, its candidates, the outcome."""

from dataclasses import dataclass

import numpy as np

from dcwtal.core.instances import ActionInstances
from dcwtal.data.score_store import VideoScores
from dcwtal.evaluation.matching import UNMATCHED, match_detections
from dcwtal.localize.candidates import candidates_of_class
from dcwtal.localize.fusion import pick_branch
from dcwtal.localize.settings import LocalizeSettings
from dcwtal.pipeline.localize import localize_scores


@dataclass(frozen=True)
class MissedInstance:
    """One instance of one video under one question. ``truth``: all instances of the video in stored order (equal tIoU
    are matched in that order), of which ``row`` is meant; ``duration``: seconds at which detections end, or None;
    ``tiou``: what counts as found."""

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


def outcome(missed: MissedInstance, settings: LocalizeSettings) -> tuple[bool, int, int]:
    """Whether the instance is found under ``settings``, and how many hits and wrong detections the video has."""
    detections = localize_scores(missed.scores, missed.stage, settings, duration=missed.duration)
    matched = match_detections(detections, missed.truth, [missed.tiou])[0]
    hits = int((matched != UNMATCHED).sum())
    return bool((matched == missed.row).any()), hits, len(matched) - hits


def class_curve(missed: MissedInstance, settings: LocalizeSettings) -> np.ndarray:
    """The curve (T,) of the instance's class in the branch that is localized, before smoothing."""
    scores, stage = missed.scores, missed.stage
    chosen = pick_branch(
        scores.at(stage, "cbp"),
        scores.at(stage, "vlp"),
        branch=settings.branch,
        weight=settings.fusion_weight,
    )
    return chosen.of_class(missed.label)


def candidates(
    missed: MissedInstance, settings: LocalizeSettings, video_score: float
) -> tuple[np.ndarray, np.ndarray]:
    """Candidate segments (N, 2) seconds of the instance's class and their scores (N,), before suppression."""
    return candidates_of_class(
        class_curve(missed, settings),
        missed.scores.grid,
        settings,
        video_score=video_score,
        duration=missed.duration,
    )


def seconds_text(start: float, end: float) -> str:
    """A segment as it is written in a sentence."""
    return f"{start:.2f}–{end:.2f} s"
