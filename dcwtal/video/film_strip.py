"""Small pictures of a video at chosen times: exactly the ones a player shows then, by presentation time.

For each time the key picture before it is sought and decoding goes on to the wanted picture; where seeking lands
somewhere else (transport streams, files without a proper index) decoding starts at the beginning instead.
Untrusted files are read in a child process, see ``video.video_reader``.
"""

import contextlib
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import av
import cv2
import numpy as np

from dcwtal.core.errors import VideoError
from dcwtal.video.decoded_frames import DecodedFrame, DecodedFrames, RgbConverter
from dcwtal.video.opening import OpenVideo, open_video
from dcwtal.video.presentation_times import PresentationTimes, presentation_times
from dcwtal.video.strip_request import check_strip

_JPEG_QUALITY = 82
_WIDEST = 8  # times its height; a picture of 8192x1 would else become a very long one
_SAME_TIME = 1e-4  # seconds; two clocks of one stream differ by less


@dataclass(frozen=True)
class VideoIndex:
    """What a strip needs to know of a file: the time of every picture, and those (K,) of key pictures, in seconds."""

    times: PresentationTimes
    key_seconds: np.ndarray


def video_index(path: Path | str) -> VideoIndex:
    """Read both from the file's packets; nothing is decoded. A file without a timed picture is a VideoError."""
    times = presentation_times(path)
    stamps: set[int] = set()
    with open_video(path) as video:
        try:
            for packet in video.container.demux(video.stream):
                stamp = _stamp_of(packet, video)
                if stamp is not None and packet.is_keyframe:
                    stamps.add(stamp)
        except av.error.FFmpegError:
            pass  # A damaged tail: what came before stands.
        base, origin = float(video.stream.time_base), video.origin
    return VideoIndex(times, np.array(sorted(stamps), dtype=np.float64) * base - origin)


def film_strip(
    path: Path | str,
    times: Sequence[float],
    height_px: int,
    *,
    index: VideoIndex | None = None,
    enough_seconds: float = float("inf"),
) -> list[tuple[float, bytes] | None]:
    """For each time in seconds: (presentation time of the picture on screen, JPEG of ``height_px`` pixels, upright).

    Before the first picture it is the first one, after the last the last. ``index`` saves reading it again. A slow
    file: pictures not begun ``enough_seconds`` after the call are None (one is always made). At most 40 times and a
    height of 24 to 160, else a SettingsError; a file that cannot be analysed is a VideoError.
    """
    check_strip(times, height_px)
    began = time.monotonic()
    index = index or video_index(path)
    wanted = [float(index.times.seconds[index.times.frame_at(asked)]) for asked in times]
    made: dict[float, tuple[float, bytes]] = {}
    with contextlib.ExitStack() as files:
        pictures = _SoughtPictures(path, index, files)
        for target in sorted(set(wanted)):
            if made and time.monotonic() - began > enough_seconds:
                break
            seconds, image = pictures.at(target)
            made[target] = (seconds, _jpeg(image, height_px))
    return [made.get(target) for target in wanted]


class _SoughtPictures:
    """Pictures of one file at increasing times; goes on decoding where that is shorter than seeking."""

    def __init__(self, path: Path | str, index: VideoIndex, files: contextlib.ExitStack) -> None:
        self._path = path
        self._index = index
        self._files = files
        self._converter = RgbConverter()
        self._seeks = True
        self._from_the_beginning()

    def at(self, target: float) -> tuple[float, np.ndarray]:
        """(presentation time, RGB picture) of the picture at ``target``, which is one of the index's times."""
        keys = self._index.key_seconds
        place = int(np.searchsorted(keys, target + _SAME_TIME, side="right")) - 1
        if self._seeks and place > 0 and keys[place] > self._position + _SAME_TIME:
            self._seeks = self._seek(float(keys[place]), target)
            if not self._seeks:
                self._from_the_beginning()
        self._decode_to(target)
        if self._shown is None:
            raise VideoError(f"{self._path} has no picture that can be decoded at {target:.2f} s")
        return self._shown.seconds, self._converter.rgb(self._shown.frame)

    @property
    def _position(self) -> float:
        latest = self._upcoming or self._shown
        return -np.inf if latest is None else latest.seconds

    def _from_the_beginning(self) -> None:
        self._files.close()
        self._video: OpenVideo = self._files.enter_context(open_video(self._path))
        self._start_over(sought=False)

    def _start_over(self, *, sought: bool) -> None:
        self._sought = sought
        self._frames: Iterator[DecodedFrame] = iter(DecodedFrames(self._video))
        self._shown: DecodedFrame | None = None
        self._upcoming: DecodedFrame | None = None

    def _seek(self, key: float, target: float) -> bool:
        """Go to a key picture; False where the pictures found there are not those that the packets told of."""
        stream = self._video.stream
        try:
            stamp = round((key + self._video.origin) / float(stream.time_base))
            self._video.container.seek(stamp, stream=stream, backward=True)
        except av.error.FFmpegError:
            return False
        self._start_over(sought=True)
        self._upcoming = first = self._next()
        if first is None or first.seconds > target + _SAME_TIME:
            return False
        times = self._index.times
        return abs(times.seconds[times.frame_at(first.seconds + _SAME_TIME)] - first.seconds) <= _SAME_TIME

    def _decode_to(self, target: float) -> None:
        """Let ``_shown`` be the last picture not after ``target``, the very first where none is."""
        while True:
            self._upcoming = self._upcoming or self._next()
            late = self._upcoming is None or self._upcoming.seconds > target + _SAME_TIME
            if late and not (self._shown is None and self._upcoming is not None):
                return
            self._shown, self._upcoming = self._upcoming, None
            if self._shown.seconds >= target - _SAME_TIME:
                return

    def _next(self) -> DecodedFrame | None:
        try:
            return next(self._frames, None)
        except VideoError:
            if self._sought:  # nothing here; the beginning will tell what is wrong with the file
                return None
            raise


def _stamp_of(packet: av.Packet, video: OpenVideo) -> int | None:
    if not packet.size or packet.is_discard:
        return None
    return packet.dts if video.stamps_are_decoding_order or packet.pts is None else packet.pts


def _jpeg(image: np.ndarray, height_px: int) -> bytes:
    height, width = image.shape[:2]
    size = (min(max(1, round(width * height_px / height)), _WIDEST * height_px), height_px)
    how = cv2.INTER_AREA if height_px < height else cv2.INTER_LINEAR
    small = cv2.resize(image, size, interpolation=how)
    done, content = cv2.imencode(
        ".jpg", cv2.cvtColor(small, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY]
    )
    if not done:
        raise VideoError("a picture could not be written as JPEG")
    return content.tobytes()
