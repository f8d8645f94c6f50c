"""Why no candidate reaches an instance, told from what the thresholds and the minimum length really gave."""

from dataclasses import replace

import numpy as np

from dcwtal.core.segment import tiou_matrix
from dcwtal.pipeline.why_missed.missed_instance import MissedInstance, candidates, seconds_text

# Coverage and purity closer than this: neither too short nor too long, but shifted.
_SHIFTED = 0.15


def undiscovered_text(missed: MissedInstance, segments: np.ndarray, overlap: np.ndarray) -> str:
    """One or two sentences; no candidate of ``segments`` (N, 2) seconds reaches the tIoU by its ``overlap`` (N,)."""
    dropped = _dropped_as_too_short(missed, segments, overlap)
    if dropped is not None:
        return dropped
    if not len(segments) or not overlap.max(initial=0.0):
        what = "no candidate" if not len(segments) else f"none of {len(segments)} candidates"
        return f"The curve gives {what} that overlaps it: {_nothing_here(missed)}."
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
    return (
        f"No candidate reaches tIoU {missed.tiou:g}. The best, {seconds_text(start, end)}, reaches "
        f"{overlap[best]:.2f}: it covers {coverage:.0%} of the instance and {purity:.0%} of it is the "
        f"instance, so it is {kind}."
    )


def _dropped_as_too_short(missed: MissedInstance, segments: np.ndarray, overlap: np.ndarray) -> str | None:
    """The sentence where a run is missing that reaches the tIoU, or that alone overlaps the instance at all."""
    shortest = missed.settings.min_length
    if not shortest:
        return None
    runs, shared = _of_any_length(missed)
    best = float(shared.max(initial=0.0))
    if best <= 0 or (best < missed.tiou and overlap.max(initial=0.0) > 0):
        return None
    run = runs[int(shared.argmax())]
    others = f" None of the {len(segments)} candidates left overlaps it." if best < missed.tiou else ""
    return (
        f"The curve passes the threshold here, at {seconds_text(*run)} (tIoU {best:.2f}), but that run was dropped as "
        f"shorter than the minimum length of {shortest:g} s.{others}"
    )


def _of_any_length(missed: MissedInstance) -> tuple[np.ndarray, np.ndarray]:
    """The candidates (N, 2) seconds that there would be without a minimum length, and their tIoU (N,)."""
    settings = missed.settings.model_copy(update={"min_length": 0.0})
    runs, _ = candidates(
        missed, settings, video_score=0.0
    )  # ŷ is of no account: the scores are not looked at
    return runs, tiou_matrix(runs, missed.segment)[:, 0]


def _nothing_here(missed: MissedInstance) -> str:
    """What the curve does at the instance, where no run of any length overlaps it."""
    grid, (first, last) = missed.scores.grid, missed.segment[0]
    if last <= grid.start or first >= grid.end:
        return f"the scores cover only {seconds_text(grid.start, grid.end)}"
    _, overlap = _of_any_length(replace(missed, duration=None))
    if overlap.any():
        return f"detections end with the video, at {missed.duration:.2f} s"
    if missed.settings.mode == "peer":
        return "here the min-max curve stays below every threshold"
    return "here it stays below the threshold"
