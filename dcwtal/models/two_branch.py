"""TwoBranchModel: CBP and VLP side by side, as they are trained, saved and scored."""

from torch import Tensor, nn

from dcwtal.models.cbp.backbones import build_backbone
from dcwtal.models.settings import ModelSettings
from dcwtal.models.vlp import VLPBranch


class TwoBranchModel(nn.Module):
    """``cbp`` and ``vlp``; ``top_k_divisor`` also pools their video-level scores."""

    def __init__(
        self,
        settings: ModelSettings,
        *,
        cbp_dim: int,
        n_classes: int,
        text: nn.Module,
        plain_text: Tensor,
        snippet_seconds: float,
        top_k_divisor: int,
    ) -> None:
        super().__init__()
        self.top_k_divisor = top_k_divisor
        self.cbp = build_backbone(
            settings.cbp,
            feature_dim=cbp_dim,
            n_classes=n_classes,
            snippet_seconds=snippet_seconds,
            top_k_divisor=top_k_divisor,
        )
        self.vlp = VLPBranch(settings.vlp, text=text, plain_text=plain_text, snippet_seconds=snippet_seconds)
