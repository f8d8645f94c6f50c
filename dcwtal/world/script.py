"""A video as data before any pixel: its shots, its labels, and from them the exact ground truth."""

from dataclasses import dataclass

import numpy as np

from dcwtal.world.clip import Clip
from dcwtal.world.shots import CutawayShot, SceneShot, Shot, needs_cut_after, scene_shot
from dcwtal.world.sports import perform
from dcwtal.world.stage import APPARATUS_X, CLASS_NAMES, CUTAWAY_KINDS, FRAMES_PER_SECOND, START_X
from dcwtal.world.style import Style, draw_style
from dcwtal.world.waiting import wait

USUAL_SECONDS = 50.0
CUE_IN_ATTEMPT, CUE_WHILE_WAITING = 0.85, 0.08
CUTAWAY_CHANCE, FOREIGN_CHANCE, EXTRA_CHANCE = 0.8, 0.42, 0.2  # per cycle around one attempt
BEFORE = {"idle": 0.15, "stretch": 0.15, "prepare": 0.25, "walk": 0.15, "mock": 0.30}
SECOND_BEFORE = ("jog", "mock", "idle", "stretch")
AFTER = {"celebrate": 0.35, "walk": 0.40, "idle": 0.25}
ELSEWHERE = ("idle", "walk", "stretch", "prepare", "jog", "celebrate")


@dataclass(frozen=True)
class Run:
    """Consecutive frames [`start`, `end`) of one activity."""

    start: int
    end: int
    kind: str  # "action", a waiting kind or a cut-away kind
    scene: str  # class name of the venue, or "cutaway"
    peak: tuple[int, int] | None
    cue: bool
    foreign: bool

    @property
    def is_action(self) -> bool:
        return self.kind == "action"


@dataclass(frozen=True)
class Script:
    """`labels`: the video-level classes, alphabetical."""

    labels: tuple[str, ...]
    shots: tuple[Shot, ...]
    fps: int = FRAMES_PER_SECOND

    @property
    def frames(self) -> int:
        return sum(shot.frames for shot in self.shots)

    @property
    def duration(self) -> float:
        return self.frames / self.fps

    def runs(self) -> list[Run]:
        """Every frame exactly once, in order."""
        runs: list[Run] = []
        at = 0
        for shot in self.shots:
            if isinstance(shot, CutawayShot):
                runs.append(Run(at, at + shot.frames, shot.kind, "cutaway", None, False, False))
                at += shot.frames
                continue
            for clip in shot.clips:
                runs.append(_run_of(clip, at, shot))
                at += clip.frames
        return runs

    def annotations(self) -> list[dict]:
        """ActivityNet's form: [{"label", "segment": [start, end] in seconds}], in order of time."""
        return [
            {"label": run.scene, "segment": [self.seconds(run.start), self.seconds(run.end)]}
            for run in self.runs()
            if run.is_action
        ]

    def seconds(self, frame: int) -> float:
        return round(frame / self.fps, 6)


def _run_of(clip: Clip, start: int, shot: SceneShot) -> Run:
    peak_frames = np.flatnonzero(clip.peak)
    peak = (start + int(peak_frames[0]), start + int(peak_frames[-1]) + 1) if len(peak_frames) else None
    return Run(start, start + clip.frames, clip.activity, shot.venue, peak, clip.cue, shot.foreign)


def write_script(
    labels: tuple[str, ...], seed: np.random.SeedSequence, *, seconds: float = USUAL_SECONDS
) -> Script:
    """Plans a video of about `seconds` that shows every class of `labels` at least once."""
    writer = _Writer(labels, np.random.default_rng(seed), seconds)
    return writer.write()


