"""Lists of tIoU thresholds: how they are written, and the averages that papers quote over them."""

from itertools import pairwise

import numpy as np

from dcwtal.core.errors import UserError

THUMOS14 = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7)
ACTIVITYNET = (0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95)
# What papers average over, by the name they print.
NAMED_AVERAGES = {
    "0.1:0.5": THUMOS14[:5],
    "0.3:0.7": THUMOS14[2:],
    "0.1:0.7": THUMOS14,
    "0.5:0.95": ACTIVITYNET,
}
_HINT = "expected thresholds in (0, 1] as first:last:step, e.g. 0.1:0.7:0.1, or a list, e.g. 0.5,0.75,0.95"


def parse_tious(text: str) -> tuple[float, ...]:
    """``"0.1:0.7:0.1"`` (both ends included) or ``"0.5,0.75,0.95"`` as rising thresholds."""
    try:
        numbers = [float(part) for part in text.replace(":", ",").split(",")]
    except ValueError:
        raise UserError(f"--tiou: {_HINT}; found {text!r}") from None
    if ":" in text:
        numbers = _spread(numbers, text)
    values = tuple(round(number, 10) for number in numbers)
    if not all(0 < value <= 1 for value in values) or list(values) != sorted(set(values)):
        raise UserError(f"--tiou: {_HINT}, rising; found {text!r}")
    return values


def _spread(numbers: list[float], text: str) -> list[float]:
    first, last, step = numbers if len(numbers) == 3 and "," not in text else (0.0, 0.0, 0.0)
    if not (0 < first <= last <= 1 and 0.001 <= step <= 1):
        raise UserError(f"--tiou: {_HINT}, step at least 0.001; found {text!r}")
    # Rounding errors of the steps must not cost the last threshold.
    return [first + step * i for i in range(int((last - first) / step + 1e-6) + 1)]


def averages(tious: tuple[float, ...], values: np.ndarray) -> dict[str, float]:
    """Means of ``values`` (K,) over every named range whose thresholds are all in ``tious`` (K).

    If none is, or if ``tious`` holds more than the named ranges say, the mean over all of ``tious`` under its
    own name stands there too.
    """
    position = {round(tiou, 10): i for i, tiou in enumerate(tious)}
    named = {
        name: float(np.mean([values[position[tiou]] for tiou in wanted]))
        for name, wanted in NAMED_AVERAGES.items()
        if all(tiou in position for tiou in wanted)
    }
    if not any(tuple(tious) == NAMED_AVERAGES[name] for name in named):
        named[range_name(tious)] = float(np.mean(values))
    return named


def range_name(tious: tuple[float, ...]) -> str:
    """``0.1:0.9`` for steps of 0.1, ``0.2:0.8:0.2`` for other steps, else the thresholds with commas."""
    if len(tious) < 3:
        return ",".join(f"{tiou:g}" for tiou in tious)
    steps = {round(high - low, 6) for low, high in pairwise(tious)}
    if len(steps) > 1:
        return ",".join(f"{tiou:g}" for tiou in tious)
    step = steps.pop()
    return f"{tious[0]:g}:{tious[-1]:g}" + ("" if step == 0.1 else f":{step:g}")
