"""What a broadcast shows between the attempts: crowd, scoreboard, close-up, studio, skyline."""

from collections.abc import Callable

import numpy as np

from dcwtal.world.canvas import Canvas, mix, shade
from dcwtal.world.stage import FRAME_HEIGHT, FRAME_WIDTH
from dcwtal.world.style import HAIRS, SKINS, Style

DrawFrame = Callable[[Canvas, float], None]


def cutaway(kind: str, style: Style, seed: int) -> DrawFrame:
    """A function that draws the cut-away on a frame-sized canvas at a time in seconds."""
    return KINDS[kind](style, np.random.default_rng(seed))


def _crowd(style: Style, rng: np.random.Generator) -> DrawFrame:
    rows, columns = 8, 15
    row, column = np.mgrid[0:rows, 0:columns]
    x = column * 24 - 8 + (row % 2) * 12 + rng.normal(0, 2, row.shape)
    y = row * 34 + 6 + rng.normal(0, 2, row.shape)
    phase = rng.uniform(0, 6, row.shape)
    arms_up = rng.random(row.shape) < 0.25
    seats = range(rows * columns)
    shirts = [shade(rng.integers(40, 235, 3), 1) for _ in seats]
    skins = [SKINS[rng.integers(len(SKINS))] for _ in seats]
    hairs = [shade(HAIRS[rng.integers(len(HAIRS))], rng.uniform(0.7, 1.1)) for _ in seats]

    def draw(canvas: Canvas, seconds: float) -> None:
        canvas.rectangle(0, 0, FRAME_WIDTH, FRAME_HEIGHT, (64, 60, 70))
        hop = 5 * np.maximum(0, np.sin(seconds * 6 + phase * 0.5 + x / 60))
        for j in range(rows):
            for i in range(columns):
                px, py = float(x[j, i]), float(y[j, i] - hop[j, i])
                seat = j * columns + i
                shirt, skin = shirts[seat], skins[seat]
                if arms_up[j, i]:
                    for side in (-1, 1):
                        canvas.line((px + 8 * side, py + 12), (px + 11 * side, py - 8), 3.5, skin)
                canvas.rectangle(px - 9, py + 9, px + 9, py + 38, shirt)
                canvas.disc((px, py), 7.8, skin)
                canvas.ellipse((px, py - 2), (8.0, 7.0), hairs[seat], angle=-90, arc=(-85, 85))

    return draw


def _scoreboard(style: Style, rng: np.random.Generator) -> DrawFrame:
    letters = list("ABCDEFGHKLMNRSTUV")
    lines = [
        (f"{rng.integers(1, 9)}", "".join(rng.choice(letters, 3)), f"{rng.uniform(1, 9):.2f}")
        for _ in range(5)
    ]
    ink = tuple(int(part) for part in rng.integers(140, 255, 3))
    delay = float(rng.uniform(0.2, 0.45))

    def draw(canvas: Canvas, seconds: float) -> None:
        canvas.gradient(0, FRAME_HEIGHT, (30, 34, 44), (14, 16, 22))
        canvas.rectangle(20, 14, 300, 218, (140, 144, 150))
        canvas.rectangle(24, 18, 296, 214, (30, 38, 54))
        canvas.rectangle(24, 18, 296, 26, shade(ink, 0.6))
        for row, (rank, name, mark) in enumerate(lines[: 1 + int(seconds / delay)]):
            base = 62 + row * 34
            if row % 2:
                canvas.rectangle(30, base - 24, 290, base + 8, (38, 48, 66))
            for words, place in ((rank, 40), (name, 82), (mark, 196)):
                canvas.text(words, (place, base), 18, ink, weight=2)

    return draw


def _closeup(style: Style, rng: np.random.Generator) -> DrawFrame:
    backdrop = rng.integers(70, 215, 3)
    lights = [(rng.uniform(0, FRAME_WIDTH), rng.uniform(0, 200), rng.uniform(8, 26)) for _ in range(12)]
    speech = rng.uniform(8, 13)

    def draw(canvas: Canvas, seconds: float) -> None:
        canvas.gradient(0, FRAME_HEIGHT, backdrop, backdrop * 0.55)
        for lx, ly, radius in lights:  # out-of-focus lights
            canvas.disc((lx, ly), radius, mix(backdrop * 0.8, (255, 250, 235), 0.18))
        x = 160 + 6 * np.sin(seconds * 1.7)
        y = 104 + 3 * np.sin(seconds * 2.6)
        canvas.ellipse((x, 264), (106, 94), shade(style.shirt, 0.66))
        canvas.ellipse((x, 265), (103, 91), style.shirt)
        canvas.rectangle(x - 22, y + 40, x + 22, y + 82, shade(style.skin, 0.84))
        canvas.ellipse((x, y + 82), (22, 12), shade(style.skin, 0.84))
        for side in (-1, 1):
            canvas.ellipse((x + 50 * side, y + 6), (8, 13), shade(style.skin, 0.88))
        canvas.ellipse((x, y), (50, 62), style.skin)
        canvas.ellipse((x, y - 10), (54, 57), style.hair, arc=(180, 360))
        canvas.ellipse((x, y - 8), (47, 22), style.skin, arc=(180, 360))
        for side in (-1, 1):
            canvas.ellipse((x + 19 * side, y + 2), (8, 5), (250, 250, 250))
            canvas.disc((x + 19 * side, y + 2), 4.2, (40, 34, 34))
            canvas.line((x + 11 * side, y - 10), (x + 27 * side, y - 11), 3, shade(style.hair, 0.8))
        canvas.line((x, y + 6), (x + 4, y + 20), 2.4, shade(style.skin, 0.78))
        canvas.ellipse((x, y + 34), (15, 4 + 4 * abs(np.sin(seconds * speech))), (150, 62, 66))

    return draw


