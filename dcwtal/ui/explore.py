"""The Explore room: the page component, and opening a video of one's own. All else happens in the page."""

import gradio as gr

from dcwtal.ui.explore_page import ExplorePage
from dcwtal.ui.open_video import OpenVideo
from dcwtal.ui.progress_line import ProgressLine

ACCEPTED = [".mp4", ".m4v", ".mov", ".mkv", ".webm", ".avi"]
# The page knows which run is shown; Python is told when it needs to know.
WITH_RUN = "(file, _) => [file, window.dcwtal?.explore?.view.run ?? '']"


def build_explore(open_video: OpenVideo, *, usable: bool) -> ExplorePage:
    """Lay the room out inside the current Blocks. ``usable``: there is a run to infer with."""
    page = ExplorePage(elem_id="timeline")
    with page, gr.Row(elem_classes="ex-open"):
        upload = gr.UploadButton(
            "Open a video…", file_types=ACCEPTED, elem_id="open-video", interactive=usable, size="sm"
        )
        stop = gr.Button("Stop", elem_id="stop-open", visible=False, size="sm")
        progress = ProgressLine(elem_id="open-progress")
        run = gr.Textbox(visible="hidden", elem_id="run-shown")

    def open_upload(file, run_key):  # a generator function, else Gradio would not iterate over it
        yield from open_video(file, run_key)

    event = upload.upload(
        open_upload,
        [upload, run],
        [progress, stop, page],
        js=WITH_RUN,
        show_progress="hidden",
        concurrency_limit=1,
        api_visibility="private",
    )
    stop.click(
        lambda: [{"text": "Stopped.", "share": None}, gr.update(visible=False)],
        None,
        [progress, stop],
        cancels=[event],
        show_progress="hidden",
        queue=False,
        api_visibility="private",
    )
    return page
