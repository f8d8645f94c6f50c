"""A data set of made-up features, a CLIP of a few thousand weights and encoders that only average pixels.

Enough for ``dcwtal train`` to run end to end in a second; its numbers mean nothing.
"""

import json
from pathlib import Path

import numpy as np

from dcwtal.core.timegrid import TimeGrid
from dcwtal.features.feature_sequence import FeatureSequence
from dcwtal.features.recipe import recipes_of
from dcwtal.features.settings import FeatureSettings
from dcwtal.features.store import FeatureStore

CLASSES = ["Diving", "Shotput"]
MOTION, CLIP, STEP = 6, 8, 0.32
SUBSETS = {"train": 5, "validation": 2, "test": 2}
CLIP_CONFIG = {
    "model_cfg": {
        "embed_dim": CLIP,
        "vision_cfg": {"image_size": 16, "layers": 1, "width": 16, "head_width": 8, "patch_size": 8},
        "text_cfg": {"context_length": 48, "vocab_size": 49408, "width": 16, "heads": 2, "layers": 1},
    },
    "preprocess_cfg": {"size": 16, "mean": [0.5, 0.5, 0.5], "std": [0.5, 0.5, 0.5]},
}


class PixelImages:
    """An image encoder: the mean colour, bent into CLIP's width."""

    name, dim, input_height, input_width, stride_frames = "world-clip", CLIP, 16, 16, 8
    weights_sha256 = "aa"

    def encode_images(self, images):
        colour = images.astype(np.float32).mean((1, 2)) / 255
        return np.concatenate([colour, np.sin(9 * colour), np.ones((len(images), 2), np.float32)], 1)


class PixelWindows:
    """A window encoder: the mean of pictures and flow, and how much they vary."""

    name, dim, input_height, input_width, stride_frames = "world-two-stream", MOTION, 16, 16, 8
    window_frames, flow, flow_working_size, flow_scale = 16, "dis", (32, 24), 10.0
    weights_sha256 = "bb"

    def encode_windows(self, rgb, flow):
        rgb, flow = rgb.astype(np.float32) / 255, flow.astype(np.float32) / 255
        parts = [rgb.mean((1, 2, 3)), flow.mean((1, 2, 3)), rgb.std((1, 2, 3, 4))[:, None]]
        return np.concatenate(parts, 1).astype(np.float32)


def load_pixel_encoders(names, settings, threads):
    """In the place of ``pipeline.extract._load_encoders``; importable by name from a child process."""
    images, windows = PixelImages(), PixelWindows()
    return (images, windows, settings), recipes_of(settings, images, windows)


def write_weights(folder: Path) -> Path:
    """``folder/world-clip``: a CLIP with random weights; returns ``folder``."""
    import torch

    from dcwtal.models.clip_model import build_clip, save_clip
    from dcwtal.models.clip_text import tokenize

    torch.manual_seed(0)
    seen = set(tokenize(["diving", "shot put", "javelin"], 48).flatten().tolist())
    save_clip(folder / "world-clip", build_clip(CLIP_CONFIG), CLIP_CONFIG, seen_tokens=sorted(seen))
    return folder


def video_ids(subset: str) -> list[str]:
    """The videos of one split."""
    return [f"{subset}_{number}" for number in range(SUBSETS[subset])]


def write_data_set(root: Path, *, seed: int = 0, **changes) -> Path:
    """Annotations and features of nine videos of 6 to 10 s; the class of each shows in its middle third.

    ``changes``: ``width`` (video → CBP feature width), ``clip_width``, ``drop`` (videos without features),
    ``labels`` (video → labels), ``classes``.
    """
    random, store = np.random.default_rng(seed), FeatureStore(root)
    recipes = recipes_of(FeatureSettings(), PixelImages(), PixelWindows())
    database = {}
    for subset in SUBSETS:
        for number, video in enumerate(video_ids(subset)):
            n, own = int(random.integers(20, 33)), number % 2
            features = {
                "world-two-stream": random.normal(size=(n, changes.get("width", {}).get(video, MOTION))),
                "world-clip": random.normal(size=(n, changes.get("clip_width", CLIP))),
            }
            for values in features.values():
                values[n // 3 : 2 * n // 3, own] += 4
            database[video] = {
                "subset": subset,
                "duration": n * STEP,
                "labels": changes.get("labels", {}).get(video, [CLASSES[own]]),
                "annotations": [{"label": CLASSES[own], "segment": [n // 3 * STEP, 2 * n // 3 * STEP]}],
            }
            for encoder, values in features.items():
                if video in changes.get("drop", ()):
                    continue
                sequence = FeatureSequence(
                    values, TimeGrid(0.0, STEP, n), encoder, recipes[encoder], "0" * 64, n * STEP
                )
                store.write(video, sequence)
    document = {"version": "tiny", "classes": changes.get("classes", CLASSES), "database": database}
    (root / "annotations.json").write_text(json.dumps(document))
    return root


def stage_weights(run: Path) -> dict[str, bytes]:
    """The bytes of every stage's weights."""
    return {path.parent.name: path.read_bytes() for path in run.glob("checkpoints/*/weights.safetensors")}
