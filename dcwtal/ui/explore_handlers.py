"""What Explore's controls do. Plain functions: control values in, updates of controls and timeline out."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import gradio as gr

from dcwtal.core.errors import UserError
from dcwtal.ui.catalog import Catalog
from dcwtal.ui.explore_view import (
    CURVES,
    NO_RUN,
    ExploreView,
    class_choices,
    nothing_to_show,
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
    return answer(catalog, view_from_address(catalog, query))


def choose_run(catalog: Catalog, run: str) -> list[Any]:
    """Another run: its first video at its final stage."""
    return answer(catalog, ExploreView(run=run))


def choose_video(catalog: Catalog, view: ExploreView) -> list[Any]:
    """Another video: stage, branch and mode stay; the class stays if the video has it.

    No time is given: another video begins at its beginning, and the same one (Gradio reports a choice again when its
    list is left) stays where it is.
    """
    return answer(catalog, replace(view, time=None), own_class=True)


def step_video(catalog: Catalog, view: ExploreView, step: int) -> list[Any]:
    """The next (1) or the previous (-1) video of the list, round and round."""
    videos = playable_videos(catalog, view.run) if view.run in catalog.runs else []
    place = videos.index(view.video) if view.video in videos else 0
    video = videos[(place + step) % len(videos)] if videos else ""
    return choose_video(catalog, replace(view, video=video))


def answer(catalog: Catalog, view: ExploreView, *, own_class: bool = False) -> list[Any]:
    """Updates for :data:`OUTPUTS` that make the page show ``view``, as far as it can be shown.

    ``own_class``: rather one of the video's own classes than the one in ``view``. A damaged file leaves every choice
    in place and is explained where the video would be.
    """
    view = settled(catalog, view)
    if not view.run:
        return [*(gr.update(interactive=False) for _ in OUTPUTS[:-1]), {"message": NO_RUN}]
    run = catalog.run(view.run)
    classes, value = [], {"message": nothing_to_show(catalog, view)}
    if view.video:
        try:
            video = catalog.video(view.run, view.video)
            classes = class_choices(video, run.final_stage)
            wanted = video.labels if own_class and video.labels else [name for _, name in classes]
            if view.class_name not in wanted:
                view = replace(view, class_name=classes[0][1])
            value = timeline_value(catalog, view)
        except UserError as error:
            value = {"message": str(error)}
    return [
        gr.update(choices=list(catalog.runs), value=view.run),
        gr.update(choices=video_choices(catalog, view.run), value=view.video or None),
        gr.update(choices=classes, value=view.class_name if classes else None),
        gr.update(choices=stage_choices(run), value=view.stage),
        gr.update(choices=list(CURVES), value=list(view.curves)),
        gr.update(value=view.source),
        gr.update(value=view.mode),
        value,
    ]
