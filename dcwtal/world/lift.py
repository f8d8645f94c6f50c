"""The clean and jerk: pull, catch in the squat, stand up, jerk overhead, hold, drop. Seen from the front."""

import numpy as np

from dcwtal.world.clip import Clip, Props, clip_times
from dcwtal.world.poses import follow_table
from dcwtal.world.stage import START_X

LIFT_LENGTH = 4.6
LIFT_OFF, IN_HANDS = 0.5, 0.8  # the bar leaves the floor, and is fully carried
RELEASE, LANDED = 4.15, 4.47


def _symmetric(time: float, hip: float, knee: float, shoulder: float, elbow: float) -> tuple[float, ...]:
    """A key pose whose left and right sides mirror each other."""
    return (time, 0, shoulder, elbow, -shoulder, -elbow, hip, knee, -hip, -knee, 0)


LIFT = (
    _symmetric(0.00, 78, 132, 22, -6),
    _symmetric(0.50, 78, 132, 22, -6),
    _symmetric(0.90, 30, 50, 20, -4),
    _symmetric(1.15, 12, 14, 24, 30),
    _symmetric(1.40, 66, 116, 34, 138),
    _symmetric(1.80, 66, 116, 34, 138),
    _symmetric(2.30, 12, 12, 32, 140),
    _symmetric(2.70, 12, 12, 32, 140),
    _symmetric(2.90, 30, 50, 32, 140),
    _symmetric(3.10, 20, 22, 150, 18),
    _symmetric(3.40, 16, 14, 160, 4),
    _symmetric(4.10, 16, 14, 160, 4),
    _symmetric(4.35, 20, 24, 60, 40),
    _symmetric(4.60, 14, 16, 24, 4),
)


def clean_and_jerk(tempo: float, fps: float) -> Clip:
    """The peak is from the catch to the bar held overhead."""
    seconds = LIFT_LENGTH * tempo
    clip = Clip.standing("action", "CleanAndJerk", round(seconds * fps), START_X["CleanAndJerk"])
    times = clip_times(clip, fps) / tempo
    lift_at(clip, times)
    clip.peak = (times > 1.15) & (times < 3.8)
    return clip


def lift_at(clip: Clip, times: np.ndarray) -> None:
    """Poses the lifter at choreography times (n,)."""
    clip.pose = follow_table(LIFT, times)
    loose = np.interp(times, (LIFT_OFF, IN_HANDS, RELEASE, LANDED), (1.0, 0.0, 0.0, 1.0))
    clip.props = [
        Props(barbell="loose", drop=float(share)) if share > 0 else Props(barbell="hands") for share in loose
    ]
