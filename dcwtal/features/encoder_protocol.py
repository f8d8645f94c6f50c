"""What an encoder must offer: pictures or 16-frame windows in, feature vectors out.

The caller (``features/extraction.py``) decodes, resizes with area interpolation to the size an encoder
states, and batches; the encoder crops, normalises and runs its network. Every attribute that changes the
numbers is recorded in the recipe of the stored features.
"""

from typing import Protocol

import numpy as np


class Encoder(Protocol):
    """What both kinds of encoder state about themselves."""

    name: str
    """Name in ``features.encoders.ENCODERS`` and of the folder ``features/<name>/`` of a data set."""
    dim: int
    """D, the length of one feature vector."""
    input_height: int
    input_width: int
    """Pixels to which the caller resizes each whole picture (aspect ratio not kept)."""
    stride_frames: int
    """Frames from one snippet to the next at 25 fps when the settings leave it open: 8 or 16."""
    weights_sha256: str
    """Hex SHA-256 that names the loaded weights (see ``features.weights_registry.weights_sha256``)."""


class ImageEncoder(Encoder, Protocol):
    """Encodes single pictures, each by itself."""

    def encode_images(self, images: np.ndarray) -> np.ndarray:
        """RGB uint8 (N, input_height, input_width, 3) to raw features float32 (N, dim), N >= 1."""
        ...


class WindowEncoder(Encoder, Protocol):
    """Encodes windows of consecutive frames, RGB and optical flow together."""

    window_frames: int
    """Frames in one window: 16."""
    flow: str
    """Name in ``video.optical_flow.FLOWS`` of the flow it was trained on: ``dis`` or ``tvl1``."""
    flow_working_size: tuple[int, int]
    """(width, height) of the grey pictures between which flow is computed; it is then resized to the input
    size without rescaling, so flow stays in pixels of the working size."""
    flow_scale: float
    """Flow is stored as uint8 ``clip(flow * flow_scale + 128, 0, 255)``; see ``video.optical_flow``."""

    def encode_windows(self, rgb: np.ndarray, flow: np.ndarray) -> np.ndarray:
        """RGB uint8 (N, window_frames, input_height, input_width, 3) and flow uint8 (N, window_frames,
        input_height, input_width, 2: x then y) to raw features float32 (N, dim), N >= 1.

        ``flow[:, j]`` points from frame j to frame j+1.
        """
        ...
