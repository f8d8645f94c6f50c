"""What athletes do at the venue between attempts: none of it is the action, some of it looks like it."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from dcwtal.world.clip import Clip, Javelin, Pole, Props, clip_times
from dcwtal.world.dive import dive_at
from dcwtal.world.lift import lift_at
from dcwtal.world.poses import STANDING, Angle, pose, running, turning, walking
from dcwtal.world.stage import (
    GROUND_Y,
    RUN_UP_SPORTS,
    SCENE_WIDTH,
    STANDING_SPORTS,
    START_X,
    standing_height,
)
from dcwtal.world.strokes import serve_at, swing_at

TURN_SECONDS = 0.28  # to turn round
STAGE_EDGE = 60.0  # nobody walks out of the painted venue
# How far into its choreography a rehearsal goes before it turns back (seconds of choreography).
REHEARSED_UNTIL = {"GolfSwing": 1.1, "TennisServe": 1.0, "CleanAndJerk": 0.9, "Diving": 0.95}


def wait(
    sport: str,
    kind: str,
    seconds: float,
    x: float,
    rng: np.random.Generator,
    fps: float,
    *,
    thrown: bool = False,
) -> Clip:
    """An athlete of `sport` waiting at `x` in the manner `kind` (one of stage.WAITING_KINDS).

    `thrown`: straight after an attempt, so the javelin and the golf ball are gone.
    """
    clip = Clip.standing(kind, sport, max(3, round(seconds * fps)), x)
    clip.lift[:] = standing_height(sport)
    clip.props = [_waiting_props(sport, kind)] * clip.frames
    KINDS[kind](clip, rng, fps)
    if thrown:
        gone = {"JavelinThrow": {"javelin": None}, "GolfSwing": {"ball": None}}.get(sport, {})
        clip.props = [replace(props, **gone) for props in clip.props]
    return clip


def _idle(clip: Clip, rng: np.random.Generator, fps: float) -> None:
    times, phase = clip_times(clip, fps), rng.uniform(0, 6)
    clip.rotate(Angle.LEAN, 1.5 * np.sin(times * 2 + phase))
    clip.rotate(Angle.FRONT_SHOULDER, 3 * np.sin(times * 1.3 + phase))


def _walk(clip: Clip, rng: np.random.Generator, fps: float) -> None:
    _travel(clip, 44 * rng.uniform(0.8, 1.2), rng, fps)
    clip.pose = walking(_covered(clip) / 15 + rng.uniform(0, 6))


def _jog(clip: Clip, rng: np.random.Generator, fps: float) -> None:
    _travel(clip, 105 * rng.uniform(0.8, 1.2), rng, fps)
    clip.pose = running(_covered(clip) / 17 + rng.uniform(0, 6), 0.8)


def _stretch(clip: Clip, rng: np.random.Generator, fps: float) -> None:
    reach_up = pose(front_shoulder=175, front_elbow=5, back_shoulder=170, back_elbow=5, lean=-4)
    toe_touch = pose(
        lean=62, front_shoulder=60, front_elbow=5, back_shoulder=55, back_elbow=5, front_hip=6, back_hip=-2
    )
    lunge = pose(
        lean=2, front_hip=52, front_knee=72, back_hip=-44, back_knee=14, front_shoulder=20, back_shoulder=20
    )
    target = (reach_up, toe_touch, lunge)[rng.integers(3)]
    depth = 0.5 - 0.5 * np.cos(clip_times(clip, fps) * 2.2)
    clip.pose = np.asarray(STANDING) + depth[:, None] * (target - np.asarray(STANDING))


def _prepare(clip: Clip, rng: np.random.Generator, fps: float) -> None:
    """On the mark: rocking, waggling the club, crouching at the bar, bouncing the ball."""
    times = clip_times(clip, fps)
    sway = np.sin(times * 3.6 + rng.uniform(0, 6))
    if clip.sport == "CleanAndJerk":
        lift_at(clip, np.zeros(clip.frames))
        clip.props = [_waiting_props(clip.sport, "prepare")] * clip.frames
        clip.rotate(Angle.FRONT_HIP, 6 * sway)
        clip.rotate(Angle.BACK_HIP, -6 * sway)
    elif clip.sport == "GolfSwing":
        swing_at(clip, np.clip(0.1 + 0.1 * sway, 0, 1), hits=False)
    else:
        crouch = pose(
            lean=10, front_shoulder=40, front_elbow=70, back_shoulder=34, back_elbow=70,
            front_hip=20, front_knee=22, back_hip=-16, back_knee=16,
        )  # fmt: skip
        clip.pose = np.tile(crouch, (clip.frames, 1))
        clip.rotate(Angle.LEAN, 7 * sway)
        clip.rotate(Angle.FRONT_KNEE, 8 * sway)
        clip.rotate(Angle.BACK_KNEE, -8 * sway)
    if clip.sport == "TennisServe":
        clip.props = [_bounced(clip, float(time)) for time in times]


def _celebrate(clip: Clip, rng: np.random.Generator, fps: float) -> None:
    spring = np.abs(np.sin(clip_times(clip, fps) * 5 + rng.uniform(0, 6)))
    arms = pose(front_shoulder=165, front_elbow=10, back_shoulder=-165, back_elbow=-10)
    clip.pose = np.tile(arms, (clip.frames, 1))
    for knee, hip in ((Angle.FRONT_KNEE, Angle.FRONT_HIP), (Angle.BACK_KNEE, Angle.BACK_HIP)):
        clip.rotate(knee, 26 * (1 - spring))
        clip.rotate(hip, 13 * (1 - spring))
    clip.lift = clip.lift + 9 * spring


def _mock(clip: Clip, rng: np.random.Generator, fps: float) -> None:
    """A rehearsal: the beginning of the action, broken off. It looks like the action and is not."""
    times = clip_times(clip, fps)
    if clip.sport in RUN_UP_SPORTS:
        # a few accelerating strides that fade out
        share = np.clip(times / min(2.2, times[-1] + 1e-6), 0, 1)
        clip.x = clip.x + rng.uniform(70, 120) * (3 * share**2 - 2 * share**3)
        clip.pose = running(_covered(clip) / 19, np.sin(np.pi * share) ** 0.5)
        return
    # forward into the choreography and back again
    there_and_back = 0.5 - 0.5 * np.cos(times * rng.uniform(1.5, 2.0))
    choreography = REHEARSED_UNTIL[clip.sport] * there_and_back
    if clip.sport == "GolfSwing":
        swing_at(clip, choreography, hits=False)
    elif clip.sport == "TennisServe":
        serve_at(clip, choreography, tosses=False)
    elif clip.sport == "CleanAndJerk":
        lift_at(clip, choreography)
    else:
        dive_at(clip, choreography)
        clip.peak[:] = False


KINDS: dict[str, Callable[[Clip, np.random.Generator, float], None]] = {
    "idle": _idle,
    "walk": _walk,
    "stretch": _stretch,
    "prepare": _prepare,
    "jog": _jog,
    "celebrate": _celebrate,
    "mock": _mock,
}


def _travel(clip: Clip, speed: float, rng: np.random.Generator, fps: float) -> None:
    """Moves the athlete at `speed` world pixels a second; on small places, to and fro."""
    times = clip_times(clip, fps)
    direction = rng.choice([-1.0, 1.0])
    if clip.sport in STANDING_SPORTS:
        clip.x = clip.x + direction * 30 * np.sin(times * speed / 36)
    elif clip.sport == "Diving":
        clip.x = clip.x - 16 + 16 * np.cos(times * speed / 40)  # the platform is short
    else:
        farthest = clip.x[0] + direction * speed * times[-1]
        if not STAGE_EDGE < farthest < SCENE_WIDTH - STAGE_EDGE:
            direction = -direction
        clip.x = clip.x + direction * speed * times
    clip.facing = turning(np.where(np.gradient(clip.x) < 0, -1.0, 1.0), round(TURN_SECONDS * fps))


def _covered(clip: Clip) -> np.ndarray:
    """(n,) ground covered since the start, which drives the legs."""
    return np.cumsum(np.r_[0, np.abs(np.diff(clip.x))])


def _bounced(clip: Clip, seconds: float) -> Props:
    return replace(clip.props[0], ball="bounce", drop=abs(float(np.sin(seconds * 6.3))))


def _waiting_props(sport: str, kind: str) -> Props:
    on_mark = kind == "prepare"
    if sport == "GolfSwing":
        return Props(club_degrees=20.0, ball=(START_X[sport] + 24, GROUND_Y - 3))
    if sport == "CleanAndJerk":
        return Props(barbell="floor")
    if sport == "JavelinThrow":
        return Props(javelin=Javelin(angle=-6.0 if on_mark or kind == "mock" else 78.0))
    if sport == "PoleVault":
        return Props(pole=Pole("carried", degrees=30.0 if on_mark or kind == "mock" else 70.0))
    if sport == "TennisServe":
        return Props(racket=True, ball="hand")
    return Props()
