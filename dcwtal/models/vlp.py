"""The VLP branch: frozen CLIP features, learned prompts, a light temporal transformer (paper, Eqs. 2-3)."""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from dcwtal.core.errors import SettingsError
from dcwtal.models.branch_output import BranchOutput, class_scores
from dcwtal.models.settings import VLPSettings
from dcwtal.models.standardize import Standardize
from dcwtal.models.temporal_transformer import TemporalTransformer, window_in_snippets


class VLPBranch(nn.Module):
    """Class logits ``(cos(F_vid, F_txt) - offset) / τ``.

    ``text``: a module giving the prompted class embeddings (C, E), unit length, through the frozen text tower.
    ``plain_text`` (C, E): embeddings of the bare class names; with :meth:`vanilla` they are the untrained baseline.
    """

    def __init__(
        self, settings: VLPSettings, *, text: nn.Module, plain_text: Tensor, snippet_seconds: float
    ) -> None:
        super().__init__()
        dim = plain_text.shape[1]
        if dim % settings.heads:
            raise SettingsError(
                f"model.vlp.heads must divide the CLIP embedding size {dim}; found {settings.heads}"
            )
        self.settings, self.activation, self.text = settings, settings.activation, text
        self.register_buffer("plain_text", F.normalize(plain_text, dim=-1))
        self.standardize = Standardize(dim)
        self.temporal = TemporalTransformer(
            dim,
            layers=settings.layers,
            heads=settings.heads,
            expansion=settings.expansion,
            dropout=settings.dropout,
            window_snippets=window_in_snippets(settings.window_seconds, snippet_seconds),
            position_scale=settings.position_scale,
        )
        # Zero at the start: the branch begins as plain CLIP and the transformer only ever adds to it.
        self.residual = nn.Linear(dim, dim)
        nn.init.zeros_(self.residual.weight)
        nn.init.zeros_(self.residual.bias)
        self.log_scale = nn.Parameter(
            torch.tensor(-math.log(settings.tau)), requires_grad=settings.learn_scale
        )
        self.offset = nn.Parameter(torch.tensor(0.0), requires_grad=settings.learn_scale)
        self.register_buffer("vanilla_offset", torch.tensor(0.0))
        # A learned background direction, only where the activation has a background class.
        background = "background" in self.activation
        self.background = nn.Parameter(torch.randn(dim) * 0.01) if background else None

    @torch.no_grad()
    def calibrate(self, features: list[Tensor], labels: list[Tensor]) -> None:
        """Set the offset to the midpoint of own-class and other-class similarity over the training videos.

        ``features``: (T, E) a video; ``labels``: (C,) multi-hot. Uses video-level labels only. The midpoint is for
        plain names; learned prompts start elsewhere, which the first B step makes good.
        """
        if self.settings.offset == "none":
            return
        own, other = [], []
        for video, label in zip(features, labels, strict=True):
            similarity = F.normalize(video, dim=-1) @ self.plain_text.T
            own.append(similarity[:, label > 0].flatten())
            other.append(similarity[:, label == 0].flatten())
        # With one class, or all classes in every video, there is no other side to take the middle with.
        sides = [side.mean() for side in (torch.cat(own), torch.cat(other)) if len(side)]
        midpoint = torch.stack(sides).mean()
        self.offset.copy_(midpoint)
        self.vanilla_offset.copy_(midpoint)

    def forward(self, features: Tensor, mask: Tensor) -> BranchOutput:
        """CLIP features (B, T, E), not necessarily of unit length, and mask (B, T) bool."""
        unit = F.normalize(features, dim=-1)
        seen = self.standardize(unit) if self.settings.standardize else unit
        embedding = F.normalize(unit + self.residual(self.temporal(seen, mask)), dim=-1)
        scale = self.log_scale.exp()
        logits = (embedding @ self.text().T - self.offset) * scale
        return self._output(logits, embedding, scale)

    def vanilla(self, features: Tensor, mask: Tensor) -> BranchOutput:
        """Plain CLIP: no temporal transformer, bare class names, the untrained temperature."""
        embedding = F.normalize(features, dim=-1)
        scale = torch.tensor(1 / self.settings.vanilla_tau, device=features.device)
        logits = (embedding @ self.plain_text.T - self.vanilla_offset) * scale
        return self._output(logits, embedding, scale)

    def _output(self, logits: Tensor, embedding: Tensor, scale: Tensor) -> BranchOutput:
        background = None
        if self.background is not None:
            background = (embedding @ F.normalize(self.background, dim=-1) - self.offset) * scale
        actionness = class_scores(logits, background, self.activation).amax(-1)
        return BranchOutput(logits, background, actionness, embedding)
