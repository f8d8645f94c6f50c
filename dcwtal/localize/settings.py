"""LocalizeSettings: every choice between class scores on disk and detections."""

from itertools import pairwise
from typing import Literal

from pydantic import Field, field_validator

from dcwtal.core.settings import SettingsBase

MOST_THRESHOLDS = 100


class LocalizeSettings(SettingsBase):
    """How scores become detections. The defaults read the paper literally (section 4.1, "Inference")."""

    branch: Literal["cbp", "vlp", "fused"] = Field("cbp", description="whose scores are localized")
    fusion_weight: float = Field(0.5, ge=0, le=1, description="w of fused = w·CBP + (1 - w)·VLP")
    mode: Literal["paper", "peer"] = Field(
        "paper",
        description="paper: one threshold, score = maximum; peer: many thresholds on the min-max curve, "
        "score = outer-inner contrast",
    )

    theta_cls: float = Field(
        0.85, ge=0, le=1, description="classes with ŷ at least this; none: the most probable one"
    )
    relative_cls: float | None = Field(
        None, ge=0, le=1, description="also classes with ŷ at least this share of the highest ŷ; null: off"
    )
    class_scores_stage: str = Field(
        "same", min_length=1, description='stage whose ŷ choose the classes: "same", or a name as "warmup"'
    )
    class_scores_branch: Literal["same", "cbp", "vlp", "fused"] = Field(
        "same", description="branch whose ŷ choose the classes"
    )

    theta_loc: float = Field(0.45, gt=0, le=1, description="paper mode: foreground is a score at least this")
    minmax: bool = Field(
        False,
        description="paper mode: threshold the curve min-max normalised per video and class; off: only where "
        "the plain curve never reaches theta_loc",
    )
    theta_list: tuple[float, ...] = Field(
        (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9),
        description="peer mode: thresholds on the min-max curve",
    )

    smoothing: float = Field(
        0.0,
        ge=0,
        le=30,
        description="seconds of the centred moving average over each class curve, before all that follows; "
        "below one snippet: off",
    )
    closing_gap: float = Field(
        0.0, ge=0, description="seconds; runs of one threshold at most this far apart are joined; 0: off"
    )
    min_length: float = Field(
        0.0, ge=0, description="seconds; runs shorter than this, after joining, are dropped; 0: off"
    )

    score_rule: Literal["mode", "maximum", "mean", "contrast"] = Field(
        "mode",
        description="score of a run before what the mode adds. mode: maximum (paper) or contrast (peer); "
        "maximum, mean: of the curve; contrast: outer-inner, of the curve that is thresholded",
    )
    outer_inner_lambda: float = Field(
        0.25, ge=0, le=2, description="each flank of the contrast, as a share of the run's length"
    )
    outer_inner_gamma: float = Field(0.2, ge=0, le=1, description="peer mode: γ of score = contrast + γ·ŷ")
    tie_break_weight: float = Field(
        0.0, ge=0, le=1, description="paper mode: score = maximum + this · contrast; 0 is the paper"
    )
    multiply_video_score: bool = Field(False, description="multiply every score by ŷ of its class")

    nms: Literal["gaussian", "hard", "none"] = Field("gaussian", description="per video and class")
    sigma: float = Field(0.3, gt=0, le=10, description="gaussian: score · exp(-tIoU² / sigma)")
    nms_tiou: float = Field(0.6, ge=0, le=1, description="hard: drop what overlaps a better one by more")
    min_score: float = Field(0.001, ge=0, le=1, description="detections below this are dropped")
    max_per_video: int = Field(200, ge=1, description="only the best so many of a video are kept")

    @field_validator("theta_list")
    @classmethod
    def _check_theta_list(cls, values: tuple[float, ...]) -> tuple[float, ...]:
        if len(values) > MOST_THRESHOLDS:
            raise ValueError(f"expected at most {MOST_THRESHOLDS} thresholds; found {len(values)}")
        rising = all(low < high for low, high in pairwise(values))
        if not values or not rising or not all(0 < value <= 1 for value in values):
            raise ValueError(f"expected rising thresholds in (0, 1], at least one; found {list(values)}")
        return values
