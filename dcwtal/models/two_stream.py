"""A small (2+1)D two-stream network: one stream on RGB, one on optical flow, 128 features each.

Each stage is a 2-D convolution over every frame (frames as a batch) and then a 1-D convolution over time at
every place: the factorisation of "A Closer Look at Spatiotemporal Convolutions" (Tran et al., 2018), which on
a CPU is also faster than a 3-D convolution.
"""

from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from dcwtal.core.errors import CheckpointError
from dcwtal.models.weights_folder import (
    CONFIG_NAME,
    load_strictly,
    read_config,
    read_weights,
    write_config,
    write_weights,
)

WIDTHS = (16, 32, 64, 128)
TIME_STRIDES = (1, 2, 2, 1)  # 8 frames → 2
STREAM_CHANNELS = {"rgb": 3, "flow": 2}


class MotionStream(nn.Module):
    """One stream: windows (B, channels, 16, H, W) → features (B, 128) → class logits (B, classes)."""

    def __init__(self, channels: int, n_classes: int, *, frame_stride: int = 2, dropout: float = 0.3) -> None:
        """``frame_stride``: every how many-th frame of a window is looked at."""
        super().__init__()
        self.frame_stride = frame_stride
        self.stages = nn.ModuleList()
        for index, (width, time_stride) in enumerate(zip(WIDTHS, TIME_STRIDES, strict=True)):
            self.stages.append(
                _Stage(channels, width, kernel=5 if index == 0 else 3, time_stride=time_stride)
            )
            channels = width
        self.dropout = nn.Dropout(dropout)
        self.classifier = nn.Linear(channels, n_classes)

    def features(self, windows: Tensor) -> Tensor:
        """Mean over time and place of the last stage: (B, 128), ≥ 0."""
        x = windows[:, :, :: self.frame_stride]
        for stage in self.stages:
            x = stage(x)
        return x.mean((2, 3, 4))

    def forward(self, windows: Tensor) -> Tensor:
        """Class logits (B, classes)."""
        return self.classifier(self.dropout(self.features(windows)))


class _Stage(nn.Module):
    def __init__(self, channels: int, width: int, *, kernel: int, time_stride: int) -> None:
        super().__init__()
        self.space = nn.Conv2d(channels, width, kernel, stride=2, padding=kernel // 2, bias=False)
        self.space_norm = nn.BatchNorm2d(width)
        self.time = nn.Conv1d(width, width, 3, stride=time_stride, padding=1, bias=False)
        self.time_norm = nn.BatchNorm1d(width)

    def forward(self, x: Tensor) -> Tensor:
        """(B, C, T, H, W) → (B, width, T / time_stride, H / 2, W / 2)."""
        batch, channels, frames, height, width = x.shape
        flat = x.transpose(1, 2).reshape(batch * frames, channels, height, width)
        y = F.relu(self.space_norm(self.space(flat)))
        _, channels, height, width = y.shape
        lines = y.view(batch, frames, channels, height * width).permute(0, 3, 2, 1)
        z = F.relu(self.time_norm(self.time(lines.reshape(-1, channels, frames))))
        frames = z.shape[-1]
        z = z.view(batch, height * width, channels, frames).permute(0, 2, 3, 1)
        return z.reshape(batch, channels, frames, height, width)


class TwoStream(nn.Module):
    """Both streams side by side; features are concatenated, class probabilities averaged."""

    def __init__(self, classes: tuple[str, ...], *, frame_stride: int = 2) -> None:
        """``classes``: what the streams were trained to tell apart, in order of their logits."""
        super().__init__()
        self.classes = classes
        self.streams = nn.ModuleDict(
            {
                name: MotionStream(channels, len(classes), frame_stride=frame_stride)
                for name, channels in STREAM_CHANNELS.items()
            }
        )

    def features(self, rgb: Tensor, flow: Tensor) -> Tensor:
        """Windows (B, 3, 16, H, W) and (B, 2, 16, H, W) → (B, 256): RGB features, then flow features."""
        return torch.cat([self.streams["rgb"].features(rgb), self.streams["flow"].features(flow)], dim=1)

    def probabilities(self, rgb: Tensor, flow: Tensor) -> Tensor:
        """Mean of both streams' class probabilities (B, classes)."""
        return (self.streams["rgb"](rgb).softmax(-1) + self.streams["flow"](flow).softmax(-1)) / 2


def save_two_stream(folder: Path, model: TwoStream, config: dict[str, Any]) -> None:
    """Write ``rgb.safetensors``, ``flow.safetensors`` (float16) and ``config.json``."""
    for name, stream in model.streams.items():
        write_weights(_weights_path(folder, name), stream.state_dict())
    write_config(folder, config)


def load_two_stream(folder: Path) -> TwoStream:
    """The network stored in a folder, strictly loaded, float32, eval mode; else a CheckpointError."""
    config = read_config(folder)
    try:
        model = TwoStream(tuple(config["classes"]), frame_stride=int(config["frame_stride"]))
    except (KeyError, TypeError, ValueError, RuntimeError) as error:
        raise CheckpointError(
            f"{Path(folder) / CONFIG_NAME} does not describe a two-stream network: {error!r}; "
            "expected 'classes' and 'frame_stride'"
        ) from None
    for name, stream in model.streams.items():
        path = _weights_path(folder, name)
        load_strictly(stream, read_weights(path), path)
    return model.eval()


def _weights_path(folder: Path, stream: str) -> Path:
    return Path(folder) / f"{stream}.safetensors"


def prepare_windows(windows: np.ndarray) -> Tensor:
    """Bytes (N, 16, H, W, channels), RGB or flow with 128 for no motion → float32 (N, channels, 16, H, W).

    Both kinds end in [-2, 2]; what is still in a flow is 0.
    """
    return (torch.from_numpy(np.ascontiguousarray(windows)).permute(0, 4, 1, 2, 3).float() - 128) / 64
