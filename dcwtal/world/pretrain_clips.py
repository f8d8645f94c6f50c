"""An endless stream of trimmed, labelled clips to pre-train the small motion encoder on.

It must learn motion, not places: about 60 % of the clips are shown at a wrong venue, 15 % without the things
in the hands, and the attempt cue (flag, light, clock) is on in half of them whatever happens, so it tells
nothing. This is why the motion encoder cannot know what the cue means, and the image-text encoder can.
Item `i` depends only on (seed, i), and no data set of plan.py shares its random numbers.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from dcwtal.world.clip import Clip
from dcwtal.world.pretrain_images import squeeze
from dcwtal.world.render import Renderer
from dcwtal.world.shots import scene_shot
from dcwtal.world.sports import perform
from dcwtal.world.stage import CLASS_NAMES, FRAMES_PER_SECOND, START_X
from dcwtal.world.style import draw_style
from dcwtal.world.waiting import wait

STREAM = 4000  # first number of the spawn key, see pretrain_images
GENERIC_ACTIVITIES = ("walk", "jog", "stretch", "celebrate", "idle")
CLIP_CLASSES = (*CLASS_NAMES, *GENERIC_ACTIVITIES)
WRONG_VENUE = 0.68  # among those that can be moved; divers cannot, which makes it 60 % of all
WITHOUT_PROPS = 0.15
CUE_ON = 0.5
GENERIC_WEIGHT = 0.7  # a generic activity is this much rarer than a sport
GENERIC_SECONDS = 2.6


class TrimmedClip(NamedTuple):
    """`frames` (n, height, width, 3) uint8 RGB at 25 fps, n >= 16; `label` indexes `CLIP_CLASSES`.

    `peak` (n,) bool marks the telling part of an action.
    """

    frames: np.ndarray
    label: int
    venue: str
    peak: np.ndarray


def trimmed_clips(
    seed: int, *, size: tuple[int, int] = (64, 64), start: int = 0, step: int = 1
) -> Iterator[TrimmedClip]:
    """Clips `start`, `start + step`, …: worker k of n takes `start=k, step=n`.

    `size` is (width, height): ask for a larger one to compute optical flow from, as extraction does.
    """
    number = start
    while True:
        rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(STREAM, number)))
        yield _one_clip(rng, size)
        number += step


def _one_clip(rng: np.random.Generator, size: tuple[int, int]) -> TrimmedClip:
    weights = np.array([1.0] * len(CLASS_NAMES) + [GENERIC_WEIGHT] * len(GENERIC_ACTIVITIES))
    label = int(rng.choice(len(CLIP_CLASSES), p=weights / weights.sum()))
    clip = _perform_or_wait(CLIP_CLASSES[label], rng)
    clip.cue = bool(rng.random() < CUE_ON)
    venue = _choose_venue(clip.sport, rng)
    with_props = bool(rng.random() >= WITHOUT_PROPS)
    shot = scene_shot([clip], draw_style(rng), rng, FRAMES_PER_SECOND, venue=venue, with_props=with_props)
    renderer = Renderer(supersampling=1)
    frames = np.stack([squeeze(frame, *size) for frame in renderer.shot(shot)])
    return TrimmedClip(frames, label, venue, clip.peak.copy())


def _perform_or_wait(activity: str, rng: np.random.Generator) -> Clip:
    if activity in CLASS_NAMES:
        return perform(activity, rng, FRAMES_PER_SECOND)
    sport = CLASS_NAMES[rng.integers(len(CLASS_NAMES))]
    return wait(sport, activity, GENERIC_SECONDS, START_X[sport], rng, FRAMES_PER_SECOND)


def _choose_venue(sport: str, rng: np.random.Generator) -> str:
    """Divers need their tower and nobody else can stand on it; all others can be anywhere else."""
    if sport == "Diving" or rng.random() >= WRONG_VENUE:
        return sport
    return str(rng.choice([name for name in CLASS_NAMES if name not in (sport, "Diving")]))
