"""Which curves one answer carries: all of them where they are few, else those that are looked at first.

All stages and classes of both branches are sent while they are at most ``MOST_VALUES`` numbers together (20 MB as
float32). Of a larger video one stage is sent; where even that is too much, as many of its classes as fit: the
video's own labels first, then the ones it most probably shows. The page asks for the rest when somebody looks.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dcwtal.core.errors import SettingsError
from dcwtal.data.score_store import BRANCHES, VideoScores

MOST_VALUES = 5_000_000


@dataclass(frozen=True)
class SentPart:
    """Rows of ``stages`` and columns of ``classes`` of (S, T, C), as indices in the order they are sent."""

    stages: tuple[int, ...]
    classes: tuple[int, ...]

    def values(self, n_snippets: int) -> int:
        """Numbers of both branches together."""
        return len(BRANCHES) * len(self.stages) * n_snippets * len(self.classes)


def first_part(
    scores: VideoScores, *, stage: str, labels: Sequence[str] = (), most_values: int = MOST_VALUES
) -> SentPart:
    """What is sent of a video when it is opened at ``stage``; one class at least."""
    everything = SentPart(tuple(range(len(scores.stages))), tuple(range(len(scores.classes))))
    if everything.values(scores.grid.n) <= most_values:
        return everything
    row = stage_index(scores, stage)
    fits = max(1, most_values // max(1, len(BRANCHES) * scores.grid.n))
    chosen = class_order(scores, row, labels)[:fits]
    return SentPart((row,), tuple(sorted(chosen)))


def asked_part(
    scores: VideoScores, *, stage: str, classes: Sequence[int] | None, most_values: int = MOST_VALUES
) -> SentPart:
    """One stage and the asked columns (None: all); an unknown or missing one, or too many, is a SettingsError."""
    columns = tuple(range(len(scores.classes))) if classes is None else tuple(classes)
    wrong = [column for column in columns if not 0 <= column < len(scores.classes)]
    if wrong or not columns:
        raise SettingsError(
            f"classes must be numbers from 0 to {len(scores.classes) - 1}, such as classes=0,1; found "
            f"{wrong[0] if wrong else 'none'}"
        )
    part = SentPart((stage_index(scores, stage),), columns)
    fits = max(1, most_values // max(1, len(BRANCHES) * scores.grid.n))
    if len(columns) > fits:
        raise SettingsError(f"at most {fits} classes of this video fit into one answer; found {len(columns)}")
    return part


def curves_of(scores: VideoScores, part: SentPart) -> dict[str, np.ndarray]:
    """``cbp`` and ``vlp``, each (S', T, C') float32."""
    rows, columns = list(part.stages), list(part.classes)
    return {
        branch: np.asarray(scores.class_scores[branch][rows][:, :, columns], dtype=np.float32)
        for branch in BRANCHES
    }


def class_order(scores: VideoScores, row: int, labels: Sequence[str]) -> list[int]:
    """Columns: those of ``labels`` first, then by the better video score of the two branches, highest first."""
    probable = np.maximum(*(scores.video_scores[branch][row] for branch in BRANCHES))
    order = np.argsort(-probable, kind="stable").tolist()
    return sorted(order, key=lambda column: scores.classes.names[column] not in labels)


def stage_index(scores: VideoScores, stage: str) -> int:
    """Row of a stage; an unknown one is a SettingsError."""
    if stage not in scores.stages:
        raise SettingsError(f"no stage {stage!r:.40}; known: {', '.join(scores.stages)}")
    return scores.stages.index(stage)
