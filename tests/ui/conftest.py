"""A made-up run for handlers and routes; the same maker as the browser tests use."""

import os
import sys
from pathlib import Path

import pytest

SUPPORT = Path(__file__).resolve().parents[1] / "browser" / "support"
sys.path.insert(0, str(SUPPORT))

from synthetic_run import make_studio_files  # noqa: E402

from dcwtal.ui.catalog import Catalog  # noqa: E402


@pytest.fixture(scope="session")
def short_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A made-up run whose videos last two seconds."""
    return make_studio_files(tmp_path_factory.mktemp("ui"), frames=50)


@pytest.fixture
def catalog(short_run: Path) -> Catalog:
    """Two runs, so that there is something to choose."""
    return Catalog([short_run, short_run])


@pytest.fixture
def support_on_path(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets child processes import the pretending infer functions."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(SUPPORT), os.environ.get("PYTHONPATH", "")]))
