"""Video-level classification from the top-k snippets: L_cls (paper, Eq. 1)."""

import torch
from torch import Tensor
from torch.nn import functional as F


def top_k_mean(class_logits: Tensor, mask: Tensor, *, divisor: int) -> Tensor:
    """Mean of each class's ``k = max(1, T_valid // divisor)`` largest logits over the valid snippets.

    ``class_logits`` (B, T, C), ``mask`` (B, T) bool → (B, C). Padded snippets are never among the top.
    """
    k = (mask.sum(1) // divisor).clamp(min=1)
    ordered = class_logits.masked_fill(~mask[..., None], float("-inf")).sort(dim=1, descending=True).values
    chosen = torch.arange(class_logits.shape[1], device=mask.device)[None, :] < k[:, None]
    return ordered.masked_fill(~chosen[..., None], 0.0).sum(1) / k[:, None]


def video_scores(pooled_logits: Tensor, activation: str) -> Tensor:
    """Video-level class probabilities ŷ (B, C): softmax over classes (Eq. 1), or a sigmoid for each class."""
    return pooled_logits.sigmoid() if activation == "sigmoid" else pooled_logits.softmax(-1)


def classification_loss(pooled_logits: Tensor, labels: Tensor, activation: str) -> Tensor:
    """L_cls: a sum over classes, a mean over the batch.

    ``pooled_logits`` (B, C), ``labels`` (B, C) in {0, 1}. Softmax activations use Eq. 1 as written,
    ``-Σ_c y_c log ŷ_c``; ``sigmoid`` uses the binary cross-entropy that the paper's text names.
    """
    if activation == "sigmoid":
        return F.binary_cross_entropy_with_logits(pooled_logits, labels, reduction="none").sum(1).mean()
    return -(labels * pooled_logits.log_softmax(-1)).sum(1).mean()
