"""Rewrite docs/settings.md from the settings classes: ``python docs/describe_settings.py [--check]``."""

import sys
from pathlib import Path

from dcwtal.core.settings import SettingsBase
from dcwtal.training.settings import RunSettings

DOCUMENT = Path(__file__).resolve().parent / "settings.md"


def rows(kind: type[SettingsBase], prefix: str = "") -> list[str]:
    """One table row a setting: dotted name, default, allowed values, meaning."""
    out = []
    for key, field in kind.model_fields.items():
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, SettingsBase):
            out += rows(inner, f"{prefix}{key}.")
            continue
        allowed = kind.model_json_schema()["properties"][key]
        out.append(
            f"| `{prefix}{key}` | `{field.default}` | {_allowed(allowed)} | {field.description or ''} |"
        )
    return out


def _allowed(schema: dict) -> str:
    if "enum" in schema:
        return ", ".join(f"`{value}`" for value in schema["enum"])
    if "const" in schema:
        return f"`{schema['const']}`"
    signs = {"minimum": "≥", "exclusiveMinimum": ">", "maximum": "≤", "exclusiveMaximum": "<"}
    bounds = [f"{sign} {schema[key]}" for key, sign in signs.items() if key in schema]
    return ", ".join(bounds)


def document() -> str:
    """The whole page."""
    head = [
        "# Settings",
        "",
        "Made from the code by `docs/describe_settings.py`. Defaults are the paper's where it states them; presets",
        "change some. Give them as `--set section.key=value`, or in a TOML file as `--preset my.toml`.",
        "",
        "| setting | default | values | meaning |",
        "|---|---|---|---|",
    ]
    return "\n".join(head + rows(RunSettings)) + "\n"


def main() -> int:
    """Write the page, or with ``--check`` tell (exit 1) that it is stale."""
    if "--check" in sys.argv[1:]:
        return int(DOCUMENT.read_text(encoding="utf-8") != document())
    DOCUMENT.write_text(document(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