class _Writer:
    """Draws one video's shots by lot. Short videos get shorter pauses, never shorter actions."""

    def __init__(self, labels: tuple[str, ...], rng: np.random.Generator, seconds: float) -> None:
        self.labels, self.rng, self.fps = tuple(sorted(labels)), rng, FRAMES_PER_SECOND
        self.enough_frames = (seconds - 6 * min(1.0, seconds / 25)) * self.fps
        self.pause = min(1.0, seconds / 25)
        self.style = draw_style(rng)
        self.shots: list[Shot] = []

    def write(self) -> Script:
        still_to_show = list(self.rng.permutation(self.labels))
        while still_to_show or sum(shot.frames for shot in self.shots) < self.enough_frames:
            if self.rng.random() < CUTAWAY_CHANCE:
                self._cut_away()
            if self.rng.random() < FOREIGN_CHANCE:
                self._visit_foreign_venue()
            sport = str(still_to_show.pop() if still_to_show else self.rng.choice(self.labels))
            if self.rng.random() < 0.25:
                self.style = draw_style(self.rng)  # another athlete
            self._attempt(sport)
            if self.rng.random() < EXTRA_CHANCE:
                self._more_waiting(sport)
        return Script(self.labels, tuple(self.shots))

    def _cut_away(self) -> None:
        kind = str(self.rng.choice(CUTAWAY_KINDS))
        frames = max(3, round(self._pause(2.0, 4.5) * self.fps))
        self.shots.append(CutawayShot(kind, frames, self.style, int(self.rng.integers(1 << 30))))

    def _visit_foreign_venue(self) -> None:
        """Somebody else's venue where nobody performs: its class is not a label of this video."""
        venue = str(self.rng.choice([name for name in CLASS_NAMES if name not in self.labels]))
        kind = str(self.rng.choice(ELSEWHERE))
        clip = wait(venue, kind, self._pause(2.0, 4.0), START_X[venue], self.rng, self.fps)
        self._shoot([clip], draw_style(self.rng), foreign=True)

    def _attempt(self, sport: str) -> None:
        """Waiting, the action, waiting; cut where the athlete could not have walked."""
        mark = START_X[sport]
        clips = [self._wait(sport, self._choose(BEFORE), self._pause(0.8, 3.0), mark)]
        if clips[0].activity == "walk":
            clips[0].x = clips[0].x + (mark - clips[0].x[-1])  # arrives at the mark
        elif self.rng.random() < 0.25:
            kind = str(self.rng.choice(SECOND_BEFORE))
            clips.append(self._wait(sport, kind, self._pause(1.5, 3.5), clips[0].x[-1]))
        if abs(clips[-1].x[-1] - mark) > 6:
            self._shoot(clips, self.style)
            clips = [self._wait(sport, "prepare", self._pause(0.8, 2.0), mark)]
        action = perform(sport, self.rng, self.fps)
        action.cue = bool(self.rng.random() < CUE_IN_ATTEMPT)
        clips.append(action)
        after = self._choose(AFTER)
        if needs_cut_after(sport):
            self._shoot(clips, self.style)
            if sport == "Diving":
                after, place = ("stretch" if after == "celebrate" else after), mark - 16  # the next diver
            else:
                place = APPARATUS_X - 90
            clips = [self._wait(sport, after, self._pause(0.8, 2.8), place)]
        else:
            clips.append(self._wait(sport, after, self._pause(0.8, 2.8), action.x[-1], thrown=True))
        self._shoot(clips, self.style)

    def _more_waiting(self, sport: str) -> None:
        kind = str(self.rng.choice(("jog", "walk", "stretch", "celebrate", "idle", "mock")))
        aside = 0.0 if sport == "Diving" else self.rng.uniform(-60, 60)
        clip = self._wait(sport, kind, self._pause(2.0, 5.0), START_X[sport] + aside)
        self._shoot([clip], self.style)

    def _wait(self, sport: str, kind: str, seconds: float, x: float, *, thrown: bool = False) -> Clip:
        clip = wait(sport, kind, seconds, float(x), self.rng, self.fps, thrown=thrown)
        clip.cue = bool(self.rng.random() < CUE_WHILE_WAITING)
        return clip

    def _shoot(self, clips: list[Clip], style: Style, *, foreign: bool = False) -> None:
        self.shots.append(scene_shot(clips, style, self.rng, self.fps, foreign=foreign))

    def _choose(self, chances: dict[str, float]) -> str:
        return str(self.rng.choice(list(chances), p=list(chances.values())))

    def _pause(self, shortest: float, longest: float) -> float:
        return float(self.rng.uniform(shortest, longest)) * self.pause
