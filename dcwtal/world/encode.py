"""Frames to an mp4 that browsers play and seek in: H.264, yuv420p, a keyframe a second, index in front."""

import contextlib
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from dcwtal.core.errors import DiskError
from dcwtal.core.files import atomic_path

# x264's rate factor. Drawings survive a high one; with bits moved to dark and flat areas (aq-mode 3), 28
# looks like 24 without, and a 50 s video stays near 0.5 MB although it has a keyframe every second.
QUALITY = 28
KEYFRAME_EVERY = 25


def write_mp4(path: Path, frames: Iterable[np.ndarray], fps: float, size: tuple[int, int]) -> int:
    """Encodes (h, w, 3) uint8 RGB frames of `size` (width, height); the file appears whole or not at all.

    -> the number of frames written
    """
    from moviepy.video.io.ffmpeg_writer import FFMPEG_VideoWriter  # slow to import

    settings = [
        "-crf", str(QUALITY), "-aq-mode", "3", "-aq-strength", "1.3",
        "-g", str(KEYFRAME_EVERY), "-keyint_min", str(KEYFRAME_EVERY), "-sc_threshold", "0",
        "-vf", "format=yuv420p", "-movflags", "+faststart",
    ]  # fmt: skip
    count = 0
    with atomic_path(path) as unfinished:
        writer = FFMPEG_VideoWriter(
            str(unfinished), size, fps, codec="libx264", preset="veryfast", threads=1, ffmpeg_params=settings
        )
        encoder = writer.proc
        try:
            for frame in frames:
                writer.write_frame(frame)
                count += 1
        except OSError:  # moviepy: ffmpeg is gone, with pages of its own text
            raise _unwritable(path) from None
        finally:
            with contextlib.suppress(OSError):  # what was not yet written cannot be flushed either
                writer.close()
        if encoder.returncode != 0:
            raise _unwritable(path)
    return count


def _unwritable(path: Path) -> DiskError:
    return DiskError(
        f"cannot write {path}: ffmpeg stopped before the end, most likely because the disk is full; "
        "free some space or choose another folder, then run it again"
    )
