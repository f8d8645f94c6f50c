"""What this server may show: its runs, and the videos that people opened in this session.

Keys are what the address and the routes carry: a run's folder name (made distinct) and a video's id. Whatever a
request names is looked up here; nothing else can be reached.
"""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from dcwtal.core.errors import DataError
from dcwtal.data.score_store import BRANCHES
from dcwtal.pipeline.browse import BrowsedRun, BrowsedVideo, load_video, open_run
from dcwtal.video.video_reader import VideoReader

VIDEOS_KEPT = 16
BYTES_KEPT = 256 << 20


@dataclass(frozen=True)
class _Kept:
    """A video in memory, and the state (time of change, size) of the score file it came from."""

    video: BrowsedVideo
    state: tuple[int, int]

    @property
    def n_bytes(self) -> int:
        curves = self.video.scores.class_scores
        return sum(curves[branch].nbytes for branch in BRANCHES) + self.video.frame_times.nbytes


class Catalog:
    """The runs of one server, opened once; recently used videos stay in memory, within a limit of bytes.

    ``reader`` looks into video files; its child processes start at first use, or at ``reader.start()``.
    """

    def __init__(self, runs: Sequence[Path]) -> None:
        self.runs: dict[str, BrowsedRun] = {}
        for path in runs:
            run = open_run(path)
            self.runs[self._free_key(run.folder.path.resolve().name)] = run
        self.reader = VideoReader()
        self._recent: OrderedDict[tuple[str, str], _Kept] = OrderedDict()
        self._opened: dict[str, dict[str, BrowsedVideo]] = {key: {} for key in self.runs}
        self._lock = threading.Lock()

    def run(self, key: str) -> BrowsedRun:
        """A run by key; an unknown one is a DataError."""
        if key not in self.runs:
            raise DataError(f"this server shows no run {key!r}; known: {', '.join(self.runs) or 'none'}")
        return self.runs[key]

    def video(self, run_key: str, video_id: str) -> BrowsedVideo:
        """A video of a run, opened in this session or from the run's scores, read anew when they changed.

        An unknown or deleted one, or one whose scores are damaged, is a DataError."""
        run = self.run(run_key)
        with self._lock:
            opened = self._opened[run_key].get(video_id)
            if opened is not None:
                return opened
            kept = self._recent.get((run_key, video_id))
        state = _state_of(run, video_id)
        if kept is None or kept.state != state:
            loaded = load_video(run, video_id, read_times=self.reader.presentation_times)
            if not loaded.has_video and video_id in run.video_files:
                return loaded  # what kept its file from being read may pass
            kept = _Kept(loaded, state)
        self._keep((run_key, video_id), kept)
        return kept.video

    def add_opened(self, run_key: str, video: BrowsedVideo) -> None:
        """Keep a video that somebody opened, until the server stops."""
        self.run(run_key)
        with self._lock:
            self._opened[run_key][video.id] = video

    def opened(self, run_key: str) -> list[BrowsedVideo]:
        """Videos opened in this session, in order."""
        with self._lock:
            return list(self._opened.get(run_key, {}).values())

    def _keep(self, key: tuple[str, str], kept: _Kept) -> None:
        with self._lock:
            self._recent[key] = kept
            self._recent.move_to_end(key)
            while len(self._recent) > 1 and (
                len(self._recent) > VIDEOS_KEPT
                or sum(one.n_bytes for one in self._recent.values()) > BYTES_KEPT
            ):
                self._recent.popitem(last=False)

    def _free_key(self, name: str) -> str:
        key, number = name, 1
        while key in self.runs:
            number += 1
            key = f"{name}-{number}"
        return key


def _state_of(run: BrowsedRun, video_id: str) -> tuple[int, int]:
    """Time of change and size of the video's score file; (0, 0) for an unknown or deleted one: loading explains it."""
    try:
        status = run.score_files[video_id].stat()
    except (KeyError, OSError):
        return 0, 0
    return status.st_mtime_ns, status.st_size
