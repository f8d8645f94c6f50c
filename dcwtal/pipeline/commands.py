"""Shell commands of this program as a person would type them, with the paths of a run."""

import os
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from dcwtal.jobs.run_folder import RunFolder
from dcwtal.pipeline.open_dataset import ANNOTATIONS


def annotations_of_run(folder: RunFolder, info: dict[str, Any]) -> Path | None:
    """The ``annotations.json`` of a run's data set, relative where the run's folder is; None when it has moved."""
    path = folder.path / str(info.get("dataset", "")) / ANNOTATIONS
    if not path.is_file():
        return None
    short = Path(os.path.normpath(path))  # another file where a folder on the way is a link
    return short if short.is_file() and short.samefile(path) else path.resolve()


def evaluate_command(
    folder: RunFolder, info: dict[str, Any], detections: Path, *, subset: str | None, more: Sequence[str] = ()
) -> str:
    """The shell command that evaluates a detection file of a run; ``more``: options at its end."""
    annotations = annotations_of_run(folder, info)
    words = ["dcwtal", "evaluate", str(detections)]
    words += ["--ground-truth", str(annotations or f"TRUTH/{ANNOTATIONS}")]
    words += ["--subset", subset] if subset else []
    if detections.parent.resolve() != folder.path.resolve():
        words += ["--run", str(folder.path)]
    return shlex.join([*words, *more])
