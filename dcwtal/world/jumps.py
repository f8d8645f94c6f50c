"""High jump, long jump and pole vault: a run-up, a take-off, a flight and a landing."""

import numpy as np

from dcwtal.world.clip import Clip, Pole, Props
from dcwtal.world.poses import Angle, follow_keys
from dcwtal.world.run_up import begin_run_up, take_off
from dcwtal.world.stage import APPARATUS_X

# Key poses: seconds since take-off, then the ten angles of poses.Angle.
#    time  lean  front arm  back arm   front leg  back leg   turn
FOSBURY_FLOP = (
    (0.00, -8, 150, 20, 140, 20, 70, 90, -15, 5, 5),
    (0.20, -14, 160, 10, 30, 20, 50, 80, -15, 10, 40),
    (0.45, -30, 20, 10, 20, 10, -20, 80, -25, 80, 98),
    (0.80, 10, 60, 10, 40, 10, 80, 20, 70, 20, 112),
    (1.10, 8, 60, 20, 30, 20, 85, 50, 70, 60, 92),
    (1.60, 5, 60, 20, 30, 20, 60, 80, 40, 70, 88),
)
HANG_AND_LAND = (
    (0.00, 5, 90, 60, -50, 60, 75, 80, -30, 5, 0),
    (0.30, -12, 165, 5, 150, 5, 20, 40, -25, 60, 0),
    (0.60, 28, 110, 5, 100, 5, 85, 10, 78, 10, 0),
    (0.90, 45, 70, 5, 60, 5, 95, 40, 88, 40, 0),
    (1.50, 30, 20, 20, 10, 20, 100, 95, 92, 95, 0),
)
VAULT = (
    (0.00, -5, 170, 5, 150, 20, 70, 80, -20, 5, 0),
    (0.30, -10, 175, 5, 165, 5, 10, 20, -30, 20, -20),
    (0.60, 20, 150, 5, 140, 5, 110, 40, 100, 40, -85),
    (0.90, 0, 165, 5, 160, 5, 20, 5, 10, 5, -165),
    (1.20, 40, 60, 10, 40, 10, 60, 10, 50, 10, -215),
    (1.50, 10, 100, 20, 60, 20, 50, 30, 40, 30, -255),
    (2.20, 5, 80, 20, 60, 20, 50, 60, 40, 50, -268),
)
VAULT_TIMES = (0, 0.3, 0.6, 0.9, 1.2, 1.5, 1.85, 2.2)
VAULT_HEIGHT = np.array([46, 66, 98, 128, 142, 112, 34, 32.0])  # of the pelvis
VAULT_ADVANCE = np.array([0, 30, 52, 66, 84, 112, 128, 130.0])
POLE_BOX_X = APPARATUS_X - 22
MAT_HEIGHT = 22.0


def high_jump(tempo: float, fps: float) -> Clip:
    """A Fosbury flop onto the mat; the peak is the flight over the bar."""
    board = APPARATUS_X - 36
    clip, is_running, air_time = begin_run_up("HighJump", 2.5 * tempo, 1.6, board, fps)
    flight_seconds = 0.85
    flown = np.clip(air_time / flight_seconds, 0, 1)
    off = ~is_running
    take_off(clip, air_time, FOSBURY_FLOP, fps)
    clip.facing = 1 - 2 * np.clip(air_time / 0.28, 0, 1)  # the back turns to the bar
    slide = 8 * np.clip((air_time - flight_seconds) / 0.5, 0, 1)
    clip.x[off] = (board + 104 * flown + slide)[off]
    arc = MAT_HEIGHT * flown + 4 * 62 * flown * (1 - flown)
    clip.lift[off] = np.where(flown < 1, arc, MAT_HEIGHT)[off]
    clip.peak = (air_time > 0) & (air_time < 0.95)
    return clip


def long_jump(tempo: float, fps: float) -> Clip:
    """A hang jump into the sand; the peak is the flight and the landing."""
    board = APPARATUS_X - 60
    clip, is_running, air_time = begin_run_up("LongJump", 2.7 * tempo, 1.5, board, fps)
    flight_seconds = 0.9
    flown = np.clip(air_time / flight_seconds, 0, 1)
    off = ~is_running
    take_off(clip, air_time, HANG_AND_LAND, fps)
    slide = 10 * np.clip((air_time - flight_seconds) / 0.4, 0, 1)
    clip.x[off] = (board + 165 * flown + slide)[off]
    clip.lift[off] = (4 * 38 * flown * (1 - flown))[off]
    clip.peak = (air_time > 0) & (air_time < 1.15)
    clip.props = [
        Props(sand=(float(x) + 30, float(late))) if 0 < late < 0.5 else Props()
        for x, late in zip(clip.x, air_time - flight_seconds, strict=True)
    ]
    return clip


def pole_vault(tempo: float, fps: float) -> Clip:
    """Run with the pole, plant, swing up, turn over the bar, fall; the peak is all but the landing."""
    board = APPARATUS_X - 80
    run_seconds = 2.5 * tempo
    clip, is_running, air_time = begin_run_up("PoleVault", run_seconds, 2.2, board, fps)
    carry = dict.fromkeys((Angle.FRONT_ELBOW, Angle.BACK_ELBOW), 70.0)
    carry |= {Angle.FRONT_SHOULDER: -8.0, Angle.BACK_SHOULDER: 40.0}
    for angle, degrees in carry.items():
        clip.pose[is_running, angle] = degrees  # both hands stay on the pole
    off = ~is_running
    take_off(clip, air_time, VAULT, fps)
    clip.pelvis[off] = follow_keys(VAULT_TIMES, VAULT_HEIGHT, air_time[off])
    clip.x[off] = board + follow_keys(VAULT_TIMES, VAULT_ADVANCE, air_time[off])
    clip.peak = (air_time > 0.1) & (air_time < 1.75)
    clip.props = [Props(pole=_pole_at(i / fps, run_seconds)) for i in range(clip.frames)]
    return clip


def _pole_at(seconds: float, run_seconds: float) -> Pole:
    late = seconds - run_seconds
    if late < 0:
        return Pole("carried", degrees=34 - 36 * min(1, seconds / run_seconds * 1.2))  # the tip sinks
    if late < 1.05:
        return Pole("planted", box_x=POLE_BOX_X)
    return Pole("falling", degrees=min(70, (late - 1.05) * 75), box_x=POLE_BOX_X)
