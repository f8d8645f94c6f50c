"""The eight venues. Each is painted once per style on a wide canvas; the camera then shows a part of it."""

from collections.abc import Callable

import numpy as np

from dcwtal.world.canvas import Canvas, mix, shade
from dcwtal.world.grandstand import paint_hoardings, paint_sky, paint_stand
from dcwtal.world.stage import (
    APPARATUS_X,
    FRAME_HEIGHT,
    GROUND_Y,
    PLATFORM_HEIGHT,
    SCENE_WIDTH,
    START_X,
    headroom,
)
from dcwtal.world.style import Style

WHITE = (240, 240, 238)
BOTTOM = float(FRAME_HEIGHT)


def paint_venue(sport: str, style: Style, supersampling: int) -> np.ndarray:
    """The empty venue of a sport: (h, w, 3) uint8 RGB, `supersampling` pixels a world unit.

    Its top edge is `-headroom(sport)` in the world, its left edge 0.
    """
    top = -headroom(sport)
    shape = ((FRAME_HEIGHT - top) * supersampling, SCENE_WIDTH * supersampling, 3)
    canvas = Canvas(np.zeros(shape, np.uint8), 0.0, float(top), float(supersampling))
    VENUES[sport](canvas, style, np.random.default_rng(style.seed))
    return np.clip(canvas.image * np.float32(style.light), 0, 255).astype(np.uint8)


def _athletics(canvas: Canvas, style: Style, rng: np.random.Generator) -> None:
    """Stands, hoardings and striped turf down to the runway."""
    paint_sky(canvas, style, 64, rng)
    paint_stand(canvas, 58, 118, rng)
    paint_hoardings(canvas, 120, 140, rng)
    canvas.gradient(143, GROUND_Y - 8, shade(style.turf, 0.78), style.turf)
    for x in range(0, SCENE_WIDTH, 140):  # mowing stripes
        canvas.polygon(
            [(x, GROUND_Y - 8), (x + 70, GROUND_Y - 8), (x + 62, 143), (x + 8, 143)], shade(style.turf, 0.9)
        )


def _runway(canvas: Canvas, color: tuple[int, int, int]) -> None:
    canvas.gradient(GROUND_Y - 8, BOTTOM, shade(color, 1.08), shade(color, 0.8))
    for y in (GROUND_Y - 8, GROUND_Y + 14, GROUND_Y + 36):
        canvas.line((0, y), (SCENE_WIDTH, y), 1.5, (236, 236, 232))


def _high_jump(canvas: Canvas, style: Style, rng: np.random.Generator) -> None:
    _athletics(canvas, style, rng)
    _runway(canvas, mix((56, 112, 186), style.track, 0.15))
    x = APPARATUS_X
    canvas.shadow((x + 70, GROUND_Y + 6), (76, 6))
    _mat(canvas, x + 8, x + 130, 24, (44, 96, 196))
    for post_x, foot, head in ((x - 4, 2, -70), (x + 40, -30, -82)):
        canvas.line((post_x, GROUND_Y + foot), (post_x, GROUND_Y + head), 3, (228, 228, 232))
        canvas.rectangle(post_x - 5, GROUND_Y + foot - 2, post_x + 5, GROUND_Y + foot + 2, (90, 90, 98))
    canvas.line((x - 6, GROUND_Y - 62), (x + 42, GROUND_Y - 72), 3, (238, 52, 52))
    for share in (0.25, 0.6):
        start = (x - 6 + 48 * share, GROUND_Y - 62 - 10 * share)
        canvas.line(start, (start[0] + 5, start[1] - 1), 3, WHITE)


def _long_jump(canvas: Canvas, style: Style, rng: np.random.Generator) -> None:
    _athletics(canvas, style, rng)
    _runway(canvas, mix((198, 84, 62), style.track, 0.15))
    x = APPARATUS_X
    canvas.rectangle(x - 20, GROUND_Y - 9, x + 330, GROUND_Y + 17, (196, 164, 116))
    canvas.rectangle(x - 16, GROUND_Y - 6, x + 326, GROUND_Y + 14, (232, 204, 152))
    for _ in range(170):  # raked sand
        at = (rng.uniform(x - 12, x + 315), rng.uniform(GROUND_Y - 4, GROUND_Y + 12))
        grain = shade((232, 204, 152), rng.uniform(0.88, 1.06))
        canvas.line(at, (at[0] + rng.uniform(3, 9), at[1]), 0.8, grain)
    canvas.rectangle(x - 48, GROUND_Y - 4, x - 40, GROUND_Y + 10, (246, 246, 246))
    canvas.rectangle(x - 40, GROUND_Y - 4, x - 37, GROUND_Y + 10, (70, 190, 110))


