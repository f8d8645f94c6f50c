"""Fixtures that every folder of tests may use. What tests share as code lies in ``tests/support``."""

import os
import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import settings

# The suite shares its cores with a browser: how long one example takes says nothing.
settings.register_profile("shared-cores", deadline=None)
settings.load_profile("shared-cores")

REPOSITORY = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real annotations, clips and odd files that are not part of the repository."""
    folder = Path(os.environ.get("DCWTAL_TEST_DATA", REPOSITORY.parent / "shared" / "data"))
    if not folder.is_dir() and "DCWTAL_TEST_DATA" in os.environ:
        pytest.fail(f"DCWTAL_TEST_DATA names {folder}, which is no folder")
    if not folder.is_dir():
        pytest.skip(f"no test data at {folder}; set DCWTAL_TEST_DATA to the folder that holds it")
    return folder


@pytest.fixture(autouse=True)
def one_thread() -> None:
    """Small tensors are slower on many threads, and sums of another order are other sums."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # for the processes that tests start
    if "torch" in sys.modules:
        sys.modules["torch"].set_num_threads(1)


@pytest.fixture(scope="session")
def clips() -> ModuleType:
    """The maker of clips that draw their frame number."""
    import numbered_clips

    return numbered_clips


@pytest.fixture(scope="session")
def tiny() -> ModuleType:
    """The maker of tiny data sets and tiny weights."""
    import tiny_data_set

    return tiny_data_set


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
