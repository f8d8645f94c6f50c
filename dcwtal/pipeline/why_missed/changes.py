"""The smallest single changes of a setting under which a missed instance is found, each tried out for real.

For every setting that can matter for the reason, values are tried from the nearest to the farthest until one recovers
the instance; a quick look at the instance's own class comes before the whole video is localized. The search is capped:
settings that tell most come first, and it ends when its time is up.
"""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from dcwtal.core.segment import tiou_matrix
from dcwtal.localize.class_choice import choose_classes
from dcwtal.localize.settings import LocalizeSettings
from dcwtal.localize.suppression import suppress
from dcwtal.pipeline.localize import choosing_scores
from dcwtal.pipeline.why_missed.missed_instance import MissedInstance, candidates, outcome
from dcwtal.pipeline.why_missed.reason import Reason
from dcwtal.pipeline.why_missed.tried_values import SWITCHES, finer_thresholds, nearest_first

MOST_CHANGES = 4
SECONDS = 0.7  # of a video up to LONG snippets; of a longer one three times as many
LONG = 1000
NAMES = {
    "theta_cls": "θ_cls",
    "theta_loc": "θ_loc",
    "theta_list": "thresholds",
    "fusion_weight": "w",
    "smoothing": "smoothing",
    "closing_gap": "closing gap",
    "min_length": "minimum length",
    "sigma": "σ of the NMS",
    "nms_tiou": "tIoU of the NMS",
    "min_score": "min_score",
    "max_per_video": "detections per video",
    "branch": "branch",
    "mode": "mode",
    "nms": "NMS",
    "class_scores_branch": "branch that chooses classes",
}
_CHOICE = ("theta_cls", "fusion_weight", "class_scores_branch", "branch")
_PROPOSAL = (
    "theta_loc",
    "theta_list",
    "fusion_weight",
    "closing_gap",
    "smoothing",
    "min_length",
    "branch",
    "mode",
)
_SURVIVAL = ("min_score", "sigma", "nms_tiou", "nms", "max_per_video")
ORDER = {
    "class missed": _CHOICE,
    "undiscovered": _PROPOSAL,
    "suppressed": (*_SURVIVAL, *_PROPOSAL),
    "out-ranked": (*reversed(_SURVIVAL), *_PROPOSAL),
}


@dataclass(frozen=True)
class Search:
    """What a search gave. ``changes``: at most MOST_CHANGES rows ``key``, ``value``, ``from``, ``text``, ``hits`` and
    ``wrong`` (how many more the video then has), smallest change first. ``searched``: "all" values worth trying, "part"
    of them because the time of ``seconds`` was up, or "none" because no setting can matter."""

    changes: list[dict[str, Any]]
    searched: Literal["all", "part", "none"]
    seconds: float


class _TimeIsUp(Exception):
    pass


def recovering_changes(missed: MissedInstance, reason: Reason) -> Search:
    """The smallest single changes that find the instance; none when no single change was found."""
    if missed.label not in missed.scores.classes.names:
        return Search([], "none", 0.0)
    seconds = SECONDS * (1 if missed.scores.grid.n <= LONG else 3)
    rows: list[tuple[float, LocalizeSettings, str]] = []
    end = time.perf_counter() + seconds
    searched: Literal["all", "part"] = "all"
    try:
        for row in _all_that_help(missed, reason, end):
            rows.append(row)
    except _TimeIsUp:
        searched = "part"
    rows.sort(key=lambda row: row[0])
    _, hits, wrong = outcome(missed, missed.settings)
    changes = []
    for _, settings, key in rows[:MOST_CHANGES]:
        _, now_hits, now_wrong = outcome(missed, settings)
        row = _described(key, missed.settings, settings)
        changes.append(row | {"hits": now_hits - hits, "wrong": now_wrong - wrong})
    return Search(changes, searched, round(seconds, 3))


def _all_that_help(
    missed: MissedInstance, reason: Reason, end: float
) -> Iterator[tuple[float, LocalizeSettings, str]]:
    """Size, settings and key of each change that helps; finer thresholds last, where the coarse ones gave nothing."""
    without = []
    for key in ORDER[reason.name]:
        found = False
        for size, settings in _first_that_helps(missed, key, nearest_first(key, missed, reason), end):
            found = True
            yield size, settings, key
        if not found:
            without.append(key)
    for key in without:
        for size, settings in _first_that_helps(missed, key, finer_thresholds(key, missed), end):
            yield size, settings, key


def _first_that_helps(
    missed: MissedInstance, key: str, values: Iterable[tuple[float, Any]], end: float
) -> Iterator[tuple[float, LocalizeSettings]]:
    """The first of the ``values`` that recovers the instance (of a switch: every one), with its size."""
    for size, value in values:
        if time.perf_counter() > end:
            raise _TimeIsUp
        settings = missed.settings.model_copy(update={key: value})
        if _may_help(missed, settings) and outcome(missed, settings)[0]:
            yield size, settings
            if key not in SWITCHES:
                return


def _may_help(missed: MissedInstance, settings: LocalizeSettings) -> bool:
    """Whether the class is looked for and one of its survivors reaches the tIoU: necessary, and quickly seen."""
    chooser = choosing_scores(missed.scores, missed.stage, settings)
    column = missed.scores.classes.index(missed.label)
    if column not in choose_classes(chooser, threshold=settings.theta_cls, relative=settings.relative_cls):
        return False
    segments, scores = candidates(missed, settings, float(chooser[column]))
    reaches = tiou_matrix(segments, missed.segment)[:, 0] >= missed.tiou
    if not reaches.any():
        return False
    rows, _ = suppress(segments, scores, settings, limit=settings.max_per_video)
    return bool(reaches[rows].any())


def _described(key: str, before: LocalizeSettings, after: LocalizeSettings) -> dict[str, Any]:
    old, new = (settings.model_dump(mode="json")[key] for settings in (before, after))
    name = NAMES[key]
    if key == "theta_list":
        text = f"Add the threshold {next(value for value in new if value not in old):g}"
    elif key in SWITCHES:
        text = f"Set {name} to {new} instead of {old}"
    else:
        text = f"{'Lower' if new < old else 'Raise'} {name} from {old:g} to {new:g}"
    return {"key": key, "value": new, "from": old, "text": text}
