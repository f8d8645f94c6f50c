"""The clip maker for the tests of this folder."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(scope="session")
def clips() -> ModuleType:
    """``numbered_clips.py``: test modules cannot import each other."""
    if "numbered_clips" not in sys.modules:
        place = Path(__file__).resolve().parents[1] / "video" / "numbered_clips.py"
        spec = importlib.util.spec_from_file_location("numbered_clips", place)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        sys.modules["numbered_clips"] = module
    return sys.modules["numbered_clips"]
