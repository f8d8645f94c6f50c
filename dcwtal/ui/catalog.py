"""What this server may show: its runs, and the videos that people opened in this session.

Keys are what the address and the routes carry: a run's folder name (made distinct) and a video's id. Whatever a
request names is looked up here; nothing else can be reached.
"""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path

from dcwtal.core.errors import DataError
from dcwtal.pipeline.browse import BrowsedRun, BrowsedVideo, load_video, open_run

VIDEOS_KEPT = 16


class Catalog:
    """The runs of one server, opened once; recently used videos stay in memory."""

    def __init__(self, runs: Sequence[Path]) -> None:
        self.runs: dict[str, BrowsedRun] = {}
        for path in runs:
            run = open_run(path)
            self.runs[self._free_key(run.folder.path.resolve().name)] = run
        self._recent: OrderedDict[tuple[str, str], BrowsedVideo] = OrderedDict()
        self._opened: dict[str, dict[str, BrowsedVideo]] = {key: {} for key in self.runs}
        self._lock = threading.Lock()

    def run(self, key: str) -> BrowsedRun:
        """A run by key; an unknown one is a DataError."""
        if key not in self.runs:
            raise DataError(f"this server shows no run {key!r}; known: {', '.join(self.runs) or 'none'}")
        return self.runs[key]

    def video(self, run_key: str, video_id: str) -> BrowsedVideo:
        """A video of a run, opened in this session or from the run's data set; an unknown one is a DataError."""
        run = self.run(run_key)
        with self._lock:
            opened = self._opened[run_key].get(video_id)
            found = opened or self._recent.get((run_key, video_id))
            if found is not None:
                return found
        loaded = load_video(run, video_id)
        with self._lock:
            self._recent[run_key, video_id] = loaded
            while len(self._recent) > VIDEOS_KEPT:
                self._recent.popitem(last=False)
        return loaded

    def add_opened(self, run_key: str, video: BrowsedVideo) -> None:
        """Keep a video that somebody opened, until the server stops."""
        self.run(run_key)
        with self._lock:
            self._opened[run_key][video.id] = video

    def opened(self, run_key: str) -> list[BrowsedVideo]:
        """Videos opened in this session, in order."""
        with self._lock:
            return list(self._opened.get(run_key, {}).values())

    def is_opened(self, run_key: str, video_id: str) -> bool:
        """Whether a video was opened in this session (and so belongs to no data set)."""
        with self._lock:
            return video_id in self._opened.get(run_key, {})

    def _free_key(self, name: str) -> str:
        key, number = name, 1
        while key in self.runs:
            number += 1
            key = f"{name}-{number}"
        return key
