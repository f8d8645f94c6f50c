"""Optical flow between two pictures, and its storage as bytes. One place for training and extraction."""

from collections.abc import Callable

import cv2
import numpy as np

from dcwtal.core.errors import SettingsError

FlowBetween = Callable[[np.ndarray, np.ndarray], np.ndarray]
"""Two grey uint8 pictures (h, w) to flow float32 (h, w, 2): x then y displacement in pixels."""


def dis_flow() -> FlowBetween:
    """Dense inverse search (Kroeger et al. 2016), ultrafast preset: about 0.2 ms at 128x96."""
    method = cv2.DISOpticalFlow_create(cv2.DISOPTICAL_FLOW_PRESET_ULTRAFAST)
    return lambda first, second: method.calc(first, second, None)


def tvl1_flow() -> FlowBetween:
    """TV-L1 (Zach et al. 2007), which I3D was trained on: a thousand times slower than ``dis_flow``."""
    method = cv2.optflow.DualTVL1OpticalFlow_create()
    return lambda first, second: method.calc(first, second, None)


FLOWS: dict[str, Callable[[], FlowBetween]] = {"dis": dis_flow, "tvl1": tvl1_flow}


def create_flow(name: str) -> FlowBetween:
    """A flow method by name; an unknown one is a SettingsError. One object serves one thread."""
    if name not in FLOWS:
        raise SettingsError(f"unknown optical flow {name!r}; known: {', '.join(FLOWS)}")
    return FLOWS[name]()


def grey_for_flow(rgb: np.ndarray, working_size: tuple[int, int]) -> np.ndarray:
    """RGB uint8 (H, W, 3) as grey uint8 at ``working_size`` (width, height), area interpolation."""
    return cv2.cvtColor(cv2.resize(rgb, working_size, interpolation=cv2.INTER_AREA), cv2.COLOR_RGB2GRAY)


def flow_to_bytes(flow: np.ndarray, size: tuple[int, int], scale: float) -> np.ndarray:
    """Flow float32 (h, w, 2) resized to ``size`` (width, height), then ``clip(flow * scale + 128, 0, 255)``.

    Gives uint8. Values stay in pixels of the working size; 128 is no motion; the fraction is cut off.
    """
    resized = cv2.resize(flow, size, interpolation=cv2.INTER_AREA)
    return np.clip(resized * scale + 128.0, 0, 255).astype(np.uint8)
