"""Open a video from the visitor's disk: store it, infer it in a child process, show it in the timeline."""

import hashlib
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr

from dcwtal.core.errors import UserError
from dcwtal.core.files import atomic_path, sha256_of
from dcwtal.data.dataset import VIDEO_SUFFIXES
from dcwtal.pipeline.browse import load_unlabelled
from dcwtal.ui.catalog import Catalog
from dcwtal.ui.infer_process import INFER, Finished, Working, infer_in_child

LONGEST_TITLE = 60


class OpenVideo:
    """The handler of the upload button; ``folder`` is this session's own and goes when the server stops."""

    def __init__(self, catalog: Catalog, folder: Path, *, target: str = INFER) -> None:
        self.catalog = catalog
        self.folder = folder
        self.target = target

    def __call__(self, upload: str | None, run: str) -> Iterator[list[Any]]:
        """Yield updates of (progress, stop button, page) while ``run`` (a key of the catalog) looks at the upload."""
        if not upload or run not in self.catalog.runs:
            return
        title = Path(upload).name[:LONGEST_TITLE]
        yield _only_progress({"text": f"{title}: starting", "share": 0.0}, running=True)
        stored = None
        try:
            stored = store_upload(Path(upload), self.folder)
            yield from self._infer(stored, title, run)
        except UserError as error:
            text = in_visitors_words(str(error), stored, title)
            yield _only_progress({"text": text, "share": None, "failed": True}, running=False)

    def _infer(self, stored: Path, title: str, run: str) -> Iterator[list[Any]]:
        out = self.folder / f"{stored.stem}-{hashlib.sha256(run.encode()).hexdigest()[:8]}"
        path = self.catalog.run(run).folder.path
        for news in infer_in_child(stored, path, out, target=self.target):
            if isinstance(news, Finished):
                times = self.catalog.reader.presentation_times
                video = load_unlabelled(news.video_path, news.scores, title=title, read_times=times)
                self.catalog.add_opened(run, video)
                done = {
                    "text": f"{title}: done. Nobody annotated it, so there is no truth to compare with.",
                    "share": None,
                }
                yield [done, gr.update(visible=False), {"run": run, "video": video.id, "at": time.time()}]
            else:
                text = in_visitors_words(describe(title, news), stored, "video")
                yield _only_progress({"text": text, "share": news.share}, running=True)


def store_upload(upload: Path, folder: Path) -> Path:
    """Copy an upload to ``opened-<hash of its content><known suffix>``: no name from outside becomes a path."""
    suffix = upload.suffix.lower() if upload.suffix.lower() in VIDEO_SUFFIXES else ".mp4"
    target = folder / f"opened-{sha256_of(upload)[:16]}{suffix}"
    if not target.exists():
        with atomic_path(target) as temporary:
            shutil.copyfile(upload, temporary)
    return target


def in_visitors_words(text: str, stored: Path | None, name: str) -> str:
    """A message without the name and the place that the server gave the file."""
    return text if stored is None else text.replace(str(stored), name).replace(stored.name, name)


def describe(title: str, news: Working) -> str:
    """One line: what is being done, how far, how long still."""
    left = "" if news.seconds_left is None else f", about {max(1, round(news.seconds_left))} s left"
    return f"{title}: {news.message} ({round(100 * news.share)} %{left})"


def _only_progress(progress: dict[str, Any], *, running: bool) -> list[Any]:
    return [progress, gr.update(visible=running), gr.skip()]
