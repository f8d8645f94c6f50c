"""Image encoder: CLIP's visual tower on one picture at a time."""

from pathlib import Path

import numpy as np
import torch

from dcwtal.features.weights_registry import weights_sha256
from dcwtal.models.clip_model import load_clip, prepare_images
from dcwtal.models.weights_folder import read_config

IMAGES_AT_ONCE = 256  # bounds the memory of one call
USUAL_STRIDE_FRAMES = 16


def build_clip_image_encoder(folder: Path) -> "ClipImageEncoder":
    """The CLIP stored in ``folder`` (config.json, model.safetensors); anything amiss is a CheckpointError.

    Its name is the folder's; the stride is config.json's ``stride_frames`` or 16.
    """
    return ClipImageEncoder(Path(folder))


class ClipImageEncoder:
    """An ``ImageEncoder`` (see ``encoder_protocol``) over a stored open_clip model.

    Features are the tower's own output in CLIP's joint space, not L2-normalised.
    """

    def __init__(self, folder: Path) -> None:
        self._model = load_clip(folder)
        self.name = folder.name
        self.stride_frames = int(read_config(folder).get("stride_frames", USUAL_STRIDE_FRAMES))
        self.weights_sha256 = weights_sha256(folder)
        self.dim = int(read_config(folder)["model_cfg"]["embed_dim"])
        self.input_height = self.input_width = int(self._model.visual.preprocess_cfg["size"])

    @torch.inference_mode()
    def encode_images(self, images: np.ndarray) -> np.ndarray:
        """RGB uint8 (N, input_height, input_width, 3) → float32 (N, dim)."""
        parts = [
            self._model.encode_image(prepare_images(images[start : start + IMAGES_AT_ONCE], self._model))
            for start in range(0, len(images), IMAGES_AT_ONCE)
        ]
        return torch.cat(parts).float().cpu().numpy()
