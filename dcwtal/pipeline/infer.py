"""From a bare video file to intervals: decode, encode, score with a trained run, localize."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dcwtal.core.class_names import ClassNames
from dcwtal.core.detections import Detections
from dcwtal.core.errors import DataError
from dcwtal.core.files import read_json, write_json_atomic
from dcwtal.core.settings import build_settings
from dcwtal.data.score_store import VideoScores
from dcwtal.formats.activitynet import detections_document
from dcwtal.jobs.run_folder import RunFolder
from dcwtal.pipeline.localize import localize_scores, read_run, run_localize_settings
from dcwtal.training.settings import RunSettings

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class InferResult:
    """Scores of every stage of the run (for the studio), and the detections of one stage."""

    video: Path
    video_id: str
    scores: VideoScores
    detections: Detections
    duration: float
    run: str
    stage: str
    settings: dict[str, Any]
    notes: tuple[str, ...]

    def document(self) -> dict[str, Any]:
        """ActivityNet-style detections with what made them."""
        made_by = {
            "run": self.run,
            "stage": self.stage,
            "video_seconds": self.duration,
            "localize": self.settings,
            "notes": list(self.notes),
        }
        return detections_document(self.detections, videos=[self.video_id], external_data=made_by)

    def write(self, path: Path) -> None:
        """Write the document as a whole file."""
        write_json_atomic(path, self.document())

    def as_text(self) -> str:
        """A line a detection, for a person."""
        head = f"{self.video_id}: {len(self.detections)} detections (run {self.run}, stage {self.stage})"
        rows = [
            f"{start:9.2f} s {end:9.2f} s  {score:.3f}  {label}"
            for start, end, score, label in sorted(
                zip(
                    self.detections.start,
                    self.detections.end,
                    self.detections.score,
                    self.detections.label,
                    strict=True,
                )
            )
        ]
        return "\n".join([head, *rows, *(f"note: {note}" for note in self.notes)])


def infer_video(
    video: Path,
    run: Path,
    *,
    overrides: list[str],
    on_progress: Progress = lambda done, total, message: None,
    video_id: str | None = None,
) -> InferResult:
    """Intervals of one video file, with the run's own encoders, stage and localize settings.

    ``overrides``: ``localize.key=value``. A video that cannot be read is a VideoError, a run that is not finished
    a DataError.
    """
    from dcwtal.data.samples import TrainingSample
    from dcwtal.features.recipe import settings_of_recipes
    from dcwtal.pipeline.build_model import load_models, shape_of
    from dcwtal.pipeline.extract import extract_one
    from dcwtal.pipeline.score_stages import score_sample

    folder = RunFolder(Path(run))
    info = read_run(folder)
    localize = run_localize_settings(folder, overrides)
    settings = build_settings(RunSettings, read_json(folder.settings, "a run's settings"))
    video = Path(video)
    features = extract_one(
        video,
        encoders=(settings.features.vlp, settings.features.cbp),
        settings=settings_of_recipes(list(info["recipes"].values())),
        on_progress=lambda seconds, total: on_progress(
            int(seconds), int(total or seconds) + 2, f"features of {video.name}: {seconds:.0f} s of video"
        ),
    )
    for encoder, sequence in features.items():
        if sequence.recipe != info["recipes"][encoder]:
            raise DataError(
                f"{encoder} has other weights or another way of making features than when run {folder.path} was "
                "trained; restore those weights, or extract the data set again and train a new run"
            )
    cbp, vlp = features[settings.features.cbp], features[settings.features.vlp]
    name = video_id or video.stem
    classes = ClassNames(tuple(info["classes"]))
    sample = TrainingSample(name, cbp.values, vlp.values, classes.multi_hot([]), cbp.grid)
    shape = shape_of([sample], classes)
    models = load_models(settings, folder.checkpoints, info["stages"], shape)
    scores = score_sample(models, sample, classes, info["strategy"])
    final = info["final_stage"]
    detections = localize_scores(scores, final, localize, duration=cbp.duration)
    whole = int(cbp.duration) + 2
    on_progress(whole, whole, f"{len(detections)} detections")
    return InferResult(
        video=video,
        video_id=name,
        scores=scores,
        detections=detections,
        duration=cbp.duration,
        run=folder.path.resolve().name,
        stage=final,
        settings=localize.model_dump(mode="json"),
        notes=(*cbp.notes, *_caveats(settings)),
    )


def _caveats(settings: RunSettings) -> tuple[str, ...]:
    if not settings.features.cbp.startswith("world-"):
        return ()
    return (
        "the run's encoders know only the drawn sports world: on real video these intervals mean nothing",
    )
