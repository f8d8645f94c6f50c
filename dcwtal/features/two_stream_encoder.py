"""Window encoder: the small two-stream network on 16 frames of RGB and optical flow."""

from pathlib import Path

import numpy as np
import torch

from dcwtal.core.errors import CheckpointError
from dcwtal.features.weights_registry import weights_sha256
from dcwtal.models.two_stream import load_two_stream, prepare_windows
from dcwtal.models.weights_folder import CONFIG_NAME, read_config

WINDOWS_AT_ONCE = 32  # bounds the memory of one call


def build_two_stream_encoder(folder: Path) -> "TwoStreamEncoder":
    """The network stored in ``folder`` (config.json, rgb.safetensors, flow.safetensors), else a CheckpointError.

    Its name is the folder's.
    """
    return TwoStreamEncoder(Path(folder))


class TwoStreamEncoder:
    """A ``WindowEncoder`` (see ``encoder_protocol``): 128 RGB features, then 128 of flow, all >= 0."""

    def __init__(self, folder: Path) -> None:
        config = read_config(folder)
        self._model = load_two_stream(folder)
        self.name = folder.name
        self.weights_sha256 = weights_sha256(folder)
        self.dim = sum(stream.classifier.in_features for stream in self._model.streams.values())
        try:
            self.input_height = self.input_width = int(config["input_size"])
            self.window_frames = int(config["window_frames"])
            self.stride_frames = int(config["stride_frames"])
            self.flow = str(config["flow"])
            width, height = config["flow_working_size"]
            self.flow_working_size = (int(width), int(height))
            self.flow_scale = float(config["flow_scale"])
        except (KeyError, TypeError, ValueError) as error:
            raise CheckpointError(
                f"{folder / CONFIG_NAME} does not say how to prepare windows: {error!r}; restore the file"
            ) from None

    @torch.inference_mode()
    def encode_windows(self, rgb: np.ndarray, flow: np.ndarray) -> np.ndarray:
        """RGB and flow bytes (N, window_frames, H, W, 3 and 2) → float32 (N, dim)."""
        parts = [
            self._model.features(
                prepare_windows(rgb[start : start + WINDOWS_AT_ONCE]),
                prepare_windows(flow[start : start + WINDOWS_AT_ONCE]),
            )
            for start in range(0, len(rgb), WINDOWS_AT_ONCE)
        ]
        return torch.cat(parts).numpy()
