"""Body poses as ten joint angles, smooth motion through key poses, and the walking and running cycles.

A pose is a vector of `len(Angle)` degrees. Limb angles are measured from straight down, positive to the
front (90 = horizontal, 180 = straight up); elbows add to the upper arm, knees subtract from the thigh; `TURN`
rotates the whole body (somersaults).
"""

from collections.abc import Sequence
from enum import IntEnum

import numpy as np


class Angle(IntEnum):
    """Columns of a pose. "front" is the arm or leg nearer to the viewer."""

    LEAN = 0
    FRONT_SHOULDER = 1
    FRONT_ELBOW = 2
    BACK_SHOULDER = 3
    BACK_ELBOW = 4
    FRONT_HIP = 5
    FRONT_KNEE = 6
    BACK_HIP = 7
    BACK_KNEE = 8
    TURN = 9


#             lean  front arm  back arm   front leg  back leg   turn
STANDING = (3.0, 8.0, 14.0, -6.0, 12.0, 4.0, 4.0, -4.0, 4.0, 0.0)


def pose(**degrees: float) -> np.ndarray:
    """The standing pose with some angles replaced: `pose(lean=10, front_knee=40)` -> (10,) degrees."""
    angles = np.array(STANDING)
    for name, value in degrees.items():
        angles[Angle[name.upper()]] = value
    return angles


def follow_keys(key_times: Sequence[float], key_values: np.ndarray, times: np.ndarray) -> np.ndarray:
    """Samples a smooth curve through keys.

    `key_times` (k,) seconds ascending, `key_values` (k,) or (k, d), `times` (n,) -> (n,) or (n, d).
    Catmull-Rom tangents, softened a little so that limbs do not overshoot; the end values are held.
    """
    knots = np.asarray(key_times, float)
    values = np.asarray(key_values, float)
    flat = values.reshape(len(knots), -1)
    tangents = np.zeros_like(flat)
    if len(knots) > 2:
        tangents[1:-1] = 0.8 * (flat[2:] - flat[:-2]) / (knots[2:] - knots[:-2])[:, None]
    left = np.clip(np.searchsorted(knots, times, "right") - 1, 0, len(knots) - 2)
    span = (knots[left + 1] - knots[left])[:, None]
    u = np.clip((np.asarray(times) - knots[left])[:, None] / span, 0, 1)
    curve = (
        (2 * u**3 - 3 * u**2 + 1) * flat[left]
        + (u**3 - 2 * u**2 + u) * span * tangents[left]
        + (3 * u**2 - 2 * u**3) * flat[left + 1]
        + (u**3 - u**2) * span * tangents[left + 1]
    )
    return curve.reshape((len(times), *values.shape[1:]))


def follow_table(rows: Sequence[Sequence[float]], times: np.ndarray) -> np.ndarray:
    """Motion through a table of key poses; a row is (seconds, ten angles). -> (n, 10) degrees."""
    table = np.asarray(rows, float)
    return follow_keys(table[:, 0], table[:, 1:], times)


def running(phase: np.ndarray, strength: np.ndarray | float = 1.0) -> np.ndarray:
    """The running cycle; `phase` (n,) radians, driven by distance covered so that feet do not slide.

    `strength` 0..1 shortens the stride (the first steps of a run-up). -> (n, 10) degrees.
    """
    return _gait(phase, strength, lean=14, hip_centre=14, hip=46, knee_rest=14, knee=80, arm=46, elbow=85)


def walking(phase: np.ndarray) -> np.ndarray:
    """The walking cycle; `phase` (n,) radians -> (n, 10) degrees."""
    return _gait(phase, 1.0, lean=4, hip_centre=3, hip=24, knee_rest=5, knee=42, arm=22, elbow=18)


def _gait(
    phase: np.ndarray,
    strength: np.ndarray | float,
    *,
    lean: float,
    hip_centre: float,
    hip: float,
    knee_rest: float,
    knee: float,
    arm: float,
    elbow: float,
) -> np.ndarray:
    swing, lift = np.sin(phase), np.cos(phase)
    cycle = np.tile(STANDING, (len(phase), 1))
    cycle[:, Angle.LEAN] = lean
    cycle[:, Angle.FRONT_HIP] = hip_centre + hip * swing
    cycle[:, Angle.BACK_HIP] = hip_centre - hip * swing
    cycle[:, Angle.FRONT_KNEE] = knee_rest + knee * np.maximum(0, lift)
    cycle[:, Angle.BACK_KNEE] = knee_rest + knee * np.maximum(0, -lift)
    cycle[:, Angle.FRONT_SHOULDER] = -arm * swing
    cycle[:, Angle.BACK_SHOULDER] = arm * swing
    cycle[:, [Angle.FRONT_ELBOW, Angle.BACK_ELBOW]] = elbow
    weight = np.broadcast_to(np.asarray(strength, float), phase.shape)[:, None]
    return np.asarray(STANDING) + weight * (cycle - np.asarray(STANDING))


def turning(facing: np.ndarray, frames: int) -> np.ndarray:
    """Turns that take `frames` frames instead of none: (n,) of -1 and 1 -> (n,) in -1..1."""
    reach = max(1, frames // 2)
    padded = np.pad(facing, reach, mode="edge")
    window = np.ones(2 * reach + 1) / (2 * reach + 1)
    return np.convolve(padded, window, mode="valid")


def ease_from(previous: np.ndarray, motion: np.ndarray, frames: int) -> np.ndarray:
    """Lets a motion (n, 10) start at the pose `previous` (10,) and reach itself after `frames` frames.

    Differences are taken the short way round, so an arm at 200 degrees does not swing through 360 to -160.
    """
    count = min(frames, len(motion))
    if count == 0:
        return motion
    gap = (previous - motion[0] + 180) % 360 - 180
    fade = 0.5 + 0.5 * np.cos(np.pi * (np.arange(count) + 1) / (count + 1))
    eased = motion.copy()
    eased[:count] += fade[:, None] * gap
    return eased