def _javelin(canvas: Canvas, style: Style, rng: np.random.Generator) -> None:
    _athletics(canvas, style, rng)
    canvas.gradient(GROUND_Y - 8, BOTTOM, style.turf, shade(style.turf, 0.82))
    x = APPARATUS_X
    canvas.rectangle(0, GROUND_Y - 7, x - 60, GROUND_Y + 13, shade(style.track, 1.0))
    for y in (GROUND_Y - 7, GROUND_Y + 13):
        canvas.line((0, y), (x - 60, y), 1.5, WHITE)
    canvas.ellipse((x - 62, GROUND_Y + 3), (7, 10), WHITE, arc=(-90, 90), width=2.5)
    for line_x in range(int(x), SCENE_WIDTH, 70):  # the sector
        canvas.line((line_x, GROUND_Y - 10), (line_x + 30, GROUND_Y + 46), 2, WHITE)
    for flag_x in range(int(x) + 46, SCENE_WIDTH, 140):
        canvas.line((flag_x, GROUND_Y - 12), (flag_x, GROUND_Y - 26), 1, (230, 230, 230))
        canvas.rectangle(flag_x, GROUND_Y - 28, flag_x + 8, GROUND_Y - 22, (245, 245, 240))


def _pole_vault(canvas: Canvas, style: Style, rng: np.random.Generator) -> None:
    _athletics(canvas, style, rng)
    _runway(canvas, mix((124, 76, 132), style.track, 0.15))
    x = APPARATUS_X
    canvas.shadow((x + 90, GROUND_Y + 6), (96, 6))
    _mat(canvas, x + 8, x + 170, 30, (206, 58, 62))
    for post_x, foot, head in ((x, 2, -134), (x + 50, -30, -146)):
        canvas.line((post_x, GROUND_Y + foot), (post_x, GROUND_Y + head), 4, (198, 202, 212))
        canvas.line((post_x - 1, GROUND_Y + foot), (post_x - 1, GROUND_Y + head), 1.4, (236, 238, 244))
        canvas.rectangle(post_x - 7, GROUND_Y + foot - 3, post_x + 7, GROUND_Y + foot + 2, (84, 84, 92))
    canvas.line((x - 3, GROUND_Y - 126), (x + 53, GROUND_Y - 136), 3, (250, 208, 44))
    canvas.polygon(
        [(x - 36, GROUND_Y + 4), (x - 16, GROUND_Y + 4), (x - 20, GROUND_Y - 3), (x - 32, GROUND_Y - 3)],
        (54, 54, 60),
    )


def _mat(canvas: Canvas, x0: float, x1: float, height: float, color: tuple[int, int, int]) -> None:
    """A landing mat with a lighter top, a seam and a darker foot."""
    top = GROUND_Y - height
    canvas.rectangle(x0, top, x1, GROUND_Y + 6, color)
    canvas.rectangle(x0, top, x1, top + 6, shade(color, 1.35))
    canvas.rectangle(x0, GROUND_Y - height / 2 + 2, x1, GROUND_Y - height / 2 + 3.2, shade(color, 0.72))
    canvas.rectangle(x0, GROUND_Y + 2, x1, GROUND_Y + 6, shade(color, 0.7))


