"""Settings of the two branches."""

from typing import Literal

from pydantic import Field

from dcwtal.core.settings import SettingsBase
from dcwtal.models.branch_output import Activation


class CBPSettings(SettingsBase):
    """The classification-based pre-training branch."""

    backbone: Literal["transformer"] = Field("transformer", description="network of the CBP branch")
    activation: Activation = Field("softmax", description="how class logits become frame probabilities")
    width: int = Field(512, ge=8, description="size of the embedding")
    layers: int = Field(2, ge=1, le=12, description="transformer blocks")
    heads: int = Field(8, ge=1, description="attention heads; must divide width")
    expansion: int = Field(2, ge=1, description="hidden size of the MLP in multiples of width")
    dropout: float = Field(0.3, ge=0, lt=1, description="dropout inside the blocks")
    input_dropout: float = Field(0.5, ge=0, lt=1, description="dropout on the projected features")
    window_seconds: float | None = Field(
        None, gt=0, description="attention reaches this far; none: everywhere"
    )
    position_scale: float = Field(0.5, ge=0, description="weight of the sinusoidal positions; 0: none")
    head_bias: float = Field(0.0, description="bias of the class head at the start; < 0 starts quiet")
    standardize: bool = Field(True, description="standardize the features with training statistics")


class VLPSettings(SettingsBase):
    """The vision-language pre-training branch."""

    activation: Activation = Field("softmax", description="how similarities become frame probabilities")
    n_prompt: int = Field(16, ge=0, description="learned vectors before and after the class name, each")
    layers: int = Field(2, ge=1, le=12, description="temporal transformer blocks")
    heads: int = Field(8, ge=1, description="attention heads; must divide the CLIP embedding size")
    expansion: int = Field(4, ge=1, description="hidden size of the MLP in multiples of the embedding")
    dropout: float = Field(0.0, ge=0, lt=1, description="dropout inside the blocks")
    window_seconds: float | None = Field(
        None, gt=0, description="attention reaches this far; none: everywhere"
    )
    position_scale: float = Field(0.5, ge=0, description="weight of the sinusoidal positions; 0: none")
    tau: float = Field(0.07, gt=0, description="temperature of Eq. 3 when trained")
    vanilla_tau: float = Field(0.01, gt=0, description="temperature of the untrained baseline")
    learn_scale: bool = Field(False, description="train 1/tau (and the offset, where there is one)")
    offset: Literal["none", "calibrated"] = Field(
        "none",
        description="calibrated: subtract the midpoint of own-class and other-class similarity over training "
        "videos (needs video labels only) before dividing by tau; a sigmoid needs it",
    )
    standardize: bool = Field(True, description="standardize CLIP features before the temporal transformer")


class ModelSettings(SettingsBase):
    """Both branches."""

    cbp: CBPSettings = CBPSettings()
    vlp: VLPSettings = VLPSettings()
