"""Pre-norm residual transformer over time, with padding masks and an optional local window."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F


def sinusoidal_positions(n: int, width: int, *, device: torch.device | None = None) -> Tensor:
    """(n, width) fixed sines and cosines (Vaswani et al. 2017, section 3.5)."""
    position = torch.arange(n, device=device, dtype=torch.float32)[:, None]
    frequency = 10000 ** (-torch.arange(0, width, 2, device=device, dtype=torch.float32) / width)
    angles = position * frequency[None]
    return torch.stack([angles.sin(), angles.cos()], -1).flatten(1)[:, :width]


def attention_mask(mask: Tensor, window_snippets: int | None) -> Tensor:
    """(B, 1, T, T) bool, True where a query may look: valid keys, at most ``window_snippets`` away.

    The diagonal is always open: a padded query with no key at all would turn into NaN.
    """
    allowed = mask[:, None, :].expand(-1, mask.shape[1], -1)
    index = torch.arange(mask.shape[1], device=mask.device)
    distance = (index[:, None] - index[None]).abs()
    if window_snippets is not None:
        allowed = allowed & (distance <= window_snippets)[None]
    return (allowed | (distance == 0)[None])[:, None]


class Block(nn.Module):
    """LayerNorm → multi-head self-attention → +; LayerNorm → MLP → +."""

    def __init__(self, width: int, *, heads: int, expansion: int, dropout: float) -> None:
        super().__init__()
        self.heads, self.dropout = heads, dropout
        self.norm_attention, self.norm_mlp = nn.LayerNorm(width), nn.LayerNorm(width)
        self.query_key_value, self.project = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.mlp = nn.Sequential(
            nn.Linear(width, expansion * width),
            nn.GELU(),
            nn.Dropout(dropout),
            nn.Linear(expansion * width, width),
        )
        self.drop = nn.Dropout(dropout)

    def forward(self, x: Tensor, allowed: Tensor) -> Tensor:
        """``x`` (B, T, width), ``allowed`` (B, 1, T, T) → (B, T, width)."""
        batch, length, width = x.shape
        qkv = self.query_key_value(self.norm_attention(x)).view(
            batch, length, 3, self.heads, width // self.heads
        )
        query, key, value = qkv.permute(2, 0, 3, 1, 4)
        drop = self.dropout if self.training else 0.0
        mixed = F.scaled_dot_product_attention(query, key, value, attn_mask=allowed, dropout_p=drop)
        x = x + self.drop(self.project(mixed.transpose(1, 2).reshape(batch, length, width)))
        return x + self.drop(self.mlp(self.norm_mlp(x)))


def window_in_snippets(window_seconds: float | None, snippet_seconds: float) -> int | None:
    """How many snippets attention reaches to either side, at least 1; None: everywhere."""
    return None if window_seconds is None else max(1, round(window_seconds / snippet_seconds))


class TemporalTransformer(nn.Module):
    """Blocks over (B, T, width) with a final LayerNorm. Padded rows change nothing on valid ones."""

    def __init__(
        self,
        width: int,
        *,
        layers: int,
        heads: int,
        expansion: int,
        dropout: float,
        window_snippets: int | None,
        position_scale: float,
    ) -> None:
        super().__init__()
        self.window_snippets, self.position_scale = window_snippets, position_scale
        self.blocks = nn.ModuleList(
            Block(width, heads=heads, expansion=expansion, dropout=dropout) for _ in range(layers)
        )
        self.norm = nn.LayerNorm(width)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """``x`` (B, T, width), ``mask`` (B, T) bool → (B, T, width)."""
        if self.position_scale:
            x = x + self.position_scale * sinusoidal_positions(x.shape[1], x.shape[2], device=x.device)
        allowed = attention_mask(mask, self.window_snippets)
        for block in self.blocks:
            x = block(x, allowed)
        return self.norm(x)
