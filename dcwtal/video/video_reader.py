"""Reads untrusted video files for a server: in a kept-alive child process with limits of time and memory."""

import threading
import time
from collections import OrderedDict
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from sys import platform
from typing import Any

from dcwtal.core.errors import DcwtalError, VideoError
from dcwtal.video.presentation_times import PresentationTimes
from dcwtal.video.strip_request import check_strip
from dcwtal.video.worker_pool import WorkerPool

TIME_LIMIT = 20.0  # seconds without an answer: the child is stopped
ENOUGH_SECONDS = 6.0  # after these a strip is answered with the pictures made so far
FURTHER_MEMORY = 4 << 30  # bytes; the largest accepted pictures need about two thirds of it
CACHE_BYTES = 32 << 20
FAULT_LIFE = 60.0  # seconds for which a file that crashed its decoder is not tried again
_INDEXES_KEPT = 8
_FAULTS_KEPT = 256

FileState = tuple[str, int, int]
Picture = tuple[float, bytes]


class VideoReader:
    """Times and small pictures of video files; every fault of a file, a crash of its decoder included, is a VideoError.

    One child for times and one for pictures, so that a slow strip holds no other video up; each starts at its first
    use, or all at :meth:`start`. Safe to use from several threads.
    """

    def __init__(self, *, time_limit: float = TIME_LIMIT, cache_bytes: int = CACHE_BYTES) -> None:
        self._children = {name: _Child(time_limit) for name in ("times", "pictures")}
        self._free_bytes = cache_bytes
        self._pictures: OrderedDict[tuple[FileState, int, float], Picture] = OrderedDict()
        self._lock = threading.Lock()

    def start(self) -> None:
        """Start the children already; they get ready while nobody waits."""
        for child in self._children.values():
            child.start()

    def stop(self) -> None:
        """End the children; the next use starts new ones."""
        for child in self._children.values():
            child.stop()

    def presentation_times(self, path: Path) -> PresentationTimes:
        """As :func:`dcwtal.video.presentation_times.presentation_times`."""
        return self._children["times"].do(_state_of(path), ("times",))

    def film_strip(self, path: Path, times: Sequence[float], height_px: int) -> list[Picture | None]:
        """As :func:`dcwtal.video.film_strip.film_strip`; None: not made in time, ask again. Pictures are kept."""
        check_strip(times, height_px)
        state = _state_of(path)
        found = {asked: self._cached((state, height_px, asked)) for asked in times}
        missing = [asked for asked, picture in found.items() if picture is None]
        if missing:
            made = self._children["pictures"].do(state, ("pictures", missing, height_px))
            for asked, picture in zip(missing, made, strict=True):
                found[asked] = picture
                if picture is not None:
                    self._keep((state, height_px, asked), picture)
        return [found[asked] for asked in times]

    def _cached(self, key: tuple[FileState, int, float]) -> Picture | None:
        with self._lock:
            if key in self._pictures:
                self._pictures.move_to_end(key)
            return self._pictures.get(key)

    def _keep(self, key: tuple[FileState, int, float], picture: Picture) -> None:
        with self._lock:
            replaced = self._pictures.pop(key, None)
            self._free_bytes += len(replaced[1]) if replaced else 0
            self._pictures[key] = picture
            self._free_bytes -= len(picture[1])
            while self._free_bytes < 0 and self._pictures:
                _, (_, jpeg) = self._pictures.popitem(last=False)
                self._free_bytes += len(jpeg)


class _Child:
    """One worker process that does one task at a time, started again when it ended."""

    def __init__(self, time_limit: float) -> None:
        self._time_limit = time_limit
        self._pool: WorkerPool | None = None
        self._lock = threading.Lock()
        self._faults: OrderedDict[FileState, tuple[float, str]] = OrderedDict()

    def start(self) -> None:
        with self._lock:
            self._started()

    def stop(self) -> None:
        with self._lock:
            self._stop()

    def do(self, state: FileState, task: tuple) -> Any:
        """The answer of the child to a task about a file; a file that failed just now is refused at once."""
        self._refuse_known_fault(state)
        if not self._lock.acquire(timeout=2 * self._time_limit):
            raise VideoError(f"{state[0]} has to wait: other videos are still being read; try again")
        try:
            self._refuse_known_fault(state)
            return self._do(state, task)
        finally:
            self._lock.release()

    def _do(self, state: FileState, task: tuple) -> Any:
        try:
            (event,) = self._started().run([(state, *task)])
        except (DcwtalError, OSError) as error:  # it could not start, or was ended while it had nothing to do
            self._stop()
            raise VideoError(f"{state[0]} could not be read: {error}; try again") from None
        if event.kind == "done":
            return event.value
        message = str(event.value)
        self._faults[state] = (time.monotonic(), message if state[0] in message else f"{state[0]}: {message}")
        while len(self._faults) > _FAULTS_KEPT:
            self._faults.popitem(last=False)
        raise VideoError(self._faults[state][1])

    def _refuse_known_fault(self, state: FileState) -> None:
        when, message = self._faults.get(state, (-FAULT_LIFE, ""))
        if message and time.monotonic() - when < FAULT_LIFE:
            raise VideoError(message)

    def _started(self) -> WorkerPool:
        if self._pool is None:
            self._pool = WorkerPool(
                partial(_get_ready, FURTHER_MEMORY),
                _read_in_child,
                workers=1,
                silence_seconds=self._time_limit,
            ).__enter__()
        return self._pool

    def _stop(self) -> None:
        if self._pool is not None:
            self._pool.__exit__(None, None, None)
            self._pool = None


def _state_of(path: Path) -> FileState:
    """Path, time of change and size: other content is another file."""
    try:
        status = Path(path).stat()
    except (OSError, ValueError):
        raise VideoError(f"no video file at {path}; was it moved or deleted?") from None
    return str(path), status.st_mtime_ns, status.st_size


def _get_ready(further_memory: int) -> tuple[OrderedDict, None]:
    """In the child: load the decoders, then limit memory. The state is the indexes of recent files."""
    import cv2

    import dcwtal.video.film_strip  # noqa: F401

    cv2.setNumThreads(1)
    if platform.startswith("linux"):
        from dcwtal.video.memory_limit import limit_further_memory

        limit_further_memory(further_memory)
    return OrderedDict(), None


def _read_in_child(indexes: OrderedDict, task: tuple, report: Any) -> Any:
    from dcwtal.video.film_strip import film_strip, video_index
    from dcwtal.video.presentation_times import presentation_times

    state, what, *asked = task
    if what == "times":
        return presentation_times(state[0])
    if state not in indexes:
        indexes[state] = video_index(state[0])
        while len(indexes) > _INDEXES_KEPT:
            indexes.popitem(last=False)
    times, height_px = asked
    return film_strip(state[0], times, height_px, index=indexes[state], enough_seconds=ENOUGH_SECONDS)
