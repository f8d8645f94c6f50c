"""VideoInfo: what is known of one video before anything is decoded."""

from dataclasses import dataclass

from dcwtal.core.errors import DataError


@dataclass(frozen=True)
class VideoInfo:
    """A video's id, split, duration in seconds (None: not stated) and weak, video-level labels.

    ``fps`` is nominal and for show only: times come from presentation time stamps.
    """

    id: str
    subset: str = ""
    duration: float | None = None
    labels: tuple[str, ...] = ()
    fps: float | None = None

    def __post_init__(self) -> None:
        if not self.id:
            raise DataError("a video needs an id")
        if self.duration is not None and not self.duration > 0:
            raise DataError(f"video {self.id!r} needs a duration > 0 s; found {self.duration}")
