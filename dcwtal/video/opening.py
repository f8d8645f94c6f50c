"""Open a video file safely: no playlists, no network, limits checked, the right stream, time zero decided.

Time zero. Everywhere in this project second 0 of a video is what a browser calls ``currentTime = 0``.
Measured in Chromium on mp4 and webm files whose pictures start late, with and without sound: it is the
file's own zero after edit lists, not the first picture; the first picture is shown already before its time.
Files that no browser plays (a transport stream counts from an arbitrary time) start at their first sample
instead, as does a file whose first sample comes ten or more seconds late; the browser copy does the same.
"""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import av
from av.container import InputContainer
from av.stream import Disposition
from av.video.stream import VideoStream

from dcwtal.core.errors import VideoError
from dcwtal.video import limits
from dcwtal.video.file_signature import explain_unreadable

_LATEST_START = 10.0
_KEEPS_OWN_ZERO = ("mp4", "webm")


@dataclass(frozen=True)
class OpenVideo:
    """An open file and its chosen picture stream.

    ``origin`` is the stream's own time, in seconds, of our second 0. ``stated_end`` (seconds from time zero)
    and ``nominal_fps`` are what the header states, None where it does not; ``end_includes_sound`` says that
    the stated end may be that of a longer sound track. ``stamps_are_decoding_order``: the container (avi)
    stores no presentation times, so its stamps belong to the pictures only once both are sorted. ``notes``
    tell of the choice of stream.
    """

    path: Path
    container: InputContainer
    stream: VideoStream
    origin: float
    stated_end: float | None
    end_includes_sound: bool
    nominal_fps: float | None
    stamps_are_decoding_order: bool
    notes: tuple[str, ...]


@contextlib.contextmanager
def open_video(path: Path | str) -> Iterator[OpenVideo]:
    """Open one video file for reading; anything that cannot be analysed is a VideoError with one message."""
    path = Path(path)
    _check_file(path)
    options = {"protocol_whitelist": "file", "format_whitelist": limits.CONTAINERS}
    try:
        container = av.open(str(path.resolve()), container_options=options, metadata_errors="replace")
    except PermissionError:
        raise VideoError(f"cannot read {path}: permission denied") from None
    except (av.error.FFmpegError, ValueError, OSError):
        raise VideoError(f"{path} {explain_unreadable(path)}") from None
    with container:
        stream, notes = _picture_stream(path, container)
        _check_limits(path, container, stream)
        stream.thread_type = "AUTO"
        stream.codec_context.thread_count = 1
        yield _described(path, container, stream, notes)


def _check_file(path: Path) -> None:
    try:
        if path.is_dir():
            raise VideoError(f"{path} is a folder; expected a video file")
        if not path.exists():
            raise VideoError(f"no video file at {path}")
        if not path.is_file():
            raise VideoError(f"{path} is not an ordinary file; expected a video file")
        if path.stat().st_size == 0:
            raise VideoError(f"{path} is empty (0 bytes); copy it again")
    except (OSError, ValueError) as error:
        raise VideoError(f"cannot read {str(path)[:200]!r}: {error}") from None


def _picture_stream(path: Path, container: InputContainer) -> tuple[VideoStream, tuple[str, ...]]:
    """The largest picture stream that is not a cover picture; the first among equals."""
    streams = [s for s in container.streams.video if not s.disposition & Disposition.attached_pic]
    if not streams:
        n_audio = len(container.streams.audio)
        found = f"{n_audio} audio stream{'s' * (n_audio != 1)}" if n_audio else "no stream of sound either"
        raise VideoError(f"{path} has no video stream ({found}); expected a file with moving pictures")
    known = [s for s in streams if s.codec_context is not None]
    if not known:
        raise VideoError(
            f"{path} uses a video codec that this build cannot decode; convert it to H.264 first"
        )
    chosen = max(known, key=lambda stream: stream.width * stream.height)
    if len(streams) == 1:
        return chosen, ()
    note = f"{len(streams)} video streams; used number {chosen.index} ({chosen.width}x{chosen.height})"
    return chosen, (note,)


def _check_limits(path: Path, container: InputContainer, stream: VideoStream) -> None:
    width, height = stream.width, stream.height
    if max(width, height) > limits.LARGEST_SIDE or width * height > limits.LARGEST_AREA:
        raise VideoError(
            f"{path} is {width}x{height}; at most {limits.LARGEST_SIDE}x4320 is accepted: scale it down first"
        )
    seconds = (container.duration or 0) / av.time_base
    if seconds > limits.LONGEST_SECONDS:
        raise VideoError(
            f"{path} lasts {seconds / 3600:.1f} hours; at most {limits.LONGEST_SECONDS / 3600:.0f} are "
            "accepted: cut it first"
        )
    if stream.frames > limits.MOST_FRAMES:
        raise VideoError(
            f"{path} holds {stream.frames} frames; at most {limits.MOST_FRAMES} are accepted: cut it first"
        )


def _described(
    path: Path, container: InputContainer, stream: VideoStream, notes: tuple[str, ...]
) -> OpenVideo:
    origin = _origin(container)
    end = _stated_end(container, stream)
    return OpenVideo(
        path=path,
        container=container,
        stream=stream,
        origin=origin,
        stated_end=None if end is None else end - origin,
        end_includes_sound=not stream.duration and bool(container.streams.audio),
        nominal_fps=_nominal_fps(stream),
        stamps_are_decoding_order=container.format.name == "avi",
        notes=notes,
    )


def _origin(container: InputContainer) -> float:
    if container.start_time is None:
        return 0.0
    start = container.start_time / av.time_base
    browser_plays = any(name in _KEEPS_OWN_ZERO for name in container.format.name.split(","))
    return 0.0 if browser_plays and 0 <= start < _LATEST_START else start


def _stated_end(container: InputContainer, stream: VideoStream) -> float | None:
    """End of the pictures in the stream's own time, seconds."""
    if stream.duration and stream.time_base:
        return float((stream.duration + (stream.start_time or 0)) * stream.time_base)
    if not container.duration:
        return None
    # Matroska states the end; the others' duration counts from the first sample.
    start = 0 if "matroska" in container.format.name else (container.start_time or 0)
    return (container.duration + start) / av.time_base


def _nominal_fps(stream: VideoStream) -> float | None:
    for rate in (stream.average_rate, stream.guessed_rate, stream.base_rate):
        if rate and 0 < rate < 1000:
            return float(rate)
    return None