def _studio(style: Style, rng: np.random.Generator) -> DrawFrame:
    wall = rng.integers(90, 200, 3)
    jackets = [tuple(int(part) for part in rng.integers(30, 210, 3)) for _ in range(2)]
    skins = [SKINS[rng.integers(len(SKINS))] for _ in range(2)]
    screen = (60, 150, 205)

    def draw(canvas: Canvas, seconds: float) -> None:
        canvas.gradient(0, FRAME_HEIGHT, wall * 0.45, wall)
        for stripe in range(0, FRAME_WIDTH, 40):
            canvas.rectangle(stripe, 0, stripe + 2, 184, shade(wall, 0.62))
        canvas.rectangle(106, 18, 214, 92, (28, 30, 36))
        canvas.rectangle(110, 22, 210, 88, screen)
        canvas.disc((160 + 18 * np.sin(seconds * 0.8), 56), 15, shade(screen, 1.3))
        for person, x in enumerate((94, 228)):
            y = 112 + 3 * np.sin(seconds * 6 + person * 2)
            canvas.ellipse((x, 192), (45, 62), shade(jackets[person], 0.7))
            canvas.ellipse((x, 193), (43, 61), jackets[person])
            canvas.polygon([(x - 9, y + 26), (x + 9, y + 26), (x, y + 52)], (242, 242, 242))
            canvas.disc((x, y), 22, skins[person])
            canvas.ellipse((x, y - 4), (23, 20), (54, 38, 30), arc=(180, 360))
            for side in (-1, 1):
                canvas.disc((x + 8 * side, y + 2), 2, (36, 32, 32))
            canvas.ellipse((x, y + 12), (6, 1.5 + 2 * abs(np.sin(seconds * 9 + person * 1.5))), (150, 62, 66))
        canvas.rectangle(18, 180, 302, 240, (46, 50, 72))
        canvas.rectangle(18, 180, 302, 188, (226, 228, 232))
        canvas.rectangle(120, 200, 200, 228, (62, 70, 104))

    return draw


def _skyline(style: Style, rng: np.random.Generator) -> DrawFrame:
    heights, tones = rng.integers(40, 130, 16), rng.uniform(0.3, 0.7, 16)
    lit = rng.random((16, 12, 3)) < 0.4

    def draw(canvas: Canvas, seconds: float) -> None:
        canvas.gradient(0, FRAME_HEIGHT, style.sky, mix(style.sky, (250, 244, 232), 0.6))
        for k in range(16):
            x, top = k * 34 - 40 - seconds * 9, FRAME_HEIGHT - float(heights[k])
            tone = shade((140, 150, 166), tones[k])
            canvas.rectangle(x, top, x + 29, FRAME_HEIGHT, tone)
            for row in range(int(heights[k] // 14)):
                for window in range(3):
                    if lit[k, row, window]:
                        wx, wy = x + 4 + window * 8, top + 6 + row * 14
                        canvas.rectangle(wx, wy, wx + 4, wy + 6, shade(tone, 1.7))
        x = 60 + seconds * 24
        canvas.ellipse((x, 60), (35, 14), (196, 200, 208))
        canvas.ellipse((x, 59), (34, 12.6), (236, 238, 242))
        canvas.polygon([(x - 26, 60), (x - 42, 50), (x - 42, 70)], (206, 64, 60))
        canvas.line((x - 30, 60), (x + 30, 60), 2.4, (206, 64, 60))
        canvas.rectangle(x - 8, 72, x + 8, 78, (92, 94, 102))

    return draw


KINDS: dict[str, Callable[[Style, np.random.Generator], DrawFrame]] = {
    "crowd": _crowd,
    "scoreboard": _scoreboard,
    "closeup": _closeup,
    "studio": _studio,
    "skyline": _skyline,
}
