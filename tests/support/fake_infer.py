"""Stands in for ``dcwtal.pipeline.infer.infer_video``: made-up scores, real progress, no network.

A clip of fewer than 30 frames takes for ever, so that one server can show both.
"""

import time
from pathlib import Path
from types import SimpleNamespace

from synthetic_run import make_scores

from dcwtal.video.presentation_times import presentation_times

PAUSE = 0.15
ENDLESS_BELOW = 30  # frames


def infer_video(video: Path, run: Path, *, overrides: list[str], on_progress, video_id: str | None = None):
    """Three steps of progress, then scores that carry the id of the file."""
    if len(presentation_times(video).seconds) < ENDLESS_BELOW:
        return infer_slowly(video, run, overrides=overrides, on_progress=on_progress)
    for done in range(3):
        on_progress(done, 3, "pretending to look")
        time.sleep(PAUSE)
    return SimpleNamespace(scores=make_scores(video_id or video.stem))


def infer_slowly(video: Path, run: Path, *, overrides: list[str], on_progress, video_id: str | None = None):
    """Never ends by itself."""
    for done in range(10_000):
        on_progress(done, 10_000, "taking for ever")
        time.sleep(PAUSE)


def infer_crashing(video: Path, run: Path, **_):
    """A bug."""
    raise RuntimeError("the network fell over")


def infer_vanishing(video: Path, run: Path, **_):
    """As if the system had killed the process."""
    import os

    os._exit(9)