def _diving(canvas: Canvas, style: Style, rng: np.random.Generator) -> None:
    canvas.gradient(canvas.top, GROUND_Y, (158, 196, 222), (214, 230, 240))
    for x in range(0, SCENE_WIDTH, 60):  # the tiled hall and its windows
        canvas.line((x, canvas.top), (x, 96), 1, (148, 184, 208))
    for y in range(int(canvas.top) + 20, 96, 44):
        canvas.line((0, y), (SCENE_WIDTH, y), 1, (150, 186, 210))
    for x in range(60, SCENE_WIDTH, 240):
        canvas.rectangle(x, canvas.top + 26, x + 120, canvas.top + 88, (226, 240, 248))
        canvas.rectangle(x + 58, canvas.top + 26, x + 61, canvas.top + 88, (160, 192, 214))
    paint_stand(canvas, 96, 142, rng)
    canvas.rectangle(0, 142, SCENE_WIDTH, GROUND_Y - 2, (226, 228, 222))
    canvas.rectangle(0, 142, SCENE_WIDTH, 147, (70, 130, 190))
    canvas.gradient(GROUND_Y - 2, BOTTOM, (54, 158, 220), (18, 88, 162))
    for x in range(0, SCENE_WIDTH, 46):
        y = GROUND_Y + 8 + (x * 7) % 26
        canvas.line((x, y), (x + 22, y), 1.4, (124, 200, 240))
    tower, height = START_X["Diving"] - 62, PLATFORM_HEIGHT
    canvas.rectangle(tower + 12, GROUND_Y - height + 9, tower + 30, GROUND_Y, (122, 126, 136))
    canvas.rectangle(tower + 12, GROUND_Y - height + 9, tower + 17, GROUND_Y, (146, 150, 160))
    canvas.rectangle(tower, GROUND_Y - height, tower + 80, GROUND_Y - height + 9, (158, 162, 172))
    canvas.rectangle(tower, GROUND_Y - height, tower + 80, GROUND_Y - height + 3, (70, 150, 210))
    for rail in (17, 34):
        canvas.line((tower + 2, GROUND_Y - height - rail), (tower + 32, GROUND_Y - height - rail), 2, WHITE)
    for post in (2, 32):
        canvas.line((tower + post, GROUND_Y - height), (tower + post, GROUND_Y - height - 34), 2.5, WHITE)


def _golf(canvas: Canvas, style: Style, rng: np.random.Generator) -> None:
    paint_sky(canvas, style, 150, rng)
    x = np.arange(0, SCENE_WIDTH + 20, 20)
    distant, near = mix(style.turf, style.sky, 0.45), shade(style.turf, 0.62)
    for depth, color, lift in ((0.4, distant, 0), (1.0, near, 16)):
        ridge = 122 + lift + 20 * np.sin(x / 70.0 + 4 * depth) + 10 * np.sin(x / 31.0 * depth)
        outline = [*zip(x, ridge, strict=True), (SCENE_WIDTH, GROUND_Y), (0, GROUND_Y)]
        canvas.polygon(outline, color)
    for _ in range(26):
        _tree(canvas, rng.uniform(0, SCENE_WIDTH), rng.uniform(114, 140), style, rng)
    canvas.gradient(164, BOTTOM, shade(style.turf, 1.18), shade(style.turf, 0.84))
    for stripe in range(0, SCENE_WIDTH, 120):
        canvas.polygon(
            [(stripe, BOTTOM), (stripe + 60, BOTTOM), (stripe + 52, 166), (stripe + 8, 166)],
            shade(style.turf, 1.06),
        )
    tee = START_X["GolfSwing"] + 24
    canvas.ellipse((APPARATUS_X + 190, 186), (60, 8), (236, 218, 172))
    canvas.ellipse((APPARATUS_X + 110, 176), (46, 5), shade(style.turf, 1.34))
    canvas.line((APPARATUS_X + 110, 176), (APPARATUS_X + 110, 116), 2, WHITE)
    flag = [(APPARATUS_X + 110, 116), (APPARATUS_X + 136, 124), (APPARATUS_X + 110, 133)]
    canvas.polygon(flag, (232, 52, 48))
    canvas.line((tee, GROUND_Y + 3), (tee, GROUND_Y - 1), 1.6, (236, 222, 190))


def _tree(canvas: Canvas, x: float, y: float, style: Style, rng: np.random.Generator) -> None:
    size, leaf = rng.uniform(14, 26), shade(style.turf, rng.uniform(0.45, 0.72))
    canvas.rectangle(x - 2.5, y + 8, x + 2.5, y + 38, (84, 62, 44))
    canvas.disc((x, y), size, leaf)
    canvas.disc((x - size * 0.25, y - size * 0.3), size * 0.62, shade(leaf, 1.16))


