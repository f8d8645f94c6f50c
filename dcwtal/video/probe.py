"""What a video file is, from its head and its first picture."""

from dataclasses import dataclass
from pathlib import Path

from dcwtal.core.errors import VideoError
from dcwtal.video.decoded_frames import DecodedFrames
from dcwtal.video.opening import open_video
from dcwtal.video.orientation import Orientation, orientation_of


@dataclass(frozen=True)
class VideoProbe:
    """Facts about one video file. ``width`` and ``height`` are pixels of the upright picture.

    ``duration`` (seconds from time zero), ``fps`` and ``n_frames`` are what the file states, None where it
    does not; exact times come from ``presentation_times``. ``starts_at_own_zero`` is False where time zero
    was moved to the first sample (see ``video.opening``).
    """

    path: Path
    container: str
    codec: str
    pixel_format: str
    width: int
    height: int
    orientation: Orientation
    duration: float | None
    fps: float | None
    n_frames: int | None
    has_audio: bool
    n_video_streams: int
    starts_at_own_zero: bool
    notes: tuple[str, ...]


def probe_video(path: Path | str) -> VideoProbe:
    """Look at one video file; one that holds no decodable picture is a VideoError."""
    with open_video(path) as video:
        first = next(iter(DecodedFrames(video)), None)
        if first is None:
            raise VideoError(f"{path} has a video stream without any picture")
        orientation = orientation_of(first.frame)
        sides = (first.frame.width, first.frame.height)
        width, height = sides[::-1] if orientation.swaps_sides else sides
        return VideoProbe(
            path=Path(path),
            container=video.container.format.name,
            codec=video.stream.codec_context.codec.canonical_name,
            pixel_format=first.frame.format.name,
            width=width,
            height=height,
            orientation=orientation,
            duration=video.stated_end,
            fps=video.nominal_fps,
            n_frames=video.stream.frames or None,
            has_audio=bool(video.container.streams.audio),
            n_video_streams=len(video.container.streams.video),
            starts_at_own_zero=video.origin == 0.0,
            notes=video.notes,
        )
