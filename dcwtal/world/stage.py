"""The measurements everything else agrees on: the frame, the ground, where each sport happens.

World coordinates are pixels of an unzoomed 320x240 frame: x to the right, y **down**, ground at `GROUND_Y`.
"""

FRAMES_PER_SECOND = 25
FRAME_WIDTH, FRAME_HEIGHT = 320, 240
SCENE_WIDTH = 1150  # a venue is painted once on a canvas this wide; the camera shows a part of it
GROUND_Y = 196.0
APPARATUS_X = 640.0  # where the bar, the sand pit, the net or the tee is
PLATFORM_HEIGHT = 170.0  # of the diving tower above the water

CLASS_NAMES = (
    "CleanAndJerk",
    "Diving",
    "GolfSwing",
    "HighJump",
    "JavelinThrow",
    "LongJump",
    "PoleVault",
    "TennisServe",
)
READABLE_NAMES = {
    "CleanAndJerk": "clean and jerk",
    "Diving": "diving",
    "GolfSwing": "golf swing",
    "HighJump": "high jump",
    "JavelinThrow": "javelin throw",
    "LongJump": "long jump",
    "PoleVault": "pole vault",
    "TennisServe": "tennis serve",
}
RUN_UP_SPORTS = ("HighJump", "LongJump", "JavelinThrow", "PoleVault")
STANDING_SPORTS = ("GolfSwing", "CleanAndJerk", "TennisServe")  # the athlete stays on one spot
WAITING_KINDS = ("idle", "walk", "stretch", "prepare", "jog", "celebrate", "mock")
CUTAWAY_KINDS = ("crowd", "scoreboard", "closeup", "studio", "skyline")

# Where the athlete stands before an attempt.
START_X = {
    "CleanAndJerk": APPARATUS_X,
    "Diving": 330.0,
    "GolfSwing": APPARATUS_X - 40,
    "HighJump": APPARATUS_X - 260,
    "JavelinThrow": APPARATUS_X - 290,
    "LongJump": APPARATUS_X - 290,
    "PoleVault": APPARATUS_X - 285,
    "TennisServe": APPARATUS_X - 120,
}


def standing_height(sport: str) -> float:
    """Height above `GROUND_Y` of the surface the waiting athlete stands on."""
    return PLATFORM_HEIGHT if sport == "Diving" else 0.0


def headroom(sport: str) -> int:
    """How far the painted venue reaches above the unzoomed frame, in world pixels."""
    return 150 if sport in ("Diving", "PoleVault") else 40
