"""An open_clip CLIP on disk: how to build it in ``config.json``, its weights in ``model.safetensors``.

``config.json`` has open_clip's own two sections: ``model_cfg`` (``embed_dim``, ``vision_cfg``, ``text_cfg``)
and ``preprocess_cfg`` (``size`` in pixels, ``mean`` and ``std`` of RGB in [0, 1]).

A model trained on few words has seen few rows of CLIP's 49,408-row token table. Such a file keeps only those:
``token_embedding.rows`` (n, width) and ``token_embedding.ids`` (n,) stand in for ``token_embedding.weight``;
on loading every other row is zero.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import open_clip
import torch
from torch import Tensor

from dcwtal.core.errors import CheckpointError
from dcwtal.models.weights_folder import (
    load_strictly,
    read_config,
    read_weights,
    write_config,
    write_weights,
)

WEIGHTS_NAME = "model.safetensors"
TABLE = "token_embedding.weight"
TABLE_ROWS = "token_embedding.rows"
TABLE_IDS = "token_embedding.ids"


def build_clip(config: dict[str, Any]) -> open_clip.CLIP:
    """An untrained CLIP of this configuration; one that open_clip does not take is a CheckpointError."""
    try:
        sections = config["model_cfg"]
        model = open_clip.CLIP(
            embed_dim=sections["embed_dim"],
            vision_cfg=sections["vision_cfg"],
            text_cfg=sections["text_cfg"],
            quick_gelu=sections.get("quick_gelu", False),
        )
        preprocess = dict(config["preprocess_cfg"])
        if not {"size", "mean", "std"} <= set(preprocess):
            raise KeyError("preprocess_cfg needs size, mean and std")
    except (KeyError, TypeError, ValueError, AttributeError, AssertionError, RuntimeError) as error:
        raise CheckpointError(
            f"not the configuration of a CLIP model: {error!r}; expected open_clip's model_cfg "
            "(embed_dim, vision_cfg, text_cfg) and preprocess_cfg (size, mean, std)"
        ) from None
    model.visual.preprocess_cfg = preprocess
    return model


def save_clip(
    folder: Path, model: open_clip.CLIP, config: dict[str, Any], *, seen_tokens: Sequence[int] | None = None
) -> None:
    """Write ``config.json`` and ``model.safetensors``; with ``seen_tokens`` only those rows of the table."""
    state = model.state_dict()
    if seen_tokens is not None:
        ids = torch.tensor(sorted(set(seen_tokens)))
        state[TABLE_ROWS] = state.pop(TABLE).detach().cpu()[ids]
        state[TABLE_IDS] = ids.to(torch.int32)
    write_weights(Path(folder) / WEIGHTS_NAME, state)
    write_config(folder, config)


def load_clip(folder: Path) -> open_clip.CLIP:
    """The CLIP stored in a folder, strictly loaded, float32, eval mode; else a CheckpointError."""
    path = Path(folder) / WEIGHTS_NAME
    model = build_clip(read_config(folder))
    load_strictly(model, _with_whole_table(read_weights(path), model), path)
    return model.eval()


def prepare_images(images: np.ndarray, model: open_clip.CLIP) -> Tensor:
    """RGB uint8 (N, size, size, 3) → float32 (N, 3, size, size) in the units of the model's preprocess_cfg."""
    preprocess = model.visual.preprocess_cfg
    device = next(model.visual.parameters()).device
    mean, std = (torch.tensor(preprocess[key], device=device).view(3, 1, 1) for key in ("mean", "std"))
    pictures = torch.from_numpy(np.ascontiguousarray(images)).to(device).permute(0, 3, 1, 2)
    return (pictures.float() / 255 - mean) / std


def _with_whole_table(state: dict[str, Tensor], model: open_clip.CLIP) -> dict[str, Tensor]:
    if TABLE_ROWS not in state or TABLE_IDS not in state:
        return state
    rows, ids = state.pop(TABLE_ROWS), state.pop(TABLE_IDS).long()
    table = torch.zeros_like(model.token_embedding.weight)
    if ids.ndim != 1 or rows.shape != (len(ids), table.shape[1]) or not _are_rows_of(ids, table):
        raise CheckpointError(
            f"{WEIGHTS_NAME} has token rows of shape {tuple(rows.shape)} for ids of {tuple(ids.shape)}; "
            f"expected distinct rows of a {tuple(table.shape)} table; restore the file"
        )
    table[ids] = rows
    return {**state, TABLE: table}


def _are_rows_of(ids: Tensor, table: Tensor) -> bool:
    return bool(len(ids.unique()) == len(ids) and (ids >= 0).all() and (ids < len(table)).all())
