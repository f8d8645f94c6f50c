"""One class activation sequence out of two branches."""

from typing import Literal

import numpy as np

from dcwtal.core.class_activation import ClassActivationSequence
from dcwtal.core.errors import DataError


def pick_branch(
    cbp: ClassActivationSequence,
    vlp: ClassActivationSequence,
    *,
    branch: Literal["cbp", "vlp", "fused"],
    weight: float,
) -> ClassActivationSequence:
    """The CBP, the VLP, or ``weight``·CBP + (1 - weight)·VLP (frame and video scores alike).

    Table 4's "AVG" is weight .5, its "Weight" any other one.
    """
    if branch != "fused":
        return {"cbp": cbp, "vlp": vlp}[branch]
    if cbp.grid != vlp.grid or cbp.classes != vlp.classes:
        raise DataError(
            f"fusion needs both branches on one grid with the same classes; found {cbp.grid} and {vlp.grid}, "
            f"{len(cbp.classes)} and {len(vlp.classes)} classes; extract both features on one grid"
        )
    return ClassActivationSequence(
        fuse(cbp.class_scores, vlp.class_scores, weight),
        fuse(cbp.video_scores, vlp.video_scores, weight),
        cbp.grid,
        cbp.classes,
    )


def fuse(cbp: np.ndarray, vlp: np.ndarray, weight: float) -> np.ndarray:
    """``weight``·CBP + (1 - weight)·VLP of two arrays of scores of one shape."""
    return weight * cbp + (1 - weight) * vlp
