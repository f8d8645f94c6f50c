"""An endless stream of captioned frames to pre-train the small CLIP on. Nothing is written to disk.

Images are whole 320x240 frames squeezed (not cropped) to `size` with area averaging, RGB.
Item `i` depends only on (seed, i), and no data set of plan.py shares its random numbers.
"""

from collections.abc import Iterator
from typing import NamedTuple

import cv2
import numpy as np

from dcwtal.world.captions import Sight, caption
from dcwtal.world.clip import Clip
from dcwtal.world.render import Renderer
from dcwtal.world.script import CUE_IN_ATTEMPT, CUE_WHILE_WAITING
from dcwtal.world.shots import CutawayShot, SceneShot, needs_cut_after, scene_shot
from dcwtal.world.sports import perform
from dcwtal.world.stage import (
    APPARATUS_X,
    CLASS_NAMES,
    CUTAWAY_KINDS,
    FRAMES_PER_SECOND,
    RUN_UP_SPORTS,
    START_X,
    WAITING_KINDS,
)
from dcwtal.world.style import draw_style
from dcwtal.world.waiting import wait

STREAM = 3000  # first number of the spawn key; the data sets use 0-2, 1000 and 2000
CUTAWAY_SHARE = 0.3  # of the shots, which is 8 % of the images
FRAMES_OF_SCENE, FRAMES_OF_CUTAWAY = 10, 2


class CaptionedImage(NamedTuple):
    """`image` (size, size, 3) uint8 RGB; `sight` says what it shows, for zero-shot checks."""

    image: np.ndarray
    caption: str
    sight: Sight


def captioned_images(seed: int, *, size: int = 64, start: int = 0, step: int = 1) -> Iterator[CaptionedImage]:
    """Frames of shots `start`, `start + step`, …: worker k of n takes `start=k, step=n`. Neighbours in the
    stream come from one shot, so shuffle before batching."""
    number = start
    while True:
        rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(STREAM, number)))
        yield from _frames_of_one_shot(rng, size)
        number += step


def squeeze(frame: np.ndarray, width: int, height: int) -> np.ndarray:
    """The whole frame at another size, area-averaged. (h, w, 3) -> (height, width, 3)"""
    return cv2.resize(frame, (width, height), interpolation=cv2.INTER_AREA)


def _frames_of_one_shot(rng: np.random.Generator, size: int) -> Iterator[CaptionedImage]:
    shot = _cutaway_shot(rng) if rng.random() < CUTAWAY_SHARE else _venue_shot(rng)
    wanted = FRAMES_OF_CUTAWAY if isinstance(shot, CutawayShot) else FRAMES_OF_SCENE
    numbers = sorted(int(number) for number in rng.choice(shot.frames, wanted, replace=False))
    sights = _sights(shot)
    renderer = Renderer(supersampling=1)  # the squeeze averages anyway
    for number, frame in zip(numbers, renderer.shot(shot, set(numbers)), strict=True):
        yield CaptionedImage(squeeze(frame, size, size), caption(sights[number], rng), sights[number])


def _cutaway_shot(rng: np.random.Generator) -> CutawayShot:
    kind = str(rng.choice(CUTAWAY_KINDS))
    return CutawayShot(kind, 3 * FRAMES_PER_SECOND, draw_style(rng), int(rng.integers(1 << 30)))


def _venue_shot(rng: np.random.Generator) -> SceneShot:
    """Waiting, an attempt, and often waiting again."""
    sport = CLASS_NAMES[rng.integers(len(CLASS_NAMES))]
    aside = rng.uniform(-60, 60) if sport in RUN_UP_SPORTS else 0.0
    action = perform(sport, rng, FRAMES_PER_SECOND)
    clips = [_wait(sport, rng, WAITING_KINDS, START_X[sport] + aside), action]
    if rng.random() < 0.5:
        place = float(action.x[-1])
        if needs_cut_after(sport):
            place = START_X[sport] - 16 if sport == "Diving" else APPARATUS_X - 90
        clips.append(_wait(sport, rng, ("celebrate", "walk", "idle"), place))
    action.cue = bool(rng.random() < CUE_IN_ATTEMPT)
    return scene_shot(clips, draw_style(rng), rng, FRAMES_PER_SECOND)


def _wait(sport: str, rng: np.random.Generator, kinds: tuple[str, ...], x: float) -> Clip:
    clip = wait(sport, str(rng.choice(kinds)), 2.4, x, rng, FRAMES_PER_SECOND)
    clip.cue = bool(rng.random() < CUE_WHILE_WAITING)
    return clip


def _sights(shot: SceneShot | CutawayShot) -> list[Sight]:
    """What each frame of the shot shows."""
    if isinstance(shot, CutawayShot):
        return [Sight("cutaway", shot.kind)] * shot.frames
    return [
        Sight(shot.venue, clip.activity, bool(peak), clip.cue) for clip in shot.clips for peak in clip.peak
    ]
