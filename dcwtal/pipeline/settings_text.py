"""Changed settings as text that reproduces the numbers elsewhere: a TOML file, or two commands for the shell."""

import json
import shlex
from pathlib import Path
from typing import Any

from dcwtal.pipeline.browse import BrowsedRun
from dcwtal.pipeline.commands import evaluate_command
from dcwtal.pipeline.rate_stages import thresholds_in
from dcwtal.pipeline.what_if.question import WhatIf

DETECTIONS = Path("what-if.json")


def settings_text(run: BrowsedRun, asked: WhatIf) -> dict[str, str]:
    """``toml``: the sections that differ from the run's own; ``command``: localize and evaluate with the same
    differences. Paths are as the run was given, so the commands work where the server was started."""
    localize, labels = changed_localize(run, asked), changed_thresholds(run, asked)
    return {"toml": _toml(run, asked, localize, labels), "command": _command(run, asked, localize, labels)}


def changed_localize(run: BrowsedRun, asked: WhatIf) -> dict[str, Any]:
    """Localize settings that differ from the run's, as plain values."""
    own, now = run.localize.model_dump(mode="json"), asked.settings.model_dump(mode="json")
    return {key: value for key, value in now.items() if value != own[key]}


def changed_thresholds(run: BrowsedRun, asked: WhatIf) -> dict[str, float]:
    """δ_h and δ_l where they differ from those of the run's pseudo-labels."""
    own = thresholds_in(run.settings, str(run.folder.settings))
    pairs = {
        "delta_h": (asked.high, own.confident_foreground),
        "delta_l": (asked.low, own.confident_background),
    }
    return {key: now for key, (now, before) in pairs.items() if now != before}


def _command(run: BrowsedRun, asked: WhatIf, localize: dict[str, Any], labels: dict[str, float]) -> str:
    words = ["dcwtal", "localize", str(run.folder.path)]
    words += ["--stage", asked.stage] if asked.stage != run.final_stage else []
    words += [*_sets("localize", localize), "--out", str(DETECTIONS)]
    following = evaluate_command(
        run.folder, run.info, DETECTIONS, subset=asked.subset or None, more=_sets("pseudo_labels", labels)
    )
    return f"{shlex.join(words)} && {following}"


def _sets(section: str, values: dict[str, Any]) -> list[str]:
    return [
        word for key, value in values.items() for word in ("--set", f"{section}.{key}={_override(value)}")
    ]


def _override(value: Any) -> str:
    """A value as ``--set`` reads it: JSON, or plain text where that is not JSON of something else."""
    if isinstance(value, str):
        try:
            json.loads(value)
        except ValueError:
            return value
    return json.dumps(value)


def _toml(run: BrowsedRun, asked: WhatIf, localize: dict[str, Any], labels: dict[str, float]) -> str:
    stage = f" --stage {shlex.quote(asked.stage)}" if asked.stage != run.final_stage else ""
    lines = [
        f"# What differs from run {_in_comment(run.folder.path.name)}. Both commands take this file:",
        f"# dcwtal localize RUN{_in_comment(stage)} --config FILE.toml --out {DETECTIONS}",
        f"# dcwtal evaluate {DETECTIONS} --ground-truth TRUTH --run RUN --config FILE.toml",
    ]
    for section, values in (("localize", localize), ("pseudo_labels", labels)):
        if values:
            lines += ["", f"[{section}]"]
            lines += [_toml_line(section, key, value) for key, value in values.items()]
    if not localize and not labels:
        lines.append("# Nothing differs.")
    return "\n".join(lines) + "\n"


def _toml_line(section: str, key: str, value: Any) -> str:
    if value is None:  # TOML has no null
        return f"# off, which TOML cannot say: add --set {section}.{key}=null"
    return f"{key} = {json.dumps(value)}"  # numbers, booleans, text and lists are written alike in both


def _in_comment(text: str) -> str:
    """Text that cannot end the comment it stands in."""
    return "".join(letter if letter.isprintable() else "?" for letter in text)
