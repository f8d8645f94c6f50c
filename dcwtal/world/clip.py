"""One activity of one athlete, frame by frame, before anything is drawn."""

from dataclasses import dataclass, field

import numpy as np

from dcwtal.world.poses import STANDING, Angle


@dataclass(frozen=True)
class Javelin:
    """Held (`place` is None) or flying with its middle at `place`; positive `angle` (degrees) points down."""

    angle: float
    place: tuple[float, float] | None = None


@dataclass(frozen=True)
class Pole:
    """A vaulting pole: carried at an angle, planted (bending to the hands), or falling after release."""

    state: str  # "carried" | "planted" | "falling"
    degrees: float = 0.0  # carried: above horizontal; falling: past vertical
    box_x: float = 0.0  # where its foot stands when planted or falling


@dataclass(frozen=True)
class Props:
    """The things that belong to the athlete in one frame; None where the sport has no such thing."""

    javelin: Javelin | None = None
    pole: Pole | None = None
    club_degrees: float | None = None
    racket: bool = False
    ball: tuple[float, float] | str | None = None  # a place, "hand" or "bounce"
    barbell: str | None = None  # "floor" | "hands" | "loose"
    drop: float = 0.0  # 0..1, how far a loose barbell or a bouncing ball has fallen
    sand: tuple[float, float] | None = None  # (x, seconds since landing)
    splash: tuple[float, float] | None = None  # (x, 0..1 of its life)


@dataclass
class Clip:
    """`frames` frames of one activity; every array has one row a frame."""

    activity: str  # "action" or one of stage.WAITING_KINDS
    sport: str  # whose venue and whose props
    pose: np.ndarray  # (n, 10) degrees
    x: np.ndarray  # (n,) pelvis, world pixels
    lift: np.ndarray  # (n,) height of the lowest point of the body, so feet never sink or float
    pelvis: np.ndarray  # (n,) height of the pelvis where it leads instead (vault, dive), else nan
    facing: np.ndarray  # (n,) 1 looks right, -1 looks left; a body that turns round passes through 0
    hidden: np.ndarray  # (n,) bool: under water
    peak: np.ndarray  # (n,) bool: the part that tells the sport at a glance
    props: list[Props] = field(default_factory=list)
    cue: bool = False  # the official's flag is up and the attempt clock runs (see officials.py)

    @classmethod
    def standing(cls, activity: str, sport: str, frames: int, x: float) -> "Clip":
        """An athlete who stands still at `x`."""
        return cls(
            activity=activity,
            sport=sport,
            pose=np.tile(STANDING, (frames, 1)),
            x=np.full(frames, float(x)),
            lift=np.zeros(frames),
            pelvis=np.full(frames, np.nan),
            facing=np.ones(frames),
            hidden=np.zeros(frames, bool),
            peak=np.zeros(frames, bool),
            props=[Props()] * frames,
        )

    @property
    def frames(self) -> int:
        return len(self.x)

    @property
    def is_action(self) -> bool:
        return self.activity == "action"

    @property
    def frontal(self) -> bool:
        """Lifters face the viewer; everybody else is seen from the side."""
        return self.sport == "CleanAndJerk"

    def rotate(self, angle: Angle, degrees: np.ndarray | float) -> None:
        """Adds degrees to one joint in every frame."""
        self.pose[:, angle] += degrees


def clip_times(clip: Clip, fps: float) -> np.ndarray:
    """(n,) seconds since the start of the clip."""
    return np.arange(clip.frames) / fps
