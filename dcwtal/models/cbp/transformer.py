"""The paper's CBP branch: a transformer over I3D features with a linear class head."""

from torch import Tensor, nn

from dcwtal.losses.classification import classification_loss, top_k_mean
from dcwtal.models.branch_output import BranchOutput, class_scores
from dcwtal.models.cbp.contract import StepInfo
from dcwtal.models.settings import CBPSettings
from dcwtal.models.standardize import Standardize
from dcwtal.models.temporal_transformer import TemporalTransformer, window_in_snippets


class TransformerBackbone(nn.Module):
    """Linear projection, pre-norm transformer, linear head: logits (B, T, C), embedding (B, T, width)."""

    def __init__(
        self,
        settings: CBPSettings,
        *,
        feature_dim: int,
        n_classes: int,
        snippet_seconds: float,
        top_k_divisor: int,
    ) -> None:
        super().__init__()
        self.activation, self.top_k_divisor = settings.activation, top_k_divisor
        self.standardize_features = settings.standardize
        self.standardize = Standardize(feature_dim)
        self.project = nn.Linear(feature_dim, settings.width)
        self.input_dropout = nn.Dropout(settings.input_dropout)
        self.temporal = TemporalTransformer(
            settings.width,
            layers=settings.layers,
            heads=settings.heads,
            expansion=settings.expansion,
            dropout=settings.dropout,
            window_snippets=window_in_snippets(settings.window_seconds, snippet_seconds),
            position_scale=settings.position_scale,
        )
        self.head = nn.Linear(settings.width, n_classes)
        nn.init.constant_(self.head.bias, settings.head_bias)
        self.background_head = nn.Linear(settings.width, 1) if "background" in self.activation else None

    def forward(self, features: Tensor, mask: Tensor) -> BranchOutput:
        """``features`` (B, T, D), ``mask`` (B, T) bool."""
        embedding = self.temporal(self.input_dropout(self.project(self.standardize(features))), mask)
        logits = self.head(embedding)
        background = self.background_head(embedding)[..., 0] if self.background_head is not None else None
        actionness = class_scores(logits, background, self.activation).amax(-1)
        return BranchOutput(logits, background, actionness, embedding)

    def losses(self, output: BranchOutput, labels: Tensor, mask: Tensor, step: StepInfo) -> dict[str, Tensor]:
        """L_cls of Eq. 1."""
        pooled = top_k_mean(output.class_logits, mask, divisor=self.top_k_divisor)
        return {"cls": classification_loss(pooled, labels, self.activation)}
