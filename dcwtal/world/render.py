"""From a script to frames."""

from collections import OrderedDict
from collections.abc import Container, Iterator

import cv2
import numpy as np

from dcwtal.world.athlete import Athlete
from dcwtal.world.camera import aim, follow, lag_of
from dcwtal.world.canvas import Canvas
from dcwtal.world.clip import Clip, Props
from dcwtal.world.cutaways import cutaway
from dcwtal.world.officials import FLAG_RISE_SECONDS, draw_attempt_clock, draw_officials
from dcwtal.world.props import draw_props_before, draw_props_behind
from dcwtal.world.scenery import paint_venue
from dcwtal.world.script import Script
from dcwtal.world.shots import CutawayShot, SceneShot, Shot
from dcwtal.world.skeleton import skeletons
from dcwtal.world.stage import (
    FRAME_HEIGHT,
    FRAME_WIDTH,
    FRAMES_PER_SECOND,
    GROUND_Y,
    RUN_UP_SPORTS,
    STANDING_SPORTS,
    headroom,
)

KEPT_VENUES = 4  # a video moves between its own venues; a painted one is about 6 MB


class Renderer:
    """Draws shots. Keeps the last few painted venues, so use one renderer a video."""

    def __init__(self, supersampling: int = 2, fps: float = FRAMES_PER_SECOND) -> None:
        cv2.setNumThreads(1)  # videos are rendered side by side; threads inside one would only get in the way
        self.supersampling, self.fps = supersampling, fps
        self._venues: OrderedDict[tuple, np.ndarray] = OrderedDict()

    def script(self, script: Script) -> Iterator[np.ndarray]:
        """All frames of a video in order: (240, 320, 3) uint8 RGB each."""
        for shot in script.shots:
            yield from self.shot(shot)

    def shot(self, shot: Shot, only: Container[int] | None = None) -> Iterator[np.ndarray]:
        """The frames of one shot; with `only`, just the frames with these numbers (from 0)."""
        drawn = self._cutaway(shot, only) if isinstance(shot, CutawayShot) else self._scene(shot, only)
        size = (FRAME_WIDTH, FRAME_HEIGHT)
        for image in drawn:
            yield image if self.supersampling == 1 else cv2.resize(image, size, interpolation=cv2.INTER_AREA)

    def _cutaway(self, shot: CutawayShot, only: Container[int] | None) -> Iterator[np.ndarray]:
        draw = cutaway(shot.kind, shot.style, shot.seed)
        shape = (FRAME_HEIGHT * self.supersampling, FRAME_WIDTH * self.supersampling, 3)
        for i in range(shot.frames):
            if only is None or i in only:
                image = np.zeros(shape, np.uint8)
                draw(Canvas(image, scale=self.supersampling), i / self.fps)
                yield image

    def _scene(self, shot: SceneShot, only: Container[int] | None) -> Iterator[np.ndarray]:
        bodies = [skeletons(clip) for clip in shot.clips]
        aims = np.concatenate([aim(clip, body) for clip, body in zip(shot.clips, bodies, strict=True)])
        path = follow(aims, self.fps, lag_of(shot.clips[0].sport))
        backdrop = self._backdrop(shot)
        number = 0
        for clip, body in zip(shot.clips, bodies, strict=True):
            swimmer = clip.sport == "Diving"
            athlete = Athlete(shot.style, bare=swimmer, frontal=clip.frontal)
            for i in range(clip.frames):
                if only is None or number in only:
                    canvas = self._view(backdrop, shot, path[number])
                    elapsed = i / self.fps if clip.cue else None
                    raised = 0.0 if elapsed is None else min(1.0, (elapsed + 0.08) / FLAG_RISE_SECONDS)
                    draw_officials(canvas, shot.venue, raised)
                    _draw_athlete(canvas, athlete, clip, i, body[i], shot.with_props)
                    yield self._finish(canvas.image, shot, elapsed)
                number += 1

    def _finish(self, image: np.ndarray, shot: SceneShot, elapsed: float | None) -> np.ndarray:
        """Mirrors the scene if asked, then lays the (never mirrored) broadcast graphic over it."""
        if shot.mirrored:
            image = cv2.flip(image, 1)
        graphic = Canvas(image, scale=self.supersampling)
        draw_attempt_clock(graphic, on_left=shot.style.clock_on_left, elapsed=elapsed)
        return image

    def _backdrop(self, shot: SceneShot) -> np.ndarray:
        """The painted venue, enlarged by the shot's zoom: crops of it are the frames' backgrounds."""
        key = (shot.venue, shot.style)
        if key not in self._venues:
            self._venues[key] = paint_venue(shot.venue, shot.style, self.supersampling)
        self._venues.move_to_end(key)
        while len(self._venues) > KEPT_VENUES:
            self._venues.popitem(last=False)
        zoom = max(shot.zoom, FRAME_HEIGHT / (FRAME_HEIGHT + headroom(shot.venue)) + 1e-3)
        return cv2.resize(self._venues[key], None, fx=zoom, fy=zoom, interpolation=cv2.INTER_LINEAR)

    def _view(self, backdrop: np.ndarray, shot: SceneShot, middle: np.ndarray) -> Canvas:
        """The part of the venue around `middle`, kept inside what was painted."""
        scale = shot.zoom * self.supersampling
        width, height = FRAME_WIDTH * self.supersampling, FRAME_HEIGHT * self.supersampling
        left = int(np.clip(middle[0] * scale - width / 2, 0, backdrop.shape[1] - width))
        above = headroom(shot.venue)
        top = int(np.clip((middle[1] + above) * scale - height / 2, 0, backdrop.shape[0] - height))
        view = backdrop[top : top + height, left : left + width].copy()
        return Canvas(view, left / scale, top / scale - above, scale)


def _draw_athlete(
    canvas: Canvas, athlete: Athlete, clip: Clip, i: int, body: np.ndarray, with_props: bool
) -> None:
    props = clip.props[i] if with_props else Props()
    facing = float(clip.facing[i])
    if not clip.hidden[i]:
        if clip.sport in RUN_UP_SPORTS or clip.sport in STANDING_SPORTS:
            height = max(0.0, GROUND_Y - float(body[:, 1].max()))  # the shadow shrinks as the body rises
            spread = max(0.45, 1 - height / 160)
            canvas.shadow((float(clip.x[i]), GROUND_Y + 1), (21 * spread, 3.6 * spread), 0.5 * spread)
        draw_props_behind(canvas, props, body, facing)
        athlete.draw_behind(canvas, body, facing)
    draw_props_before(canvas, props, body, facing, clip.sport)
    if not clip.hidden[i]:
        athlete.draw_front_arm(canvas, body)
