"""Where the time of extraction goes, part by part, in CPU seconds of one thread.

    python benchmarks/decode_speed.py VIDEO [VIDEO ...] [--no-encoders]

Each part is run by itself over the whole video, so the parts add up to about one extraction.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np

from dcwtal.features.recipe import plan_of
from dcwtal.features.settings import FeatureSettings
from dcwtal.video.clock_frames import ClockFrames
from dcwtal.video.decoded_frames import DecodedFrames
from dcwtal.video.opening import open_video
from dcwtal.video.optical_flow import create_flow, flow_to_bytes, grey_for_flow

FLOW_SIZE, INPUT_SIZE = (128, 96), (64, 64)


def cpu_seconds(work: Callable[[], object]) -> tuple[float, object]:
    """CPU seconds of this process that a piece of work took, and its result."""
    started = time.process_time()
    result = work()
    return time.process_time() - started, result


def measure(path: Path, with_encoders: bool) -> dict[str, float]:
    """CPU seconds by part for one video."""
    parts: dict[str, float] = {}
    with open_video(path) as video:
        parts["decode"], n_frames = cpu_seconds(lambda: sum(1 for _ in DecodedFrames(video)))
    with open_video(path) as video:
        seconds, images = cpu_seconds(lambda: [frame.image for frame in ClockFrames(video)])
        parts["to rgb on the clock"] = seconds - parts["decode"]
    parts["resize"], small = cpu_seconds(lambda: np.stack([resized(image) for image in images]))
    parts["grey"], grey = cpu_seconds(lambda: [grey_for_flow(image, FLOW_SIZE) for image in images])
    parts["dis flow"], flow = cpu_seconds(lambda: dis_flows(grey))
    few = grey[: min(len(grey), 13)]
    tvl1, _ = cpu_seconds(lambda: [create_flow("tvl1")(a, b) for a, b in pairwise(few)])
    if with_encoders:
        parts |= encoder_seconds(small, flow)
    parts["sum"] = sum(parts.values())
    parts["tvl1 flow instead of dis (extrapolated)"] = tvl1 / max(1, len(few) - 1) * len(grey)
    return {"frames": n_frames, "ticks": len(images)} | {name: round(s, 3) for name, s in parts.items()}


def resized(image: np.ndarray) -> np.ndarray:
    """A picture at the small encoders' input size."""
    return cv2.resize(image, INPUT_SIZE, interpolation=cv2.INTER_AREA)


def dis_flows(grey: list[np.ndarray]) -> np.ndarray:
    """DIS flow between neighbours as bytes, one a tick."""
    between = create_flow("dis")
    flows = [flow_to_bytes(between(a, b), INPUT_SIZE, 10.0) for a, b in pairwise(grey)]
    return np.stack([*flows, flows[-1]])


def encoder_seconds(small: np.ndarray, flow: np.ndarray) -> dict[str, float]:
    """CPU seconds of both small encoders over one video's resized pictures and flow."""
    import torch

    from dcwtal.features.encoders import build_encoder

    torch.set_num_threads(1)
    images, windows = build_encoder("world-clip"), build_encoder("world-two-stream")
    settings = FeatureSettings()
    plan = plan_of(settings, images, windows)
    n = plan.n_snippets(len(small))
    ticks = np.clip([plan.image_tick(k) for k in range(n * plan.images)], 0, len(small) - 1)
    pictures = np.stack([cv2.resize(small[t], (images.input_width, images.input_height)) for t in ticks])
    places = np.clip([list(plan.window_ticks(i)) for i in range(n)], 0, len(small) - 1)

    def in_batches(encode: Callable, size: int, *arrays: np.ndarray) -> None:
        for first in range(0, len(arrays[0]), size):
            encode(*(array[first : first + size] for array in arrays))

    clip, _ = cpu_seconds(lambda: in_batches(images.encode_images, settings.image_batch, pictures))
    motion, _ = cpu_seconds(
        lambda: in_batches(windows.encode_windows, settings.window_batch, small[places], flow[places])
    )
    return {"image encoder": clip, "window encoder": motion}


def main() -> None:
    """Print one JSON object a video."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("videos", nargs="+", type=Path)
    parser.add_argument("--no-encoders", action="store_true")
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    for path in arguments.videos:
        json.dump({"video": path.name} | measure(path, not arguments.no_encoders), sys.stdout, indent=1)
        sys.stdout.write("\n")


if __name__ == "__main__":
    main()
