"""Checkpoints: ``checkpoints/<stage>/`` (weights.safetensors + meta.json) and one resume point.

Weights are loaded strictly; no pickle is ever executed.
"""

import contextlib
import pickle
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import nn

from dcwtal.core.errors import CheckpointError, DataError, DiskError
from dcwtal.core.files import atomic_path, read_json, write_json_atomic

# What torch.load and its weights-only unpickler raise for a file that is cut off, garbled or something else.
_DAMAGED = (
    RuntimeError,
    KeyError,
    TypeError,
    AttributeError,
    ValueError,
    EOFError,
    OSError,
    pickle.UnpicklingError,
)


@dataclass(frozen=True)
class ModelShape:
    """What a model was built for; two models fit the same weights only where these agree."""

    classes: list[str]
    cbp_dim: int
    vlp_dim: int
    snippet_seconds: float


def save_stage(folder: Path, model: nn.Module, shape: ModelShape, meta: dict[str, Any]) -> None:
    """Write one stage's weights; ``meta.json`` comes last, so a folder that has one is whole."""
    folder = Path(folder)
    with contextlib.suppress(FileNotFoundError, NotADirectoryError):
        (folder / "meta.json").unlink()
    with atomic_path(folder / "weights.safetensors") as temporary:
        tensors = {name: value.detach().cpu().contiguous() for name, value in model.state_dict().items()}
        try:
            save_file(tensors, temporary)
        except SafetensorError as error:
            raise DiskError(f"cannot write {folder}: {error}; free some space, then resume") from None
    write_json_atomic(folder / "meta.json", {"shape": asdict(shape), **meta})


def read_stage_shape(folder: Path) -> ModelShape:
    """The shape a stage was saved with; a missing or damaged checkpoint is a CheckpointError."""
    folder = Path(folder)
    if not (folder / "meta.json").is_file():
        raise CheckpointError(f"no checkpoint at {folder}; expected weights.safetensors and meta.json")
    try:
        return ModelShape(**read_json(folder / "meta.json", "a checkpoint's description")["shape"])
    except (DataError, KeyError, TypeError) as error:
        raise CheckpointError(
            f"checkpoint {folder} is damaged: meta.json does not describe a model ({error}); train it again"
        ) from None


def load_stage(folder: Path, model: nn.Module, shape: ModelShape) -> None:
    """Load a stage's weights into a model of the same shape; anything else is a CheckpointError."""
    check_shape(f"checkpoint {folder}", read_stage_shape(folder), shape)
    try:
        model.load_state_dict(load_file(folder / "weights.safetensors"), strict=True)
    except (RuntimeError, SafetensorError, OSError) as error:
        raise CheckpointError(f"checkpoint {folder} does not fit this model: {error}") from None


def check_shape(what: str, found: ModelShape, shape: ModelShape) -> None:
    """Raise a CheckpointError when weights were trained for other classes or other features."""
    if found.classes != shape.classes:
        raise CheckpointError(
            f"{what} was trained for other classes: it has {', '.join(found.classes)}; "
            f"expected {', '.join(shape.classes)}"
        )
    for name in ("cbp_dim", "vlp_dim", "snippet_seconds"):
        if getattr(found, name) != getattr(shape, name):
            raise CheckpointError(
                f"{what} has {name} {getattr(found, name)}; the features have {getattr(shape, name)}; "
                "extract them with the encoders of the run"
            )


@dataclass(frozen=True)
class ResumePoint:
    """``step`` steps of phase number ``phase`` are done."""

    phase: int
    step: int


def save_resume(
    path: Path, model: nn.Module, optimizer: torch.optim.Optimizer, point: ResumePoint, shape: ModelShape
) -> None:
    """One whole file, so that weights, optimizer and position always belong together."""
    with atomic_path(path) as temporary:
        state = {
            "model": model.state_dict(),
            "optimizer": optimizer.state_dict(),
            "point": asdict(point),
            "shape": asdict(shape),
        }
        try:
            torch.save(state, temporary)
        except RuntimeError:  # torch reports a full disk this way, in words about its own file format
            raise DiskError(
                f"cannot write {path}: the disk is full or refuses; free some space, then run it again"
            ) from None


def load_resume(
    path: Path, model: nn.Module, shape: ModelShape, *, phase: int
) -> tuple[ResumePoint, dict[str, Any]] | None:
    """Load the resume point's weights into ``model``; gives the position and the optimizer state.

    None, and an untouched model, without a resume point in phase number ``phase``. A damaged one, or one of other
    classes or features, is a CheckpointError.
    """
    if not Path(path).is_file():
        return None
    try:
        state = torch.load(path, weights_only=True, map_location="cpu")
        point, found = ResumePoint(**state["point"]), ModelShape(**state["shape"])
        if point.phase != phase:
            return None
        check_shape(f"resume point {path}", found, shape)
        model.load_state_dict(state["model"], strict=True)
        return point, state["optimizer"]
    except _DAMAGED as error:
        # Only the kind: torch's own text advises to load without its protection.
        raise CheckpointError(
            f"resume point {path} is damaged ({type(error).__name__}); delete it to repeat this phase from its start"
        ) from None


def delete_resume(path: Path) -> None:
    """Forget the resume point of a finished run."""
    with contextlib.suppress(FileNotFoundError):
        Path(path).unlink()
