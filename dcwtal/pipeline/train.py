"""Train a run: from stored features to checkpoints, scores of every stage, and the chosen final stage."""

import importlib.metadata
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dcwtal.core.errors import DataError, SettingsError
from dcwtal.core.files import read_json, write_json_atomic
from dcwtal.core.settings import build_settings
from dcwtal.data.dataset import Dataset
from dcwtal.data.score_store import VideoScores, write_scores
from dcwtal.jobs.event_log import EventLog
from dcwtal.jobs.run_folder import RunFolder
from dcwtal.pipeline.open_dataset import open_dataset
from dcwtal.pipeline.select_stage import select_stage
from dcwtal.training.presets import resolve_settings
from dcwtal.training.settings import RunSettings

if TYPE_CHECKING:
    from dcwtal.data.samples import TrainingSample
    from dcwtal.training.trainer import TrainingRun

Progress = Callable[[int, int, str], None]
VERSIONED = ("dcwtal", "torch", "numpy", "open_clip_torch")


def train_run(
    dataset_root: Path,
    run: Path,
    *,
    preset: str | None,
    overrides: list[str],
    seed: int | None,
    on_progress: Progress = lambda done, total, message: None,
) -> dict[str, Any]:
    """Train, or go on with an unfinished run at ``run``; returns the content of ``run.json``.

    A new run without ``preset`` or ``seed`` takes ``studio`` and 0; an existing one keeps its own and refuses others.
    When the ``stop`` file appears the result has ``stopped`` and the run can be resumed.
    """
    from dcwtal.data.samples import check_training_samples, check_widths
    from dcwtal.pipeline.build_model import build_model, fit_statistics, shape_of
    from dcwtal.pipeline.load_samples import load_samples, read_recipes
    from dcwtal.training.trainer import Stopped, TrainingRun

    folder = RunFolder(Path(run))
    dataset = open_dataset(Path(dataset_root))
    info, settings = _begin(folder, dataset, preset, overrides, seed)
    if info.get("finished_at"):
        on_progress(1, 1, f"run {folder.path} is already finished; nothing to do")
        return info
    trained_on = dataset.of_subset(settings.train.train_subset)
    samples = load_samples(dataset, trained_on, settings.features)
    check_training_samples(samples, dataset.classes.names)
    to_score = _videos_to_score(dataset, settings)
    scored = load_samples(dataset, to_score, settings.features)
    check_widths(samples + scored)
    info["recipes"] = read_recipes(dataset, trained_on + to_score, settings.features)
    probes = _probes(scored, dataset, settings)
    shape = shape_of(samples, dataset.classes)
    model = build_model(settings, shape, seed=info["seed"])
    fit_statistics(model, samples)
    _record_the_beginning(folder, info, settings)
    log = EventLog(folder.events)
    training = TrainingRun(
        model=model,
        shape=shape,
        samples=samples,
        settings=settings,
        seed=info["seed"],
        checkpoints=folder.checkpoints,
        labels=folder.path / "pseudo_labels",
        on_event=_announced(log, settings, on_progress),
        on_snapshot=lambda stage, step: _snapshot(folder, training, probes, stage, step),
        should_stop=folder.stop_request.exists,
        device=_device(),
    )
    try:
        stages = training.train()
    except Stopped:
        log.write("end", reason="stopped")
        return info | {"stopped": True}
    return _finish(folder, dataset, settings, info, stages, scored, log, on_progress, probes)


def _begin(
    folder: RunFolder, dataset: Dataset, preset: str | None, overrides: list[str], seed: int | None
) -> tuple[dict[str, Any], RunSettings]:
    """What a run is, new or found. Nothing is written yet: a fault in data or settings leaves no run behind."""
    if folder.path.exists() and not folder.path.is_dir():
        raise DataError(f"{folder.path} is a file; choose another --run")
    relative = os.path.relpath(dataset.root.resolve(), folder.path.resolve())
    if folder.info.is_file() and folder.settings.is_file():
        info = read_json(folder.info, "a run's description")
        settings = build_settings(RunSettings, read_json(folder.settings, "a run's settings"))
        asked = (
            settings if not (preset or overrides) else resolve_settings(preset or info["preset"], overrides)
        )
        if asked != settings or (seed is not None and seed != info["seed"]) or relative != info["dataset"]:
            raise SettingsError(
                f"run {folder.path} exists with other settings, seed or data set (preset {info['preset']}, seed "
                f"{info['seed']}, data {info['dataset']}); resume it with the same ones, or choose another --run"
            )
        folder.stop_request.unlink(missing_ok=True)
        return info, settings
    if seed is not None and seed < 0:
        raise SettingsError(f"--seed must be 0 or more; found {seed}")
    if folder.path.exists() and not _only_a_start(folder):
        raise DataError(f"{folder.path} is not empty and not a run; choose another --run")
    settings = resolve_settings(preset or "studio", overrides)
    info = {
        "dataset": relative,
        "dataset_name": dataset.root.resolve().name,
        "classes": list(dataset.classes.names),
        "preset": preset or "studio",
        "strategy": settings.train.strategy,
        "seed": 0 if seed is None else seed,
        "encoders": settings.features.model_dump(),
        "versions": {name: _version(name) for name in VERSIONED},
        "started_at": round(time.time(), 3),
    }
    return info, settings


