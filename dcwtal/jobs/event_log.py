"""The event log of a run: one JSON object a line, append-only, readable while it is written."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

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
            with open(self.path, "a", encoding="utf-8") as stream:
                stream.write(line + "\n")
        except OSError as error:
            raise DiskError(
                f"cannot write {self.path}: {error.strerror}; free some space, then resume"
            ) from None


def read_events(path: Path, offset: int = 0) -> tuple[list[dict[str, Any]], int]:
    """The events from byte ``offset`` on, and the offset to go on from. A half-written last line waits."""
    try:
        with open(path, "rb") as stream:
            stream.seek(offset)
            content = stream.read()
    except FileNotFoundError:
        return [], offset
    whole = content[: content.rfind(b"\n") + 1]
    return [json.loads(line) for line in whole.splitlines() if line.strip()], offset + len(whole)
