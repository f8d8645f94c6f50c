"""The smallest single changes of a setting under which a missed instance is found, each tried out for real.

For every setting that can matter for the reason, values are tried from the nearest to the farthest until one recovers
the instance; a quick look at the instance's own class comes before the whole video is localized. The search is capped:
settings that tell most come first, and it ends when its time is up.
"""

import math
import time
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from dcwtal.core.segment import tiou_matrix
from dcwtal.localize.class_choice import choose_classes
from dcwtal.localize.settings import LocalizeSettings
from dcwtal.localize.suppression import suppress
from dcwtal.pipeline.localize import choosing_scores
from dcwtal.pipeline.why_missed.reason import MissedInstance, Reason, candidates, outcome

MOST_CHANGES = 4
SECONDS = 0.7  # of a video up to LONG snippets; of a longer one three times as many
LONG = 1000
SWITCH = 1.0  # a switch is as large a change as a slider from end to end
# The length of each slider: what a difference is a share of.
RANGES = {
    "theta_cls": 1.0,
    "theta_loc": 1.0,
    "theta_list": 1.0,
    "fusion_weight": 1.0,
    "smoothing": 5.0,
    "closing_gap": 5.0,
    "min_length": 5.0,
    "sigma": 2.0,
    "nms_tiou": 1.0,
    "min_score": 1.0,
    "max_per_video": 2000.0,
}
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
SWITCHES = {
    "branch": ("cbp", "vlp", "fused"),
    "mode": ("paper", "peer"),
    "nms": ("gaussian", "hard", "none"),
    "class_scores_branch": ("same", "cbp", "vlp", "fused"),
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


def recovering_changes(missed: MissedInstance, reason: Reason) -> list[dict[str, Any]]:
    """At most MOST_CHANGES rows ``key``, ``value``, ``from``, ``text``, ``hits`` and ``wrong`` (how many more the
    video then has), smallest change first; empty when no single change was found."""
    if missed.label not in missed.scores.classes.names:
        return []
    seconds = SECONDS * (1 if missed.scores.grid.n <= LONG else 3)
    end = time.perf_counter() + seconds
    _, hits, wrong = outcome(missed, missed.settings)
    rows = []
    for key in ORDER[reason.name]:
        for size, settings in _first_that_helps(missed, key, reason, end):
            _, now_hits, now_wrong = outcome(missed, settings)
            row = _described(key, missed.settings, settings)
            rows.append((size, row | {"hits": now_hits - hits, "wrong": now_wrong - wrong}))
        if time.perf_counter() > end:
            break
    rows.sort(key=lambda pair: pair[0])
    return [row for _, row in rows[:MOST_CHANGES]]


def _first_that_helps(
    missed: MissedInstance, key: str, reason: Reason, end: float
) -> Iterator[tuple[float, LocalizeSettings]]:
    """The nearest value of a setting that recovers the instance (of a switch: every one), with its size."""
    for size, value in _nearest_first(key, missed, reason):
        if time.perf_counter() > end:
            return
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


def _nearest_first(key: str, missed: MissedInstance, reason: Reason) -> list[tuple[float, Any]]:
    """(Size, value) of the values worth trying, the smallest change first; none where the setting has no effect."""
    settings = missed.settings
    now = getattr(settings, key)
    if key in SWITCHES:
        return [(SWITCH, value) for value in SWITCHES[key] if value != now]
    if not _has_effect(key, settings):
        return []
    if key == "theta_list":
        return _more_thresholds(settings.theta_list)
    values = [value for value in _values(key, now, reason, missed) if value != now]
    return sorted((abs(value - now) / RANGES[key], value) for value in values)


def _has_effect(key: str, settings: LocalizeSettings) -> bool:
    return {
        "theta_loc": settings.mode == "paper",
        "theta_list": settings.mode == "peer",
        "fusion_weight": "fused" in (settings.branch, settings.class_scores_branch),
        "sigma": settings.nms == "gaussian",
        "nms_tiou": settings.nms == "hard",
    }.get(key, True)


def _values(key: str, now: float, reason: Reason, missed: MissedInstance) -> Iterable[Any]:
    """Values of a slider, in no order."""
    hundredths = [round(step / 100, 2) for step in range(1, 101)]
    if key == "theta_cls":
        score = reason.hints.get("class_score", 0.0)
        return [math.floor(score * 1000) / 1000]
    if key == "max_per_video":
        place = int(reason.hints.get("place", 0))
        return [value for value in (place, place + 10, 2 * now, 5 * now) if value > now]
    if key == "min_score":
        return [0.0, *(now * share for share in (0.5, 0.2, 0.1, 0.01))] if now else []
    return {
        "theta_loc": hundredths,
        "fusion_weight": [0.0, *hundredths[4::5]],
        "nms_tiou": [0.0, *hundredths[4::5]],
        "sigma": [*hundredths[4::5], 1.5, 2.0, 5.0, 10.0],
        "min_length": [value for value in _durations(missed) if value < now],
        "closing_gap": _durations(missed),
        "smoothing": _durations(missed),
    }[key]


def _durations(missed: MissedInstance) -> list[float]:
    """Seconds up to five, in whole snippets while those are long, else in tenths."""
    step = max(0.1, missed.scores.grid.step)
    return [0.0, *(round(step * number, 3) for number in range(1, min(25, int(5 / step)) + 1))]


def _more_thresholds(now: tuple[float, ...]) -> list[tuple[float, tuple[float, ...]]]:
    """The list with one threshold more, the nearest to one that is there first."""
    present = np.array(now)
    more = [round(step / 40, 3) for step in range(1, 40)]
    tried = [(float(np.abs(present - value).min()), value) for value in more]
    return [(apart, tuple(sorted({*now, value}))) for apart, value in sorted(tried) if apart > 1e-9]


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
