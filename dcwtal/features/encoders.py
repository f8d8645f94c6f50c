"""The encoders there are, by name."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from dcwtal.core.errors import SettingsError
from dcwtal.features.clip_image_encoder import build_clip_image_encoder
from dcwtal.features.encoder_protocol import ImageEncoder, WindowEncoder
from dcwtal.features.two_stream_encoder import build_two_stream_encoder
from dcwtal.features.weights_registry import find_weights


@dataclass(frozen=True)
class EncoderSpec:
    """How to make one encoder: ``build`` gets the folder of the registry's ``weights``."""

    kind: Literal["image", "window"]
    weights: str
    build: Callable[[Path], ImageEncoder | WindowEncoder]


ENCODERS: dict[str, EncoderSpec] = {
    "world-clip": EncoderSpec("image", "world-clip", build_clip_image_encoder),
    "world-two-stream": EncoderSpec("window", "world-two-stream", build_two_stream_encoder),
}


def encoder_spec(name: str) -> EncoderSpec:
    """One entry; an unknown name is a SettingsError that lists the known ones."""
    if name not in ENCODERS:
        raise SettingsError(f"unknown encoder {name!r}; known: {', '.join(ENCODERS)}")
    return ENCODERS[name]


def build_encoder(name: str) -> ImageEncoder | WindowEncoder:
    """Load one encoder; absent or damaged weights are a CheckpointError with the steps that mend it."""
    spec = encoder_spec(name)
    return spec.build(find_weights(spec.weights))
