"""A two-branch model and videos small enough to train in a blink."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from dcwtal.core.settings import build_settings, merge
from dcwtal.core.timegrid import TimeGrid
from dcwtal.data.samples import TrainingSample
from dcwtal.models.two_branch import TwoBranchModel
from dcwtal.training.checkpoints import ModelShape
from dcwtal.training.settings import RunSettings
from dcwtal.training.trainer import TrainingRun

CLASSES = ["Diving", "Shotput", "TennisServe"]
MOTION, CLIP, SECONDS = 6, 8, 0.32
SMALL = {
    "model": {
        "cbp": {"activation": "sigmoid", "width": 8, "heads": 2, "layers": 1, "dropout": 0.2},
        "vlp": {
            "activation": "sigmoid",
            "heads": 2,
            "layers": 1,
            "expansion": 2,
            "dropout": 0.2,
            "offset": "calibrated",
            "tau": 0.3,
            "learn_scale": True,
        },
    },
    "pseudo_labels": {"anchor": 0.05},
    "train": {
        "rounds": 2,
        "warmup_steps": 5,
        "b_steps": 4,
        "f_steps": 4,
        "batch_size": 3,
        "max_snippets": 16,
        "lr_warmup": 1e-2,
        "lr_b": 1e-2,
        "lr_f": 1e-2,
        "checkpoint_every": 2,
        "trace_every": 2,
    },
}


class LearnedText(nn.Module):
    """Stands in for the prompted text tower: free class features of unit length."""

    def __init__(self) -> None:
        super().__init__()
        self.features = nn.Parameter(torch.randn(len(CLASSES), CLIP))

    def forward(self):
        return F.normalize(self.features, dim=-1)


def make_settings(**sections: dict[str, Any]) -> RunSettings:
    return build_settings(RunSettings, merge(SMALL, sections))


def make_samples(n: int = 7, *, seed: int = 0) -> list[TrainingSample]:
    """Videos of 9 to 26 snippets; the class of each shows in both kinds of features for a third of it."""
    random = np.random.default_rng(seed)
    samples = []
    for number in range(n):
        length, own = int(random.integers(9, 27)), number % len(CLASSES)
        cbp = random.normal(size=(length, MOTION)).astype(np.float32)
        vlp = random.normal(size=(length, CLIP)).astype(np.float32)
        begin = length // 3
        cbp[begin : begin + length // 3, own] += 3
        vlp[begin : begin + length // 2, own] += 3
        labels = np.zeros(len(CLASSES), np.float32)
        labels[own] = 1
        if number % 4 == 3:
            labels[(own + 1) % len(CLASSES)] = 1
        samples.append(TrainingSample(f"video_{number}", cbp, vlp, labels, TimeGrid(0.0, SECONDS, length)))
    return samples


def make_model(settings: RunSettings, *, seed: int = 0, motion: int = MOTION) -> TwoBranchModel:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return TwoBranchModel(
            settings.model,
            cbp_dim=motion,
            n_classes=len(CLASSES),
            text=LearnedText(),
            plain_text=torch.randn(len(CLASSES), CLIP),
            snippet_seconds=SECONDS,
            top_k_divisor=settings.loss.top_k_divisor,
        )


@dataclass
class Toy:
    """Builds training runs in one folder and keeps what they told."""

    folder: Path
    events: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    snapshots: list[tuple[str, int]] = field(default_factory=list)

    settings = staticmethod(make_settings)
    samples = staticmethod(make_samples)
    model = staticmethod(make_model)

    def run(
        self, settings: RunSettings, *, seed: int = 3, on_event: Callable | None = None, **more
    ) -> TrainingRun:
        """A run as ``dcwtal train`` makes it: fresh model, fitted statistics, this folder's checkpoints."""
        samples = more.pop("samples", None) or make_samples()
        model = make_model(settings, seed=seed)
        model.cbp.standardize.fit(torch.from_numpy(np.concatenate([s.cbp for s in samples])))
        clip = [torch.from_numpy(s.vlp) for s in samples]
        model.vlp.standardize.fit(F.normalize(torch.cat(clip), dim=-1))
        model.vlp.calibrate(clip, [torch.from_numpy(s.labels) for s in samples])

        def heard(kind, **fields):
            self.events.append((kind, fields))
            if on_event is not None:
                on_event(kind, **fields)

        return TrainingRun(
            model=model,
            shape=more.pop("shape", ModelShape(CLASSES, MOTION, CLIP, SECONDS)),
            samples=samples,
            settings=settings,
            seed=seed,
            checkpoints=self.folder / "checkpoints",
            labels=self.folder / "pseudo_labels",
            on_event=heard,
            on_snapshot=lambda stage, step: self.snapshots.append((stage, step)),
            **more,
        )

    def told(self, kind: str) -> list[dict[str, Any]]:
        return [fields for name, fields in self.events if name == kind]


@pytest.fixture
def toy(tmp_path) -> Toy:
    return Toy(tmp_path)


@pytest.fixture
def toys(tmp_path) -> Callable[[str], Toy]:
    """Several runs side by side, each in a folder of its own."""
    return lambda name: Toy(tmp_path / name)
