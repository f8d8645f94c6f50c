"""What a what-if question asks: the page's words on top of a run's own values, checked."""

from dataclasses import dataclass
from typing import Any

from pydantic import Field

from dcwtal.core.errors import DataError, SettingsError
from dcwtal.core.settings import SettingsBase, build_settings
from dcwtal.core.video_info import VideoInfo
from dcwtal.evaluation.frame_counts import FrameThresholds
from dcwtal.localize.settings import LocalizeSettings
from dcwtal.pipeline.browse import SUBSET_ORDER, BrowsedRun
from dcwtal.pipeline.localize import check_stage
from dcwtal.pipeline.rate_stages import thresholds_in
from dcwtal.views.stage_rates import CurveRules


class AskedRules(SettingsBase):
    """δ_h and δ_l of Eq. 4; None: the run's own."""

    high: float | None = Field(None, ge=0, le=1)
    low: float | None = Field(None, ge=0, le=1)


class AskedBody(SettingsBase):
    """The JSON body of every what-if route; all optional. ``step`` (of a snapshot within the phase that ends in
    ``stage``), ``instance``, ``video`` and ``after`` belong to single routes."""

    stage: str | None = None
    settings: dict[str, Any] = Field(default_factory=dict)
    rules: AskedRules = AskedRules()
    tiou: float = Field(0.5, gt=0, le=1)
    subset: str | None = None
    client: str | None = Field(None, max_length=200)
    turn: int | None = Field(None, ge=0)
    step: int | None = Field(None, ge=0)
    instance: int | None = Field(None, ge=0)
    video: str | None = None
    after: int = Field(0, ge=0)


@dataclass(frozen=True)
class WhatIf:
    """A question about a run: its stage, whole settings, frame thresholds (δ_h, δ_l), the tIoU that counts as found,
    and the subset ("": the truth names none)."""

    stage: str
    settings: LocalizeSettings
    thresholds: FrameThresholds
    tiou: float
    subset: str

    @property
    def high(self) -> float:
        """δ_h."""
        return self.thresholds.confident_foreground

    @property
    def low(self) -> float:
        """δ_l."""
        return self.thresholds.confident_background

    @property
    def rules(self) -> CurveRules:
        """How curves become maps."""
        return CurveRules(high=self.high, low=self.low, fusion_weight=self.settings.fusion_weight)


def read_body(values: dict[str, Any]) -> AskedBody:
    """The checked body of a question; every fault is a SettingsError that names its place."""
    return build_settings(AskedBody, values)


def what_if_of(run: BrowsedRun, body: AskedBody) -> WhatIf:
    """A body on top of the run's own values; an unknown stage, subset or setting is a SettingsError."""
    stage = run.final_stage if body.stage is None else body.stage
    check_stage(stage, run.info, "stage")
    settings = build_settings(LocalizeSettings, run.localize.model_dump() | body.settings)
    if settings.class_scores_stage != "same":
        check_stage(settings.class_scores_stage, run.info, "class_scores_stage")
    return WhatIf(stage, settings, _thresholds(run, body.rules), body.tiou, _subset(run, body.subset))


def stages_of(asked: WhatIf) -> tuple[str, ...]:
    """The stages whose scores a question needs."""
    chooser = asked.settings.class_scores_stage
    return tuple(sorted({asked.stage} | ({chooser} - {"same"})))


def scored_subsets(run: BrowsedRun) -> list[str]:
    """The subsets that have scores: test first, then in order of first appearance; "" for videos in no subset."""
    found = list(dict.fromkeys(info_of(run, video).subset for video in run.video_ids))
    rank = {subset: position for position, subset in enumerate(SUBSET_ORDER)}
    return sorted(found, key=lambda subset: rank.get(subset, len(rank)))


def info_of(run: BrowsedRun, video: str) -> VideoInfo:
    """What the data set says of a video; nothing where it does not know it."""
    return run.annotated.get(video) or VideoInfo(video)


def _thresholds(run: BrowsedRun, asked: AskedRules) -> FrameThresholds:
    own = thresholds_in(run.settings, str(run.folder.settings))
    high = own.confident_foreground if asked.high is None else asked.high
    low = own.confident_background if asked.low is None else asked.low
    try:
        return FrameThresholds.between(high, low)
    except DataError:
        raise SettingsError(
            f"rules: expected 0 <= low < high <= 1; found low {low:g} and high {high:g}"
        ) from None


def _subset(run: BrowsedRun, asked: str | None) -> str:
    known = scored_subsets(run)
    if asked is None:
        return known[0] if known else ""
    if asked not in known:
        raise SettingsError(
            f"subset: this run has no scores of {asked!r:.60}; known: {', '.join(known) or 'none'}"
        )
    return asked
