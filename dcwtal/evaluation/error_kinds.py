"""Why each detection is wrong: the five error kinds of DETAD (Alwassel, Caba Heilbron, Escorcia & Ghanem, "Diagnosing
Error in Temporal Action Detectors", ECCV 2018).

DETAD looks at the best 10·N_c detections of a class only; here every detection is explained.
"""

from collections.abc import Sequence

import numpy as np

from dcwtal.core.detections import Detections
from dcwtal.core.instances import ActionInstances
from dcwtal.evaluation.matching import UNMATCHED, match_detections
from dcwtal.evaluation.overlap_pairs import NO_INSTANCE, overlapping_pairs
from dcwtal.evaluation.text_codes import text_codes

KINDS = (
    "true positive",
    "double detection",
    "wrong label",
    "localization",
    "confusion",
    "background",
)
# α of DETAD: below this tIoU a detection has nothing to do with an instance.
NEARLY_NOTHING = 0.1


def error_kinds(
    detections: Detections,
    instances: ActionInstances,
    tious: Sequence[float],
    *,
    matches: np.ndarray | None = None,
) -> np.ndarray:
    """Codes into :data:`KINDS`, (K, N) int8, for K thresholds, in stored order of ``detections``.

    With t* the largest tIoU with an instance of any class in the video (the first such instance on ties), a detection
    that takes no instance at threshold thr is, for t* ≥ thr, a double detection if that instance has its class, else a
    wrong label; for .1 ≤ t* < thr localization if it has its class, else confusion; else background. ``matches``
    (K, N): what :func:`match_detections` answers for these thresholds, for a caller that has it.
    """
    if matches is None:
        matches = match_detections(detections, instances, tious)
    highest, same_class = _nearest(detections, instances)
    near = np.where(same_class, KINDS.index("localization"), KINDS.index("confusion"))
    near = np.where(highest >= NEARLY_NOTHING, near, KINDS.index("background"))
    hit = np.where(same_class, KINDS.index("double detection"), KINDS.index("wrong label"))
    kinds = np.zeros(matches.shape, dtype=np.int8)
    for k, threshold in enumerate(tious):
        wrong = np.where(highest >= threshold, hit, near)
        kinds[k] = np.where(matches[k] == UNMATCHED, wrong, KINDS.index("true positive"))
    return kinds


def _nearest(detections: Detections, instances: ActionInstances) -> tuple[np.ndarray, np.ndarray]:
    """For each detection the largest tIoU with any instance of its video, (N,), and whether that instance has its
    class, (N,) bool; 0 and False where nothing overlaps."""
    pairs = overlapping_pairs(detections, instances, same_label=False)
    best = pairs.best(len(detections))
    rows = np.flatnonzero(best != NO_INSTANCE)
    highest, same_class = np.zeros(len(detections)), np.zeros(len(detections), dtype=bool)
    highest[rows] = pairs.tiou[best[rows]]
    _, (mine, theirs) = text_codes(detections.label, instances.label)
    same_class[rows] = mine[rows] == theirs[pairs.instance[best[rows]]]
    return highest, same_class
