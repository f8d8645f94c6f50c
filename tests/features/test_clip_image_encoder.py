"""The image encoder over a tiny stored CLIP."""

import numpy as np
import pytest
import torch

from dcwtal.core.errors import CheckpointError
from dcwtal.features.clip_image_encoder import IMAGES_AT_ONCE, build_clip_image_encoder
from dcwtal.models.clip_model import build_clip, load_clip, prepare_images, save_clip

CONFIG = {
    "model_cfg": {
        "embed_dim": 12,
        "vision_cfg": {"image_size": 20, "layers": 1, "width": 16, "head_width": 8, "patch_size": 10},
        "text_cfg": {"context_length": 16, "vocab_size": 49408, "width": 16, "heads": 2, "layers": 1},
    },
    "preprocess_cfg": {"size": 20, "mean": [0.5, 0.5, 0.5], "std": [0.25, 0.25, 0.25]},
    "stride_frames": 8,
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    torch.manual_seed(0)
    path = tmp_path_factory.mktemp("weights") / "tiny-clip"
    save_clip(path, build_clip(CONFIG), CONFIG, seen_tokens=[0, 49406, 49407])
    return path


def pictures(n):
    return np.random.default_rng(n).integers(0, 256, (n, 20, 20, 3), dtype=np.uint8)


def test_it_states_what_the_protocol_asks_for(folder):
    encoder = build_clip_image_encoder(folder)
    assert (encoder.name, encoder.dim) == ("tiny-clip", 12)
    assert (encoder.input_height, encoder.input_width, encoder.stride_frames) == (20, 20, 8)
    assert len(encoder.weights_sha256) == 64
    assert encoder.weights_sha256 == build_clip_image_encoder(folder).weights_sha256


def test_features_are_the_raw_output_of_the_visual_tower(folder):
    images = pictures(5)
    features = build_clip_image_encoder(folder).encode_images(images)
    assert features.shape == (5, 12) and features.dtype == np.float32
    model = load_clip(folder)
    with torch.no_grad():
        expected = model.encode_image(prepare_images(images, model), normalize=False)
    assert np.allclose(features, expected.numpy(), atol=1e-6)


def test_neighbours_and_batch_borders_change_nothing(folder):
    encoder, images = build_clip_image_encoder(folder), pictures(IMAGES_AT_ONCE + 3)
    together = encoder.encode_images(images)
    assert np.allclose(together[-2:], encoder.encode_images(images[-2:]), atol=1e-5)
    assert np.allclose(together[:1], encoder.encode_images(images[:1]), atol=1e-5)


def test_a_view_with_negative_strides_is_fine(folder):
    encoder, images = build_clip_image_encoder(folder), pictures(3)
    assert np.allclose(
        encoder.encode_images(images[:, :, ::-1]), encoder.encode_images(images[:, :, ::-1].copy())
    )


def test_a_folder_without_weights_is_refused(tmp_path):
    with pytest.raises(CheckpointError):
        build_clip_image_encoder(tmp_path)
