"""Settings of a training run: pseudo-labels, losses, schedule."""

from typing import Literal

from pydantic import Field, model_validator

from dcwtal.core.settings import SettingsBase
from dcwtal.localize.settings import LocalizeSettings
from dcwtal.losses.distillation import Balance
from dcwtal.models.settings import ModelSettings

Strategy = Literal["warmup-only", "only-B", "only-F", "alternate", "only-F-anchored", "self-training"]


class PseudoLabelSettings(SettingsBase):
    """How class scores become ternary labels (Eq. 4)."""

    delta_h: float = Field(0.3, ge=0, le=1, description="above: confident foreground")
    delta_l: float = Field(0.1, ge=0, le=1, description="below: confident background")
    minmax: bool = Field(
        False, description="rescale each class to [0, 1] within its video before thresholding"
    )
    argmax_must_match: bool = Field(
        False, description="frames whose best class is not a label of the video are background"
    )
    minimum_share: float = Field(
        0.0,
        ge=0,
        le=0.5,
        description="at least this share of a video's frames is confident on either side",
    )
    anchor: float = Field(
        0.0,
        ge=0,
        le=1,
        description="frames where the warm-up CBP scores a present class below this stay background; 0: off",
    )
    conflict_is_uncertain: bool = Field(
        False, description="F step: VLP foreground on CBP's confident background becomes uncertain"
    )

    @model_validator(mode="after")
    def _ordered(self) -> "PseudoLabelSettings":
        if self.delta_l >= self.delta_h:
            raise ValueError(
                f"pseudo_labels.delta_l must be below pseudo_labels.delta_h; found {self.delta_l} >= {self.delta_h}"
            )
        return self


class LossSettings(SettingsBase):
    """Which terms, and their weights (Eqs. 1, 5-7)."""

    kd: bool = Field(True, description="distil the ternary labels (Eq. 6)")
    fb: bool = Field(True, description="contrast foreground with background (Eq. 7)")
    fb_weight: float = Field(0.05, ge=0, description="λ of Eq. 5")
    fb_tau: float = Field(0.07, gt=0, description="temperature of Eq. 7")
    fb_max_anchors: int = Field(256, ge=2, description="foreground frames a batch")
    fb_max_background: int = Field(1024, ge=1, description="background frames a batch")
    kd_balance: Balance = Field("literal", description="how Eq. 6 is averaged")
    top_k_divisor: int = Field(8, ge=1, description="k = max(1, T // this) in Eq. 1")
    cls_weight_in_f: float = Field(1.0, ge=0, description="weight of L_cls during F steps; 0 drops it")


class TrainSettings(SettingsBase):
    """The schedule and the optimiser."""

    strategy: Strategy = Field("alternate", description="which steps follow the warm-up")
    rounds: int = Field(3, ge=1, le=50, description="rounds of B and F")
    warmup_steps: int = Field(3000, ge=1, description="steps of the CBP warm-up (Eq. 1)")
    b_steps: int = Field(1000, ge=1, description="steps of one B step")
    f_steps: int = Field(1000, ge=1, description="steps of one F step")
    batch_size: int = Field(10, ge=1, description="videos a step")
    max_snippets: int = Field(1000, ge=1, description="T: longer videos give a random window")
    lr_warmup: float = Field(1e-4, gt=0, description="Adam's rate in the warm-up")
    lr_b: float = Field(1e-4, gt=0, description="Adam's rate in B steps")
    lr_f: float = Field(1e-4, gt=0, description="Adam's rate in F steps")
    weight_decay: float = Field(0.0, ge=0, description="decoupled weight decay (AdamW)")
    gradient_clip: float = Field(1.0, gt=0, description="largest gradient norm")
    checkpoint_every: int = Field(50, ge=1, description="steps between resume points")
    trace_every: int = Field(25, ge=1, description="steps between snapshots of the probe videos")
    selection: Literal["last", "best-on-held-out", "best-on-test"] = Field(
        "last", description="which stage is final; best-on-test only to compare with the literature"
    )
    train_subset: str = Field("train", description="videos to learn from")
    held_out_subset: str = Field("validation", description="held-out training videos, for best-on-held-out")
    test_subset: str = Field("test", description="videos of the report")


class FeatureChoice(SettingsBase):
    """Which stored features feed which branch."""

    cbp: str = Field("world-two-stream", description="encoder of the CBP branch")
    vlp: str = Field("world-clip", description="encoder of the VLP branch")


class RunSettings(SettingsBase):
    """The whole of a run's settings, stored as settings.json."""

    features: FeatureChoice = FeatureChoice()
    model: ModelSettings = ModelSettings()
    pseudo_labels: PseudoLabelSettings = PseudoLabelSettings()
    loss: LossSettings = LossSettings()
    train: TrainSettings = TrainSettings()
    localize: LocalizeSettings = LocalizeSettings()

    @model_validator(mode="after")
    def _steps_that_learn(self) -> "RunSettings":
        contrast = self.loss.fb and self.loss.fb_weight > 0
        if self.train.strategy != "warmup-only" and not (self.loss.kd or contrast):
            raise ValueError(
                "loss.kd and loss.fb are both off (or loss.fb_weight is 0), so B and F steps would learn nothing; "
                "turn one on or take train.strategy=warmup-only"
            )
        return self
