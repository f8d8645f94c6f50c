"""A tiny data set and tiny weights for the tests that train."""

import importlib.util
import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(scope="session")
def tiny() -> ModuleType:
    """``tests/support/tiny_data_set.py``: test modules cannot import each other."""
    if "tiny_data_set" not in sys.modules:
        place = Path(__file__).resolve().parents[1] / "support" / "tiny_data_set.py"
        spec = importlib.util.spec_from_file_location("tiny_data_set", place)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        sys.modules["tiny_data_set"] = module
    return sys.modules["tiny_data_set"]


@pytest.fixture(scope="session")
def tiny_weights(tiny, tmp_path_factory) -> Path:
    """A folder of weights as the registry expects it."""
    return tiny.write_weights(tmp_path_factory.mktemp("weights"))


@pytest.fixture
def with_tiny_weights(tiny_weights, monkeypatch) -> Path:
    """The registry finds the tiny weights, whatever this machine has."""
    import dcwtal.features.weights_registry as registry

    monkeypatch.setattr(registry, "weights_folders", lambda: (tiny_weights,))
    entries = {name: replace(entry, sha256={}) for name, entry in registry.WEIGHTS.items()}
    monkeypatch.setattr(registry, "WEIGHTS", entries)
    return tiny_weights


@pytest.fixture
def one_thread():
    """Small tensors are slower on many threads, and sums of another order are other sums."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)
