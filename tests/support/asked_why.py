"""Questions why an instance was missed, on curves painted for it."""

from scored_run import CLASSES, flat_scores

from dcwtal.core.instances import ActionInstances
from dcwtal.evaluation.matching import match_detections
from dcwtal.localize.settings import LocalizeSettings
from dcwtal.pipeline.localize import localize_scores
from dcwtal.pipeline.why_missed.explanation import missed_instance

DIVE = CLASSES.index("Dive")


def painted(*plateaus, branch="cbp", n=20):
    """Scores of 1-s snippets; each plateau is (first, past, height) of Dive in all stages."""
    scores = flat_scores("v", n=n)
    for first, past, height in plateaus:
        scores.class_scores[branch][:, first:past, DIVE] = height
    return scores


def asked(scores, truth, row=0, *, tiou=0.5, **settings):
    """The instance in ``row``, in order of time, of ``truth``: rows of (label, start, end)."""
    instances = ActionInstances.of([("v", start, end, label) for label, start, end in truth])
    return missed_instance(
        scores,
        instances,
        row,
        stage="F1",
        settings=LocalizeSettings(**settings),
        tiou=tiou,
        duration=None,
    )


def is_found(missed, **changes):
    """Whether it is found with these settings changed, by localizing and matching."""
    settings = LocalizeSettings(**missed.settings.model_dump() | changes)
    detections = localize_scores(missed.scores, "F1", settings, duration=missed.duration)
    return missed.row in match_detections(detections, missed.truth, [missed.tiou])[0]


def changes_of(answer):
    """The proposed changes by key."""
    return {change["key"]: change for change in answer["changes"]}
