"""Which values of a setting are worth trying for a missed instance, and how large a change each of them is."""

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from dcwtal.localize.runs import min_max
from dcwtal.localize.settings import MOST_THRESHOLDS, LocalizeSettings
from dcwtal.localize.smoothing import moving_average
from dcwtal.pipeline.why_missed.missed_instance import MissedInstance, class_curve
from dcwtal.pipeline.why_missed.reason import Reason

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
SWITCHES = {
    "branch": ("cbp", "vlp", "fused"),
    "mode": ("paper", "peer"),
    "nms": ("gaussian", "hard", "none"),
    "class_scores_branch": ("same", "cbp", "vlp", "fused"),
}
FINER = ("theta_loc", "theta_list")
MOST_FINER = 40
_HUNDREDTHS = tuple(round(step / 100, 2) for step in range(1, 101))
_FORTIETHS = tuple(round(step / 40, 3) for step in range(1, 40))


def nearest_first(key: str, missed: MissedInstance, reason: Reason) -> list[tuple[float, Any]]:
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


def finer_thresholds(key: str, missed: MissedInstance) -> list[tuple[float, Any]]:
    """(Size, value) of thresholds between those of :func:`nearest_first`, nearest first, at most MOST_FINER.

    Runs change only where a threshold passes a value of the curve: one threshold between each two neighbouring values
    near the instance, where no coarse one lies, are all that can still differ. Other settings have none.
    """
    settings = missed.settings
    if key not in FINER or not _has_effect(key, settings):
        return []
    now = getattr(settings, key)
    if key == "theta_loc":
        between = _between_values(missed, present=[now, *_HUNDREDTHS])
        return sorted((abs(value - now) / RANGES[key], value) for value in between)[:MOST_FINER]
    return _with_one_more(now, _between_values(missed, present=[*now, *_FORTIETHS]))[:MOST_FINER]


def _between_values(missed: MissedInstance, *, present: Iterable[float]) -> list[float]:
    """Short numbers, each between two neighbouring curve values near the instance that no ``present`` one parts."""
    settings, grid = missed.settings, missed.scores.grid
    if not grid.n:
        return []
    curve = moving_average(class_curve(missed, settings), settings.smoothing / grid.step)
    stretched = min_max(curve)
    # Where the plain curve does not reach the threshold, paper mode thresholds the min-max curve.
    curves = [stretched] if settings.minmax or settings.mode == "peer" else [curve, stretched]
    near, present = _near(missed), sorted(present)
    between = set()
    for each in curves:
        values = np.unique(each[near]).astype(np.float64)
        # As in the comparison itself, a threshold is rounded to the curve's own type.
        coarse = np.array(present, each.dtype).astype(np.float64)
        parted = np.searchsorted(coarse, values[1:], "right") > np.searchsorted(coarse, values[:-1], "right")
        pairs = np.stack([values[:-1], values[1:]], axis=1)[~parted]
        between.update(_short_number(low, high) for low, high in pairs.tolist())
    return sorted(between)


def _near(missed: MissedInstance) -> slice:
    """The snippets in which a run that reaches the tIoU can begin or end, and one more on either side."""
    first, last = missed.segment[0]
    reach = (last - first) * (1 / missed.tiou - 1) + missed.scores.grid.step
    low, high = missed.scores.grid.snippet_at(np.array([first - reach, last + reach]))
    return slice(int(low), int(high) + 1)


def _short_number(low: float, high: float) -> float:
    """The middle of ``low`` < ``high`` in as few decimals as still lie above ``low`` and not above ``high``."""
    middle = (low + high) / 2
    short = (round(middle, decimals) for decimals in range(3, 8))
    return next((value for value in short if low < value <= high), high)


def _values(key: str, now: float, reason: Reason, missed: MissedInstance) -> Iterable[Any]:
    """Values of a slider, in no order."""
    if key == "theta_cls":
        score = reason.hints.get("class_score", 0.0)
        return [math.floor(score * 1000) / 1000]
    if key == "max_per_video":
        place = int(reason.hints.get("place", 0))
        return [value for value in (place, place + 10, 2 * now, 5 * now) if value > now]
    if key == "min_score":
        return [0.0, *(now * share for share in (0.5, 0.2, 0.1, 0.01))] if now else []
    return {
        "theta_loc": _HUNDREDTHS,
        "fusion_weight": [0.0, *_HUNDREDTHS[4::5]],
        "nms_tiou": [0.0, *_HUNDREDTHS[4::5]],
        "sigma": [*_HUNDREDTHS[4::5], 1.5, 2.0, 5.0, 10.0],
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
    return _with_one_more(now, _FORTIETHS)


def _with_one_more(now: tuple[float, ...], more: Iterable[float]) -> list[tuple[float, tuple[float, ...]]]:
    if len(now) >= MOST_THRESHOLDS:
        return []
    present = np.array(now)
    tried = [(float(np.abs(present - value).min()), value) for value in more]
    return [(apart, tuple(sorted({*now, value}))) for apart, value in sorted(tried) if apart > 1e-9]
