"""Golf swing and tennis serve: one implement, one ball, one stroke."""

import numpy as np

from dcwtal.world.clip import Clip, Props, clip_times
from dcwtal.world.poses import follow_keys, follow_table
from dcwtal.world.stage import GROUND_Y, START_X

#    time  lean  front arm  back arm   front leg  back leg   turn
SWING = (
    (0.00, 26, 2, 2, -2, 2, 12, 18, -12, 18, 0),
    (0.60, 26, -50, 5, -46, 5, 10, 16, -14, 20, 0),
    (1.10, 20, -148, 20, -140, 10, 4, 14, -16, 26, 0),
    (1.35, 22, -152, 20, -146, 10, 4, 14, -16, 26, 0),
    (1.50, 24, -60, 5, -56, 5, 14, 14, -14, 24, 0),
    (1.62, 22, 12, 2, 14, 2, 18, 10, -14, 26, 0),
    (1.90, 2, 120, 15, 124, 20, 16, 4, -22, 34, 0),
    (2.90, -8, 165, 50, 160, 50, 14, 2, -26, 44, 0),
)
CLUB_DEGREES = np.array([4.0, -80, -250, -262, -120, 10, 170, 262])
SWING_LENGTH, SWING_CONTACT = 2.9, 1.61
SERVE = (
    (0.00, 3, 20, 40, 30, 30, 4, 4, -4, 4, 0),
    (0.50, 4, -20, 30, 60, 20, 12, 16, -8, 10, 0),
    (0.90, -10, -80, 40, 160, 5, 22, 36, -6, 36, 0),
    (1.15, -20, -120, 120, 172, 0, 24, 44, -2, 46, 0),
    (1.35, -4, -180, 70, 110, 30, 8, 6, -14, 6, 0),
    (1.50, 14, -200, 5, 40, 70, 10, 2, -24, 10, 0),
    (1.75, 36, -290, 5, 10, 80, 46, 40, -40, 40, 0),
    (2.10, 40, -340, 10, 0, 60, 50, 52, -44, 50, 0),
    (2.70, 8, -340, 30, 6, 30, 12, 12, -10, 12, 0),
)
SERVE_LENGTH, SERVE_CONTACT, SERVE_TOSS = 2.7, 1.48, 0.75


def golf_swing(tempo: float, fps: float) -> Clip:
    """Take-away, top, downswing, follow-through; the peak is from the top to the follow-through."""
    seconds = 3.4 * tempo
    clip = Clip.standing("action", "GolfSwing", round(seconds * fps), START_X["GolfSwing"])
    times = clip_times(clip, fps) * SWING_LENGTH / seconds
    swing_at(clip, times)
    clip.peak = (times > 0.9) & (times < 2.1)
    return clip


def swing_at(clip: Clip, times: np.ndarray, *, hits: bool = True) -> None:
    """Poses the golfer and the club at choreography times (n,); a rehearsal does not hit the ball."""
    clip.pose = follow_table(SWING, times)
    clubs = follow_keys([row[0] for row in SWING], CLUB_DEGREES, times)
    tee = (START_X["GolfSwing"] + 24, GROUND_Y - 3)
    props = []
    for club, time in zip(clubs, times, strict=True):
        flown = time - SWING_CONTACT if hits else -1.0
        ball = (tee[0] + flown * 620, tee[1] - flown * 330 + 60 * flown**2) if flown > 0 else tee
        props.append(Props(club_degrees=float(club), ball=ball))
    clip.props = props


def tennis_serve(tempo: float, fps: float) -> Clip:
    """Toss, trophy pose, hit, follow-through; the peak is from the trophy pose to the follow-through."""
    seconds = 3.35 * tempo
    clip = Clip.standing("action", "TennisServe", round(seconds * fps), START_X["TennisServe"])
    times = clip_times(clip, fps) * SERVE_LENGTH / seconds
    serve_at(clip, times)
    jump = np.sin(np.clip((times - 1.3) / 0.45, 0, 1) * np.pi)
    clip.lift = 9 * jump
    clip.x = clip.x + 26 * np.clip((times - 1.3) / 0.8, 0, 1)
    clip.peak = (times > 0.85) & (times < 2.0)
    return clip


def serve_at(clip: Clip, times: np.ndarray, *, tosses: bool = True) -> None:
    """Poses the server at choreography times (n,); a rehearsal keeps the ball in the hand."""
    clip.pose = follow_table(SERVE, times)
    place = START_X["TennisServe"]
    props = []
    for time in times:
        tossed = time - SERVE_TOSS
        if tossed < 0 or not tosses:
            ball: tuple[float, float] | str = "hand"
        elif time < SERVE_CONTACT:
            ball = (place + 22, GROUND_Y - 92 - tossed * 190 + tossed**2 * 150)
        else:
            ball = (place + 24 + (time - SERVE_CONTACT) * 520, GROUND_Y - 152 + (time - SERVE_CONTACT) * 120)
        props.append(Props(racket=True, ball=ball))
    clip.props = props
