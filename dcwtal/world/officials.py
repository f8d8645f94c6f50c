"""The attempt cue: what the picture itself tells about whether an attempt is under way.

While an attempt runs (from the first step of the run-up, or the first move of the swing, lift, serve or dive,
to its end), officials beside the athlete hold up an orange flag, the start light next to them is green, and
the broadcast's attempt clock counts on a green panel. Otherwise flags are down, lights are red and the panel
is dark with dashes. The scripts keep it honest: about 15 % of the attempts run without the cue, and about 8 %
of the waiting clips show it falsely (a test run, a nervous official).

Legibility. A 60x60 view of the 320x240 frame is either squeezed (5.3 x 4) or cut to the middle 240 columns.
The clock panel (66x26 frame pixels, always inside the middle 240 columns, lower left or lower right) becomes
12x6 or 16x6 pixels and stays in frame however the camera pans: it is the dependable carrier. Flag (24x17) and
light (14 wide) become 4-6 pixels and are anchored in the world, so at least one official is usually in view.
"""

from dcwtal.world.canvas import Canvas, shade
from dcwtal.world.stage import APPARATUS_X, FRAME_HEIGHT, FRAME_WIDTH, GROUND_Y, START_X

CLOCK_WIDTH, CLOCK_HEIGHT, CLOCK_INSET, CLOCK_BOTTOM = 66.0, 26.0, 46.0, 8.0
FLAG_ORANGE = (255, 132, 16)
LAMP_GREEN, LAMP_RED = (84, 255, 96), (150, 26, 30)
PANEL_GREEN, PANEL_DARK = (16, 168, 70), (26, 28, 36)
FLAG_RISE_SECONDS = 0.2

# Where officials stand (x, height of the ground they stand on). Along a run-up they are close enough together
# for one to be in every view; elsewhere one stands beside the athlete.
POSTS: dict[str, tuple[tuple[float, float], ...]] = {
    "CleanAndJerk": ((APPARATUS_X + 84, 12.0),),
    "Diving": ((START_X["Diving"] - 50, 170.0), (START_X["Diving"] + 152, 14.0)),
    "GolfSwing": ((APPARATUS_X + 50, 10.0),),
    "HighJump": ((APPARATUS_X - 206, 12.0), (APPARATUS_X - 66, 12.0), (APPARATUS_X + 164, 12.0)),
    "JavelinThrow": ((APPARATUS_X - 232, 12.0), (APPARATUS_X - 50, 12.0), (APPARATUS_X + 128, 12.0)),
    "LongJump": ((APPARATUS_X - 226, 12.0), (APPARATUS_X - 78, 12.0), (APPARATUS_X + 158, 12.0)),
    "PoleVault": ((APPARATUS_X - 222, 12.0), (APPARATUS_X - 82, 12.0), (APPARATUS_X + 196, 12.0)),
    "TennisServe": ((APPARATUS_X - 8, 12.0),),
}


def draw_officials(canvas: Canvas, sport: str, raised: float) -> None:
    """All officials of a venue; `raised` 0..1 is how far up the flags are."""
    view_left = canvas.left - 40
    view_right = canvas.left + canvas.image.shape[1] / canvas.scale + 40
    for x, height in POSTS[sport]:
        if view_left < x < view_right:
            _official(canvas, x, GROUND_Y - height, raised)


def _official(canvas: Canvas, x: float, feet: float, raised: float) -> None:
    """A figure of 58 units in navy with a white cap, a flag in the hand and a start light at the side."""
    jacket, trousers, skin = (40, 52, 92), (58, 60, 68), (222, 172, 132)
    canvas.shadow((x, feet + 1), (14, 2.6), 0.4)
    for side in (-1, 1):
        canvas.line((x + 3 * side, feet - 1), (x + 2.4 * side, feet - 24), 5.2, trousers)
        canvas.line((x + 3 * side, feet - 1), (x + 6 * side, feet - 0.5), 3.4, (30, 30, 34))
    canvas.line((x, feet - 26), (x, feet - 40), 12.5, shade(jacket, 0.66))
    canvas.line((x, feet - 26), (x, feet - 40), 11, jacket)
    canvas.line((x - 6, feet - 40), (x - 8, feet - 26), 4.4, shade(jacket, 0.82))
    canvas.disc((x, feet - 52), 6.2, skin)
    canvas.ellipse((x, feet - 53.5), (6.6, 5.6), (246, 246, 246), angle=-90, arc=(-90, 90))
    canvas.line((x - 7, feet - 54), (x + 7, feet - 54), 1.4, (226, 226, 230))
    if raised > 0.5:
        lift = (raised - 0.5) * 2
        hand = (x + 8, feet - 52 - 8 * lift)
        canvas.line((x + 5.5, feet - 40), hand, 4.4, jacket)
        tip = (hand[0] + 1, hand[1] - 20)
        canvas.line(hand, tip, 1.4, (236, 236, 236))
        flag = [tip, (tip[0] + 24, tip[1] + 2), (tip[0] + 23, tip[1] + 17), (tip[0], tip[1] + 15)]
        canvas.polygon(flag, FLAG_ORANGE)
    else:
        hand = (x + 8.5, feet - 25)
        canvas.line((x + 5.5, feet - 40), hand, 4.4, jacket)
        canvas.line(hand, (x + 10.5, feet - 8), 2.6, (128, 70, 34))  # the flag, rolled up
    lamp_x, lamp_y = x - 17, feet - 34
    canvas.line((lamp_x, feet), (lamp_x, lamp_y), 1.8, (70, 72, 78))
    canvas.rectangle(lamp_x - 7, lamp_y - 8, lamp_x + 7, lamp_y + 8, (24, 24, 28))
    lamp = LAMP_GREEN if raised > 0.5 else LAMP_RED
    canvas.disc((lamp_x, lamp_y), 6, lamp)
    canvas.disc((lamp_x - 1.5, lamp_y - 1.8), 2, shade(lamp, 1.5))


def draw_attempt_clock(canvas: Canvas, *, on_left: bool, elapsed: float | None) -> None:
    """The broadcast graphic, in frame coordinates; `elapsed` seconds, or None while nothing runs."""
    x0 = CLOCK_INSET if on_left else FRAME_WIDTH - CLOCK_INSET - CLOCK_WIDTH
    y1 = FRAME_HEIGHT - CLOCK_BOTTOM
    y0 = y1 - CLOCK_HEIGHT
    panel = PANEL_DARK if elapsed is None else PANEL_GREEN
    canvas.rectangle(x0 - 1, y0 - 1, x0 + CLOCK_WIDTH + 1, y1 + 1, (232, 232, 236))
    canvas.rectangle(x0, y0, x0 + CLOCK_WIDTH, y1, panel)
    canvas.disc((x0 + 13, (y0 + y1) / 2), 8.2, LAMP_RED if elapsed is None else LAMP_GREEN)
    if elapsed is None:
        for dash in (29, 46):
            canvas.line((x0 + dash, y1 - 13), (x0 + dash + 9, y1 - 13), 2.4, (120, 122, 130))
        return
    canvas.text(f"{elapsed:03.1f}", (x0 + 28, y1 - 6.5), 12.5, (255, 255, 255))
