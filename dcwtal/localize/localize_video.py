"""Scores of one video → its detections: the composition of this package, and nothing else."""

import numpy as np

from dcwtal.core.class_activation import ClassActivationSequence
from dcwtal.core.detections import Detections
from dcwtal.core.errors import DataError
from dcwtal.localize.candidates import candidates_of_class
from dcwtal.localize.class_choice import choose_classes
from dcwtal.localize.fusion import pick_branch
from dcwtal.localize.settings import LocalizeSettings
from dcwtal.localize.suppression import suppress


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
    all_segments, all_scores, labels = [np.zeros((0, 2))], [np.zeros(0)], []
    for column in choose_classes(video_scores, threshold=settings.theta_cls, relative=settings.relative_cls):
        segments, scores = candidates_of_class(
            chosen.class_scores[:, column],
            chosen.grid,
            settings,
            video_score=float(video_scores[column]),
            duration=duration,
        )
        rows, scores = suppress(segments, scores, settings, limit=settings.max_per_video)
        all_segments.append(segments[rows])
        all_scores.append(scores)
        labels += [chosen.classes.names[column]] * len(rows)
    segments, scores = np.concatenate(all_segments), np.concatenate(all_scores)
    best = np.argsort(-scores, kind="stable")[: settings.max_per_video]
    return Detections(
        [video_id] * len(best),
        segments[best, 0],
        segments[best, 1],
        [labels[row] for row in best],
        scores[best],
    )
