"""Scores of one video → its detections: the composition of this package, and nothing else."""

import numpy as np

from dcwtal.core.class_activation import ClassActivationSequence
from dcwtal.core.detections import Detections
from dcwtal.core.errors import DataError
from dcwtal.core.timegrid import TimeGrid
from dcwtal.localize.class_choice import choose_classes
from dcwtal.localize.fusion import pick_branch
from dcwtal.localize.nms import canonical_order, gaussian_soft_nms, hard_nms
from dcwtal.localize.runs import min_max, runs_at_least
from dcwtal.localize.scoring import outer_inner_contrast, run_maxima
from dcwtal.localize.settings import LocalizeSettings


def localize_video(
    cbp: ClassActivationSequence,
    vlp: ClassActivationSequence,
    video_id: str,
    settings: LocalizeSettings,
    *,
    video_class_scores: np.ndarray | None = None,
    duration: float | None = None,
) -> Detections:
    """Detections of one video, best first, at most ``settings.max_per_video``.

    ``video_class_scores`` (C,) replaces the branch's own ŷ, for choosing classes and for scoring.
    ``duration`` (seconds) cuts what reaches past the video's end, since the last snippet may.
    """
    chosen = pick_branch(cbp, vlp, branch=settings.branch, weight=settings.fusion_weight)
    video_scores = np.asarray(
        chosen.video_scores if video_class_scores is None else video_class_scores, dtype=np.float64
    )
    if video_scores.shape != (len(chosen.classes),):
        raise DataError(
            f"video {video_id!r}: expected one video score for each of {len(chosen.classes)} classes; "
            f"found shape {video_scores.shape}"
        )
    parts = []
    for column in choose_classes(video_scores, threshold=settings.theta_cls, relative=settings.relative_cls):
        runs, scores = propose(chosen.class_scores[:, column], float(video_scores[column]), settings)
        segments, scores = _to_seconds(runs, scores, chosen.grid, duration)
        segments, scores = _suppress(segments, scores, settings)
        label = chosen.classes.names[column]
        parts.append(
            Detections(
                [video_id] * len(scores), segments[:, 0], segments[:, 1], [label] * len(scores), scores
            )
        )
    return Detections.merge(parts).sorted_by_score()[: settings.max_per_video]


def propose(
    curve: np.ndarray, video_score: float, settings: LocalizeSettings
) -> tuple[np.ndarray, np.ndarray]:
    """Candidate runs (R, 2) int64 of one class's ``curve`` (T,) and their scores (R,), before suppression."""
    runs, scores = (_propose_paper if settings.mode == "paper" else _propose_peer)(
        curve, video_score, settings
    )
    return runs, scores * video_score if settings.multiply_video_score else scores


def _propose_paper(curve: np.ndarray, _: float, settings: LocalizeSettings) -> tuple[np.ndarray, np.ndarray]:
    # The score is the maximum of the plain curve even where the min-max curve was thresholded:
    # it must compare across videos, and every min-max curve reaches 1.
    runs = runs_at_least(min_max(curve) if settings.minmax else curve, settings.theta_loc)
    if not len(runs) and not settings.minmax:
        runs = runs_at_least(min_max(curve), settings.theta_loc)
    scores = run_maxima(curve, runs)
    if settings.tie_break_weight > 0:
        contrast = outer_inner_contrast(curve, runs, flank=settings.outer_inner_lambda)
        scores = scores + settings.tie_break_weight * contrast
    return runs, scores


def _propose_peer(
    curve: np.ndarray, video_score: float, settings: LocalizeSettings
) -> tuple[np.ndarray, np.ndarray]:
    # The same run found at several thresholds says nothing new: it is kept once.
    signal = min_max(curve)
    runs = np.concatenate([runs_at_least(signal, theta) for theta in settings.theta_list])
    runs = np.unique(runs, axis=0)
    contrast = outer_inner_contrast(signal, runs, flank=settings.outer_inner_lambda)
    return runs, contrast + settings.outer_inner_gamma * video_score


def _to_seconds(
    runs: np.ndarray, scores: np.ndarray, grid: TimeGrid, duration: float | None
) -> tuple[np.ndarray, np.ndarray]:
    segments = grid.runs_to_segments(runs)
    if duration is not None:
        segments = np.minimum(segments, duration)
    kept = segments[:, 0] < segments[:, 1]
    return segments[kept], scores[kept]


def _suppress(
    segments: np.ndarray, scores: np.ndarray, settings: LocalizeSettings
) -> tuple[np.ndarray, np.ndarray]:
    kept = scores >= settings.min_score
    segments, scores = segments[kept], scores[kept]
    if settings.nms == "gaussian":
        rows, scores = gaussian_soft_nms(
            segments,
            scores,
            sigma=settings.sigma,
            min_score=settings.min_score,
            limit=settings.max_per_video,
        )
        return segments[rows], scores
    if settings.nms == "hard":
        rows = hard_nms(segments, scores, max_tiou=settings.nms_tiou)
    else:
        rows = canonical_order(segments, scores)
    return segments[rows], scores[rows]
