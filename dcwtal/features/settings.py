"""FeatureSettings: how pictures become features. What is left open (None) is the encoder's own choice."""

from typing import Annotated, Literal

from pydantic import Field

from dcwtal.core.settings import SettingsBase


class FeatureSettings(SettingsBase):
    """Settings of extraction; batch sizes change speed and memory, everything else changes the numbers."""

    sampling_fps: Annotated[float, Field(gt=0, le=240, description="Clock ticks a second")] = 25.0
    window_frames: Annotated[int, Field(ge=2, le=256, description="Frames in one motion window")] = 16
    stride_frames: Annotated[
        int | None,
        Field(ge=1, le=1024, description="Frames from one snippet to the next; empty: the encoder's own"),
    ] = None
    images_per_snippet: Annotated[
        int, Field(ge=1, le=16, description="Pictures a snippet whose vectors are averaged")
    ] = 2
    flow: Annotated[
        Literal["dis", "tvl1"] | None,
        Field(description="Optical flow: fast or that of I3D; empty: the encoder's own"),
    ] = None
    image_batch: Annotated[int, Field(ge=1)] = 64
    window_batch: Annotated[int, Field(ge=1)] = 32
