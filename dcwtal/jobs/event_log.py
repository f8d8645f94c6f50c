"""The event log of a run: one JSON object a line, append-only, readable while it is written."""

import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

from dcwtal.core.errors import DiskError


class EventLog:
    """Appends events; each carries its ``kind`` and the time ``at`` in Unix seconds."""

    def __init__(self, path: Path, *, clock: Callable[[], float] = time.time) -> None:
        self.path, self.clock = Path(path), clock

    def write(self, kind: str, **fields: Any) -> None:
        """Append one event; a full disk is a DiskError."""
        line = json.dumps({"kind": kind, "at": round(self.clock(), 3), **fields}, allow_nan=False)
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with open(self.path, "ab+") as stream:
                stream.write(_line_break_after_an_accident(stream) + line.encode() + b"\n")
        except OSError as error:
            raise DiskError(
                f"cannot write {self.path}: {error.strerror}; free some space, then resume"
            ) from None


def _line_break_after_an_accident(stream: BinaryIO) -> bytes:
    """A kill or a full disk may have left half a line: what follows must not grow onto it."""
    if not stream.seek(0, os.SEEK_END):
        return b""
    stream.seek(-1, os.SEEK_END)
    return b"" if stream.read(1) == b"\n" else b"\n"


def read_events(path: Path, offset: int = 0) -> tuple[list[dict[str, Any]], int]:
    """The events from byte ``offset`` on, and the offset to go on from.

    A half-written last line waits; one that an accident left in the middle is passed over.
    """
    try:
        with open(path, "rb") as stream:
            stream.seek(offset)
            content = stream.read()
    except FileNotFoundError:
        return [], offset
    whole = content[: content.rfind(b"\n") + 1]
    return [event for event in map(_parsed, whole.split(b"\n")) if event is not None], offset + len(whole)


def _parsed(line: bytes) -> dict[str, Any] | None:
    try:
        event = json.loads(line)
    except ValueError:
        return None
    return event if isinstance(event, dict) else None
