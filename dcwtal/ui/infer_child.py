"""The child process that looks at a foreign video: ``python -m dcwtal.ui.infer_child TARGET VIDEO RUN OUT``.

A file from outside is decoded here, not in the server: a crash, a hang or a flood of memory ends this process only.
``TARGET`` is ``module:function``. Speaks JSON lines on its standard output: ``{"done", "total", "message"}`` while
working, then ``{"video_path"}``, ``{"user_error"}`` or ``{"bug"}``. Scores are left in ``OUT/scores.npz``.
"""

import importlib
import json
import os
import resource
import sys
import traceback
from pathlib import Path
from typing import TextIO

from dcwtal.core.errors import UserError
from dcwtal.data.score_store import write_scores

MEMORY_LIMIT = 8 << 30  # bytes of private memory


def main(arguments: list[str]) -> int:
    """Run one inference; the exit code is 0 when an answer was given, whatever it says."""
    target, video, run, out = arguments
    answers = _private_stdout()
    _limit_memory()
    try:
        module, _, function = target.partition(":")
        infer = getattr(importlib.import_module(module), function)
        result = infer(
            Path(video),
            Path(run),
            on_progress=lambda done, total, message: _say(answers, done=done, total=total, message=message),
        )
        write_scores(Path(out) / "scores.npz", result.scores)
        _say(answers, video_path=str(result.video_path))
    except UserError as error:
        _say(answers, user_error=str(error))
    except MemoryError:
        _say(answers, user_error="this video needs more memory than is allowed; cut it into shorter parts")
    except Exception:
        traceback.print_exc()
        _say(answers, bug=traceback.format_exc(limit=-1))
    return 0


def _private_stdout() -> TextIO:
    """Keep standard output for the answers; whatever libraries print goes to standard error."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return answers


def _limit_memory() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    soft = MEMORY_LIMIT if hard == resource.RLIM_INFINITY else min(MEMORY_LIMIT, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def _say(answers: TextIO, **fields: object) -> None:
    answers.write(json.dumps(fields) + "\n")
    answers.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
