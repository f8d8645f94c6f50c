"""A data set: videos with weak labels, their splits, and (for evaluation only) the true instances."""

from dataclasses import dataclass
from pathlib import Path

from dcwtal.core.class_names import ClassNames, check_labels
from dcwtal.core.errors import DataError
from dcwtal.core.instances import ActionInstances
from dcwtal.core.video_info import VideoInfo

VIDEO_SUFFIXES = (".mp4", ".mkv", ".webm", ".mov", ".avi", ".m4v")


@dataclass(frozen=True)
class Dataset:
    """A folder with ``annotations.json``, ``videos/<id>.<suffix>`` and ``features/<encoder>/<id>.npz``.

    ``instances`` is for evaluation and figures; nothing that trains reads it. ``version``: as the file names itself.
    """

    root: Path
    videos: tuple[VideoInfo, ...]
    classes: ClassNames
    instances: ActionInstances
    version: str = ""

    def __post_init__(self) -> None:
        for video in self.videos:
            check_labels(video.labels, self.classes, video.id)

    def subsets(self) -> list[str]:
        """Names of the splits in order of first appearance."""
        return list(dict.fromkeys(video.subset for video in self.videos))

    def of_subset(self, subset: str) -> list[VideoInfo]:
        """The videos of one split; an unknown or empty one is a DataError that lists the known ones."""
        chosen = [video for video in self.videos if video.subset == subset]
        if not chosen:
            raise DataError(
                f"no videos in subset {subset!r} of {self.root}; found: {', '.join(self.subsets())}"
            )
        return chosen

    def video(self, video_id: str) -> VideoInfo:
        """One video by id; an unknown one is a DataError."""
        for video in self.videos:
            if video.id == video_id:
                return video
        raise DataError(f"no video {video_id!r} in {self.root}")

    def video_path(self, video_id: str) -> Path:
        """The video file, whichever known suffix it has; a missing one is a DataError."""
        self.video(video_id)
        for suffix in VIDEO_SUFFIXES:
            path = self.root / "videos" / f"{video_id}{suffix}"
            if path.is_file():
                return path
        raise DataError(
            f"no video file for {video_id!r} in {self.root / 'videos'}; expected {video_id} with one of "
            f"{', '.join(VIDEO_SUFFIXES)}"
        )
