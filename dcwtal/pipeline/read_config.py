"""A TOML file of settings for commands that only read scores: sections ``localize`` and ``pseudo_labels``."""

from pathlib import Path
from typing import Any

from dcwtal.core.errors import SettingsError
from dcwtal.core.settings import read_toml

SECTIONS = ("localize", "pseudo_labels")


def read_config(path: Path) -> dict[str, dict[str, Any]]:
    """The sections of a file as plain values, unchecked; another section, or a bare key, is a SettingsError."""
    values = read_toml(path)
    strange = [
        name for name, section in values.items() if name not in SECTIONS or not isinstance(section, dict)
    ]
    if strange:
        raise SettingsError(
            f"{path}: expected only the sections [localize] and [pseudo_labels]; found {strange[0]!r}, which was "
            "fixed when the run was trained"
        )
    return values
