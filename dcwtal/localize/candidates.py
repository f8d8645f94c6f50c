"""One class of one video → its candidate segments and their scores, before any of them is suppressed."""

import math

import numpy as np

from dcwtal.core.timegrid import TimeGrid
from dcwtal.localize.runs import distinct_runs, drop_short, join_runs, min_max, runs_at_each, runs_at_least
from dcwtal.localize.scoring import outer_inner_contrast, run_maxima, run_means
from dcwtal.localize.settings import LocalizeSettings
from dcwtal.localize.smoothing import moving_average

# Share of a snippet that rounding may take from a time: 1.92 s are three snippets of .64 s.
_ROUNDING = 1e-6


def candidates_of_class(
    curve: np.ndarray,
    grid: TimeGrid,
    settings: LocalizeSettings,
    *,
    video_score: float,
    duration: float | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Candidate segments (N, 2) float64 seconds of one class's ``curve`` (T,) on ``grid``, by start and end,
    and their scores (N,) float64.

    In this order: smooth, threshold, join, drop the short, score. ``video_score`` is the class's ŷ.
    ``duration`` (seconds) cuts what reaches past the video's end, since the last snippet may; what is too short then
    is dropped, too.
    """
    curve = moving_average(curve, settings.smoothing / grid.step)
    thresholded, runs = _runs_of(curve, grid, settings)
    scores = _scores_of(runs, curve, thresholded, video_score=video_score, settings=settings)
    segments = grid.runs_to_segments(runs)
    if duration is not None:
        segments = np.minimum(segments, duration)
    lasting = segments[:, 1] - segments[:, 0]
    kept = (lasting > 0) & (lasting >= settings.min_length - _ROUNDING * grid.step)
    return segments[kept], scores[kept]


def _runs_of(curve: np.ndarray, grid: TimeGrid, settings: LocalizeSettings) -> tuple[np.ndarray, np.ndarray]:
    """The curve that is thresholded (T,), and its runs (R, 2): joined, long enough, each once, in order."""
    if settings.mode == "peer":
        thresholded = min_max(curve)
        runs, level = runs_at_each(thresholded, settings.theta_list)
    else:
        thresholded, runs = _paper_runs(curve, settings)
        level = None
    gap = min(settings.closing_gap / grid.step, grid.n)
    runs = join_runs(runs, max_gap=math.floor(gap + _ROUNDING), level=level)
    shortest = min(settings.min_length / grid.step, grid.n + 1)
    runs = drop_short(runs, min_snippets=math.ceil(shortest - _ROUNDING))
    # The same run found at several thresholds says nothing new: it is kept once.
    return thresholded, runs if level is None else distinct_runs(runs)


def _paper_runs(curve: np.ndarray, settings: LocalizeSettings) -> tuple[np.ndarray, np.ndarray]:
    if not settings.minmax:
        runs = runs_at_least(curve, settings.theta_loc)
        if len(runs):
            return curve, runs
    stretched = min_max(curve)
    return stretched, runs_at_least(stretched, settings.theta_loc)


def _scores_of(
    runs: np.ndarray,
    curve: np.ndarray,
    thresholded: np.ndarray,
    *,
    video_score: float,
    settings: LocalizeSettings,
) -> np.ndarray:
    """Score (R,) of each run: the rule's, plus what the mode adds, times ŷ where that is asked for."""
    scores = _base_scores(runs, curve, thresholded, settings)
    if settings.mode == "peer":
        scores = scores + settings.outer_inner_gamma * video_score
    elif settings.tie_break_weight > 0:
        contrast = outer_inner_contrast(curve, runs, flank=settings.outer_inner_lambda)
        scores = scores + settings.tie_break_weight * contrast
    return scores * video_score if settings.multiply_video_score else scores


def _base_scores(
    runs: np.ndarray, curve: np.ndarray, thresholded: np.ndarray, settings: LocalizeSettings
) -> np.ndarray:
    rule = settings.score_rule
    if rule == "mode":
        rule = "contrast" if settings.mode == "peer" else "maximum"
    if rule == "contrast":
        return outer_inner_contrast(thresholded, runs, flank=settings.outer_inner_lambda)
    # Of the plain curve even where the min-max curve was thresholded: a score must compare across videos,
    # and every min-max curve reaches 1.
    return run_maxima(curve, runs) if rule == "maximum" else run_means(curve, runs)
