"""Foreground-background contrast of embeddings: L_fb (paper, Eq. 7)."""

import torch
from torch import Tensor
from torch.nn import functional as F


def foreground_background_contrast(
    embedding: Tensor,
    pseudo_labels: Tensor,
    labels: Tensor,
    mask: Tensor,
    *,
    temperature: float,
    max_anchors: int,
    max_background: int,
    generator: torch.Generator | None = None,
) -> Tensor:
    """Pull confident foreground frames of one class together, push all confident background away.

    ``embedding`` (B, T, E), ``pseudo_labels`` (B, T, C), ``labels`` (B, C), ``mask`` (B, T) → a scalar ≥ 0.
    For each anchor i: ``-log( Σ_{j ∈ same class, j ≠ i} e^{s_ij/τ} / (that sum + Σ_{k ∈ background} e^{s_ik/τ}) )``,
    the log of the *sum* over positives as in Eq. 7; the mean over anchors (the paper sums, which would let the
    number of frames scale λ). Frames come from the whole batch. At most ``max_anchors``, spread evenly over the
    classes, and ``max_background`` frames are drawn. Without two positives or any background it is zero.
    """
    features = F.normalize(embedding.float(), dim=-1)
    foreground = ((pseudo_labels == 1) & (labels[:, None] > 0)) & mask[..., None]
    background = ((pseudo_labels == 0).all(-1)) & mask
    anchor_class = foreground.int().argmax(-1)[foreground.any(-1)]
    anchors, negatives = features[foreground.any(-1)], features[background]
    keep = _class_balanced(anchor_class, max_anchors, generator)
    anchors, anchor_class = anchors[keep], anchor_class[keep]
    negatives = negatives[_random_order(len(negatives), generator)[:max_background]]
    same = (anchor_class[:, None] == anchor_class[None]) & ~torch.eye(
        len(anchors), dtype=torch.bool, device=anchors.device
    )
    usable = same.any(1)
    if not usable.any() or len(negatives) == 0:
        return embedding.sum() * 0.0
    positive = (anchors @ anchors.T / temperature).masked_fill(~same, float("-inf"))[usable]
    negative = (anchors @ negatives.T / temperature)[usable]
    numerator = positive.logsumexp(1)
    return (torch.cat([positive, negative], 1).logsumexp(1) - numerator).mean()


def _random_order(n: int, generator: torch.Generator | None) -> Tensor:
    return torch.randperm(n, generator=generator)


def _class_balanced(classes: Tensor, limit: int, generator: torch.Generator | None) -> Tensor:
    """Indices of at most ``limit`` entries, the classes taken in turn so that none crowds out another."""
    order = _random_order(len(classes), generator)
    if len(classes) <= limit:
        return order
    shuffled = classes[order].cpu()
    turn = torch.zeros(len(classes), dtype=torch.long)
    for value in shuffled.unique():
        of_class = shuffled == value
        turn[of_class] = torch.arange(int(of_class.sum()))
    return order[turn.argsort(stable=True)[:limit]]
