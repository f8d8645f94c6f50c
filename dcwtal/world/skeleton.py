"""From angles to points: where each joint of the body is, in world pixels."""

from enum import IntEnum

import numpy as np

from dcwtal.world.clip import Clip
from dcwtal.world.poses import Angle
from dcwtal.world.stage import GROUND_Y

TORSO, NECK_TO_HEAD, UPPER_ARM, FOREARM, THIGH, SHIN, FOOT = 31.0, 11.0, 15.5, 15.0, 21.0, 21.0, 8.0
SOLE = 3.0  # the drawn foot is this thick below its joint


class Joint(IntEnum):
    """Rows of a skeleton. "front" is nearer to the viewer."""

    PELVIS = 0
    NECK = 1
    SHOULDER = 2
    HEAD = 3
    FRONT_ELBOW = 4
    FRONT_HAND = 5
    BACK_ELBOW = 6
    BACK_HAND = 7
    FRONT_KNEE = 8
    FRONT_ANKLE = 9
    BACK_KNEE = 10
    BACK_ANKLE = 11
    FRONT_TOE = 12
    BACK_TOE = 13


def skeletons(clip: Clip) -> np.ndarray:
    """(n, 14, 2) places of the joints, world pixels, for every frame of the clip."""
    radians = np.deg2rad(clip.pose)
    lean, turn = radians[:, Angle.LEAN], radians[:, Angle.TURN]
    front_thigh = radians[:, Angle.FRONT_HIP]
    back_thigh = radians[:, Angle.BACK_HIP]
    front_shin = front_thigh - radians[:, Angle.FRONT_KNEE]
    back_shin = back_thigh - radians[:, Angle.BACK_KNEE]
    front_arm, back_arm = radians[:, Angle.FRONT_SHOULDER], radians[:, Angle.BACK_SHOULDER]

    points = np.zeros((clip.frames, len(Joint), 2))
    up = np.stack([np.sin(lean), -np.cos(lean)], axis=1)
    points[:, Joint.NECK] = TORSO * up
    points[:, Joint.SHOULDER] = 0.9 * TORSO * up
    points[:, Joint.HEAD] = (TORSO + NECK_TO_HEAD) * up
    shoulder = points[:, Joint.SHOULDER]
    points[:, Joint.FRONT_ELBOW] = shoulder + _limb(front_arm, UPPER_ARM)
    points[:, Joint.BACK_ELBOW] = shoulder + _limb(back_arm, UPPER_ARM)
    points[:, Joint.FRONT_HAND] = points[:, Joint.FRONT_ELBOW] + _limb(
        front_arm + radians[:, Angle.FRONT_ELBOW], FOREARM
    )
    points[:, Joint.BACK_HAND] = points[:, Joint.BACK_ELBOW] + _limb(
        back_arm + radians[:, Angle.BACK_ELBOW], FOREARM
    )
    points[:, Joint.FRONT_KNEE] = _limb(front_thigh, THIGH)
    points[:, Joint.BACK_KNEE] = _limb(back_thigh, THIGH)
    points[:, Joint.FRONT_ANKLE] = points[:, Joint.FRONT_KNEE] + _limb(front_shin, SHIN)
    points[:, Joint.BACK_ANKLE] = points[:, Joint.BACK_KNEE] + _limb(back_shin, SHIN)
    toes_apart = -1.45 if clip.frontal else 1.45  # a lifter's back foot points the other way
    points[:, Joint.FRONT_TOE] = points[:, Joint.FRONT_ANKLE] + _limb(front_shin + 1.45, FOOT)
    points[:, Joint.BACK_TOE] = points[:, Joint.BACK_ANKLE] + _limb(back_shin + toes_apart, FOOT)

    points[:, :, 0] *= clip.facing[:, None]
    cosine, sine = np.cos(turn)[:, None], np.sin(turn)[:, None]
    x = points[:, :, 0] * cosine - points[:, :, 1] * sine
    y = points[:, :, 0] * sine + points[:, :, 1] * cosine
    pelvis_on_feet = GROUND_Y - clip.lift - (y.max(axis=1) + SOLE)
    pelvis_y = np.where(np.isnan(clip.pelvis), pelvis_on_feet, GROUND_Y - clip.pelvis)
    if clip.sport != "Diving":  # only divers go below the ground
        pelvis_y = np.minimum(pelvis_y, GROUND_Y - (y.max(axis=1) + SOLE))
    return np.stack([x + clip.x[:, None], y + pelvis_y[:, None]], axis=2)


def _limb(angle: np.ndarray, length: float) -> np.ndarray:
    """(n, 2) offset of a limb at `angle` radians from straight down, positive to the front."""
    return length * np.stack([np.sin(angle), np.cos(angle)], axis=1)
