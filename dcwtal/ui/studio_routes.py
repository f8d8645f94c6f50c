"""What the page must know before it can show anything: the runs on offer and the form of the settings."""

import os
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from dcwtal.pipeline.browse import BrowsedRun
from dcwtal.pipeline.what_if.question import scored_subsets
from dcwtal.ui.catalog import Catalog
from dcwtal.ui.curve_rules import curve_rules_of
from dcwtal.ui.route_answers import ALWAYS_ASK, PREFIX
from dcwtal.ui.settings_form import settings_form
from dcwtal.views.run_notes import FOREIGN_CAVEAT, WORLD_CAVEAT, protocol_line, stage_title

NO_RUN = (
    "No trained run to show yet. Train one with 'dcwtal train DATASET --run RUN', "
    "then open it with 'dcwtal ui --run RUN'."
)


def studio_routes(catalog: Catalog) -> list[Route]:
    """The route ``studio``."""

    def studio(_: Request) -> JSONResponse:
        return JSONResponse(studio_facts(catalog), headers=ALWAYS_ASK)

    return [Route(f"{PREFIX}/studio", studio)]


def studio_facts(catalog: Catalog) -> dict[str, Any]:
    """``runs`` (see :func:`run_facts`), ``form`` (see :func:`settings_form`), ``notice`` when there is no run."""
    return {
        "runs": [run_facts(key, run) for key, run in catalog.runs.items()],
        "form": settings_form(),
        "notice": "" if catalog.runs else NO_RUN,
    }


def run_facts(key: str, run: BrowsedRun) -> dict[str, Any]:
    """A run in plain values: its stages, classes, own settings and rules, and the protocol line of each subset."""
    rules = curve_rules_of(run)
    counts = {subset: sum(v.subset == subset for v in run.dataset.videos) for subset in subsets_of(run)}
    return {
        "key": key,
        "title": key,
        "path": os.fspath(run.folder.path),
        "dataset": run.info.get("dataset_name") or "data set",
        "strategy": run.info.get("strategy"),
        "stages": [
            {"name": stage, "title": stage_title(stage, final=run.final_stage)} for stage in run.stages
        ],
        "final_stage": run.final_stage,
        "classes": list(run.info.get("classes") or []),
        "settings": run.localize.model_dump(mode="json"),
        "rules": {"high": rules.high, "low": rules.low, "minmax": rules.minmax},
        "probe_videos": list(run.info.get("probe_videos") or []),
        "subsets": list(counts),
        "protocols": {
            subset: protocol_line(run.info, subset=subset, videos=number) for subset, number in counts.items()
        },
        "own_video_note": FOREIGN_CAVEAT if run.is_world else "",
        "caveat": WORLD_CAVEAT if run.is_world else "",
    }


def subsets_of(run: BrowsedRun) -> list[str]:
    """Subsets that have scored videos, test first."""
    return [name for name in scored_subsets(run) if name]
