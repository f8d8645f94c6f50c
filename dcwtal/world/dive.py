"""The dive from the tower: arm raise, crouch, take-off, one and a half somersaults, entry and splash."""

import numpy as np

from dcwtal.world.clip import Clip, Props, clip_times
from dcwtal.world.poses import follow_table
from dcwtal.world.stage import PLATFORM_HEIGHT, START_X

#    time  lean  front arm  back arm   front leg  back leg   turn
DIVE = (
    (0.00, 3, 8, 14, -6, 12, 4, 4, -4, 4, 0),
    (0.40, 3, 170, 5, 165, 5, 4, 4, -4, 4, 0),
    (0.80, 40, 60, 10, 50, 10, 60, 95, 55, 95, 0),
    (1.10, 0, 172, 0, 168, 0, 0, 0, -2, 0, 0),
    (1.40, 60, 60, 60, 55, 60, 110, 120, 108, 120, 90),
    (1.70, 65, 60, 60, 55, 60, 115, 125, 112, 125, 330),
    (2.10, 55, 80, 30, 80, 30, 90, 60, 90, 60, 480),
    (2.30, 0, 176, 0, 174, 0, 0, 0, 0, 0, 535),
    (2.50, 0, 176, 0, 174, 0, 0, 0, 0, 0, 540),
)
TAKE_OFF, FLIGHT, DIVE_LENGTH = 1.1, 1.35, 3.3


def diving(tempo: float, fps: float) -> Clip:
    """The peak is from take-off to the splash."""
    pace = float(np.sqrt(tempo))  # gravity does not vary with the athlete: only mildly slower or faster
    clip = Clip.standing("action", "Diving", round(DIVE_LENGTH * pace * fps), START_X["Diving"])
    times = clip_times(clip, fps) / pace
    dive_at(clip, times)
    return clip


def dive_at(clip: Clip, times: np.ndarray) -> None:
    """Poses the diver at choreography times (n,)."""
    fallen = times - TAKE_OFF
    share = np.clip(fallen / FLIGHT, 0, 1)
    flying = fallen > 0
    clip.pose = follow_table(DIVE, times)
    clip.x = START_X["Diving"] + 88 * share
    clip.lift = np.full(clip.frames, PLATFORM_HEIGHT)
    height = (PLATFORM_HEIGHT + 46) * (1 - share**2) + 130 * share * (1 - share) - 30 * share
    clip.pelvis = np.where(flying, height, np.nan)
    clip.hidden = share >= 1
    clip.peak = flying & (fallen < FLIGHT + 0.35)
    entry = FLIGHT * 0.96
    clip.props = [
        Props(splash=(START_X["Diving"] + 88, float(late) / 0.8)) if 0 < late < 0.8 else Props()
        for late in fallen - entry
    ]
