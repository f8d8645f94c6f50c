"""Held-out material to measure the pre-trained encoders on: whole videos of the world, with what each frame shows.

Their seeds are shared with no data set (plan.py) and no training stream (pretrain_images, pretrain_clips).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from dcwtal.world.pretrain_clips import TrimmedClip
from dcwtal.world.pretrain_images import squeeze
from dcwtal.world.render import Renderer
from dcwtal.world.script import Script, write_script
from dcwtal.world.stage import CLASS_NAMES

STREAM = 5000  # first number of the spawn key, see pretrain_images
SECONDS = 30.0
PARTS = ("peak", "rest of action", "waiting", "foreign venue", "cut-away")


@dataclass(frozen=True)
class WatchedVideo:
    """``frames`` (n, H, W, 3) uint8 RGB; per frame: ``part`` (index of PARTS), ``own`` class index, ``cue``.

    ``own`` is the class whose venue it is; in foreign venues and cut-aways it is a label of the video.
    """

    frames: np.ndarray
    part: np.ndarray
    own: np.ndarray
    cue: np.ndarray

    def as_clip(self) -> TrimmedClip:
        """The same frames for functions that take clips."""
        return TrimmedClip(self.frames, int(self.own[0]), "", self.part == 0)


def watched_videos(
    count: int, seed: int, *, size: tuple[int, int], seconds: float = SECONDS
) -> Iterator[WatchedVideo]:
    """``count`` rendered videos at ``size`` (width, height), every class in turn."""
    for number in range(count):
        label = CLASS_NAMES[number % len(CLASS_NAMES)]
        script = write_script(
            (label,), np.random.SeedSequence(seed, spawn_key=(STREAM, number)), seconds=seconds
        )
        frames = np.stack([squeeze(frame, *size) for frame in Renderer().script(script)])
        yield WatchedVideo(frames, *_what_frames_show(script))


def _what_frames_show(script: Script) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    part = np.zeros(script.frames, dtype=np.int64)
    own = np.zeros(script.frames, dtype=np.int64)
    cue = np.zeros(script.frames, dtype=bool)
    for run in script.runs():
        frames = slice(run.start, run.end)
        cue[frames] = run.cue
        elsewhere = run.foreign or run.scene == "cutaway"
        own[frames] = CLASS_NAMES.index(script.labels[0] if elsewhere else run.scene)
        if run.is_action:
            part[frames] = PARTS.index("rest of action")
            if run.peak is not None:
                part[slice(*run.peak)] = PARTS.index("peak")
        else:
            name = "cut-away" if run.scene == "cutaway" else "foreign venue" if run.foreign else "waiting"
            part[frames] = PARTS.index(name)
    return part, own, cue
