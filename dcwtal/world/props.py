"""Draws the things in an athlete's hands, and the sand and water they throw up."""

from itertools import pairwise

import numpy as np

from dcwtal.world.canvas import Canvas, Color, shade
from dcwtal.world.clip import Javelin, Pole, Props
from dcwtal.world.skeleton import Joint
from dcwtal.world.stage import GROUND_Y, START_X

POLE_LENGTH = 126.0
BAR_REST = 13.0  # height of a barbell's axis when its plates touch the floor
BAR_HALF = 56.0
FIBREGLASS: Color = (236, 194, 66)
SPEAR: Color = (250, 244, 236)


def draw_props_behind(canvas: Canvas, props: Props, body: np.ndarray, facing: float) -> None:
    """What the body covers: the vaulting pole."""
    if props.pole is not None:
        _pole(canvas, props.pole, body, facing)


def draw_props_before(canvas: Canvas, props: Props, body: np.ndarray, facing: float, sport: str) -> None:
    """What covers the body. `body` (14, 2) world places."""
    if props.javelin is not None:
        _javelin(canvas, props.javelin, body, facing)
    if props.club_degrees is not None:
        _club(canvas, props.club_degrees, body, facing)
    if props.racket:
        _racket(canvas, body)
    if props.ball is not None:
        _ball(canvas, props, body, sport)
    if props.barbell is not None:
        _barbell(canvas, props, body)
    if props.sand is not None:
        x, seconds = props.sand
        _spray(canvas, x, seconds, 1.0, (236, 208, 158))
    if props.splash is not None:
        x, life = props.splash
        _spray(canvas, x, life, 2.2, (222, 240, 252))


def _hands(body: np.ndarray) -> np.ndarray:
    return (body[Joint.FRONT_HAND] + body[Joint.BACK_HAND]) / 2


def _pole(canvas: Canvas, pole: Pole, body: np.ndarray, facing: float) -> None:
    hands = _hands(body)
    foot = np.array([pole.box_x, GROUND_Y])
    if pole.state == "carried":
        angle = np.deg2rad(pole.degrees)
        along = np.array([np.cos(angle) * facing, -np.sin(angle)])
        canvas.line(hands - along * 34, hands + along * 92, 2.4, FIBREGLASS)
    elif pole.state == "planted":
        top = body[Joint.FRONT_HAND]
        compression = min(1.0, max(0.0, (150 - float(np.hypot(*(top - foot)))) / 90))
        belly = (foot + top) / 2 + np.array([34.0, -6.0]) * compression
        share = np.linspace(0, 1, 9)[:, None]
        curve = foot * (1 - share) ** 2 + 2 * share * (1 - share) * belly + top * share**2
        for start, end in pairwise(curve):
            canvas.line(start, end, 2.4, FIBREGLASS)
    else:
        angle = np.deg2rad(90 + pole.degrees)
        canvas.line(foot, foot + POLE_LENGTH * np.array([np.cos(angle), -np.sin(angle)]), 2.4, FIBREGLASS)


def _javelin(canvas: Canvas, javelin: Javelin, body: np.ndarray, facing: float) -> None:
    angle = np.deg2rad(javelin.angle)
    held = javelin.place is None
    middle = body[Joint.FRONT_HAND] if held else np.array(javelin.place)
    along = np.array([np.cos(angle) * (facing if held else 1.0), np.sin(angle)])
    canvas.line(middle - along * 42, middle + along * 46, 2.0, SPEAR)
    canvas.line(middle + along * 38, middle + along * 46, 2.0, (120, 124, 134))
    canvas.line(middle - along * 4, middle + along * 4, 2.8, (206, 60, 50))


def _club(canvas: Canvas, degrees: float, body: np.ndarray, facing: float) -> None:
    angle = np.deg2rad(degrees)
    along = np.array([np.sin(angle) * facing, np.cos(angle)])
    grip = _hands(body)
    head = grip + along * 36
    canvas.line(grip, head, 1.7, (222, 224, 230))
    canvas.line(head, head + np.array([along[1], -along[0]]) * 6 * facing, 3.6, (52, 52, 58))


def _racket(canvas: Canvas, body: np.ndarray) -> None:
    hand = body[Joint.FRONT_HAND]
    along = hand - body[Joint.FRONT_ELBOW]
    along = along / (np.hypot(*along) + 1e-6)
    tilt = float(np.degrees(np.arctan2(along[1], along[0])))
    canvas.line(hand, hand + along * 10, 2.5, (44, 44, 46))
    canvas.ellipse(hand + along * 19, (10, 7.5), (226, 62, 44), angle=tilt, width=2.0)
    canvas.line(hand + along * 10, hand + along * 28, 0.6, (230, 230, 226))


def _ball(canvas: Canvas, props: Props, body: np.ndarray, sport: str) -> None:
    tennis = sport == "TennisServe"
    hand = body[Joint.BACK_HAND]
    if props.ball == "hand":
        place: np.ndarray | tuple[float, float] = hand
    elif props.ball == "bounce":
        place = (hand[0] + 4, hand[1] + (GROUND_Y - 4 - hand[1]) * props.drop)
    else:
        place = props.ball
    canvas.disc(place, 3.3 if tennis else 2.6, (222, 240, 76) if tennis else (252, 252, 252))


def _barbell(canvas: Canvas, props: Props, body: np.ndarray) -> None:
    middle = _hands(body)
    rest = GROUND_Y - BAR_REST
    if props.barbell == "floor":
        middle = np.array([START_X["CleanAndJerk"], rest])
    elif props.barbell == "loose":
        middle[1] += (rest - middle[1]) * props.drop**2
    middle[1] = min(middle[1], rest)
    x, y = middle
    canvas.line((x - BAR_HALF, y), (x + BAR_HALF, y), 2.6, (196, 198, 204))
    for side in (-1, 1):
        for offset, half, width, color in ((46, 12, 5, (214, 44, 46)), (53, 8, 4, (46, 118, 202))):
            plate = x + offset * side
            canvas.line((plate, y - half), (plate, y + half), width, color)
            canvas.line((plate - 1, y - half + 1), (plate - 1, y + half - 1), 1.0, shade(color, 1.3))


def _spray(canvas: Canvas, x: float, seconds: float, size: float, color: Color) -> None:
    rng = np.random.default_rng(5)  # always the same drops, seen at different moments
    time = 0.9 * seconds
    for _ in range(26):
        angle, speed = rng.uniform(-2.7, -0.45), rng.uniform(30, 95) * size
        drop = (
            x + np.cos(angle) * speed * time,
            GROUND_Y + np.sin(angle) * speed * time + 120 * size * time**2,
        )
        canvas.disc(drop, rng.uniform(1.2, 3) * size**0.5, color)
