"""Which view Explore shows, and everything the page needs to know about it. Plain values in, plain values out."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from dcwtal.pipeline.browse import BrowsedRun, BrowsedVideo
from dcwtal.ui.catalog import Catalog
from dcwtal.ui.routes import video_url
from dcwtal.views.run_notes import FOREIGN_CAVEAT, WORLD_CAVEAT, protocol_line, stage_title

SOURCES = (("CBP", "cbp"), ("VLP", "vlp"), ("fused", "fused"))
MODES = (("paper", "paper"), ("peer", "peer"))
CURVES = (("CBP", "cbp"), ("VLP", "vlp"), ("fused", "fused"), ("warm-up, dotted", "ghosts"))
USUAL_CURVES = ("cbp", "vlp", "fused")
NO_RUN = (
    "No trained run to show yet. Train one with 'dcwtal train DATASET --run RUN', "
    "then open it with 'dcwtal ui --run RUN'."
)


@dataclass(frozen=True)
class ExploreView:
    """What is looked at. Empty text: nothing to choose from. ``time`` seconds, None: the beginning."""

    run: str = ""
    video: str = ""
    class_name: str = ""
    stage: str = ""
    source: str = ""
    mode: str = ""
    curves: tuple[str, ...] = USUAL_CURVES
    time: float | None = None


def view_from_address(catalog: Catalog, query: Mapping[str, str]) -> ExploreView:
    """The view an address asks for (``run video class stage of mode t``); what it asks wrongly falls to the usual."""
    run = query.get("run", "")
    if run not in catalog.runs:
        run = next(iter(catalog.runs), "")
    wanted = ExploreView(
        run=run,
        video=query.get("video", ""),
        class_name=query.get("class", ""),
        stage=query.get("stage", ""),
        source=query.get("of", ""),
        mode=query.get("mode", ""),
        time=_seconds(query.get("t")),
    )
    return settled(catalog, wanted)


def settled(catalog: Catalog, view: ExploreView) -> ExploreView:
    """The view with every choice that does not exist replaced by the usual one; the class is left to its video."""
    if view.run not in catalog.runs:
        return ExploreView()
    run = catalog.run(view.run)
    videos = playable_videos(catalog, view.run)
    return replace(
        view,
        video=view.video if view.video in videos else next(iter(videos), ""),
        stage=view.stage if view.stage in run.stages else run.final_stage,
        source=view.source if _offered(view.source, SOURCES) else run.localize.branch,
        mode=view.mode if _offered(view.mode, MODES) else run.localize.mode,
    )


def playable_videos(catalog: Catalog, run_key: str) -> list[str]:
    """Ids that have scores and a video file: test, validation, train, then those opened in this session."""
    run = catalog.run(run_key)
    opened = [video.id for video in catalog.opened(run_key)]
    return [video for video in run.video_ids if video in run.video_files] + opened


def class_choices(video: BrowsedVideo, stage: str) -> list[tuple[str, str]]:
    """(shown, value) of every class: the video's own first and marked, then by how probable CBP finds them."""
    names = list(video.scores.classes)
    probable = video.scores.at(stage, "cbp").video_scores
    order = [names[column] for column in np.argsort(-probable, kind="stable")]
    order.sort(key=lambda name: name not in video.labels)
    return [(f"{name} (here)" if name in video.labels else name, name) for name in order]


def stage_choices(run: BrowsedRun) -> list[tuple[str, str]]:
    """(shown, value) of every stage."""
    return [(stage_title(stage, final=run.final_stage), stage) for stage in run.stages]


def nothing_to_show(catalog: Catalog, view: ExploreView) -> str:
    """Why there is no video on the page, and what to do about it; empty text when there is one."""
    if not view.run:
        return NO_RUN
    if not view.video:
        place = f"{catalog.run(view.run).dataset.root.name}/videos"
        return (
            f"Run '{view.run}' has no scored video whose file is here. Put the videos into '{place}', "
            "or open one of your own."
        )
    return ""


def timeline_value(catalog: Catalog, view: ExploreView) -> dict[str, Any]:
    """The value of the Timeline component for a view that has a run, a video and a class."""
    run = catalog.run(view.run)
    video = catalog.video(view.run, view.video)
    return {
        "run": view.run,
        "video": video.id,
        "title": video.title,
        "subset": f"{video.subset} video" if video.subset else "your own video",
        "notes": notes(catalog, view, video),
        "stage_titles": {stage: title for title, stage in stage_choices(run)},
        "data_url": video_url(view.run, video.id, "data"),
        "detections_url": video_url(view.run, video.id, "detections"),
        "video_url": video_url(view.run, video.id, "video"),
        "view": {
            "stage": view.stage,
            "className": view.class_name,
            "source": view.source,
            "mode": view.mode,
            "curves": [name for name in view.curves if name != "ghosts"],
            "ghosts": "ghosts" in view.curves,
            "time": view.time,
        },
    }


def notes(catalog: Catalog, view: ExploreView, video: BrowsedVideo) -> list[str]:
    """Protocol lines for a video."""
    run = catalog.run(view.run)
    same = sum(other.subset == video.subset for other in run.dataset.videos)
    lines = [protocol_line(run.info, subset=video.subset, videos=same)]
    if not run.is_world:
        return lines
    return [*lines, FOREIGN_CAVEAT if catalog.is_opened(view.run, video.id) else WORLD_CAVEAT]


def _offered(value: str, choices: tuple[tuple[str, str], ...]) -> bool:
    return any(value == offered for _, offered in choices)


def _seconds(text: str | None) -> float | None:
    try:
        value = float(text) if text is not None else None
    except ValueError:
        return None
    return value if value is not None and np.isfinite(value) and value >= 0 else None
