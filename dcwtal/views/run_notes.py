"""The lines that must stand beside a run's numbers: where they come from and what they are not."""

from collections.abc import Mapping
from typing import Any

WORLD_CAVEAT = "Procedural teaching set, not evidence about real video."
FOREIGN_CAVEAT = (
    "This run knows only the drawn sports world: on real video these curves and detections mean nothing."
)
RULES = {
    "last": "the last stage",
    "best-on-held-out": "best on held-out videos",
    "best-on-test": "best on the TEST videos (only to compare with the literature)",
}


def stage_title(stage: str, *, final: str | None = None) -> str:
    """A stage as people read it: ``warmup`` → ``warm-up``; the chosen one carries a star."""
    title = "warm-up" if stage == "warmup" else stage
    return f"{title} ★" if stage == final else title


def protocol_line(info: Mapping[str, Any], *, subset: str, videos: int) -> str:
    """Data set, split with its number of videos, and how the final stage was chosen."""
    split = f"{subset} split ({videos} videos)" if subset else "a video of your own"
    return f"{info.get('dataset_name') or 'data set'} · {split} · {selection_line(info)}"


def selection_line(info: Mapping[str, Any]) -> str:
    """Which stage is final and by which rule, from ``run.json``."""
    selection = info.get("selection") or {}
    rule = str(selection.get("rule", ""))
    line = f"★ {info.get('final_stage', '?')} = {RULES.get(rule, rule or 'rule not recorded')}"
    if rule == "best-on-held-out" and selection.get("videos"):
        line += f" ({selection['videos']} {selection.get('subset', '')} videos)".replace(" )", ")")
    return line
