"""Fixtures that every folder of tests may use."""

import os
import sys
from pathlib import Path

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
    if not folder.is_dir():
        pytest.skip(f"no test data at {folder}; set DCWTAL_TEST_DATA to the folder that holds it")
    return folder


@pytest.fixture(autouse=True, scope="session")
def _one_thread_each() -> None:
    """Small tensors are slower on many threads, and the suite shares its cores with a browser."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # for the processes that tests start
    if "torch" in sys.modules:
        sys.modules["torch"].set_num_threads(1)
