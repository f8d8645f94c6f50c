"""Localize a run: scores on disk → detections.json. No network, no torch: thresholds are changed freely."""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from dcwtal.core.detections import Detections
from dcwtal.core.errors import DataError, SettingsError
from dcwtal.core.files import read_json
from dcwtal.core.settings import SettingsBase, build_settings, merge, parse_overrides
from dcwtal.data.score_store import VideoScores, read_scores
from dcwtal.formats.activitynet import write_detections
from dcwtal.jobs.run_folder import RunFolder
from dcwtal.localize.fusion import pick_branch
from dcwtal.localize.localize_video import localize_video
from dcwtal.localize.settings import LocalizeSettings
from dcwtal.pipeline.commands import annotations_of_run, evaluate_command
from dcwtal.pipeline.open_dataset import open_dataset
from dcwtal.pipeline.read_config import read_config


class _LocalizeSection(SettingsBase):
    localize: LocalizeSettings = LocalizeSettings()


@dataclass(frozen=True)
class LocalizeResult:
    """What was localized: ``videos`` in order, those without detections too; ``path`` of the file written;
    ``next_command``: how to evaluate that file."""

    run: Path
    path: Path
    stage: str
    settings: LocalizeSettings
    videos: tuple[str, ...]
    detections: Detections
    next_command: str

    def as_dict(self) -> dict[str, Any]:
        """Plain values for ``--json``."""
        return {
            "run": str(self.run),
            "detections_file": str(self.path),
            "stage": self.stage,
            "videos": len(self.videos),
            "detections": len(self.detections),
            "settings": self.settings.model_dump(mode="json"),
        }

    def as_text(self) -> str:
        """Two lines for the terminal."""
        chosen = self.settings
        return (
            f"{len(self.detections)} detections in {len(self.videos)} videos "
            f"(stage {self.stage}, branch {chosen.branch}, {chosen.mode} mode): {self.path}\n"
            f"next: {self.next_command}"
        )


def localize_run(
    run: Path,
    *,
    overrides: list[str],
    stage: str | None = None,
    out: Path | None = None,
    config: Path | None = None,
) -> LocalizeResult:
    """Localize every scored video of a run and write ``out``, by default its own ``detections.json``.

    The ``[localize]`` section of the TOML file ``config``, then ``overrides`` as ``localize.key=value``, lie on top
    of the run's settings; ``stage`` None: its final one.
    """
    folder = RunFolder(Path(run))
    path = folder.detections if out is None else Path(out)
    info = read_run(folder)
    settings = run_localize_settings(folder, overrides, config=config)
    stage = stage or str(info["final_stage"])
    check_stage(stage, info, "--stage")
    if settings.class_scores_stage != "same":
        check_stage(settings.class_scores_stage, info, "localize.class_scores_stage")
    durations = _durations(folder, info)
    videos, parts = [], []
    for scores in read_run_scores(folder):
        videos.append(scores.video)
        duration = durations.get(scores.video)
        parts.append(localize_scores(scores, stage, settings, duration=duration))
    detections = Detections.merge(parts)
    external = {
        "run": os.path.basename(folder.path.resolve()),
        "dataset": info.get("dataset_name"),
        "strategy": info.get("strategy"),
        "seed": info.get("seed"),
        "stage": stage,
        "selection": info.get("selection") if stage == info["final_stage"] else _asked_for(stage),
        "settings": settings.model_dump(mode="json"),
    }
    write_detections(path, detections, videos=videos, external_data=external)
    following = evaluate_command(folder, info, path, subset=_subset_to_show(folder, info, videos))
    return LocalizeResult(folder.path, path, stage, settings, tuple(videos), detections, following)


def localize_scores(
    scores: VideoScores, stage: str, settings: LocalizeSettings, *, duration: float | None = None
) -> Detections:
    """Detections of one video at one stage, with its class scores from the stage and branch that settings
    name."""
    return localize_video(
        scores.at(stage, "cbp"),
        scores.at(stage, "vlp"),
        scores.video,
        settings,
        video_class_scores=choosing_scores(scores, stage, settings),
        duration=duration,
    )


