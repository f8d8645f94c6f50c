"""BranchOutput: what a branch returns, whatever it is made of; and its frame probabilities."""

from dataclasses import dataclass, field
from typing import Literal

import torch
from torch import Tensor

Activation = Literal["softmax", "sigmoid", "softmax+background"]


@dataclass(frozen=True)
class BranchOutput:
    """``class_logits`` (B, T, C) of the action classes only; ``background_logits`` (B, T) or None where the method
    has no background class; ``actionness`` (B, T) in [0, 1]; ``embedding`` (B, T, E); ``extras`` for the method's
    own losses."""

    class_logits: Tensor
    background_logits: Tensor | None
    actionness: Tensor
    embedding: Tensor
    extras: dict[str, Tensor] = field(default_factory=dict)


def class_scores(class_logits: Tensor, background_logits: Tensor | None, activation: Activation) -> Tensor:
    """Frame probabilities (B, T, C) in [0, 1].

    ``softmax`` over classes is the paper's reading: with C classes an undecided frame has 1/C, which lies above
    δ_l for small C. ``sigmoid`` treats classes apart. ``softmax+background`` adds the background logit as one more
    class and drops its column.
    """
    if activation == "sigmoid":
        return class_logits.sigmoid()
    if activation == "softmax":
        return class_logits.softmax(-1)
    if background_logits is None:
        raise ValueError("softmax+background needs background_logits")
    both = torch.cat([class_logits, background_logits[..., None]], -1)
    return both.softmax(-1)[..., :-1]
