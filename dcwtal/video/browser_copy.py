"""An H.264 copy for files that browsers cannot play, with the same time zero and presentation times."""

import errno
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
from av.container import OutputContainer
from av.video.frame import VideoFrame

from dcwtal.core.errors import VideoError
from dcwtal.core.files import atomic_path
from dcwtal.video.decoded_frames import DecodedFrames, RgbConverter
from dcwtal.video.opening import open_video
from dcwtal.video.probe import VideoProbe

_TIME_BASE = Fraction(1, 90_000)
_EIGHT_BIT_420 = ("yuv420p", "yuvj420p")
_PLAYED = {"mp4": ("h264", "vp9", "av1"), "webm": ("vp8", "vp9", "av1")}


def needs_browser_copy(probe: VideoProbe) -> bool:
    """Whether a browser would refuse a file, show another of its streams, or count its time differently."""
    suffix = probe.path.suffix.lower()
    family = "mp4" if "mp4" in probe.container else "webm" if suffix == ".webm" else ""
    plays = probe.codec in _PLAYED.get(family, ()) and probe.pixel_format in _EIGHT_BIT_420
    return not (plays and probe.starts_at_own_zero and probe.n_video_streams == 1)


def write_browser_copy(
    source: Path | str,
    target: Path | str,
    *,
    largest_height: int = 720,
    on_progress: Callable[[float, float | None], None] | None = None,
) -> Path:
    """Write an mp4 (H.264, 4:2:0, index first, a key picture every 25) of the pictures alone, upright.

    Pictures taller than ``largest_height`` are scaled down; presentation times are kept to 1/90000 s, so
    that intervals mean the same in both files. ``on_progress`` hears (seconds done, seconds stated or None).
    """
    target = Path(target)
    with open_video(source) as video, atomic_path(target) as temporary:
        try:
            with av.open(str(temporary), "w", format="mp4", options={"movflags": "faststart"}) as output:
                _transcode(DecodedFrames(video), output, largest_height, on_progress, video.stated_end)
        except av.error.FFmpegError as error:
            if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EIO):
                raise OSError(error.errno, error.strerror) from error
            raise VideoError(f"cannot make a browser copy of {source}: {error}") from None
    return target


def _transcode(
    frames: DecodedFrames,
    output: OutputContainer,
    largest_height: int,
    on_progress: Callable[[float, float | None], None] | None,
    stated_end: float | None,
) -> None:
    converter = RgbConverter()
    writer: _PictureWriter | None = None
    for decoded in frames:
        image = converter.rgb(decoded.frame)
        if writer is None:
            writer = _PictureWriter(output, _even_size(image, largest_height))
            if decoded.seconds > 0:  # the player shows the first picture from time zero on
                writer.write(image, 0.0, decoded.seconds)
        writer.write(image, decoded.seconds, decoded.duration)
        if on_progress is not None:
            on_progress(decoded.seconds, stated_end)
    if writer is not None:
        writer.finish()


def _even_size(image: np.ndarray, largest_height: int) -> tuple[int, int]:
    """(width, height), both even and at least 16, of the picture scaled to at most ``largest_height``."""
    height, width = image.shape[:2]
    scale = min(1.0, largest_height / height)
    return max(16, round(width * scale / 2) * 2), max(16, round(height * scale / 2) * 2)


class _PictureWriter:
    """One H.264 stream of an output file; ``size`` is (width, height)."""

    def __init__(self, output: OutputContainer, size: tuple[int, int]):
        options = {"crf": "23", "preset": "veryfast", "g": "25"}
        self._output = output
        self._size = size
        self._stream = output.add_stream("libx264", rate=25, options=options)
        self._stream.width, self._stream.height = size
        self._stream.pix_fmt = "yuv420p"
        self._stream.codec_context.time_base = _TIME_BASE
        self._durations: dict[int, int] = {}

    def write(self, image: np.ndarray, seconds: float, duration: float) -> None:
        """Add one RGB picture that is shown from ``seconds`` on."""
        if image.shape[1::-1] != self._size:
            image = cv2.resize(image, self._size, interpolation=cv2.INTER_AREA)
        frame = VideoFrame.from_ndarray(image, format="rgb24")
        frame.time_base = _TIME_BASE
        frame.pts = round(seconds / _TIME_BASE)
        self._durations[frame.pts] = max(1, round(duration / _TIME_BASE))
        self._mux(frame)

    def finish(self) -> None:
        """Write what the encoder still holds."""
        self._mux(None)

    def _mux(self, frame: VideoFrame | None) -> None:
        for packet in self._stream.encode(frame):
            # The encoder does not pass durations on, and the last picture's is lost without this.
            packet.duration = self._durations.pop(packet.pts, packet.duration)
            self._output.mux(packet)
