"""Training of the world's small two-stream network on trimmed clips that are rendered while it learns."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from dcwtal.models.two_stream import TwoStream, prepare_windows
from dcwtal.video.optical_flow import create_flow, flow_to_bytes, grey_for_flow
from dcwtal.world.learning_rate import warmup_then_cosine
from dcwtal.world.pretrain_clips import CLIP_CLASSES, TrimmedClip
from dcwtal.world.pretrain_images import squeeze

TWO_STREAM_CONFIG: dict[str, Any] = {
    "classes": list(CLIP_CLASSES),
    "frame_stride": 2,
    "window_frames": 16,
    "stride_frames": 8,
    "input_size": 64,
    "flow": "dis",
    "flow_working_size": [128, 96],
    # At 25 fps and 128 pixels width a hand or a club moves up to 8 pixels a frame; 1/16 pixel is below the noise.
    "flow_scale": 16.0,
}
COLOR_JITTER = 0.15

OnStep = Callable[[int, int, float], None]


@dataclass(frozen=True)
class TwoStreamTraining:
    """What decides the trained weights, beside the clips.

    ``pool``: clips in memory at a time; after every step the oldest gives way to ``fresh`` new ones.
    """

    steps: int = 700
    batch: int = 24
    pool: int = 300
    fresh: int = 1
    learning_rate: float = 2e-3
    warmup_steps: int = 30
    weight_decay: float = 0.02
    label_smoothing: float = 0.05
    seed: int = 0


@dataclass(frozen=True)
class MotionClip:
    """One clip as the network sees it: ``rgb`` (n, S, S, 3) and ``flow`` (n, S, S, 2) bytes, its class."""

    rgb: np.ndarray
    flow: np.ndarray
    label: int

    def window(self, start: int, frames: int) -> tuple[np.ndarray, np.ndarray]:
        """The RGB and flow of ``frames`` frames from ``start``."""
        return self.rgb[start : start + frames], self.flow[start : start + frames]


def motion_clips(clips: Iterator[TrimmedClip], config: dict[str, Any]) -> Iterator[MotionClip]:
    """Clips with optical flow; they must come in ``flow_working_size``. The last flow is the one before it."""
    size = int(config["input_size"])
    working_size = tuple(config["flow_working_size"])
    flow_between = create_flow(config["flow"])
    for clip in clips:
        greys = [grey_for_flow(frame, working_size) for frame in clip.frames]
        flows = [
            flow_to_bytes(flow_between(first, second), (size, size), config["flow_scale"])
            for first, second in itertools.pairwise(greys)
        ]
        rgb = np.stack([squeeze(frame, size, size) for frame in clip.frames])
        yield MotionClip(rgb, np.stack([*flows, flows[-1]]), clip.label)


def train_two_stream(
    clips: Iterator[MotionClip],
    training: TwoStreamTraining,
    config: dict[str, Any] = TWO_STREAM_CONFIG,
    on_step: OnStep | None = None,
) -> TwoStream:
    """Both streams trained side by side on the same windows, each with a loss of its own.

    Deterministic by seed (for one number of threads); the caller's random state is left alone.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(training.seed)
        model = TwoStream(tuple(config["classes"]), frame_stride=config["frame_stride"]).train()
        optimizer = torch.optim.AdamW(
            model.parameters(), lr=training.learning_rate, weight_decay=training.weight_decay
        )
        sampler = _Sampler(clips, training, int(config["window_frames"]))
        smoothed = None
        for step in range(training.steps):
            for group in optimizer.param_groups:
                group["lr"] = training.learning_rate * warmup_then_cosine(
                    step, training.steps, training.warmup_steps
                )
            loss = _losses(model, *sampler.batch(), training.label_smoothing).sum()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            smoothed = loss.item() if smoothed is None else 0.97 * smoothed + 0.03 * loss.item()
            if on_step is not None:
                on_step(step + 1, training.steps, smoothed)
    return model.eval()


def _losses(model: TwoStream, rgb: Tensor, flow: Tensor, labels: Tensor, smoothing: float) -> Tensor:
    """(2,) cross-entropy of each stream."""
    inputs = {"rgb": rgb, "flow": flow}
    return torch.stack(
        [
            F.cross_entropy(stream(inputs[name]), labels, label_smoothing=smoothing)
            for name, stream in model.streams.items()
        ]
    )


class _Sampler:
    """Random windows of a pool of clips that is renewed a little after every batch."""

    def __init__(self, clips: Iterator[MotionClip], training: TwoStreamTraining, frames: int) -> None:
        self.clips, self.training, self.frames = clips, training, frames
        self.rng = np.random.default_rng(training.seed)
        self.pool = [next(clips) for _ in range(training.pool)]
        self.oldest = 0

    def batch(self) -> tuple[Tensor, Tensor, Tensor]:
        """RGB (B, 3, 16, S, S), flow (B, 2, 16, S, S), labels (B,)."""
        chosen = self.rng.choice(len(self.pool), min(self.training.batch, len(self.pool)), replace=False)
        windows = [self._window(self.pool[index]) for index in chosen]
        rgb, flow = (prepare_windows(np.stack(part)) for part in zip(*windows, strict=True))
        labels = torch.tensor([self.pool[index].label for index in chosen])
        self._renew()
        jitter = COLOR_JITTER * torch.randn(2, len(rgb), 3, 1, 1, 1)
        return rgb * (1 + jitter[0]) + jitter[1], flow, labels

    def _window(self, clip: MotionClip) -> tuple[np.ndarray, np.ndarray]:
        start = int(self.rng.integers(len(clip.rgb) - self.frames + 1))
        rgb, flow = clip.window(start, self.frames)
        return mirrored(rgb, flow) if self.rng.random() < 0.5 else (rgb, flow)

    def _renew(self) -> None:
        for _ in range(self.training.fresh):
            self.pool[self.oldest] = next(self.clips)
            self.oldest = (self.oldest + 1) % len(self.pool)


def mirrored(rgb: np.ndarray, flow: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A window seen in a mirror: left is right, and horizontal motion changes its sign."""
    flow = flow[:, :, ::-1].copy()
    flow[..., 0] = np.clip(256 - flow[..., 0].astype(np.int16), 0, 255)
    return rgb[:, :, ::-1], flow
