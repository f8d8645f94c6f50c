"""Decoded pictures of an open file in order of presentation, each with its time; damage is counted."""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass

import av
import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import VideoReformatter

from dcwtal.core.errors import VideoError
from dcwtal.video import limits
from dcwtal.video.opening import OpenVideo
from dcwtal.video.orientation import Orientation, orientation_of

_DEFAULT_FPS = 25.0
_STOPS_EARLY_SECONDS = 0.5


@dataclass(frozen=True)
class DecodedFrame:
    """One picture as coded: ``seconds`` of presentation from time zero and ``duration`` in seconds (> 0)."""

    seconds: float
    duration: float
    frame: VideoFrame


class DecodedFrames:
    """One pass over the pictures of an open video, strictly increasing in time.

    Damaged packets are skipped. A picture without a time gets the one before plus its duration; one whose
    time is not after the one before (duplicated or backward) is dropped. ``notes`` says how often, after
    the pass. A file without a single decodable picture is a VideoError.
    """

    def __init__(self, video: OpenVideo):
        self._video = video
        self._usual_duration = 1.0 / (video.nominal_fps or _DEFAULT_FPS)
        self._damaged = self._untimed = self._backward = 0
        self._encrypted = False
        self._decoding_stamps: list[int] = []
        self.end = 0.0
        """Seconds at which the last picture seen so far stops being shown."""

    def __iter__(self) -> Iterator[DecodedFrame]:
        last: float | None = None
        for frame in self._raw_frames():
            seconds = self._time_of(frame, last)
            if last is not None and seconds <= last:
                self._backward += 1
                continue
            duration = self._duration_of(frame)
            self._check_limits(seconds + duration, frame)
            last, self.end = seconds, seconds + duration
            yield DecodedFrame(seconds, duration, frame)
        if last is None:
            raise VideoError(f"{self._video.path} {self._why_nothing()}")

    @property
    def notes(self) -> tuple[str, ...]:
        """What the user should know about this file, one sentence each; complete after the pass."""
        counted = (
            (self._damaged, "damaged packets skipped"),
            (self._untimed, "pictures without a time stamp placed after the one before"),
            (self._backward, "pictures with a repeated or backward time stamp dropped"),
        )
        notes = [f"{what}: {count}" for count, what in counted if count]
        stated = None if self._video.end_includes_sound else self._video.stated_end
        if stated is not None and stated - self.end > _STOPS_EARLY_SECONDS:
            notes.append(
                f"pictures stop at {self.end:.2f} s though the file states {stated:.2f} s (truncated?)"
            )
        return (*self._video.notes, *notes)

    def _raw_frames(self) -> Iterator[VideoFrame]:
        packets = self._video.container.demux(self._video.stream)
        while True:
            try:
                packet = next(packets)
            except (StopIteration, av.error.FFmpegError):
                return
            self._encrypted = self._encrypted or packet.has_sidedata("encryption_info")
            try:
                frames = packet.decode()
            except av.error.FFmpegError:
                self._damaged += 1
                continue
            if self._video.stamps_are_decoding_order and packet.size and packet.dts is not None:
                heapq.heappush(self._decoding_stamps, packet.dts)
            yield from frames

    def _time_of(self, frame: VideoFrame, last: float | None) -> float:
        stamp = frame.pts
        if self._video.stamps_are_decoding_order:
            stamp = heapq.heappop(self._decoding_stamps) if self._decoding_stamps else None
        if stamp is None or not frame.time_base:
            self._untimed += 1
            return 0.0 if last is None else last + self._usual_duration
        return float(stamp * frame.time_base) - self._video.origin

    def _duration_of(self, frame: VideoFrame) -> float:
        if frame.duration and frame.duration > 0 and frame.time_base:
            return float(frame.duration * frame.time_base)
        return self._usual_duration

    def _check_limits(self, end: float, frame: VideoFrame) -> None:
        """What the header did not tell: pictures that turn out later or larger than is accepted."""
        if end > limits.LONGEST_SECONDS:
            raise VideoError(
                f"{self._video.path} has a picture that ends at {end / 3600:.1f} hours; at most "
                f"{limits.LONGEST_SECONDS / 3600:.0f} hours are accepted: repair its time stamps or cut it"
            )
        if frame.width * frame.height > limits.LARGEST_AREA:
            raise VideoError(
                f"{self._video.path} has a picture of {frame.width}x{frame.height}; at most "
                f"{limits.LARGEST_SIDE}x4320 is accepted: scale it down first"
            )

    def _why_nothing(self) -> str:
        if self._encrypted:
            return "is encrypted; no picture can be decoded without its key: export an unprotected copy"
        if self._damaged:
            return f"has no picture that can be decoded ({self._damaged} damaged packets); copy it again"
        return "has a video stream without any picture (an empty recording or only the head of a stream)"


class RgbConverter:
    """Decoded frames as upright RGB pictures; keeps the scaler between frames, so one object a pass."""

    def __init__(self) -> None:
        self._reformatter = VideoReformatter()
        self._orientation: Orientation | None = None

    def rgb(self, frame: VideoFrame) -> np.ndarray:
        """RGB uint8 (H, W, 3), turned as the file asks; its own colour matrix and range are honoured."""
        if self._orientation is None:
            self._orientation = orientation_of(frame)
        try:
            converted = self._reformatter.reformat(frame, format="rgb24", threads=1)
        except av.error.FFmpegError as error:
            raise VideoError(
                f"cannot convert pictures of format {frame.format.name} to RGB: {error}"
            ) from None
        return self._orientation.upright(converted.to_ndarray())
