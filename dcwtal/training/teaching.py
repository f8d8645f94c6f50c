"""What the teacher of a phase says: one ternary label array a training video, made once at the phase's start."""

import numpy as np

from dcwtal.data.samples import TrainingSample
from dcwtal.models.two_branch import TwoBranchModel
from dcwtal.training.branch_scores import branch_scores
from dcwtal.training.pseudo_labels import background_below, ternary_labels
from dcwtal.training.schedule import Phase
from dcwtal.training.settings import PseudoLabelSettings


def anchored_background(
    model: TwoBranchModel, samples: list[TrainingSample], settings: PseudoLabelSettings
) -> list[np.ndarray]:
    """(T, C) bool a video: where the CBP, as it is after the warm-up, scores below ``settings.anchor``."""
    return [
        background_below(branch_scores(model, sample, "cbp")[0], settings.anchor, settings)
        for sample in samples
    ]


def teach(
    model: TwoBranchModel,
    samples: list[TrainingSample],
    phase: Phase,
    settings: PseudoLabelSettings,
    anchor: list[np.ndarray] | None,
) -> list[np.ndarray]:
    """(T, C) int8 a video, from full-length passes in eval mode.

    B and self phases are taught by CBP, F phases by VLP (vanilla or trained). With ``conflict_is_uncertain`` the
    F step asks CBP too.
    """
    labels = []
    for position, sample in enumerate(samples):
        branch = "vlp" if phase.kind == "F" else "cbp"
        scores, _ = branch_scores(model, sample, branch, vanilla=phase.from_vanilla)
        opposed = None
        if phase.kind == "F" and settings.conflict_is_uncertain:
            opposed = background_below(branch_scores(model, sample, "cbp")[0], settings.delta_l, settings)
        labels.append(
            ternary_labels(
                scores,
                sample.labels,
                settings,
                anchored_background=None if anchor is None else anchor[position],
                opposed_background=opposed,
            )
        )
    return labels
