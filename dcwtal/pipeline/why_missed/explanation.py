"""Everything about a missed instance: why it was missed, and the smallest changes that would recover it."""

from typing import Any

import numpy as np

from dcwtal.core.instances import ActionInstances
from dcwtal.data.score_store import VideoScores
from dcwtal.localize.settings import LocalizeSettings
from dcwtal.pipeline.why_missed.changes import recovering_changes
from dcwtal.pipeline.why_missed.reason import MissedInstance, reason_of


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
    """The instance in row ``row`` of ``truth`` once that is put in order of time."""
    ordered = truth[np.argsort(truth.start, kind="stable")]
    return MissedInstance(scores, stage, settings, ordered, row, tiou, duration)


def explain(missed: MissedInstance) -> dict[str, Any]:
    """``reason``, ``text`` and, for a missed one, the ``changes`` that would recover it."""
    reason = reason_of(missed)
    changes = [] if reason.name == "found" else recovering_changes(missed, reason)
    return {"reason": reason.name, "text": reason.text, "changes": changes}
