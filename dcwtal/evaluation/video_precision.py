"""Average precision within single videos, of thousands of videos at once."""

import numpy as np

from dcwtal.core.detections import Detections
from dcwtal.core.instances import ActionInstances
from dcwtal.evaluation.matching import UNMATCHED, match_detections
from dcwtal.evaluation.text_codes import text_codes


def video_average_precision(
    detections: Detections,
    instances: ActionInstances,
    tiou: float,
    *,
    matched: np.ndarray | None = None,
) -> dict[str, float]:
    """mAP at one ``tiou`` of each video that has instances, evaluated as if it were alone, in [0, 1].

    Its classes are those it has instances of; detections of other labels enter no number, as in
    :func:`mean_average_precision`. ``matched`` (N,): what :func:`match_detections` answers for ``tiou``.
    """
    if matched is None:
        matched = match_detections(detections, instances, [tiou])[0]
    videos, (my_video, video) = text_codes(detections.video, instances.video)
    labels, (my_label, label) = text_codes(detections.label, instances.label)
    mine, theirs = my_video * len(labels) + my_label, video * len(labels) + label
    groups, to_find = np.unique(theirs, return_counts=True)
    precision, of_group = _envelopes(mine, detections.score, matched != UNMATCHED)
    area = np.bincount(np.searchsorted(groups, of_group), weights=precision, minlength=len(groups))
    video_of_group = groups // max(1, len(labels))
    total = np.bincount(video_of_group, weights=area / to_find, minlength=len(videos))
    classes = np.bincount(video_of_group, minlength=len(videos))
    return {str(videos[row]): float(total[row] / classes[row]) for row in np.flatnonzero(classes)}


def _envelopes(groups: np.ndarray, score: np.ndarray, hits: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The precision envelope at every hit, and the group it belongs to; both (H,) for H hits.

    Within a group the envelope is the highest precision from a hit on; precision only rises at hits, so the others
    need not be looked at.
    """
    order = np.lexsort((-score, groups))
    groups, hits = groups[order], hits[order]
    begins = np.searchsorted(groups, groups)
    seen = np.arange(len(groups)) - begins + 1
    found = hits.cumsum()
    found -= (found - hits)[begins]
    precision, of_group = (found / seen)[hits], groups[hits]
    # Ranks, so that group and precision fit one integer exactly: one running maximum then serves all groups.
    values, ranks = np.unique(precision, return_inverse=True)
    position = np.unique(of_group, return_inverse=True)[1]
    # From the last hit to the first: an earlier group must stand above the later ones.
    keys = (position.max(initial=0) - position) * (len(values) + 1) + ranks
    running = np.maximum.accumulate(keys[::-1])[::-1]
    return values[running % (len(values) + 1)], of_group
