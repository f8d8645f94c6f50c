"""The Explore room: layout and wiring. What the controls do is in ``explore_handlers``."""

from functools import partial

import gradio as gr

from dcwtal.ui import explore_handlers as handlers
from dcwtal.ui.catalog import Catalog
from dcwtal.ui.explore_view import CURVES, MODES, SOURCES, USUAL_CURVES, ExploreView
from dcwtal.ui.open_video import OpenVideo
from dcwtal.ui.progress_line import ProgressLine
from dcwtal.ui.timeline import Timeline

ACCEPTED = [".mp4", ".m4v", ".mov", ".mkv", ".webm", ".avi"]
QUIET = {"show_progress": "hidden", "queue": False, "api_visibility": "private"}


class Controls:
    """Explore's components, laid out inside the current Blocks."""

    def __init__(self, catalog: Catalog) -> None:
        self.timeline = Timeline(elem_id="timeline")
        with self.timeline, gr.Column(elem_classes="dcw-side", min_width=200):
            self._add_choices_of_video(list(catalog.runs))
            self._add_choices_of_view()
            self._add_upload(usable=bool(catalog.runs))

    def _add_choices_of_video(self, runs: list[str]) -> None:
        arrow = {"size": "sm", "min_width": 30, "scale": 0}
        with gr.Row(elem_classes="dcw-video-row"):
            self.video = gr.Dropdown([], label="Video", elem_id="video", scale=8, min_width=120)
            self.previous = gr.Button("‹", elem_id="previous-video", **arrow)
            self.following = gr.Button("›", elem_id="next-video", **arrow)
        with gr.Row():
            self.class_name = gr.Dropdown([], label="Class", elem_id="class-name", min_width=120)
            self.run = gr.Dropdown(
                runs, label="Run", elem_id="run", filterable=False, visible=len(runs) > 1, min_width=120
            )

    def _add_choices_of_view(self) -> None:
        look = {"elem_classes": "dcw-segments"}
        self.stage = gr.Radio([], label="Stage of training", elem_id="stage", **look)
        self.curves = gr.CheckboxGroup(
            list(CURVES), value=list(USUAL_CURVES), label="Curves", elem_id="curves", **look
        )
        with gr.Row():
            self.source = gr.Radio(
                list(SOURCES), value="cbp", label="Detections of", elem_id="source", min_width=150, **look
            )
            self.mode = gr.Radio(
                list(MODES), value="paper", label="Mode", elem_id="mode", min_width=110, **look
            )

    def _add_upload(self, *, usable: bool) -> None:
        with gr.Row():
            self.upload = gr.UploadButton(
                "Open a video…", file_types=ACCEPTED, elem_id="open-video", interactive=usable
            )
            self.stop = gr.Button("Stop", elem_id="stop-open", visible=False)
        self.progress = ProgressLine(elem_id="open-progress")

    def choices(self) -> list[gr.components.Component]:
        """Inputs that make up a view, in the order of :func:`view_of`."""
        return [self.run, self.video, self.class_name, self.stage, self.curves, self.source, self.mode]

    def outputs(self) -> list[gr.components.Component]:
        """In the order of ``explore_handlers.OUTPUTS``."""
        return [*self.choices(), self.timeline]


def view_of(run, video, class_name, stage, curves, source, mode) -> ExploreView:
    """The values of the controls as a view."""
    return ExploreView(
        run or "", video or "", class_name or "", stage or "", source, mode, curves=tuple(curves or ())
    )


def build_explore(catalog: Catalog, open_video: OpenVideo) -> Controls:
    """Lay the room out inside the current Blocks and wire it."""
    controls = Controls(catalog)
    _wire_choices(controls, catalog)
    _wire_page_only(controls)
    _wire_upload(controls, open_video)
    return controls


def _wire_choices(controls: Controls, catalog: Catalog) -> None:
    """Choices that need Python: another run or video."""
    choices, outputs = controls.choices(), controls.outputs()
    controls.run.input(partial(handlers.choose_run, catalog), controls.run, outputs, **QUIET)
    controls.video.input(
        lambda *values: handlers.choose_video(catalog, view_of(*values)), choices, outputs, **QUIET
    )
    for button, step in ((controls.previous, -1), (controls.following, 1)):
        button.click(
            lambda *values, step=step: handlers.step_video(catalog, view_of(*values), step),
            choices,
            outputs,
            **QUIET,
        )


def _wire_page_only(controls: Controls) -> None:
    """Choices that the page carries out alone, at once."""
    show = "window.dcwtal && window.dcwtal.timeline && window.dcwtal.timeline.show"
    plain = {
        "stage": controls.stage,
        "className": controls.class_name,
        "source": controls.source,
        "mode": controls.mode,
    }
    for key, component in plain.items():
        component.input(None, component, None, js=f"(value) => {{ {show}({{ {key}: value }}); }}", **QUIET)
    controls.curves.input(
        None,
        controls.curves,
        None,
        js=f"(on) => {{ {show}({{ curves: on.filter((n) => n !== 'ghosts'), ghosts: on.includes('ghosts') }}); }}",
        **QUIET,
    )


def _wire_upload(controls: Controls, open_video: OpenVideo) -> None:
    """A video from the visitor's disk, with progress and a stop button."""

    def open_upload(upload, *values):  # a generator function, else Gradio would not iterate over it
        yield from open_video(upload, view_of(*values))

    event = controls.upload.upload(
        open_upload,
        [controls.upload, *controls.choices()],
        [controls.progress, controls.stop, *controls.outputs()],
        show_progress="hidden",
        concurrency_limit=1,
        api_visibility="private",
    )
    controls.stop.click(
        lambda: [{"text": "Stopped.", "share": None}, gr.update(visible=False)],
        None,
        [controls.progress, controls.stop],
        cancels=[event],
        **QUIET,
    )
