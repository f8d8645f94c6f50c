"""Both flows find a known motion; bytes hold what they promise."""

import cv2
import numpy as np
import pytest

from dcwtal.core.errors import SettingsError
from dcwtal.video.optical_flow import FLOWS, create_flow, flow_to_bytes, grey_for_flow


def texture(shift_x, shift_y):
    rng = np.random.default_rng(3)
    canvas = cv2.GaussianBlur(rng.integers(0, 256, (160, 200)).astype(np.uint8), (0, 0), 2.5)
    canvas = cv2.normalize(canvas, None, 0, 255, cv2.NORM_MINMAX)
    return np.ascontiguousarray(canvas[30 - shift_y : 126 - shift_y, 30 - shift_x : 158 - shift_x])


@pytest.mark.parametrize("name", FLOWS)
def test_known_translation(name):
    flow = create_flow(name)(texture(0, 0), texture(3, -2))
    assert flow.shape == (96, 128, 2) and flow.dtype == np.float32
    assert np.median(flow[20:-20, 20:-20], axis=(0, 1)) == pytest.approx([3, -2], abs=0.25)


@pytest.mark.parametrize("name", FLOWS)
def test_no_motion(name):
    assert np.abs(create_flow(name)(texture(0, 0), texture(0, 0))).max() < 0.05


def test_unknown_flow():
    with pytest.raises(SettingsError, match="dis, tvl1"):
        create_flow("farneback")


def test_bytes():
    flow = np.zeros((96, 128, 2), np.float32)
    flow[..., 0], flow[..., 1] = 1.5, -100.0
    stored = flow_to_bytes(flow, (64, 32), 10.0)
    assert stored.shape == (32, 64, 2) and stored.dtype == np.uint8
    assert (stored[..., 0] == 143).all() and (stored[..., 1] == 0).all()
    assert (flow_to_bytes(-flow, (64, 32), 10.0)[..., 1] == 255).all()
    assert (flow_to_bytes(flow * 0, (64, 32), 10.0) == 128).all()


def test_grey_weighs_red_green_blue_as_eyes_do():
    for channel, weight in enumerate((0.299, 0.587, 0.114)):
        rgb = np.zeros((40, 60, 3), np.uint8)
        rgb[..., channel] = 200
        assert grey_for_flow(rgb, (30, 20)).shape == (20, 30)
        assert int(grey_for_flow(rgb, (30, 20))[5, 5]) == pytest.approx(200 * weight, abs=1)
