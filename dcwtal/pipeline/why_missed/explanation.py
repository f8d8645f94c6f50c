"""Everything about a missed instance: why it was missed, and the smallest changes that would recover it."""

from typing import Any

import numpy as np

from dcwtal.core.instances import ActionInstances
from dcwtal.data.score_store import VideoScores
from dcwtal.localize.settings import LocalizeSettings
from dcwtal.pipeline.why_missed.changes import Search, recovering_changes
from dcwtal.pipeline.why_missed.missed_instance import MissedInstance
from dcwtal.pipeline.why_missed.reason import reason_of


def missed_instance(
    scores: VideoScores,
    truth: ActionInstances,
    row: int,
    *,
    stage: str,
    settings: LocalizeSettings,
    tiou: float,
    duration: float | None,
) -> MissedInstance:
    """The instance that is number ``row`` of the video's ``truth`` in order of time, as the page lists them.

    The truth itself stays in stored order: instances of equal tIoU are matched in that order everywhere.
    """
    stored = int(np.argsort(truth.start, kind="stable")[row])
    return MissedInstance(scores, stage, settings, truth, stored, tiou, duration)


def explain(missed: MissedInstance) -> dict[str, Any]:
    """``reason``, ``text``, the ``changes`` that would recover a missed one, how much was ``searched`` for them
    (:class:`Search`; a found one: "none") and the ``seconds`` after which that search would have been stopped."""
    reason = reason_of(missed)
    search = Search([], "none", 0.0) if reason.name == "found" else recovering_changes(missed, reason)
    return {
        "reason": reason.name,
        "text": reason.text,
        "changes": search.changes,
        "searched": search.searched,
        "seconds": search.seconds,
    }
