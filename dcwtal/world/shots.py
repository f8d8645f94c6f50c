"""Shots: one camera on one venue (with the clips that happen there), or one cut-away. Data, no pixels."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from dcwtal.world.clip import Clip
from dcwtal.world.poses import ease_from
from dcwtal.world.style import Style

# How close the camera is; 1 shows 320 world pixels.
ZOOM = {
    "CleanAndJerk": (1.25, 1.6),
    "GolfSwing": (1.1, 1.5),
    "TennisServe": (1.05, 1.35),
}
USUAL_ZOOM = (0.87, 1.08)
JOIN_SECONDS = 0.24  # how long a body takes from one activity's pose into the next one's


@dataclass(frozen=True)
class SceneShot:
    """Clips that follow each other without a cut. `venue`: a class name, not always the clips' sport."""

    venue: str
    clips: tuple[Clip, ...]
    style: Style
    zoom: float
    mirrored: bool
    foreign: bool = False  # a venue whose class is not a label of the video
    with_props: bool = True

    @property
    def frames(self) -> int:
        return sum(clip.frames for clip in self.clips)


@dataclass(frozen=True)
class CutawayShot:
    """A shot of something else; `kind` is one of stage.CUTAWAY_KINDS."""

    kind: str
    frames: int
    style: Style
    seed: int


Shot = SceneShot | CutawayShot


def scene_shot(
    clips: list[Clip],
    style: Style,
    rng: np.random.Generator,
    fps: float,
    *,
    venue: str | None = None,
    foreign: bool = False,
    with_props: bool = True,
) -> SceneShot:
    """Frames the clips with a zoom and a side chosen by lot, and joins their poses smoothly."""
    where = venue or clips[0].sport
    for before, after in pairwise(clips):
        frames = round(JOIN_SECONDS * fps)
        after.pose = ease_from(before.pose[-1], after.pose, frames)
        share = np.minimum(1, (np.arange(after.frames) + 1) / (frames + 1))
        after.facing = before.facing[-1] * (1 - share) + after.facing * share
    zoom = float(rng.uniform(*ZOOM.get(where, USUAL_ZOOM)))
    mirrored = bool(rng.random() < 0.5)
    return SceneShot(where, tuple(clips), style, zoom, mirrored, foreign, with_props)


def needs_cut_after(sport: str) -> bool:
    """After these actions the athlete is somewhere no clip can follow on from (on a mat, in the water)."""
    return sport in ("HighJump", "PoleVault", "Diving")
