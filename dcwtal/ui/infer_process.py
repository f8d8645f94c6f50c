"""Run inference on one video in a child process, hear its progress, and never outlive the wish for it."""

import json
import logging
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dcwtal.core.errors import VideoError
from dcwtal.data.score_store import VideoScores, read_scores
from dcwtal.pipeline.progress import TimeLeft

INFER = "dcwtal.pipeline.infer:infer_video"
TIME_LIMIT = 3600.0  # seconds
POLL = 0.25  # seconds between two looks, so that a stop is heard
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Working:
    """Progress so far; ``share`` in [0, 1], ``seconds_left`` None while unknown."""

    share: float
    message: str
    seconds_left: float | None


@dataclass(frozen=True)
class Finished:
    """The answer: scores of every stage, and the file a browser can play."""

    scores: VideoScores
    video_path: Path


def infer_in_child(
    video: Path, run: Path, out: Path, *, target: str = INFER, time_limit: float = TIME_LIMIT
) -> Iterator[Working | Finished]:
    """Yield progress at least every quarter of a second, then the answer. Closing the iterator ends the child.

    What is wrong with the video is a UserError with the child's message; a crash is a VideoError that says so.
    """
    out.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "dcwtal.ui.infer_child", target, str(video), str(run), str(out)]
    with open(out / "log.txt", "w", encoding="utf-8") as errors:
        child = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors, text=True
        )
    try:
        yield from _follow(child, out, time.monotonic() + time_limit)
    finally:
        child.kill()
        child.wait()


def _follow(child: subprocess.Popen, out: Path, deadline: float) -> Iterator[Working | Finished]:
    lines: queue.Queue[str | None] = queue.Queue()
    threading.Thread(target=_read_lines, args=(child, lines), daemon=True).start()
    time_left, latest = TimeLeft(), Working(0.0, "starting", None)
    while True:
        yield latest
        if time.monotonic() > deadline:
            raise VideoError("this video took too long; cut it into shorter parts and open one")
        try:
            line = lines.get(timeout=POLL)
        except queue.Empty:
            continue
        if line is None:
            raise VideoError(
                "the process that read this video ended without an answer; the file may be damaged, or too large "
                "for this machine's memory"
            )
        answer = json.loads(line)
        if "video_path" in answer:
            yield Finished(read_scores(out / "scores.npz"), Path(answer["video_path"]))
            return
        latest = _progress(answer, time_left)


def _progress(answer: dict[str, Any], time_left: TimeLeft) -> Working:
    if "user_error" in answer:
        raise VideoError(answer["user_error"])
    if "bug" in answer:
        log.error("inference failed:\n%s", answer["bug"])
        raise VideoError(
            "inference failed on this video; the server's log says where. This is a bug, not your fault"
        )
    done, total = int(answer["done"]), max(1, int(answer["total"]))
    return Working(min(1.0, done / total), str(answer["message"]), time_left.seconds(done, total))


def _read_lines(child: subprocess.Popen, lines: "queue.Queue[str | None]") -> None:
    for line in child.stdout:
        lines.put(line)
    lines.put(None)
