"""The eight actions by name."""

from collections.abc import Callable

import numpy as np

from dcwtal.world.clip import Clip
from dcwtal.world.dive import diving
from dcwtal.world.javelin import javelin_throw
from dcwtal.world.jumps import high_jump, long_jump, pole_vault
from dcwtal.world.lift import clean_and_jerk
from dcwtal.world.poses import Angle
from dcwtal.world.strokes import golf_swing, tennis_serve

TEMPO = (0.86, 1.18)  # slow motion of the whole action; keeps every action within 2.8-5.5 s

ACTIONS: dict[str, Callable[[float, float], Clip]] = {
    "CleanAndJerk": clean_and_jerk,
    "Diving": diving,
    "GolfSwing": golf_swing,
    "HighJump": high_jump,
    "JavelinThrow": javelin_throw,
    "LongJump": long_jump,
    "PoleVault": pole_vault,
    "TennisServe": tennis_serve,
}


def perform(sport: str, rng: np.random.Generator, fps: float) -> Clip:
    """One attempt: its own tempo, and limbs that are a few degrees off the textbook throughout."""
    clip = ACTIONS[sport](float(rng.uniform(*TEMPO)), fps)
    habit = rng.normal(0, 4, clip.pose.shape[1])
    habit[Angle.TURN] = 0
    if clip.frontal:
        habit[:] = 0  # a lifter's two sides must stay mirror images
    clip.pose = clip.pose + habit
    return clip
