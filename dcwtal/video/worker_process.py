"""One child process that does task after task: a decoder that crashes takes only its child with it."""

import contextlib
import logging
import multiprocessing
import signal
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any, Literal

from dcwtal.core.errors import UserError

_log = logging.getLogger(__name__)

Report = Callable[[Any], None]
"""What the work calls to send progress to the parent; also its sign of life."""


@dataclass(frozen=True)
class Message:
    """What a worker says: ``ready`` (value: what setup said), ``progress``, ``done`` (value: the result),
    ``refused`` (value: a UserError) or ``failed`` (value: text about an unexpected error)."""

    kind: Literal["ready", "progress", "done", "refused", "failed"]
    value: Any


class WorkerProcess:
    """A spawned process: ``setup()`` gives (state, value of ``ready``), then ``work(state, task, report)``.

    Both must be importable by name, as must everything that is sent. The child ignores Ctrl-C (its parent
    stops it) and ends when its parent is gone.
    """

    def __init__(self, setup: Callable[[], tuple[Any, Any]], work: Callable[[Any, Any, Report], Any]):
        context = multiprocessing.get_context("spawn")
        self.connection, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, setup, work), daemon=True)
        with _interrupts_held_back():
            self._process.start()
        theirs.close()

    @property
    def sentinel(self) -> int:
        """A handle that becomes readable when the process ends."""
        return self._process.sentinel

    def give(self, task: Any) -> None:
        """Send the next task."""
        self.connection.send(task)

    def why_it_ended(self) -> str:
        """What became of a process that ended without an answer."""
        self._process.join(5)
        code = self._process.exitcode
        if code == -signal.SIGKILL:
            return "its decoder was stopped by the system (out of memory?)"
        if code is not None and code < 0:
            return f"its decoder crashed ({signal.Signals(-code).name})"
        return f"its decoder ended unexpectedly (exit code {code})"

    def stop(self) -> None:
        """End the process at once."""
        self._process.kill()
        self._process.join(5)
        self.connection.close()


@contextlib.contextmanager
def _interrupts_held_back() -> Iterator[None]:
    """Ctrl-C waits until the block ends; a child started inside is born deaf to it, not only once it runs."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _serve(connection: Connection, setup: Callable, work: Callable) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        state, value = _attempt(connection, setup)
        connection.send(Message("ready", value))
        while True:
            task = connection.recv()
            _do(connection, work, state, task)
    except (EOFError, BrokenPipeError, _SetupFailed):
        return


class _SetupFailed(Exception):
    pass


def _attempt(connection: Connection, setup: Callable) -> tuple[Any, Any]:
    try:
        return setup()
    except UserError as error:
        connection.send(Message("refused", error))
    except Exception:
        connection.send(Message("failed", traceback.format_exc()))
    raise _SetupFailed


def _do(connection: Connection, work: Callable, state: Any, task: Any) -> None:
    try:
        result = work(state, task, lambda value: connection.send(Message("progress", value)))
    except UserError as error:
        connection.send(Message("refused", error))
    except BrokenPipeError:
        raise
    except MemoryError:
        connection.send(Message("failed", "not enough memory"))
    except Exception as error:
        _log.exception("unexpected error in a worker")
        connection.send(Message("failed", f"unexpected {type(error).__name__}: {error}"))
    else:
        connection.send(Message("done", result))
