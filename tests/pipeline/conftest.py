"""A tiny data set and tiny weights for the tests that train."""

from dataclasses import replace
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def data(tiny, tmp_path_factory) -> Path:
    """A tiny data set that no test changes."""
    return tiny.write_data_set(tmp_path_factory.mktemp("tiny") / "data")


@pytest.fixture(scope="session")
def quick() -> list[str]:
    """Ten steps in all: 4 of the warm-up, 3 of B, 3 of F."""
    return ["train.warmup_steps=4", "train.b_steps=3", "train.f_steps=3", "train.checkpoint_every=2"]


@pytest.fixture(scope="session")
def finished(tiny, tiny_weights, data, quick, tmp_path_factory):
    """One run trained in one go, and what ``train_run`` returned; no test changes it."""
    import torch

    import dcwtal.features.weights_registry as registry
    from dcwtal.pipeline.train import train_run

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(registry, "weights_folders", lambda: (tiny_weights,))
        entries = {name: replace(entry, sha256={}) for name, entry in registry.WEIGHTS.items()}
        patch.setattr(registry, "WEIGHTS", entries)
        torch.set_num_threads(1)
        run = tmp_path_factory.mktemp("run") / "R"
        info = train_run(data, run, preset="smoke", overrides=quick, seed=None)
    return run, info


@pytest.fixture
def train(with_tiny_weights, one_thread, quick):
    """``train_run`` with the settings of ``finished`` and some on top."""
    from dcwtal.pipeline.train import train_run

    def run(data, folder, *, preset="smoke", overrides=(), seed=None, **options):
        return train_run(data, folder, preset=preset, overrides=[*quick, *overrides], seed=seed, **options)

    return run
