"""The child process that looks at a foreign video: ``python -m dcwtal.ui.infer_child TARGET VIDEO RUN OUT``.

A file from outside is decoded here, not in the server: a crash, a hang or a flood of memory ends this process only.
``TARGET`` is ``module:function``, called as ``pipeline.infer.infer_video`` is. Speaks JSON lines on its standard
output: ``{"done", "total", "message"}`` while working, then ``{"video_path"}`` (what a browser can play),
``{"user_error"}`` or ``{"bug"}``. Scores are left in ``OUT/scores.npz``.
"""

import importlib
import json
import os
import resource
import sys
import traceback
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TextIO

from dcwtal.core.errors import UserError
from dcwtal.data.score_store import write_scores
from dcwtal.video.browser_copy import needs_browser_copy, write_browser_copy
from dcwtal.video.probe import probe_video

MEMORY_LIMIT = 8 << 30  # bytes of private memory


def main(arguments: list[str]) -> int:
    """Answer for one video; the exit code is 0 when an answer was given, whatever it says."""
    target, video, run, out = arguments
    answers = _private_stdout()
    _limit_memory()
    try:
        playable = infer_and_copy(target, Path(video), Path(run), Path(out), partial(_progress, answers))
        _say(answers, video_path=str(playable))
    except UserError as error:
        _say(answers, user_error=str(error))
    except MemoryError:
        _say(answers, user_error="this video needs more memory than is allowed; cut it into shorter parts")
    except Exception:
        traceback.print_exc()
        _say(answers, bug=traceback.format_exc(limit=-1))
    return 0


def infer_and_copy(target: str, video: Path, run: Path, out: Path, on_progress: Callable[..., None]) -> Path:
    """Write ``OUT/scores.npz``; returns ``video`` itself or, where a browser could not play it, a copy in ``OUT``."""
    probe = probe_video(video)  # before anything heavy is imported: a bad file is refused at once
    module, _, function = target.partition(":")
    infer = getattr(importlib.import_module(module), function)
    result = infer(video, run, overrides=[], on_progress=on_progress)
    write_scores(out / "scores.npz", result.scores)
    if not needs_browser_copy(probe):
        return video
    on_progress(99, 100, "making a copy that browsers can play")
    return write_browser_copy(video, out / "playable.mp4")


def _private_stdout() -> TextIO:
    """Keep standard output for the answers; whatever libraries print goes to standard error."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return answers


def _limit_memory() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    soft = MEMORY_LIMIT if hard == resource.RLIM_INFINITY else min(MEMORY_LIMIT, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def _progress(answers: TextIO, done: int, total: int, message: str) -> None:
    _say(answers, done=done, total=total, message=message)


def _say(answers: TextIO, **fields: object) -> None:
    answers.write(json.dumps(fields) + "\n")
    answers.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
