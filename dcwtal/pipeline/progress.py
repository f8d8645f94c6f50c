"""How long the rest will take, from what is done."""

import time
from collections.abc import Callable


class TimeLeft:
    """Estimates seconds left from the pace since the first call."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._begin, self._first, self._total = clock, None, 0, None

    def seconds(self, done: int, total: int) -> float | None:
        """Seconds left, or None before anything is known. Another total is another task: the pace starts anew."""
        now = self._clock()
        if self._begin is None or total != self._total:
            self._begin, self._first, self._total = now, done, total
            return None
        if done <= self._first:
            return None
        return (now - self._begin) / (done - self._first) * (total - done)
