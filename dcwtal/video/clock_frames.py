"""The pictures of a video on a constant clock, by presentation time stamps, one at a time.

Tick i stands for the time [i/fps, (i+1)/fps) and shows the picture that is on screen at its middle: the last
one presented before (i + 1/2)/fps, the first picture before any is presented. A video at the clock's own
rate gives each of its frames once; the rule is that of ffmpeg's ``fps`` filter.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from dcwtal.video.decoded_frames import DecodedFrame, DecodedFrames, RgbConverter
from dcwtal.video.opening import OpenVideo

_ROUNDING = 1e-6


@dataclass(frozen=True)
class ClockFrame:
    """Picture shown at a tick: RGB uint8 (H, W, 3), upright, and the ``seconds`` at which it was presented.

    Ticks that show the same picture share one ``image`` object.
    """

    tick: int
    seconds: float
    image: np.ndarray


class ClockFrames:
    """One pass over an open video at ``fps`` ticks a second; holds two pictures at a time at most.

    After the pass ``n_ticks``, ``duration`` (seconds, end of the last picture) and ``notes`` are complete.
    """

    def __init__(self, video: OpenVideo, *, fps: float = 25.0):
        self._fps = fps
        self._frames = DecodedFrames(video)
        self.n_ticks = 0

    @property
    def duration(self) -> float:
        """Seconds from time zero to the end of the last picture."""
        return self._frames.end

    @property
    def notes(self) -> tuple[str, ...]:
        """What the user should know about this file, one sentence each."""
        return self._frames.notes

    def __iter__(self) -> Iterator[ClockFrame]:
        converter = RgbConverter()
        shown: DecodedFrame | None = None
        for upcoming in self._frames:
            if shown is not None:
                yield from self._ticks_before(upcoming.seconds, shown, converter)
            shown = upcoming
        if shown is not None:
            yield from self._ticks_before(max(self.duration, 0.5 / self._fps), shown, converter)

    def _ticks_before(self, end: float, shown: DecodedFrame, converter: RgbConverter) -> Iterator[ClockFrame]:
        """The ticks not yet given whose middle is not after ``end``, all showing one picture."""
        image: np.ndarray | None = None
        while (self.n_ticks + 0.5) / self._fps <= end + _ROUNDING:
            if image is None:
                image = converter.rgb(shown.frame)
            yield ClockFrame(self.n_ticks, shown.seconds, image)
            self.n_ticks += 1
