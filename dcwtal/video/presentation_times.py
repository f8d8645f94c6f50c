"""The presentation time of every picture, from the file's index and packets: nothing is decoded."""

from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np

from dcwtal.core.errors import VideoError
from dcwtal.video.opening import open_video

_SAME_RATE = 0.02


@dataclass(frozen=True)
class PresentationTimes:
    """``seconds`` (N,) float64 from time zero, strictly increasing, N >= 1; ``end`` of the last picture."""

    seconds: np.ndarray
    end: float

    @property
    def is_variable_rate(self) -> bool:
        """Whether the spacing of the pictures varies by more than 2 % or 1.5 ms, whichever is more."""
        steps = np.diff(self.seconds)
        if len(steps) == 0:
            return False
        usual = np.median(steps)
        return bool(np.abs(steps - usual).max() > max(_SAME_RATE * usual, 0.0015))

    def frame_at(self, seconds: float) -> int:
        """Index of the picture on screen at a time; the first before any is presented."""
        return max(int(np.searchsorted(self.seconds, seconds + 1e-6, side="right")) - 1, 0)


def presentation_times(path: Path | str) -> PresentationTimes:
    """Read the times of one video file; pictures that an edit list hides do not count."""
    with open_video(path) as video:
        stamps: list[int] = []
        durations: dict[int, int] = {}
        try:
            for packet in video.container.demux(video.stream):
                by_decoding = video.stamps_are_decoding_order or packet.pts is None
                stamp = packet.dts if by_decoding else packet.pts
                if stamp is not None and packet.size and not packet.is_discard:
                    stamps.append(stamp)
                    durations[stamp] = packet.duration or 0
        except av.error.FFmpegError:
            pass  # A damaged tail: the times up to it stand.
        if not stamps:
            raise VideoError(f"{path} has a video stream without any timed picture")
        distinct = np.unique(np.asarray(stamps, dtype=np.int64))
        base = float(video.stream.time_base)
        usual = 1.0 / (video.nominal_fps or 25.0)
        last_duration = durations[int(distinct[-1])] * base or usual
        seconds = distinct * base - video.origin
    return PresentationTimes(seconds, float(seconds[-1] + last_duration))
