"""Distillation of ternary pseudo-labels: L_kd (paper, Eq. 6)."""

from typing import Literal

import torch
from torch import Tensor
from torch.nn import functional as F

Balance = Literal["literal", "balanced", "present"]


def confident_frames(pseudo_labels: Tensor, labels: Tensor, mask: Tensor) -> Tensor:
    """(B, T) bool: valid frames on which at least one class of the video is not uncertain.

    ``pseudo_labels`` (B, T, C) in {1, 0, -1}, ``labels`` (B, C), ``mask`` (B, T).
    """
    return ((pseudo_labels >= 0) & (labels[:, None] > 0)).any(-1) & mask


def distillation_loss(
    probabilities: Tensor, pseudo_labels: Tensor, labels: Tensor, mask: Tensor, *, balance: Balance
) -> Tensor:
    """KL(h ‖ p) of Bernoulli variables on the confident entries; with hard labels this is cross-entropy.

    ``probabilities`` (B, T, C) in [0, 1]. An entry counts where its label is not uncertain; classes absent from
    the video count on confident frames only, so that a frame nobody is sure of teaches nothing.

    ``literal``: sum over classes and frames, divided by the number O of confident frames (Eq. 6).
    ``balanced``: the mean over foreground entries plus the mean over background entries plus the mean over
    absent classes. ``present``: one mean over the present classes' entries plus the mean over absent classes.
    """
    confident = confident_frames(pseudo_labels, labels, mask)
    entry = (pseudo_labels >= 0) & confident[..., None]
    # Cross-entropy on probabilities: the activations differ by branch, so logits are not at hand. float32 only.
    # torch bounds the logarithm at -100; a tighter clamp of p would leave confident mistakes without a gradient.
    p = probabilities.float().clamp(0, 1)
    each = F.binary_cross_entropy(p, pseudo_labels.clamp(0, 1).to(p.dtype), reduction="none")
    if balance == "literal":
        return (each * entry).sum() / confident.sum().clamp(min=1)
    present = (labels[:, None] > 0) & entry
    absent = _mean(each, entry & ~present)
    if balance == "present":
        return _mean(each, present) + absent
    foreground = _mean(each, present & (pseudo_labels == 1))
    return foreground + _mean(each, present & (pseudo_labels == 0)) + absent


def _mean(values: Tensor, chosen: Tensor) -> Tensor:
    return torch.where(chosen, values, 0.0).sum() / chosen.sum().clamp(min=1)
