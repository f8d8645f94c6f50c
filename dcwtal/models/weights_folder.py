"""A folder with one trained network: ``config.json`` and safetensors files (float16 on disk)."""

from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from dcwtal.core.errors import CheckpointError, DataError
from dcwtal.core.files import atomic_path, read_json, write_json_atomic

CONFIG_NAME = "config.json"


def write_config(folder: Path, config: dict[str, Any]) -> None:
    """Write ``config.json``."""
    write_json_atomic(Path(folder) / CONFIG_NAME, config)


def write_weights(path: Path, state: dict[str, Tensor]) -> None:
    """Write one safetensors file; floating tensors become float16 on disk."""
    halved = {
        name: (value.half() if value.is_floating_point() else value).detach().cpu().contiguous()
        for name, value in state.items()
    }
    with atomic_path(path) as temporary:
        save_file(halved, temporary)


def read_config(folder: Path) -> dict[str, Any]:
    """The configuration of an encoder folder; a missing or broken one is a CheckpointError."""
    try:
        return read_json(Path(folder) / CONFIG_NAME, "an encoder's configuration")
    except DataError as error:
        raise CheckpointError(f"{error}; expected a folder with {CONFIG_NAME} and weights") from None


def read_weights(path: Path) -> dict[str, Tensor]:
    """All tensors of a safetensors file, floating ones as float32."""
    try:
        state = load_file(path)
    except (OSError, SafetensorError) as error:
        raise CheckpointError(
            f"cannot read weights from {path}: {error}; restore the file or train the encoder again"
        ) from None
    return {name: value.float() if value.is_floating_point() else value for name, value in state.items()}


def load_strictly(model: torch.nn.Module, state: dict[str, Tensor], path: Path) -> None:
    """Every weight of the model from ``state``, none missing, none left over, all finite."""
    try:
        model.load_state_dict(state, strict=True)
    except RuntimeError as error:
        lines = [line.strip() for line in str(error).splitlines()[1:]]
        raise CheckpointError(
            f"{path} does not belong to the model of the {CONFIG_NAME} beside it: {' '.join(lines)[:400]}; "
            "restore the matching pair"
        ) from None
    broken = [name for name, value in state.items() if not torch.isfinite(value).all()]
    if broken:
        raise CheckpointError(f"{path} holds values that are not finite in {broken[0]!r}; restore the file")
