"""How far an extraction is: videos counted, seconds of video weighed, time left."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class ExtractProgress:
    """``done`` of ``total`` videos are finished, among them ``kept`` from before and ``failed`` ones.

    ``fraction`` in [0, 1] counts seconds of video; ``seconds_left`` is None until it can be told.
    ``message`` tells of the video that just finished or failed, None for a mere step.
    """

    done: int
    total: int
    kept: int
    failed: int
    fraction: float
    seconds_left: float | None
    message: str | None = None


class ProgressMeter:
    """Keeps the counts; ``lengths`` are the videos' seconds by id, ``listen`` hears every change."""

    def __init__(self, lengths: Mapping[str, float], listen: Callable[[ExtractProgress], None] | None):
        self._lengths = dict(lengths)
        self._listen = listen
        self._started = time.monotonic()
        self._share: dict[str, float] = {}
        self._kept: set[str] = set()
        self._failed: set[str] = set()
        self._done: set[str] = set()

    def start(self) -> None:
        """Time counts from now on: the work begins."""
        self._started = time.monotonic()

    def keep(self, video_id: str) -> None:
        """Features from before are up to date."""
        self._kept.add(video_id)

    def step(self, video_id: str, seconds_done: float) -> None:
        """So many seconds of one video are done."""
        self._share[video_id] = min(1.0, seconds_done / self._lengths[video_id])
        self.tell(None)

    def finish(self, video_id: str) -> None:
        """One video's features are stored."""
        self._done.add(video_id)
        self.tell(video_id)

    def fail(self, video_id: str, message: str) -> None:
        """One video gave none."""
        self._failed.add(video_id)
        self.tell(f"{video_id}: {message}")

    def tell(self, message: str | None) -> None:
        """Say how far it is."""
        if self._listen is None:
            return
        finished = self._kept | self._done | self._failed
        whole = sum(self._lengths.values()) or 1.0
        worked = sum(
            length * (1.0 if video_id in finished else self._share.get(video_id, 0.0))
            for video_id, length in self._lengths.items()
            if video_id not in self._kept
        )
        kept = sum(self._lengths[video_id] for video_id in self._kept)
        elapsed = time.monotonic() - self._started
        left = None if worked <= 0 else elapsed * (whole - kept - worked) / worked
        self._listen(
            ExtractProgress(
                done=len(finished),
                total=len(self._lengths),
                kept=len(self._kept),
                failed=len(self._failed),
                fraction=min(1.0, (worked + kept) / whole),
                seconds_left=left,
                message=message,
            )
        )