def choosing_scores(scores: VideoScores, stage: str, settings: LocalizeSettings) -> np.ndarray:
    """The ŷ (C,) in [0, 1] that choose a video's classes: of the stage and the branch that settings name."""
    class_stage = stage if settings.class_scores_stage == "same" else settings.class_scores_stage
    class_branch = settings.branch if settings.class_scores_branch == "same" else settings.class_scores_branch
    chooser = pick_branch(
        scores.at(class_stage, "cbp"),
        scores.at(class_stage, "vlp"),
        branch=class_branch,
        weight=settings.fusion_weight,
    )
    return np.asarray(chooser.video_scores)


def run_localize_settings(
    folder: RunFolder, overrides: list[str], *, config: Path | None = None
) -> LocalizeSettings:
    """The ``localize`` section of a run's settings with that of a TOML file and overrides on top; overrides of other
    sections are refused."""
    stored = read_json(folder.settings, "a run's settings")
    section = stored.get("localize") if isinstance(stored, dict) else None
    file = {} if config is None else read_config(config).get("localize", {})
    asked = parse_overrides(overrides)
    known_elsewhere = sorted(set(asked) & set(stored if isinstance(stored, dict) else ()) - {"localize"})
    if known_elsewhere:
        raise SettingsError(
            f"localizing takes only localize.* settings; found {known_elsewhere[0]!r}, which was fixed when "
            "the run was trained; train another run to change it"
        )
    return build_settings(
        _LocalizeSection, merge({"localize": section or {}}, merge({"localize": file}, asked))
    ).localize


def read_run(folder: RunFolder) -> dict[str, Any]:
    """``run.json`` of a finished run; a missing, broken or unfinished one is a DataError with the next
    step."""
    if not folder.path.is_dir():
        raise DataError(f"no run folder at {folder.path}; train one with 'dcwtal train DATASET --run RUN'")
    info = read_json(folder.info, "a run's description")
    stages = info.get("stages") if isinstance(info, dict) else None
    if not isinstance(stages, list) or not stages or info.get("final_stage") not in stages:
        raise DataError(
            f"{folder.info} describes no finished run; finish it with the same 'dcwtal train' command"
        )
    return info


def check_stage(stage: str, info: dict[str, Any], name: str) -> None:
    """Raise a SettingsError when a run has no such stage."""
    if stage not in info["stages"]:
        raise SettingsError(
            f"{name}: this run has no stage {stage!r:.60}; known: {', '.join(info['stages'])}"
        )


def read_run_scores(folder: RunFolder) -> Iterable[VideoScores]:
    """The scores of every video of a run, by file name; none at all is a DataError."""
    paths = sorted(folder.scores.glob("*.npz"))
    if not paths:
        raise DataError(f"no scores in {folder.scores}; finish the run with the same 'dcwtal train' command")
    return (read_scores(path) for path in paths)


def _durations(folder: RunFolder, info: dict[str, Any]) -> dict[str, float | None]:
    """Video lengths of the run's data set; {} when it has moved, since scores alone are enough to
    localize."""
    annotations = annotations_of_run(folder, info)
    if annotations is None:
        return {}
    return {video.id: video.duration for video in open_dataset(annotations.parent).videos}


def _subset_to_show(folder: RunFolder, info: dict[str, Any], videos: Sequence[str]) -> str | None:
    """``test`` where the run has scores of it, else the subset of its first video; None when nothing is known."""
    annotations = annotations_of_run(folder, info)
    if annotations is None:
        return None
    subset_of = {video.id: video.subset for video in open_dataset(annotations.parent).videos}
    known = [subset_of[video] for video in videos if subset_of.get(video)]
    return "test" if "test" in known else next(iter(known), None)


def _asked_for(stage: str) -> dict[str, str]:
    return {"rule": "asked-for", "stage": stage, "text": f"stage {stage}, as asked for"}
