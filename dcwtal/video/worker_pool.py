"""A few worker processes for many tasks; crashes and silence become messages about the task at hand."""

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import wait
from typing import Any, Literal

from dcwtal.core.errors import DcwtalError
from dcwtal.video.worker_process import Message, Report, WorkerProcess


@dataclass(frozen=True)
class TaskEvent:
    """News of task number ``task``: ``progress`` and ``done`` carry what the work said or gave, ``failed``
    one message in the user's words."""

    task: int
    kind: Literal["progress", "done", "failed"]
    value: Any


@dataclass
class _Seat:
    worker: WorkerProcess
    ready: bool
    heard: float
    task: int | None = None


class WorkerPool:
    """``workers`` processes; use it as a context manager, so that none outlives its use, Ctrl-C included.

    A worker that says nothing for ``silence_seconds`` while it has a task is stopped and replaced.
    """

    def __init__(
        self,
        setup: Callable[[], tuple[Any, Any]],
        work: Callable[[Any, Any, Report], Any],
        *,
        workers: int,
        silence_seconds: float = 300.0,
    ):
        self._setup = setup
        self._work = work
        self._workers = max(1, workers)
        self._silence = silence_seconds
        self._seats: list[_Seat] = []

    def __enter__(self) -> "WorkerPool":
        try:
            for _ in range(self._workers):
                self._add_seat()
        except BaseException:
            self._stop_all()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._stop_all()

    def first_ready(self) -> Any:
        """Wait for the first worker and give what its setup said; a setup's UserError is raised here."""
        while True:
            for seat, message in self._messages(None):
                return self._take_ready(seat, message)

    def run(self, tasks: Sequence[Any]) -> Iterator[TaskEvent]:
        """Do all tasks, in any order; one ``done`` or ``failed`` for each."""
        waiting = deque(range(len(tasks)))
        for spare in self._seats[max(1, len(tasks)) :]:
            spare.worker.stop()
        del self._seats[max(1, len(tasks)) :]
        while waiting or any(seat.task is not None for seat in self._seats):
            for seat in self._seats:
                if seat.ready and seat.task is None and waiting:
                    seat.task, seat.heard = waiting.popleft(), time.monotonic()
                    seat.worker.give(tasks[seat.task])
            for seat, message in self._messages(self._patience()):
                if not seat.ready:
                    self._take_ready(seat, message)
                    continue
                if seat.task is None:  # an idle worker was ended from outside
                    self._replace(seat)
                else:
                    yield self._event(seat, message)
            yield from self._stop_silent()

    def _messages(self, timeout: float | None) -> Iterator[tuple[_Seat, Message | None]]:
        """What arrived within ``timeout`` seconds; None in place of a message: that process ended."""
        handles = {seat.worker.connection: seat for seat in self._seats}
        for connection in wait(list(handles), timeout):
            seat = handles[connection]
            seat.heard = time.monotonic()
            try:
                yield seat, connection.recv()
            except (EOFError, ConnectionResetError):
                yield seat, None

    def _take_ready(self, seat: _Seat, message: Message | None) -> Any:
        if message is None:
            raise DcwtalError(f"a worker process could not start: {seat.worker.why_it_ended()}")
        if message.kind == "refused":
            raise message.value
        if message.kind != "ready":
            raise DcwtalError(f"a worker process could not start:\n{message.value}")
        seat.ready = True
        return message.value

    def _event(self, seat: _Seat, message: Message | None) -> TaskEvent:
        task = seat.task
        if message is None:
            event = TaskEvent(task, "failed", seat.worker.why_it_ended())
            self._replace(seat)
            return event
        if message.kind == "progress":
            return TaskEvent(task, "progress", message.value)
        seat.task = None
        if message.kind == "done":
            return TaskEvent(task, "done", message.value)
        return TaskEvent(task, "failed", str(message.value))

    def _patience(self) -> float:
        heard = [seat.heard for seat in self._seats if seat.task is not None]
        return max(0.05, min(heard) + self._silence - time.monotonic()) if heard else self._silence

    def _stop_silent(self) -> Iterator[TaskEvent]:
        now = time.monotonic()
        for seat in list(self._seats):
            if seat.task is not None and now - seat.heard >= self._silence:
                yield TaskEvent(seat.task, "failed", f"its decoder hung for {self._silence:.0f} s")
                self._replace(seat)

    def _add_seat(self) -> None:
        self._seats.append(_Seat(WorkerProcess(self._setup, self._work), False, time.monotonic()))

    def _replace(self, seat: _Seat) -> None:
        seat.worker.stop()
        self._seats.remove(seat)
        self._add_seat()

    def _stop_all(self) -> None:
        for seat in self._seats:
            seat.worker.stop()
        self._seats.clear()
