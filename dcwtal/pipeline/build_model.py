"""Build the two-branch model of a run and bring it to a stage."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from dcwtal.core.class_names import ClassNames
from dcwtal.training.settings import RunSettings

if TYPE_CHECKING:
    from dcwtal.data.samples import TrainingSample
    from dcwtal.models.two_branch import TwoBranchModel
    from dcwtal.training.checkpoints import ModelShape


def shape_of(samples: "list[TrainingSample]", classes: ClassNames) -> "ModelShape":
    """What the model must fit: classes, feature widths, the length of a snippet."""
    from dcwtal.training.checkpoints import ModelShape

    first = samples[0]
    return ModelShape(list(classes.names), first.cbp.shape[1], first.vlp.shape[1], round(first.grid.step, 6))


def build_model(settings: RunSettings, shape: "ModelShape", *, seed: int) -> "TwoBranchModel":
    """A freshly initialised model; the CLIP text tower is that of the VLP features' encoder.

    Initial weights depend on ``seed`` alone. CLIP features of another width than the tower's are a DataError.
    """
    import torch

    from dcwtal.core.errors import DataError
    from dcwtal.features.weights_registry import find_weights
    from dcwtal.models.clip_model import load_clip
    from dcwtal.models.clip_text import PromptedClassNames, encode_texts
    from dcwtal.models.two_branch import TwoBranchModel

    names = ClassNames(tuple(shape.classes)).readable()
    with torch.random.fork_rng(devices=[]), torch.no_grad():
        clip = load_clip(find_weights(settings.features.vlp))  # building it draws random numbers too
        torch.manual_seed(seed)
        plain = encode_texts(clip, names)
        if plain.shape[1] != shape.vlp_dim:
            raise DataError(
                f"{settings.features.vlp} features are {shape.vlp_dim} wide; its text tower gives "
                f"{plain.shape[1]}; extract the features again"
            )
        return TwoBranchModel(
            settings.model,
            cbp_dim=shape.cbp_dim,
            n_classes=len(names),
            text=PromptedClassNames(clip, names, settings.model.vlp.n_prompt),
            plain_text=plain,
            snippet_seconds=shape.snippet_seconds,
            top_k_divisor=settings.loss.top_k_divisor,
        )


def fit_statistics(model: "TwoBranchModel", samples: "list[TrainingSample]") -> None:
    """Feature statistics and the VLP's offset, from training features and video-level labels."""
    import numpy as np
    import torch
    from torch.nn import functional as F

    cbp = torch.from_numpy(np.concatenate([sample.cbp for sample in samples]))
    if model.cbp.standardize_features:
        model.cbp.standardize.fit(cbp)
    vlp = [torch.from_numpy(sample.vlp) for sample in samples]
    model.vlp.standardize.fit(F.normalize(torch.cat(vlp), dim=-1))
    model.vlp.calibrate(vlp, [torch.from_numpy(sample.labels) for sample in samples])


def load_models(
    settings: RunSettings, checkpoints: Path, stages: Sequence[str], shape: "ModelShape | None" = None
) -> "dict[str, TwoBranchModel]":
    """Stage name → the run's model at that stage, ready to score; they share one frozen text tower.

    ``shape``: what the features at hand need; another one in a checkpoint is a CheckpointError.
    """
    from copy import deepcopy

    from dcwtal.training.checkpoints import load_stage, read_stage_shape

    shape = shape or read_stage_shape(checkpoints / stages[0])
    blank = build_model(settings, shape, seed=0).eval()  # CLIP is read from disk once, not once a stage
    models = {stage: deepcopy(blank) for stage in stages}
    for stage, model in models.items():
        load_stage(checkpoints / stage, model, shape)
    return models
