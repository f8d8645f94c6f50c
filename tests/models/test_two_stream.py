"""The two-stream network: shapes, independence of windows, and its files."""

import json

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from dcwtal.core.errors import CheckpointError
from dcwtal.models.two_stream import (
    MotionStream,
    TwoStream,
    load_two_stream,
    prepare_windows,
    save_two_stream,
)

CLASSES = ("diving", "golf", "walk")
CONFIG = {"classes": list(CLASSES), "frame_stride": 2}


@pytest.fixture(scope="module")
def model():
    torch.manual_seed(0)
    network = TwoStream(CLASSES).train()
    with torch.no_grad():  # running statistics that are not the initial ones
        network.probabilities(*windows(8))
    return network.eval()


def windows(n, size=32):
    generator = torch.Generator().manual_seed(n)
    return tuple(torch.randn(n, channels, 16, size, size, generator=generator) for channels in (3, 2))


def test_shapes_and_ranges(model):
    rgb, flow = windows(3)
    features = model.features(rgb, flow)
    assert features.shape == (3, 256) and (features >= 0).all()
    assert model.probabilities(rgb, flow).shape == (3, 3)
    assert torch.allclose(model.probabilities(rgb, flow).sum(1), torch.ones(3), atol=1e-6)


def test_the_first_half_of_the_features_is_rgb_the_second_flow(model):
    rgb, flow = windows(2)
    base, other = model.features(rgb, flow), model.features(rgb, flow + 1)
    assert torch.equal(base[:, :128], other[:, :128]) and not torch.allclose(base[:, 128:], other[:, 128:])


def test_a_window_does_not_see_its_neighbours_in_the_batch(model):
    rgb, flow = windows(5)
    together = model.features(rgb, flow)
    alone = torch.cat([model.features(rgb[i : i + 1], flow[i : i + 1]) for i in range(5)])
    assert torch.allclose(together, alone, atol=1e-5)


def test_every_second_frame_is_looked_at(model):
    rgb, flow = windows(1)
    changed = rgb.clone()
    changed[:, :, 1::2] += 5
    assert torch.equal(model.features(rgb, flow), model.features(changed, flow))
    changed[:, :, 4] += 5
    assert not torch.equal(model.features(rgb, flow), model.features(changed, flow))


def test_a_stage_is_a_convolution_in_space_then_one_in_time():
    """Against the same arithmetic as 3-D convolutions with kernels (1, k, k) and (3, 1, 1)."""
    torch.manual_seed(3)
    stage = MotionStream(3, 2).eval().stages[1]
    x = torch.randn(2, 16, 8, 12, 12)
    space = torch.nn.functional.conv3d(x, stage.space.weight[:, :, None], stride=(1, 2, 2), padding=(0, 1, 1))
    space = torch.relu(space / (1 + stage.space_norm.eps) ** 0.5)
    time = torch.nn.functional.conv3d(
        space, stage.time.weight[..., None, None], stride=(2, 1, 1), padding=(1, 0, 0)
    )
    time = torch.relu(time / (1 + stage.time_norm.eps) ** 0.5)
    assert torch.allclose(stage(x), time, atol=1e-5)


def test_files_come_back_within_float16_rounding(model, tmp_path):
    save_two_stream(tmp_path, model, CONFIG)
    loaded = load_two_stream(tmp_path)
    assert loaded.classes == CLASSES and not loaded.training
    assert all(p.dtype == torch.float32 for p in loaded.parameters())
    rgb, flow = windows(3)
    assert torch.allclose(loaded.features(rgb, flow), model.features(rgb, flow), rtol=2e-2, atol=2e-3)
    save_two_stream(tmp_path / "again", loaded, CONFIG)
    for name in ("rgb.safetensors", "flow.safetensors"):
        assert (tmp_path / "again" / name).read_bytes() == (tmp_path / name).read_bytes()
        assert (tmp_path / name).stat().st_size < 400_000


@pytest.mark.parametrize("fault", ["swapped", "missing file", "missing weight", "classes", "no classes"])
def test_files_that_do_not_fit_are_refused(model, tmp_path, fault):
    save_two_stream(tmp_path, model, CONFIG)
    rgb, flow = tmp_path / "rgb.safetensors", tmp_path / "flow.safetensors"
    if fault == "swapped":
        rgb.write_bytes(flow.read_bytes())
    elif fault == "missing file":
        flow.unlink()
    elif fault == "missing weight":
        state = load_file(rgb)
        del state["classifier.bias"]
        save_file(state, rgb)
    else:
        changed = {"classes": ["a"], "frame_stride": 2} if fault == "classes" else {"frame_stride": 2}
        (tmp_path / "config.json").write_text(json.dumps(changed))
    with pytest.raises(CheckpointError):
        load_two_stream(tmp_path)


def test_bytes_become_hand_worked_numbers():
    picture = np.zeros((1, 16, 2, 2, 2), np.uint8)
    picture[0, 5, 1, 0] = (128, 192)
    prepared = prepare_windows(picture)
    assert prepared.shape == (1, 2, 16, 2, 2) and prepared.dtype == torch.float32
    assert prepared[0, :, 5, 1, 0].tolist() == [0.0, 1.0] and prepared[0, 0, 0, 0, 0] == -2.0
