"""Browse a trained run: which videos it has scores of, and everything one video's timeline shows.

Reads files only (run.json, scores, annotations, container time stamps), never the network, so it is quick and
torch-free. Every id is looked up in a folder listing; no text from a file or an address becomes a path.

The scores alone are enough to look at a video: without its file there is no picture, without its annotation no truth,
and without the data set neither; a notice says so. Only a video whose own scores are damaged cannot be opened.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from dcwtal.core.class_names import ClassNames
from dcwtal.core.errors import DataError, VideoError
from dcwtal.core.files import read_json
from dcwtal.core.instances import ActionInstances
from dcwtal.core.video_info import VideoInfo
from dcwtal.data.dataset import VIDEO_SUFFIXES, Dataset
from dcwtal.data.score_store import VideoScores, read_scores
from dcwtal.jobs.run_folder import RunFolder
from dcwtal.localize.settings import LocalizeSettings
from dcwtal.pipeline.localize import read_run, run_localize_settings
from dcwtal.pipeline.open_dataset import is_teaching_set, open_dataset
from dcwtal.video.presentation_times import PresentationTimes, presentation_times

SUBSET_ORDER = ("test", "validation", "train")
NO_VIDEO_FILE = "No video file for this video: the tracks alone are shown."
WORLD_ENCODER = "world-"

ReadTimes = Callable[[Path], PresentationTimes]


@dataclass(frozen=True)
class BrowsedRun:
    """An opened run. ``info`` is ``run.json``, ``settings`` the raw ``settings.json``; ``score_files`` and
    ``video_files`` map a video's id to the file found for it. ``is_world``: the data set was drawn by code.
    ``notice``: what is missing, empty when nothing is; without its data set ``dataset`` is an empty one."""

    folder: RunFolder
    info: dict[str, Any]
    settings: dict[str, Any]
    localize: LocalizeSettings
    dataset: Dataset
    is_world: bool
    score_files: dict[str, Path]
    video_files: dict[str, Path]
    notice: str = ""

    @property
    def stages(self) -> list[str]:
        """Names in order of training."""
        return list(self.info["stages"])

    @property
    def final_stage(self) -> str:
        """The stage that the selection rule chose."""
        return self.info["final_stage"]

    @cached_property
    def annotated(self) -> dict[str, VideoInfo]:
        """What the data set says of each of its videos, by id."""
        return {video.id: video for video in self.dataset.videos}

    @cached_property
    def video_ids(self) -> list[str]:
        """Every video that has scores: test videos first, in the data set's order within a subset; then those that the
        data set does not know, by name."""
        rank = {subset: position for position, subset in enumerate(SUBSET_ORDER)}
        known = [video for video in self.dataset.videos if video.id in self.score_files]
        known.sort(key=lambda video: rank.get(video.subset, len(rank)))
        return [v.id for v in known] + [id_ for id_ in self.score_files if id_ not in self.annotated]


@dataclass(frozen=True)
class BrowsedVideo:
    """One video as the timeline shows it.

    ``path`` None: there is no (readable) video file, and ``notice`` says why. ``frame_times`` (N,) float64 seconds,
    the presentation time of every frame, empty without a file; ``duration`` seconds; ``truth`` None: nobody annotated
    this video, which is not the same as having no action.
    """

    id: str
    title: str
    subset: str
    labels: tuple[str, ...]
    path: Path | None
    duration: float
    frame_times: np.ndarray
    scores: VideoScores
    truth: ActionInstances | None
    notice: str = ""

    @property
    def has_video(self) -> bool:
        """Whether there are pictures to show."""
        return self.path is not None


def open_run(path: Path) -> BrowsedRun:
    """Open a run folder; a missing or broken run is a DataError that says which part, a missing data set a notice."""
    folder = RunFolder(Path(path))
    info = read_run(folder)
    settings = read_json(folder.settings, "a run's settings")
    dataset, fault = _dataset_of(folder, info)
    video_files = _files_by_stem(dataset.root / "videos", VIDEO_SUFFIXES)
    score_files = _files_by_stem(folder.scores, (".npz",))
    notices = (
        [f"The data set of this run cannot be opened ({fault}): nothing to compare with."] if fault else []
    )
    if not any(video in video_files for video in score_files):
        notices.append(f"No video files in '{dataset.root.name}/videos': the tracks alone are shown.")
    return BrowsedRun(
        folder,
        info,
        settings,
        localize=run_localize_settings(folder, []),
        dataset=dataset,
        is_world=_knows_only_the_world(info) if fault else is_teaching_set(dataset.version),
        score_files=score_files,
        video_files=video_files,
        notice=" ".join(notices),
    )


def load_video(run: BrowsedRun, video_id: str, *, read_times: ReadTimes = presentation_times) -> BrowsedVideo:
    """Scores, time stamps and truth of one video of a run. An unknown id or damaged scores are a DataError.

    ``read_times`` reads the video file; a server gives one that does so in a child process.
    """
    if video_id not in run.score_files:
        raise DataError(f"this run has no scores of video {video_id!r:.100}")
    info = run.annotated.get(video_id)
    scores = _scores_of(run, video_id)
    path, times, notice = _pictures(run.video_files.get(video_id), read_times)
    stated = info.duration if info is not None else None
    return BrowsedVideo(
        id=video_id,
        title=video_id,
        subset=info.subset if info is not None else "",
        labels=info.labels if info is not None else (),
        path=path,
        duration=times.end if times is not None else float(stated or scores.grid.end),
        frame_times=times.seconds if times is not None else np.zeros(0),
        scores=scores,
        truth=run.dataset.instances.of_video(video_id) if info is not None else None,
        notice=notice,
    )


def load_unlabelled(
    path: Path, scores: VideoScores, *, title: str, read_times: ReadTimes = presentation_times
) -> BrowsedVideo:
    """A video that is in no data set, with the scores that a run gave it; an unreadable file is a VideoError."""
    times = read_times(Path(path))
    return BrowsedVideo(scores.video, title, "", (), Path(path), times.end, times.seconds, scores, truth=None)


def _dataset_of(folder: RunFolder, info: dict[str, Any]) -> tuple[Dataset, str]:
    """The data set of a run, or an empty one and why."""
    root = (folder.path / str(info.get("dataset", ""))).resolve()
    try:
        return open_dataset(root), ""
    except DataError as error:
        return Dataset(root, (), ClassNames(()), ActionInstances.empty()), str(error)


def _knows_only_the_world(info: dict[str, Any]) -> bool:
    """Whether a run's encoders were trained on the drawn world: without its data set the caveat still has to stand."""
    encoders = info.get("encoders")
    return isinstance(encoders, dict) and any(
        str(name).startswith(WORLD_ENCODER) for name in encoders.values()
    )


def _scores_of(run: BrowsedRun, video_id: str) -> VideoScores:
    path = run.score_files[video_id]
    if not path.is_file():
        raise DataError(f"{path} is gone; was the run moved or deleted?")
    scores = read_scores(path)
    if scores.video != video_id:
        raise DataError(f"{path} holds the scores of {scores.video!r:.100}; give the file that video's name")
    return scores


def _pictures(path: Path | None, read_times: ReadTimes) -> tuple[Path | None, PresentationTimes | None, str]:
    if path is None:
        return None, None, NO_VIDEO_FILE
    try:
        return path, read_times(path), ""
    except VideoError as error:
        return None, None, f"The video cannot be shown, so the tracks stand alone: {error}."


def _files_by_stem(folder: Path, suffixes: tuple[str, ...]) -> dict[str, Path]:
    if not folder.is_dir():
        return {}
    found = (path for path in sorted(folder.iterdir()) if path.suffix.lower() in suffixes)
    return {path.stem: path for path in found if _is_text(path.stem)}


def _is_text(name: str) -> bool:
    """Whether a file name is Unicode: others can stand neither in an address nor in JSON."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True