def _only_a_start(folder: RunFolder) -> bool:
    """Whether nothing lies in a run's folder but what a start that was cut off may leave."""
    names = {path.name for path in folder.path.iterdir()}
    return all(name == folder.settings.name or name.startswith(".") for name in names)


def _record_the_beginning(folder: RunFolder, info: dict[str, Any], settings: RunSettings) -> None:
    if not folder.info.is_file():
        write_json_atomic(folder.settings, settings.model_dump())
        write_json_atomic(folder.info, info)


def _device() -> str:
    """The first CUDA device where torch sees one, else the CPU."""
    import torch

    return "cuda" if torch.cuda.is_available() else "cpu"


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"


def _videos_to_score(dataset: Dataset, settings: RunSettings) -> list:
    wanted = (settings.train.held_out_subset, settings.train.test_subset)
    if settings.train.selection == "best-on-held-out":
        dataset.of_subset(settings.train.held_out_subset)  # raises with the known subsets
    if settings.train.selection == "best-on-test":
        dataset.of_subset(settings.train.test_subset)
    return [video for video in dataset.videos if video.subset in wanted]


def _probes(
    scored: "list[TrainingSample]", dataset: Dataset, settings: RunSettings
) -> "list[TrainingSample]":
    """The first scored video of each split: they are replayed in the studio."""
    first: dict[str, TrainingSample] = {}
    for sample in scored:
        first.setdefault(dataset.video(sample.video).subset, sample)
    return list(first.values())


def _announced(log: EventLog, settings: RunSettings, on_progress: Progress) -> Callable[..., None]:
    from dcwtal.training.schedule import schedule

    phases = schedule(settings.train)
    total, before = sum(phase.steps for phase in phases), {}
    for number, phase in enumerate(phases):
        before[phase.stage] = sum(earlier.steps for earlier in phases[:number])

    def on_event(kind: str, **fields: Any) -> None:
        log.write(kind, **fields)
        if kind == "step":
            terms = " ".join(f"{name} {value:.3f}" for name, value in fields["losses"].items())
            on_progress(before[fields["stage"]] + fields["step"], total, f"{fields['stage']} {terms}")

    return on_event


def _snapshot(
    folder: RunFolder, training: "TrainingRun", probes: "list[TrainingSample]", stage: str, step: int
) -> None:
    from dcwtal.core.class_names import ClassNames
    from dcwtal.pipeline.score_stages import score_sample

    classes = ClassNames(tuple(training.shape.classes))
    strategy = training.settings.train.strategy
    for probe in probes:
        scores = score_sample({stage: training.model}, probe, classes, strategy)
        write_scores(folder.trace / f"{stage}-{step:06d}" / f"{probe.video}.npz", scores)
    training.on_event("snapshot", stage=stage, step=step, videos=[probe.video for probe in probes])


def _finish(
    folder: RunFolder,
    dataset: Dataset,
    settings: RunSettings,
    info: dict[str, Any],
    stages: list[str],
    scored: "list[TrainingSample]",
    log: EventLog,
    on_progress: Progress,
    probes: "list[TrainingSample]",
) -> dict[str, Any]:
    from dcwtal.pipeline.build_model import load_models
    from dcwtal.pipeline.score_stages import write_run_scores

    models = load_models(settings, folder.checkpoints, stages)
    written: list[VideoScores] = write_run_scores(
        folder, models, scored, dataset.classes, settings.train.strategy, on_progress
    )
    selection = select_stage(dataset, settings, stages, written)
    info = info | {
        "stages": stages,
        "final_stage": selection["stage"],
        "selection": selection,
        "probe_videos": [probe.video for probe in probes],
        "finished_at": round(time.time(), 3),
    }
    write_json_atomic(folder.info, info)
    log.write("end", reason="finished", final_stage=selection["stage"])
    return info
