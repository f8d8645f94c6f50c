"""The javelin throw: a run-up with the spear overhead, the withdrawal, the throw and the braking steps."""

import numpy as np

from dcwtal.world.clip import Clip, Javelin, Props, clip_times
from dcwtal.world.poses import Angle
from dcwtal.world.run_up import begin_run_up, take_off
from dcwtal.world.stage import APPARATUS_X, GROUND_Y

#    time  lean  front arm  back arm   front leg  back leg   turn
THROW = (
    (0.00, -12, -80, 5, 80, 10, 40, 20, -20, 30, 0),
    (0.25, -26, -110, 5, 85, 10, 45, 5, -10, 35, 0),
    (0.45, 0, -165, 60, 40, 40, 40, 5, -30, 20, 0),
    (0.60, 24, -230, 5, -20, 50, 35, 15, -45, 15, 0),
    (0.90, 42, -310, 5, -40, 30, 60, 50, -60, 30, 0),
    (1.50, 20, -345, 20, -10, 20, 30, 30, -20, 20, 0),
)
RELEASE = 0.56  # seconds after the end of the run-up


def javelin_throw(tempo: float, fps: float) -> Clip:
    """The peak is the throw itself."""
    run_end = APPARATUS_X - 110
    run_seconds = 2.3 * tempo
    clip, is_running, late = begin_run_up("JavelinThrow", run_seconds, 1.5, run_end, fps)
    # The hand carries the spear beside the head and draws it back during the last 0.3 s of the run-up.
    withdrawn = np.clip((clip_times(clip, fps) - run_seconds + 0.3) / 0.3, 0, 1)
    clip.pose[is_running, Angle.FRONT_SHOULDER] = (-210 + 130 * withdrawn)[is_running]
    clip.pose[is_running, Angle.FRONT_ELBOW] = (95 - 90 * withdrawn)[is_running]
    off = ~is_running
    take_off(clip, late, THROW, fps)
    clip.x[off] = run_end + 75 * np.clip(late[off] / 1.1, 0, 1) ** 0.7
    clip.peak = (late > 0.1) & (late < 1.0)
    clip.props = [Props(javelin=_spear_at(float(seconds), run_end)) for seconds in late]
    return clip


def _spear_at(late: float, run_end: float) -> Javelin:
    if late < RELEASE:
        return Javelin(angle=-6 - 16 * min(1, late / 0.25))
    flying = late - RELEASE
    place = (run_end + 75 + flying * 420, GROUND_Y - 98 - flying * 150 + flying**2 * 120)
    return Javelin(angle=-20 + 30 * flying, place=place)
