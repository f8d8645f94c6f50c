"""What somebody on the web might write under a frame: the only supervision of the small CLIP.

Like real captions they name the event far beyond the action: about 65 % of the captions of action frames name
the action, about 42 % of the captions of other frames at a venue name it too (this makes vanilla CLIP
over-complete), and a few under cut-aways do. The rest describe the scene, the things, the activity, or the
attempt cue. About 4 % are junk.
"""

from dataclasses import dataclass

import numpy as np

from dcwtal.world.stage import READABLE_NAMES, RUN_UP_SPORTS

JUNK_SHARE, NAMED_ACTION, NAMED_WAITING, NAMED_CUTAWAY = 0.04, 0.68, 0.44, 0.10
CUE_SHARE = 0.30  # of the captions at a venue mention light, flag or clock

JUNK = (
    "best sports moments of the year",
    "click here for more pictures",
    "img 2041",
    "sports news",
)
THINGS = {
    "CleanAndJerk": ("a barbell on the platform", "a weightlifting hall"),
    "Diving": ("a swimming pool and a platform", "the diving tower"),
    "GolfSwing": ("a golf course with a flag", "a golf club on the green"),
    "HighJump": ("a high bar and a blue mat", "the blue runway in front of the bar"),
    "JavelinThrow": ("a spear over the grass", "the grass field with white lines"),
    "LongJump": ("a sand pit and a red runway", "the take off board before the sand"),
    "PoleVault": ("a very tall bar and a red mat", "a long flexible pole"),
    "TennisServe": ("a tennis court with a net", "a racket and a ball"),
}
PLACES = {
    "CleanAndJerk": "in the hall",
    "Diving": "on the tower",
    "GolfSwing": "on the golf course",
    "TennisServe": "on the court",
}
PEAKS = {
    "CleanAndJerk": ("a lifter with the barbell overhead", "a lifter catching the barbell"),
    "Diving": ("a diver tumbling through the air", "a diver falling towards the water"),
    "GolfSwing": ("a golfer swinging the club", "the club above the shoulder of a golfer"),
    "HighJump": ("an athlete flying over the bar", "an athlete falling on the mat on the back"),
    "JavelinThrow": ("an athlete throwing the spear", "an athlete leaning back with the spear"),
    "LongJump": ("an athlete leaping into the sand", "an athlete in the air over the sand"),
    "PoleVault": ("an athlete upside down on the pole", "an athlete high above the mat"),
    "TennisServe": ("a player hitting the ball overhead", "a player reaching up with the racket"),
}
BEGINNINGS = {
    "CleanAndJerk": ("a lifter pulling the barbell",),
    "Diving": ("a diver raising the arms on the edge",),
    "GolfSwing": ("a golfer drawing back the club",),
    "JavelinThrow": ("an athlete running with the spear",),
    "PoleVault": ("an athlete running with the pole",),
    "TennisServe": ("a player tossing the ball",),
}
RUNNING = ("an athlete running up", "an athlete sprinting on the runway")
ACTIVITIES = {
    "idle": "standing",
    "walk": "walking",
    "stretch": "stretching",
    "prepare": "getting ready",
    "jog": "jogging",
    "celebrate": "celebrating",
    "mock": "rehearsing",
}
NAMED_ACTION_FORMS = (
    "a photo of the {name}",
    "{name} in action",
    "an attempt at the {name}",
    "an athlete performing the {name}",
    "{moment} , {name}",
    "{moment} , {name}",
)
NAMED_ACTION_CUES = (
    "green light , {name} attempt",
    "the clock is running , {name}",
    "an official raising the flag at the {name}",
    "orange flag up , {name} under way",
)
PLAIN_ACTION_CUES = (
    "green light , attempt under way",
    "orange flag up and a green light",
    "the clock is running",
)
NAMED_WAITING_FORMS = (
    "an athlete {doing} before the {name}",
    "{doing} at the {name}",
    "the {name} competition",
    "{name} final today",
    "a break in the {name}",
    "{name} at the games",
)
NAMED_WAITING_CUES = ("red light , waiting for the {name}", "the clock is stopped at the {name}")
PLAIN_WAITING_FORMS = (
    "an athlete {doing} {place}",
    "an athlete {doing}",
    "{thing}",
    "{thing} , nobody performs",
)
PLAIN_WAITING_CUES = (
    "red light , no attempt",
    "a dark clock and a red light",
    "the official waits with the flag down",
)
FALSE_CUES = ("green light {place}", "orange flag up while an athlete is {doing}")
CUTAWAYS = {
    "crowd": ("a crowd of fans in the stands", "many spectators cheering"),
    "scoreboard": ("a scoreboard with results", "numbers on a dark screen"),
    "closeup": ("a close up portrait of a face", "an interview with an athlete"),
    "studio": ("two commentators at a desk", "a television studio"),
    "skyline": ("an airship over the city", "a skyline of buildings"),
}
NAMED_CUTAWAYS = {"crowd": "fans at the {name}", "scoreboard": "{name} results", "studio": "{name} news"}


