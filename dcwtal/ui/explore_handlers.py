"""What Explore's controls do. Plain functions: control values in, updates of controls and timeline out."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import gradio as gr

from dcwtal.core.errors import UserError
from dcwtal.ui.catalog import Catalog
from dcwtal.ui.explore_view import (
    CURVES,
    ExploreView,
    class_choices,
    playable_videos,
    settled,
    stage_choices,
    timeline_value,
    view_from_address,
)
from dcwtal.ui.video_choices import video_choices

# Order of every handler's answer; the layout wires its components in this order.
OUTPUTS = ("run", "video", "class_name", "stage", "curves", "source", "mode", "timeline")


def open_address(catalog: Catalog, query: Mapping[str, str]) -> list[Any]:
    """The page was opened at an address."""
    try:
        return answer(catalog, view_from_address(catalog, query))
    except UserError:  # the asked video is damaged: another one may be whole
        return choose_run(catalog, next(iter(catalog.runs), ""))


def choose_run(catalog: Catalog, run: str) -> list[Any]:
    """Another run: its first video at its final stage."""
    return _guarded(catalog, ExploreView(run=run))


def choose_video(catalog: Catalog, view: ExploreView) -> list[Any]:
    """Another video: stage, branch and mode stay; the class stays if the video has it."""
    if view.run in catalog.runs and view.video in playable_videos(catalog, view.run):
        try:
            labels = catalog.video(view.run, view.video).labels
        except UserError as error:
            return _message(str(error))
        if view.class_name not in labels:
            view = replace(view, class_name="")
    return _guarded(catalog, replace(view, time=0.0))


def step_video(catalog: Catalog, view: ExploreView, step: int) -> list[Any]:
    """The next (1) or the previous (-1) video of the list, round and round."""
    videos = playable_videos(catalog, view.run) if view.run in catalog.runs else []
    if not videos:
        return _guarded(catalog, view)
    place = videos.index(view.video) if view.video in videos else 0
    return choose_video(catalog, replace(view, video=videos[(place + step) % len(videos)]))


def answer(catalog: Catalog, view: ExploreView) -> list[Any]:
    """Updates for :data:`OUTPUTS` that make the page show ``view``."""
    if not view.run:
        return [*(gr.update(interactive=False) for _ in OUTPUTS[:-1]), timeline_value(catalog, view)]
    run = catalog.run(view.run)
    classes = class_choices(catalog.video(view.run, view.video), run.final_stage) if view.video else []
    return [
        gr.update(choices=list(catalog.runs), value=view.run),
        gr.update(choices=video_choices(catalog, view.run), value=view.video or None),
        gr.update(choices=classes, value=view.class_name or None),
        gr.update(choices=stage_choices(run), value=view.stage),
        gr.update(choices=list(CURVES), value=list(view.curves)),
        gr.update(value=view.source),
        gr.update(value=view.mode),
        timeline_value(catalog, view),
    ]


def _guarded(catalog: Catalog, view: ExploreView) -> list[Any]:
    try:
        return answer(catalog, settled(catalog, view))
    except UserError as error:
        return _message(str(error))


def _message(text: str) -> list[Any]:
    """Leave the controls as they are and say what is wrong where the video would be."""
    return [*(gr.skip() for _ in OUTPUTS[:-1]), {"message": text}]
