"""Named settings, one TOML file each."""

from pathlib import Path
from typing import Any

from dcwtal.core.errors import SettingsError
from dcwtal.core.settings import build_settings, merge, parse_overrides, read_toml
from dcwtal.training.schedule import schedule
from dcwtal.training.settings import RunSettings

_FOLDER = Path(__file__).parent


def preset_names() -> list[str]:
    """The presets that ship with the package."""
    return sorted(path.stem for path in _FOLDER.glob("*.toml"))


def preset_values(name: str) -> dict[str, Any]:
    """A preset's nested values; ``name`` is a shipped preset or the path of a TOML file."""
    if name in preset_names():
        return read_toml(_FOLDER / f"{name}.toml")
    if name.endswith(".toml"):
        return read_toml(Path(name))
    raise SettingsError(
        f"unknown preset {name!r}; known: {', '.join(preset_names())}, or the path of a .toml file"
    )


def resolve_settings(preset: str, overrides: list[str]) -> RunSettings:
    """A preset with ``section.key=value`` overrides on top, checked as a whole."""
    settings = build_settings(RunSettings, merge(preset_values(preset), parse_overrides(overrides)))
    stages = ["same", *(phase.stage for phase in schedule(settings.train))]
    if settings.localize.class_scores_stage not in stages:
        raise SettingsError(
            f"setting 'localize.class_scores_stage': this schedule has no stage "
            f"{settings.localize.class_scores_stage!r}; known: {', '.join(stages)}"
        )
    return settings
