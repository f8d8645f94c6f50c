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
from dcwtal.data.dataset import VIDEO_SUFFIXES, Dataset
from dcwtal.data.score_store import VideoScores, read_scores
from dcwtal.jobs.run_folder import RunFolder
from dcwtal.pipeline.open_dataset import open_dataset

try:
    from dcwtal.video.presentation_times import presentation_times
except ImportError:
    def presentation_times(path):
        import av
        with av.open(str(path)) as container:
            stream = container.streams.video[0]
            return np.sort(np.array([float(p.pts * stream.time_base) for p in container.demux(stream) if p.pts is not None]))

SUBSET_ORDER = ("test", "validation", "train")


@dataclass(frozen=True)
class RunInfo:
    """What ``run.json`` says of a run. ``stages`` in order of training; ``selection`` as it was written."""

    dataset: str
    dataset_name: str
    stages: tuple[str, ...]
    final_stage: str
    selection: dict[str, Any]
    strategy: str
    preset: str
    seed: int | None


@dataclass(frozen=True)
class BrowsedRun:
    """An opened run. ``score_files`` and ``video_files`` map a video's id to the file found for it."""

    folder: RunFolder
    info: RunInfo
    dataset: Dataset
    score_files: dict[str, Path]
    video_files: dict[str, Path]

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
    if not folder.path.is_dir():
        raise DataError(f"no run folder at {path}; train one with 'dcwtal train DATASET --run {path}'")
    info = read_run_info(folder)
    dataset = open_dataset((folder.path / info.dataset).resolve())
    return BrowsedRun(
        folder,
        info,
        dataset,
        score_files=_files_by_stem(folder.scores, (".npz",)),
        video_files=_files_by_stem(dataset.root / "videos", VIDEO_SUFFIXES),
    )


def read_run_info(folder: RunFolder) -> RunInfo:
    """Parse ``run.json``; a missing key is a DataError that names it."""
    document = read_json(folder.info, "a run's description")
    try:
        stages = tuple(str(stage) for stage in document["stages"])
        info = RunInfo(
            dataset=str(document["dataset"]),
            dataset_name=str(document.get("dataset_name") or Path(document["dataset"]).name),
            stages=stages,
            final_stage=str(document["final_stage"]),
            selection=dict(document.get("selection") or {}),
            strategy=str(document.get("strategy") or ""),
            preset=str(document.get("preset") or ""),
            seed=document.get("seed"),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise DataError(f"{folder.info} is not the description of a finished run: {error!r}") from None
    if info.final_stage not in info.stages:
        raise DataError(
            f"{folder.info}: final stage {info.final_stage!r} is not one of its stages {', '.join(stages)}"
        )
    return info


def load_video(run: BrowsedRun, video_id: str) -> BrowsedVideo:
    """Scores, time stamps and truth of one video of a run; an unknown id or a missing file is a DataError."""
    if video_id not in run.video_ids:
        raise DataError(f"no scores of video {video_id!r} in {run.folder.path}")
    if video_id not in run.video_files:
        raise DataError(f"no video file of {video_id!r} in {run.dataset.root / 'videos'}")
    info, path = run.dataset.video(video_id), run.video_files[video_id]
    times = presentation_times(path)
    return BrowsedVideo(
        id=video_id,
        title=video_id,
        subset=info.subset,
        labels=info.labels,
        path=path,
        duration=end_of_video(times),
        frame_times=times,
        scores=read_scores(run.score_files[video_id]),
        truth=run.dataset.instances.of_video(video_id),
    )


def end_of_video(frame_times: np.ndarray) -> float:
    """When the last frame's turn ends, taking it to last as long as the one before it; seconds."""
    if len(frame_times) < 2:
        return float(frame_times[-1]) + 0.04 if len(frame_times) else 0.0
    return float(2 * frame_times[-1] - frame_times[-2])


def _files_by_stem(folder: Path, suffixes: tuple[str, ...]) -> dict[str, Path]:
    if not folder.is_dir():
        return {}
    return {path.stem: path for path in sorted(folder.iterdir()) if path.suffix.lower() in suffixes}