def _weightlifting(canvas: Canvas, style: Style, rng: np.random.Generator) -> None:
    canvas.gradient(canvas.top, GROUND_Y, (44, 54, 76), (78, 90, 116))
    for x in range(60, SCENE_WIDTH, 200):  # banners
        color = tuple(int(part) for part in rng.integers(60, 200, 3))
        canvas.rectangle(x, 12, x + 120, 112, (118, 44, 58))
        canvas.rectangle(x + 7, 19, x + 113, 105, color)
        canvas.disc((x + 60, 62), 26, shade(color, 1.25))
        canvas.disc((x + 60, 62), 16, shade(color, 0.8))
    for x in range(-20, SCENE_WIDTH, 100):  # cones of spot light
        canvas.line((x, canvas.top), (x + 30, canvas.top), 6, (250, 246, 220))
    paint_stand(canvas, 120, 152, rng)
    canvas.rectangle(0, 152, SCENE_WIDTH, GROUND_Y - 6, (66, 60, 66))
    canvas.rectangle(0, 152, SCENE_WIDTH, 156, (96, 88, 92))
    canvas.gradient(GROUND_Y - 6, BOTTOM, (206, 170, 120), (160, 122, 82))
    x = APPARATUS_X
    back, front = GROUND_Y - 6, GROUND_Y + 30
    platform = [(x - 124, back), (x + 124, back), (x + 142, front), (x - 142, front)]
    canvas.polygon(platform, (226, 196, 150))
    canvas.line((x - 124, GROUND_Y - 6), (x + 124, GROUND_Y - 6), 2, (198, 60, 58))
    canvas.line((x - 142, GROUND_Y + 30), (x + 142, GROUND_Y + 30), 2.5, (198, 60, 58))


def _tennis(canvas: Canvas, style: Style, rng: np.random.Generator) -> None:
    paint_sky(canvas, style, 40, rng)
    paint_stand(canvas, 34, 112, rng)
    canvas.rectangle(0, 112, SCENE_WIDTH, 150, (26, 74, 104))
    for x in range(20, SCENE_WIDTH, 150):
        canvas.rectangle(x, 119, x + 96, 142, (228, 232, 232))
        canvas.rectangle(x + 10, 127, x + 60, 134, (40, 110, 90))
        canvas.disc((x + 78, 130.5), 6, (220, 90, 60))
    canvas.gradient(150, BOTTOM, (48, 108, 160), (38, 86, 134))
    canvas.gradient(150, 166, (40, 120, 104), (46, 130, 112))
    x = APPARATUS_X
    canvas.line((0, 168), (SCENE_WIDTH, 168), 2, WHITE)
    canvas.line((0, GROUND_Y + 6), (SCENE_WIDTH, GROUND_Y + 6), 2.4, WHITE)
    canvas.line((x - 130, GROUND_Y + 6), (x - 180, BOTTOM), 2.4, WHITE)
    canvas.rectangle(x + 120, GROUND_Y - 52, x + 124, GROUND_Y + 8, (60, 62, 64))
    for net_x in np.arange(x + 124, SCENE_WIDTH, 8.0):
        canvas.line((net_x, GROUND_Y - 46), (net_x, GROUND_Y + 4), 0.5, (206, 210, 212))
    for net_y in np.arange(GROUND_Y - 46, GROUND_Y + 4, 8.0):
        canvas.line((x + 124, net_y), (SCENE_WIDTH, net_y), 0.5, (206, 210, 212))
    canvas.line((x + 122, GROUND_Y - 47), (SCENE_WIDTH, GROUND_Y - 47), 4, (250, 250, 250))


VENUES: dict[str, Callable[[Canvas, Style, np.random.Generator], None]] = {
    "CleanAndJerk": _weightlifting,
    "Diving": _diving,
    "GolfSwing": _golf,
    "HighJump": _high_jump,
    "JavelinThrow": _javelin,
    "LongJump": _long_jump,
    "PoleVault": _pole_vault,
    "TennisServe": _tennis,
}
