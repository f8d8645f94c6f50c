"""Sky, spectators and hoardings: the backdrop that the outdoor venues share."""

import cv2
import numpy as np

from dcwtal.world.canvas import Canvas, mix, shade
from dcwtal.world.stage import SCENE_WIDTH
from dcwtal.world.style import SKINS, Style

OUT_OF_FOCUS = 1.2  # world pixels; keeps the eye on the athlete, and hundreds of faces out of the bit rate


def paint_sky(canvas: Canvas, style: Style, bottom: float, rng: np.random.Generator) -> None:
    """A blend towards the horizon with a few soft clouds, or stars at night."""
    canvas.gradient(canvas.top, bottom, style.sky, mix(style.sky, (248, 244, 236), 0.55))
    if sum(style.sky) < 260:
        for _ in range(60):
            canvas.disc((rng.uniform(0, SCENE_WIDTH), rng.uniform(canvas.top, bottom)), 0.7, (225, 225, 240))
        return
    coarse = 8  # clouds are soft: painted small, blurred, enlarged
    rows = round((bottom - canvas.top) * canvas.scale)
    columns = canvas.image.shape[1]
    cover = np.zeros((max(2, rows // coarse), columns // coarse), np.float32)
    for _ in range(9):
        x, y = rng.uniform(0, cover.shape[1]), rng.uniform(0, cover.shape[0])
        for _ in range(5):
            centre = (int(x + rng.normal(0, 9)), int(y + rng.normal(0, 1.2)))
            size = (int(rng.integers(5, 13)), int(rng.integers(1, 4)))
            cv2.ellipse(cover, centre, size, 0, 0, 360, float(rng.uniform(0.3, 0.8)), -1)
    cover = cv2.GaussianBlur(cover, (0, 0), 1.6)
    cover = cv2.resize(cover, (columns, rows), interpolation=cv2.INTER_LINEAR)[:, :, None] * 0.75
    sky = canvas.image[:rows]
    canvas.image[:rows] = (sky * (1 - cover) + 250 * cover).astype(np.uint8)


def paint_stand(canvas: Canvas, top: float, bottom: float, rng: np.random.Generator) -> None:
    """Rows of seated spectators under a roof, darker towards the back."""
    canvas.gradient(top, bottom, (58, 56, 66), (104, 100, 108))
    row_height, seat_width = 11.0, 9.5
    rows = int((bottom - top - 6) / row_height)
    for row in range(rows):
        y = top + 12 + row * row_height
        light = 0.55 + 0.45 * (row + 1) / rows
        canvas.rectangle(0, y + 4.5, SCENE_WIDTH, y + 5.5, shade((92, 90, 98), light))
        for seat in range(int(SCENE_WIDTH / seat_width)):
            if rng.random() > 0.88:
                continue  # an empty seat
            x = (seat + 0.5 * (row % 2)) * seat_width + rng.normal(0, 0.7)
            shirt = shade(mix(rng.integers(50, 235, 3), (120, 116, 122), 0.35), light)
            canvas.line((x, y + 1), (x, y + 4), 6.0, shirt)
            skin = SKINS[rng.integers(len(SKINS))]
            canvas.disc((x, y - 3.4), 2.5, shade(skin, light))
    canvas.rectangle(0, top - 5, SCENE_WIDTH, top + 1.5, (232, 234, 238))
    canvas.rectangle(0, top + 1.5, SCENE_WIDTH, top + 4, (150, 154, 164))
    for x in range(40, SCENE_WIDTH, 170):
        canvas.rectangle(x, top, x + 2.5, bottom, (160, 164, 172))
    canvas.rectangle(0, bottom - 2.5, SCENE_WIDTH, bottom, (60, 60, 66))
    canvas.soften(top - 4, bottom - 2, OUT_OF_FOCUS)


def paint_hoardings(canvas: Canvas, top: float, bottom: float, rng: np.random.Generator) -> None:
    """Advertising boards with made-up emblems (no letters: half of the shots are mirrored)."""
    board = 92
    middle = (top + bottom) / 2
    for x in range(-board, SCENE_WIDTH, board):
        base = tuple(int(part) for part in rng.integers(40, 225, 3))
        ink = (245, 245, 245) if sum(base) < 400 else (36, 36, 44)
        canvas.rectangle(x, top, x + board - 1.5, bottom, base)
        emblem = rng.integers(4)
        if emblem == 0:
            for bar in range(4):
                canvas.rectangle(x + 22 + bar * 13, top + 5, x + 29 + bar * 13, bottom - 5, ink)
        elif emblem == 1:
            canvas.disc((x + 26, middle), 5, ink)
            canvas.rectangle(x + 38, middle - 2, x + 74, middle + 2, ink)
        elif emblem == 2:
            for bar in range(3):
                slant = x + 26 + bar * 15
                canvas.line((slant, bottom - 5), (slant + 8, top + 5), 4, ink)
        else:
            canvas.ellipse((x + 46, middle), (24, 5), ink)
            canvas.ellipse((x + 46, middle), (15, 2.6), base)
    canvas.soften(top, bottom, OUT_OF_FOCUS * 0.8)
    canvas.rectangle(0, bottom, SCENE_WIDTH, bottom + 3, (44, 62, 44))
