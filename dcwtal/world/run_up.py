"""The accelerating run that high jump, long jump, pole vault and javelin share."""

from collections.abc import Sequence

import numpy as np

from dcwtal.world.clip import Clip, clip_times
from dcwtal.world.poses import ease_from, follow_table, running
from dcwtal.world.stage import START_X

TAKE_OFF_SECONDS = 0.2  # how long the last stride blends into the first key pose
STRIDE_PER_RADIAN = 19.0  # world pixels of ground per radian of the running cycle


def begin_run_up(
    sport: str, run_seconds: float, flight_seconds: float, take_off_x: float, fps: float
) -> tuple[Clip, np.ndarray, np.ndarray]:
    """An action whose first `run_seconds` are the run-up to `take_off_x`; the rest still stands there.

    -> (clip, running (n,) bool, seconds since take-off (n,), 0 while running)
    """
    clip = Clip.standing("action", sport, round((run_seconds + flight_seconds) * fps), START_X[sport])
    times = clip_times(clip, fps)
    is_running = times < run_seconds
    share = np.clip(times / run_seconds, 0, 1)
    covered = share**2 * (1.6 - 0.6 * share)  # accelerates all the way to take-off
    clip.x = START_X[sport] + (take_off_x - START_X[sport]) * covered
    phase = np.cumsum(np.r_[0, np.diff(clip.x)]) / STRIDE_PER_RADIAN
    clip.pose = running(phase, np.clip(times / 0.35, 0, 1))
    clip.lift = np.abs(np.sin(phase)) * 4 * (share > 0.1)
    return clip, is_running, np.maximum(0, times - run_seconds)


def take_off(clip: Clip, air_time: np.ndarray, rows: Sequence[Sequence[float]], fps: float) -> None:
    """Lets the key poses `rows` follow on the last stride. `air_time` (n,) is 0 while running."""
    first = int(np.argmax(air_time > 0))
    motion = follow_table(rows, air_time[first:])
    clip.pose[first:] = ease_from(clip.pose[first - 1], motion, round(TAKE_OFF_SECONDS * fps))
