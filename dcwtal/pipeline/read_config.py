"""A TOML file of settings for commands that only read scores: sections ``localize`` and ``pseudo_labels``."""

from pathlib import Path
from typing import Any

from dcwtal.core.errors import SettingsError
from dcwtal.core.settings import read_toml

SECTIONS = ("localize", "pseudo_labels")


def read_config(path: Path) -> dict[str, dict[str, Any]]:
    """The sections of a file as plain values, unchecked; another section, or a bare key, is a SettingsError."""
    values = read_toml(path)
    for name, section in values.items():
        if name not in SECTIONS:
            raise SettingsError(
                f"{path}: expected only the sections [localize] and [pseudo_labels]; found {name!r}, which was fixed "
                "when the run was trained"
            )
        if not isinstance(section, dict):
            raise SettingsError(f"{path}: expected a section [{name}]; found {name} = {section!r:.60}")
    return values
