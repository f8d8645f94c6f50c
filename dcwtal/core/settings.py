"""Settings: frozen, strict, from TOML presets and ``section.key=value`` overrides; all faults at once."""

import difflib
import json
import tomllib
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from dcwtal.core.errors import SettingsError


class SettingsBase(BaseModel):
    """Base of every settings section: immutable, unknown keys and NaN refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


S = TypeVar("S", bound=SettingsBase)


def build_settings(kind: type[S], values: dict[str, Any]) -> S:
    """A validated settings tree from nested plain values; raises one SettingsError that lists every fault."""
    try:
        return kind.model_validate(values)
    except ValidationError as error:
        raise SettingsError("; ".join(_explain(kind, fault) for fault in error.errors())) from None


def _explain(kind: type[SettingsBase], fault: dict[str, Any]) -> str:
    name = ".".join(str(part) for part in fault["loc"])
    if fault["type"] == "extra_forbidden":
        return _unknown(kind, name)
    message = fault["msg"].removeprefix("Value error, ")
    if not name:
        return message
    if fault["type"] == "value_error":
        return f"setting {name!r}: {message}"
    return f"setting {name!r}: {message[:1].lower() + message[1:]}, found {fault['input']!r:.100}"


def _unknown(kind: type[SettingsBase], name: str) -> str:
    known = list(setting_names(kind))
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    if not near:
        last = {key.rsplit(".", 1)[-1]: key for key in known}
        close = difflib.get_close_matches(name.rsplit(".", 1)[-1], last, n=1, cutoff=0.6)
        near = [last[close[0]]] if close else []
    hint = f"; did you mean {near[0]!r}?" if near else f"; known: {', '.join(known)}"
    return f"unknown setting {name!r}{hint}"


def setting_names(kind: type[SettingsBase], prefix: str = "") -> list[str]:
    """All leaf names of a settings tree, dotted, in order of declaration."""
    names: list[str] = []
    for key, field in kind.model_fields.items():
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, SettingsBase):
            names += setting_names(inner, f"{prefix}{key}.")
        else:
            names.append(prefix + key)
    return names


def read_toml(path: Path) -> dict[str, Any]:
    """The nested values of a TOML file; a missing or broken file is a SettingsError."""
    try:
        return tomllib.loads(Path(path).read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise SettingsError(f"no settings file at {path}") from None
    except OSError as error:
        raise SettingsError(f"cannot read the settings file {path}: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} is not TOML: {error}") from None


def merge(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """``base`` with ``over`` laid on top, section by section; neither is changed."""
    out = dict(base)
    for key, value in over.items():
        both = isinstance(out.get(key), dict) and isinstance(value, dict)
        out[key] = merge(out[key], value) if both else value
    return out


def parse_overrides(items: list[str]) -> dict[str, Any]:
    """``["train.lr=1e-3", "loss.kd=false"]`` as nested values; a value is JSON, else text."""
    values: dict[str, Any] = {}
    for item in items:
        key, equals, text = item.partition("=")
        if not equals or not key.strip():
            raise SettingsError(f"--set expects section.key=value; found {item!r}")
        try:
            value = json.loads(text)
        except (ValueError, RecursionError):  # not JSON, or a number or a nesting past all bounds
            value = text
        nested: Any = value
        for part in reversed(key.strip().split(".")):
            nested = {part: nested}
        values = merge(values, nested)
    return values
