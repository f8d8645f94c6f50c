"""Videos to stored features: a whole data set, resumable, or one file by itself.

Decoding and encoding run in child processes, so a file that crashes or hangs its decoder costs one message;
files are written here, whole or not at all.
"""

import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from dcwtal.core.errors import DataError, DcwtalError, UserError, VideoError
from dcwtal.core.files import sha256_of
from dcwtal.core.settings import SettingsBase, build_settings, parse_overrides
from dcwtal.data.dataset import Dataset
from dcwtal.features.feature_sequence import FeatureSequence
from dcwtal.features.settings import FeatureSettings
from dcwtal.features.store import FeatureStore
from dcwtal.pipeline.extract_progress import ExtractProgress, ProgressMeter
from dcwtal.pipeline.open_dataset import open_dataset
from dcwtal.video.worker_pool import WorkerPool

DEFAULT_ENCODERS = ("world-clip", "world-two-stream")
_MOST_NAMED = 5
_USUAL_SECONDS = 60.0
_MOST_FURTHER_MEMORY = 8 << 30


class ExtractSettings(SettingsBase):
    """What ``dcwtal extract --set features.key=value`` may change."""

    features: FeatureSettings = FeatureSettings()


@dataclass(frozen=True)
class ExtractSummary:
    """Videos ``extracted`` now and ``kept`` from before; what was odd about which; wall seconds."""

    dataset: str
    encoders: tuple[str, ...]
    extracted: int
    kept: int
    seconds: float
    notes: dict[str, tuple[str, ...]] = field(default_factory=dict)


def extract_dataset(
    dataset_root: Path | str,
    *,
    subsets: Sequence[str] | None = None,
    encoders: Sequence[str] = DEFAULT_ENCODERS,
    overrides: Sequence[str] = (),
    workers: int = 2,
    on_progress: Callable[[ExtractProgress], None] | None = None,
) -> ExtractSummary:
    """Extract what is missing or out of date: other video content, other recipe, other weights.

    Stopped at any moment, the same command goes on. Broken videos do not stop the others; at the end they
    are one VideoError that counts them and names the first. A full disk stops at once (DiskError).
    """
    settings = build_settings(ExtractSettings, parse_overrides(list(overrides))).features
    dataset = open_dataset(Path(dataset_root))
    chosen = [video.id for subset in subsets or dataset.subsets() for video in dataset.of_subset(subset)]
    setup = partial(_load_encoders, tuple(encoders), settings, _threads_each(workers))
    return _DatasetExtraction(dataset, chosen, on_progress).run(setup, workers)


def extract_one(
    video_path: Path | str,
    *,
    encoders: Sequence[str] = DEFAULT_ENCODERS,
    settings: FeatureSettings | None = None,
    on_progress: Callable[[float, float | None], None] | None = None,
) -> dict[str, FeatureSequence]:
    """Features of one video file by encoder name; nothing is stored.

    ``settings`` should be those of the data set that a model was trained on, see
    ``features.recipe.settings_of_recipes``. ``on_progress`` hears (seconds of video done, stated or None).
    A file that cannot be analysed, crashes its decoder or hangs it is a VideoError.
    """
    path = Path(video_path)
    load = partial(_load_encoders, tuple(encoders), settings or FeatureSettings(), _threads_each(1))
    with WorkerPool(partial(_probe_then, path, load), _extract_in_worker, workers=1) as pool:
        try:
            pool.first_ready()
        except UserError:
            raise
        except DcwtalError as error:  # the probe crashed
            raise VideoError(_with_name(path, str(error))) from None
        for event in pool.run([path]):
            if event.kind == "failed":
                raise VideoError(_with_name(path, event.value))
            if event.kind == "done":
                return event.value
            if on_progress is not None:
                on_progress(*event.value)
    raise VideoError(f"{path} gave no features")


def _with_name(path: Path, message: str) -> str:
    return message if str(path) in message else f"{path}: {message}"


