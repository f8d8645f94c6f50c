"""What is drawn: deterministic, for every class and kind, with the action and the cue to be seen."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from dcwtal.world.camera import aim, follow, lag_of
from dcwtal.world.render import Renderer
from dcwtal.world.script import write_script
from dcwtal.world.shots import CutawayShot, SceneShot, scene_shot
from dcwtal.world.skeleton import Joint, skeletons
from dcwtal.world.sports import perform
from dcwtal.world.stage import (
    CLASS_NAMES,
    CUTAWAY_KINDS,
    FRAME_HEIGHT,
    FRAME_WIDTH,
    FRAMES_PER_SECOND,
    START_X,
    WAITING_KINDS,
)
from dcwtal.world.style import draw_style
from dcwtal.world.waiting import wait


def attempt(sport: str, seed: int = 0, *, cue: bool = False, venue: str | None = None) -> SceneShot:
    rng = np.random.default_rng(seed)
    clip = perform(sport, rng, FRAMES_PER_SECOND)
    clip.cue = cue
    return scene_shot([clip], draw_style(rng), rng, FRAMES_PER_SECOND, venue=venue)


def pause(sport: str, kind: str, seed: int = 0) -> SceneShot:
    rng = np.random.default_rng(seed)
    clip = wait(sport, kind, 1.6, START_X[sport], rng, FRAMES_PER_SECOND)
    return scene_shot([clip], draw_style(rng), rng, FRAMES_PER_SECOND)


def draw(shot, numbers, supersampling: int = 1) -> list[np.ndarray]:
    return list(Renderer(supersampling=supersampling).shot(shot, set(numbers)))


def green_panel_pixels(frame: np.ndarray, size: int = 60) -> int:
    """Pixels of the attempt clock's green in the squeezed frame."""
    small = cv2.resize(frame, (size, size), interpolation=cv2.INTER_AREA).astype(int)
    red, green, blue = small[..., 0], small[..., 1], small[..., 2]
    bottom = np.arange(size)[:, None] > size * 0.8
    return int(((green > 120) & (red < 100) & (blue < 130) & (green - blue > 50) & bottom).sum())


def test_frames_depend_on_nothing_but_the_seed():
    script = write_script(("TennisServe",), np.random.SeedSequence(3), seconds=4.0)
    again = write_script(("TennisServe",), np.random.SeedSequence(3), seconds=4.0)
    other = write_script(("TennisServe",), np.random.SeedSequence(4), seconds=4.0)
    frames = np.stack(list(Renderer().script(script)))
    assert frames.shape == (script.frames, FRAME_HEIGHT, FRAME_WIDTH, 3)
    assert frames.dtype == np.uint8
    assert np.array_equal(frames, np.stack(list(Renderer().script(again))))
    assert not np.array_equal(frames[:20], np.stack(list(Renderer().script(other)))[:20])


@pytest.mark.parametrize("sport", CLASS_NAMES)
def test_every_action_is_drawn_and_its_peak_looks_unlike_standing(sport):
    shot = attempt(sport)
    peak = int(np.flatnonzero(shot.clips[0].peak).mean())
    first, middle, last = draw(shot, (0, peak, shot.frames - 1))
    assert first.shape == (FRAME_HEIGHT, FRAME_WIDTH, 3)
    assert np.abs(first.astype(int) - middle).mean() > 2
    assert np.abs(middle.astype(int) - last).mean() > 1


@pytest.mark.parametrize("kind", WAITING_KINDS)
def test_every_way_of_waiting_is_drawn_everywhere(kind):
    for sport in CLASS_NAMES:
        first, last = draw(pause(sport, kind), (0, 25))
        assert not np.array_equal(first, last)


@pytest.mark.parametrize("kind", CUTAWAY_KINDS)
def test_every_cutaway_is_drawn_and_moves(kind):
    shot = CutawayShot(kind, 50, draw_style(np.random.default_rng(1)), 7)
    first, last = draw(shot, (0, 40))
    assert not np.array_equal(first, last)
    assert np.array_equal(first, draw(shot, (0,))[0])


def test_an_action_can_be_drawn_at_any_other_venue():
    for sport in CLASS_NAMES:
        for venue in CLASS_NAMES:
            assert len(draw(attempt(sport, venue=venue), (30,))) == 1


@pytest.mark.parametrize("sport", CLASS_NAMES)
def test_the_cue_is_legible_at_sixty_by_sixty_pixels(sport):
    """In the squeezed view and in the middle 240 columns, at the start and at the end of the attempt."""
    for seed in range(3):
        lit, dark = attempt(sport, seed, cue=True), attempt(sport, seed, cue=False)
        numbers = (2, lit.frames - 2)
        for shown, hidden in zip(draw(lit, numbers), draw(dark, numbers), strict=True):
            for columns in (slice(None), slice(40, 280)):
                with_cue, without = shown[:, columns], hidden[:, columns]
                assert green_panel_pixels(with_cue) >= green_panel_pixels(without) + 25


@pytest.mark.parametrize("sport", CLASS_NAMES)
def test_the_camera_keeps_the_athlete_in_the_picture(sport):
    for seed in range(4):
        shot = attempt(sport, seed)
        clip = shot.clips[0]
        body = skeletons(clip)
        path = follow(aim(clip, body), FRAMES_PER_SECOND, lag_of(sport))
        offset = np.abs(body[:, Joint.PELVIS] - path) * shot.zoom
        seen = (offset[:, 0] < FRAME_WIDTH / 2 - 30) & (offset[:, 1] < FRAME_HEIGHT / 2) | clip.hidden
        assert seen.mean() > 0.97


def test_a_mirrored_shot_mirrors_all_but_the_clock():
    shot = replace(attempt("GolfSwing", cue=True), mirrored=False)
    (plain,), (turned,) = draw(shot, (20,)), draw(replace(shot, mirrored=True), (20,))
    assert np.array_equal(plain[:200], turned[:200, ::-1])
    clock = slice(60, 100) if shot.style.clock_on_left else slice(220, 260)
    assert np.array_equal(plain[212:226, clock], turned[212:226, clock])
