"""The window encoder over a stored, untrained two-stream network."""

import json

import numpy as np
import pytest
import torch

from dcwtal.core.errors import CheckpointError
from dcwtal.features.two_stream_encoder import WINDOWS_AT_ONCE, build_two_stream_encoder
from dcwtal.models.two_stream import TwoStream, load_two_stream, prepare_windows, save_two_stream

CONFIG = {
    "classes": ["a", "b"],
    "frame_stride": 2,
    "window_frames": 16,
    "stride_frames": 8,
    "input_size": 24,
    "flow": "dis",
    "flow_working_size": [48, 36],
    "flow_scale": 16.0,
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    torch.manual_seed(0)
    path = tmp_path_factory.mktemp("weights") / "tiny-motion"
    save_two_stream(path, TwoStream(("a", "b")), CONFIG)
    return path


def windows(n):
    rng = np.random.default_rng(n)
    return tuple(rng.integers(0, 256, (n, 16, 24, 24, channels), dtype=np.uint8) for channels in (3, 2))


def test_it_states_what_the_protocol_asks_for(folder):
    encoder = build_two_stream_encoder(folder)
    assert (encoder.name, encoder.dim, encoder.window_frames, encoder.stride_frames) == (
        "tiny-motion",
        256,
        16,
        8,
    )
    assert (encoder.input_height, encoder.input_width) == (24, 24)
    assert (encoder.flow, encoder.flow_working_size, encoder.flow_scale) == ("dis", (48, 36), 16.0)
    assert len(encoder.weights_sha256) == 64


def test_features_are_those_of_the_network(folder):
    rgb, flow = windows(3)
    features = build_two_stream_encoder(folder).encode_windows(rgb, flow)
    assert features.shape == (3, 256) and features.dtype == np.float32
    with torch.no_grad():
        expected = load_two_stream(folder).features(prepare_windows(rgb), prepare_windows(flow))
    assert np.allclose(features, expected.numpy(), atol=1e-6)


def test_neighbours_and_batch_borders_change_nothing(folder):
    encoder, (rgb, flow) = build_two_stream_encoder(folder), windows(WINDOWS_AT_ONCE + 2)
    together = encoder.encode_windows(rgb, flow)
    assert np.allclose(together[-1:], encoder.encode_windows(rgb[-1:], flow[-1:]), atol=1e-4)


def test_digest_follows_the_weights(folder, tmp_path):
    torch.manual_seed(1)
    save_two_stream(tmp_path / "other", TwoStream(("a", "b")), CONFIG)
    other = build_two_stream_encoder(tmp_path / "other")
    assert other.weights_sha256 != build_two_stream_encoder(folder).weights_sha256


def test_a_configuration_that_does_not_say_how_to_prepare_windows_is_refused(folder, tmp_path):
    save_two_stream(tmp_path, TwoStream(("a", "b")), {"classes": ["a", "b"], "frame_stride": 2})
    with pytest.raises(CheckpointError, match="how to prepare windows"):
        build_two_stream_encoder(tmp_path)
    (tmp_path / "config.json").write_text(json.dumps(CONFIG | {"flow_working_size": 128}))
    with pytest.raises(CheckpointError, match="how to prepare windows"):
        build_two_stream_encoder(tmp_path)
