"""Standardize: subtract the training features' mean and divide by their deviation, both stored with the weights."""

import torch
from torch import Tensor, nn


class Standardize(nn.Module):
    """(…, D) → (…, D). Starts as the identity; :meth:`fit` sets it from training features."""

    def __init__(self, dim: int) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(dim))
        self.register_buffer("scale", torch.ones(dim))

    def fit(self, features: Tensor) -> None:
        """Take mean and deviation of ``features`` (N, D); constant columns keep the scale 1."""
        deviation = features.std(0, correction=min(1, len(features) - 1))
        self.mean.copy_(features.mean(0))
        self.scale.copy_(torch.where(deviation > 1e-6, deviation, 1.0))

    def forward(self, x: Tensor) -> Tensor:
        """Standardized features of the same shape."""
        return (x - self.mean) / self.scale
