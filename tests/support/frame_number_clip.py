"""A clip whose every picture says which frame it is: twelve black or white blocks, and the digits for people.

The blocks are 20 pixels wide, so that H.264 leaves each one's centre clearly dark or clearly bright.
"""

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np

WIDTH, HEIGHT, BLOCK, BITS = 320, 240, 20, 12
TICKS_PER_SECOND = 12800


def frame_picture(number: int) -> np.ndarray:
    """The (240, 320, 3) uint8 RGB picture of one frame; bit ``b`` of the number is block ``b`` from the left."""
    picture = np.full((HEIGHT, WIDTH, 3), (38, 52, 70), dtype=np.uint8)
    for bit in range(BITS):
        shade = 235 if number >> bit & 1 else 16
        picture[:BLOCK, 40 + bit * BLOCK : 40 + (bit + 1) * BLOCK] = shade
    cv2.circle(picture, (40 + 6 * number % 240, 200), 12, (240, 190, 60), -1, cv2.LINE_AA)
    cv2.putText(picture, str(number), (70, 150), cv2.FONT_HERSHEY_SIMPLEX, 3, (250, 250, 250), 6, cv2.LINE_AA)
    return picture


def even_times(frames: int, fps: float = 25.0) -> list[float]:
    """Presentation times of a constant frame rate, in seconds."""
    return [number / fps for number in range(frames)]


def uneven_times(frames: int) -> list[float]:
    """Presentation times that keep changing pace (20, 40 and 80 ms), in seconds."""
    gaps = [(0.04, 0.02, 0.08, 0.04, 0.02)[number // 7 % 5] for number in range(frames)]
    return [float(time) for time in np.concatenate([[0.0], np.cumsum(gaps[:-1])])]


def write_clip(path: Path, times: Sequence[float]) -> None:
    """Write one frame a presentation time (seconds, increasing) as H.264 in mp4, a key frame every 25."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with av.open(str(path), "w", options={"movflags": "+faststart"}) as container:
        stream = container.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.options = {"preset": "ultrafast", "crf": "20", "g": "25", "bf": "0"}
        stream.codec_context.time_base = stream.time_base = Fraction(1, TICKS_PER_SECOND)
        for number, time in enumerate(times):
            frame = av.VideoFrame.from_ndarray(frame_picture(number), format="rgb24")
            frame.pts, frame.time_base = round(time * TICKS_PER_SECOND), Fraction(1, TICKS_PER_SECOND)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
