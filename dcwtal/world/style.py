"""How one athlete, one venue and one day's light look: drawn by lot once a shot sequence, never by class."""

from dataclasses import dataclass

import numpy as np

from dcwtal.world.canvas import Color

SKINS: tuple[Color, ...] = (
    (240, 196, 158), (222, 164, 118), (176, 120, 84), (128, 84, 58), (230, 182, 142),
)  # fmt: skip
HAIRS: tuple[Color, ...] = ((42, 32, 28), (122, 76, 44), (214, 158, 70), (24, 22, 24), (150, 70, 40))
SHOES: tuple[Color, ...] = ((242, 242, 242), (232, 48, 48), (246, 206, 48), (48, 48, 52), (60, 200, 230))
SKIES: tuple[Color, ...] = (
    (104, 178, 236), (164, 208, 242), (232, 136, 150), (44, 62, 98), (196, 208, 224),
)  # fmt: skip
TURFS: tuple[Color, ...] = ((84, 160, 74), (66, 140, 62), (112, 172, 82), (74, 124, 64))
TRACKS: tuple[Color, ...] = ((188, 84, 62), (200, 98, 72), (64, 104, 164), (150, 78, 78))


@dataclass(frozen=True)
class Style:
    """RGB colors of body and venue, the strength of the light, and a seed for the details of the scenery."""

    shirt: Color
    shorts: Color
    skin: Color
    hair: Color
    shoe: Color
    sky: Color
    turf: Color
    track: Color
    light: float
    clock_on_left: bool
    seed: int


def draw_style(rng: np.random.Generator) -> Style:
    """A style by lot."""

    def one_of(colors: tuple[Color, ...]) -> Color:
        return colors[rng.integers(len(colors))]

    return Style(
        shirt=_cloth(rng),
        shorts=_cloth(rng, brightest=0.8),
        skin=one_of(SKINS),
        hair=one_of(HAIRS),
        shoe=one_of(SHOES),
        sky=one_of(SKIES),
        turf=one_of(TURFS),
        track=one_of(TRACKS),
        light=float(rng.uniform(0.86, 1.06)),
        clock_on_left=bool(rng.random() < 0.5),
        seed=int(rng.integers(1 << 30)),
    )


def _cloth(rng: np.random.Generator, brightest: float = 1.0) -> Color:
    """A textile color of any hue, from nearly white to strong."""
    hue, grey = rng.uniform(0, 1), rng.uniform(0.05, 0.6)
    value = rng.uniform(0.45, brightest)
    wheel = np.clip(np.abs((hue * 6 + np.array([0, 4, 2])) % 6 - 3) - 1, 0, 1)
    red, green, blue = (int(part) for part in 255 * value * (grey + (1 - grey) * wheel))
    return red, green, blue
