"""A made-up run for handlers and routes; the same maker as the browser tests use."""

import os
from pathlib import Path

import pytest
from synthetic_run import make_studio_files

from dcwtal.ui.catalog import Catalog

SUPPORT = Path(__file__).resolve().parents[1] / "support"


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
