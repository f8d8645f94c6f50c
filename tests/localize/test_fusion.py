"""Picking or mixing branches."""

import numpy as np
import pytest

from dcwtal.core.class_activation import ClassActivationSequence
from dcwtal.core.class_names import ClassNames
from dcwtal.core.errors import DataError
from dcwtal.core.timegrid import TimeGrid
from dcwtal.localize.fusion import pick_branch

CLASSES = ClassNames.of(["Dive", "Jump"])


def sequence(value: float, n: int = 3) -> ClassActivationSequence:
    return ClassActivationSequence(
        np.full((n, 2), value), np.array([value, 1 - value]), TimeGrid(0, 0.64, n), CLASSES
    )


@pytest.mark.parametrize(
    ("weight", "frames", "video"), [(1.0, 0.8, 0.8), (0.0, 0.2, 0.2), (0.25, 0.35, 0.35)]
)
def test_fused_weighs_cbp(weight, frames, video):
    fused = pick_branch(sequence(0.8), sequence(0.2), branch="fused", weight=weight)
    assert fused.class_scores == pytest.approx(np.full((3, 2), frames))
    assert fused.video_scores == pytest.approx([video, 1 - video])


def test_one_branch_is_handed_through():
    cbp, vlp = sequence(0.8), sequence(0.2, n=5)  # other grids do not matter then
    assert pick_branch(cbp, vlp, branch="cbp", weight=0.5) is cbp
    assert pick_branch(cbp, vlp, branch="vlp", weight=0.5) is vlp


def test_fusion_refuses_two_grids():
    with pytest.raises(DataError, match="one grid"):
        pick_branch(sequence(0.8), sequence(0.2, n=5), branch="fused", weight=0.5)
