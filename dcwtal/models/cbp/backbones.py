"""The list of CBP back-bones: one file and one line each."""

from dcwtal.core.errors import SettingsError
from dcwtal.models.cbp.contract import CBPBackbone
from dcwtal.models.cbp.transformer import TransformerBackbone
from dcwtal.models.settings import CBPSettings

BACKBONES: dict[str, type[CBPBackbone]] = {"transformer": TransformerBackbone}


def build_backbone(settings: CBPSettings, **sizes) -> CBPBackbone:
    """The back-bone named in the settings; ``sizes``: feature_dim, n_classes, snippet_seconds, top_k_divisor."""
    if settings.width % settings.heads:
        raise SettingsError(
            f"model.cbp.heads must divide model.cbp.width; found heads={settings.heads}, width={settings.width}"
        )
    return BACKBONES[settings.backbone](settings, **sizes)