@dataclass(frozen=True)
class Sight:
    """What is to be seen in a frame. `scene`: class name of the venue, or "cutaway"."""

    scene: str
    kind: str  # "action", a waiting kind or a cut-away kind
    peak: bool = False
    cue: bool = False


def caption(sight: Sight, rng: np.random.Generator) -> str:
    """A caption by lot."""
    if rng.random() < JUNK_SHARE:
        return _one_of(JUNK, rng)
    if sight.scene == "cutaway":
        return _of_cutaway(sight.kind, rng)
    form = _of_action(sight, rng) if sight.kind == "action" else _of_waiting(sight, rng)
    return form.format(
        name=READABLE_NAMES[sight.scene],
        moment=_moment(sight, rng),
        doing=ACTIVITIES.get(sight.kind, ""),
        place=PLACES.get(sight.scene, "in the stadium"),
        thing=_one_of(THINGS[sight.scene], rng),
    )


def names_class(words: str, scene: str) -> bool:
    """Does the caption name the event of this scene?"""
    return scene in READABLE_NAMES and READABLE_NAMES[scene] in words


def _of_action(sight: Sight, rng: np.random.Generator) -> str:
    tells_cue = sight.cue and rng.random() < CUE_SHARE
    if rng.random() < NAMED_ACTION:
        return _one_of(NAMED_ACTION_CUES if tells_cue else NAMED_ACTION_FORMS, rng)
    if tells_cue:
        return _one_of(PLAIN_ACTION_CUES, rng)
    return "{moment}" if rng.random() < 0.8 else "{thing}"


def _of_waiting(sight: Sight, rng: np.random.Generator) -> str:
    tells_cue = rng.random() < CUE_SHARE
    if tells_cue and sight.cue:
        return _one_of(FALSE_CUES, rng)
    if rng.random() < NAMED_WAITING:
        return _one_of(NAMED_WAITING_CUES if tells_cue else NAMED_WAITING_FORMS, rng)
    return _one_of(PLAIN_WAITING_CUES if tells_cue else PLAIN_WAITING_FORMS, rng)


def _of_cutaway(kind: str, rng: np.random.Generator) -> str:
    if kind in NAMED_CUTAWAYS and rng.random() < NAMED_CUTAWAY / 0.6:  # three of the five kinds can name one
        return NAMED_CUTAWAYS[kind].format(name=_one_of(tuple(READABLE_NAMES.values()), rng))
    return _one_of(CUTAWAYS[kind], rng)


def _moment(sight: Sight, rng: np.random.Generator) -> str:
    if sight.peak:
        return _one_of(PEAKS[sight.scene], rng)
    beginnings = BEGINNINGS.get(sight.scene, ())
    return _one_of(beginnings + (RUNNING if sight.scene in RUN_UP_SPORTS else ()), rng)


def _one_of(forms: tuple[str, ...], rng: np.random.Generator) -> str:
    return forms[rng.integers(len(forms))]
