"""Browse a trained run: which videos it has scores of, and everything one video's timeline shows.

Reads files only (run.json, scores, annotations, container time stamps), never the network, so it is quick and
torch-free. Every id is looked up in a folder listing; no text from a file or an address becomes a path.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from dcwtal.core.errors import DataError
from dcwtal.core.files import read_json
from dcwtal.core.instances import ActionInstances
from dcwtal.core.settings import build_settings
from dcwtal.data.dataset import VIDEO_SUFFIXES, Dataset
from dcwtal.data.score_store import VideoScores, read_scores
from dcwtal.jobs.run_folder import RunFolder
from dcwtal.localize.settings import LocalizeSettings
from dcwtal.pipeline.localize import read_run, run_localize_settings
from dcwtal.pipeline.open_dataset import is_teaching_set, open_dataset
from dcwtal.video.presentation_times import presentation_times

SUBSET_ORDER = ("test", "validation", "train")


@dataclass(frozen=True)
class BrowsedRun:
    """An opened run. ``info`` is ``run.json``, ``settings`` the raw ``settings.json``; ``score_files`` and
    ``video_files`` map a video's id to the file found for it. ``is_world``: the data set was drawn by code."""

    folder: RunFolder
    info: dict[str, Any]
    settings: dict[str, Any]
    localize: LocalizeSettings
    dataset: Dataset
    is_world: bool
    score_files: dict[str, Path]
    video_files: dict[str, Path]

    @property
    def stages(self) -> list[str]:
        """Names in order of training."""
        return list(self.info["stages"])

    @property
    def final_stage(self) -> str:
        """The stage that the selection rule chose."""
        return self.info["final_stage"]

    @property
    def video_ids(self) -> list[str]:
        """Videos that have scores, test videos first, in the data set's order within a subset."""
        rank = {subset: position for position, subset in enumerate(SUBSET_ORDER)}
        known = [video for video in self.dataset.videos if video.id in self.score_files]
        return [v.id for v in sorted(known, key=lambda video: rank.get(video.subset, len(rank)))]


@dataclass(frozen=True)
class BrowsedVideo:
    """One video as the timeline shows it.

    ``frame_times`` (N,) float64 seconds, the presentation time of every frame; ``duration`` seconds;
    ``truth`` None: nobody annotated this video, which is not the same as having no action.
    """

    id: str
    title: str
    subset: str
    labels: tuple[str, ...]
    path: Path
    duration: float
    frame_times: np.ndarray
    scores: VideoScores
    truth: ActionInstances | None


def open_run(path: Path) -> BrowsedRun:
    """Open a run folder and the data set it names; a missing or broken part is a DataError that says which."""
    folder = RunFolder(Path(path))
    info = read_run(folder)
    settings = read_json(folder.settings, "a run's settings")
    dataset = open_dataset((folder.path / str(info.get("dataset", ""))).resolve())
    return BrowsedRun(
        folder,
        info,
        settings,
        localize=run_localize_settings(folder, []),
        dataset=dataset,
        is_world=is_teaching_set(dataset.version),
        score_files=_files_by_stem(folder.scores, (".npz",)),
        video_files=_files_by_stem(dataset.root / "videos", VIDEO_SUFFIXES),
    )


def load_video(run: BrowsedRun, video_id: str) -> BrowsedVideo:
    """Scores, time stamps and truth of one video of a run; an unknown id or a missing file is a DataError."""
    if video_id not in run.score_files:
        raise DataError(f"this run has no scores of video {video_id!r:.100}")
    if video_id not in run.video_files:
        raise DataError(f"no video file of {video_id!r} in the run's data set")
    info, path = run.dataset.video(video_id), run.video_files[video_id]
    times = presentation_times(path)
    return BrowsedVideo(
        id=video_id,
        title=video_id,
        subset=info.subset,
        labels=info.labels,
        path=path,
        duration=times.end,
        frame_times=times.seconds,
        scores=read_scores(run.score_files[video_id]),
        truth=run.dataset.instances.of_video(video_id),
    )


def load_unlabelled(path: Path, scores: VideoScores, *, title: str) -> BrowsedVideo:
    """A video that is in no data set, with the scores that a run gave it."""
    times = presentation_times(path)
    return BrowsedVideo(scores.video, title, "", (), Path(path), times.end, times.seconds, scores, truth=None)


def localize_settings_of(run: BrowsedRun, *, branch: str, mode: str) -> LocalizeSettings:
    """The run's own settings with another branch and mode; unknown words are a SettingsError."""
    return build_settings(LocalizeSettings, run.localize.model_dump() | {"branch": branch, "mode": mode})


def _files_by_stem(folder: Path, suffixes: tuple[str, ...]) -> dict[str, Path]:
    if not folder.is_dir():
        return {}
    return {path.stem: path for path in sorted(folder.iterdir()) if path.suffix.lower() in suffixes}