def _threads_each(workers: int) -> int:
    return max(1, (os.cpu_count() or 1) // max(1, workers))


def _probe_then(path: Path, load: Callable[[], tuple[Any, Any]]) -> tuple[Any, Any]:
    """In the worker: refuse a bad file at once, before the encoders are loaded."""
    from dcwtal.video.probe import probe_video

    probe_video(path)
    return load()


def _load_encoders(names: tuple[str, ...], settings: FeatureSettings, threads: int) -> tuple[Any, Any]:
    """In the worker: (encoders by kind and settings, recipes by encoder name)."""
    import cv2
    import torch

    from dcwtal.core.errors import SettingsError
    from dcwtal.features.encoders import build_encoder, encoder_spec
    from dcwtal.features.recipe import recipes_of

    torch.set_num_threads(threads)
    cv2.setNumThreads(1)
    by_kind: dict[str, Any] = {"image": None, "window": None}
    for name in names:
        kind = encoder_spec(name).kind
        if by_kind[kind] is not None:
            raise SettingsError(
                f"two encoders of {kind}s were named ({', '.join(names)}); name one of each kind"
            )
        by_kind[kind] = build_encoder(name)
    recipes = recipes_of(settings, by_kind["image"], by_kind["window"])
    if sys.platform.startswith("linux") and not torch.cuda.is_available():
        from dcwtal.video.memory_limit import limit_further_memory

        limit_further_memory(_MOST_FURTHER_MEMORY)
    return (by_kind["image"], by_kind["window"], settings), recipes


def _extract_in_worker(state: Any, path: Path, report: Callable[[Any], None]) -> dict[str, FeatureSequence]:
    from dcwtal.features.extraction import extract_video

    image_encoder, window_encoder, settings = state
    return extract_video(
        path,
        image_encoder=image_encoder,
        window_encoder=window_encoder,
        settings=settings,
        on_progress=lambda done, stated: report((done, stated)),
    )


class _DatasetExtraction:
    """One run over the chosen videos of a data set."""

    def __init__(
        self, dataset: Dataset, chosen: Sequence[str], on_progress: Callable[[ExtractProgress], None] | None
    ):
        self._dataset = dataset
        self._store = FeatureStore(dataset.root)
        self._chosen = list(dict.fromkeys(chosen))
        lengths = {video.id: video.duration or _USUAL_SECONDS for video in dataset.videos}
        self._meter = ProgressMeter({video_id: lengths[video_id] for video_id in self._chosen}, on_progress)
        self._started = time.monotonic()
        self._failures: dict[str, str] = {}
        self._notes: dict[str, tuple[str, ...]] = {}

    def run(self, setup: Callable[[], Any], workers: int) -> ExtractSummary:
        """Extract with ``workers`` processes that each call ``setup``."""
        with WorkerPool(setup, _extract_in_worker, workers=workers) as pool:
            recipes = pool.first_ready()
            self._meter.start()
            paths = self._to_do(recipes)
            ids = list(paths)
            for event in pool.run(list(paths.values())):
                video_id = ids[event.task]
                if event.kind == "progress":
                    self._meter.step(video_id, event.value[0])
                elif event.kind == "failed":
                    self._fail(video_id, _with_name(paths[video_id], event.value))
                else:
                    self._keep_result(video_id, event.value)
        if self._failures:
            raise VideoError(self._failure_message())
        return ExtractSummary(
            dataset=str(self._dataset.root),
            encoders=tuple(recipes),
            extracted=len(paths),
            kept=len(self._chosen) - len(paths),
            seconds=time.monotonic() - self._started,
            notes=self._notes,
        )

    def _to_do(self, recipes: dict[str, Any]) -> dict[str, Path]:
        """Paths of the videos whose stored features are missing or out of date, by id."""
        paths: dict[str, Path] = {}
        for video_id in self._chosen:
            try:
                path = self._dataset.video_path(video_id)
            except DataError as error:
                self._fail(video_id, str(error))
                continue
            if self._is_up_to_date(video_id, path, recipes):
                self._meter.keep(video_id)
            else:
                paths[video_id] = path
        self._meter.tell(None)
        return paths

    def _is_up_to_date(self, video_id: str, path: Path, recipes: dict[str, Any]) -> bool:
        source: str | None = None
        for encoder, recipe in recipes.items():
            try:
                origin = self._store.read_origin(encoder, video_id)
            except DataError:  # missing or damaged: extract
                return False
            source = source or sha256_of(path)
            if origin.get("recipe") != recipe or origin.get("source_sha256") != source:
                return False
        return True

    def _keep_result(self, video_id: str, sequences: dict[str, FeatureSequence]) -> None:
        for sequence in sequences.values():
            self._store.write(video_id, sequence)
            if sequence.notes:
                self._notes[video_id] = sequence.notes
        self._meter.finish(video_id)

    def _fail(self, video_id: str, message: str) -> None:
        self._failures[video_id] = message
        self._meter.fail(video_id, message)

    def _failure_message(self) -> str:
        first, message = next(iter(self._failures.items()))
        names = ", ".join(list(self._failures)[:_MOST_NAMED])
        more = len(self._failures) - _MOST_NAMED
        return (
            f"{len(self._failures)} of {len(self._chosen)} videos gave no features "
            f"({names}{f' and {more} more' if more > 0 else ''}); the others are stored. "
            f"First, {first}: {message}"
        )
