"""The camera man: follows the athlete a little late."""

import numpy as np

from dcwtal.world.clip import Clip
from dcwtal.world.skeleton import Joint
from dcwtal.world.stage import APPARATUS_X, GROUND_Y, STANDING_SPORTS

# How far ahead of the athlete the camera looks, so that the apparatus is in view from the start of a run-up:
# without it, the beginnings of high jump, long jump and pole vault look alike.
LEAD = {
    "GolfSwing": 40.0,
    "HighJump": 105.0,
    "JavelinThrow": 70.0,
    "LongJump": 105.0,
    "PoleVault": 105.0,
    "TennisServe": 50.0,
}
FARTHEST_LEAD_X = APPARATUS_X + 60  # ... and never leads past the apparatus
LAG_SECONDS = 0.30  # time constant of following
DIVING_LAG_SECONDS = 0.20  # slower, and the falling diver leaves the picture


def aim(clip: Clip, body: np.ndarray) -> np.ndarray:
    """(n, 2) the point the camera would like in the middle; `body` (n, 14, 2) from skeletons()."""
    pelvis = body[:, Joint.PELVIS]
    highest_floor = GROUND_Y - (50 if clip.sport in ("Diving", "PoleVault") else 72)
    x = pelvis[:, 0] + LEAD.get(clip.sport, 0.0)
    if clip.sport in ("HighJump", "LongJump", "PoleVault"):
        x = np.maximum(pelvis[:, 0], np.minimum(x, FARTHEST_LEAD_X))
    y = np.minimum(pelvis[:, 1] + 4, highest_floor)
    if clip.sport in STANDING_SPORTS:
        y = np.full_like(y, GROUND_Y - 58)
    if clip.sport == "Diving":
        x = np.where(clip.hidden, clip.x, x)
        y = np.where(clip.hidden, GROUND_Y - 40, y)
    return np.stack([x, y], axis=1)


def follow(aims: np.ndarray, fps: float, lag_seconds: float) -> np.ndarray:
    """Smooths (n, 2) aims exponentially; the first frame is on target. -> (n, 2)"""
    keep = float(np.exp(-1 / (fps * lag_seconds)))
    path = aims.copy()
    for i in range(1, len(path)):
        path[i] = aims[i] + keep * (path[i - 1] - aims[i])
    return path


def lag_of(sport: str) -> float:
    return DIVING_LAG_SECONDS if sport == "Diving" else LAG_SECONDS
