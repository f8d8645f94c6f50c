"""Scores on disk: ``scores/<video>.npz`` holds the class scores of both branches at every stage of a run.

Thresholds, fusion, figures and the studio start from these files, never from the network.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from dcwtal.core.class_activation import ClassActivationSequence
from dcwtal.core.class_names import ClassNames
from dcwtal.core.errors import DataError
from dcwtal.core.files import write_npz_atomic
from dcwtal.core.timegrid import TimeGrid
from dcwtal.data.npz_faults import NPZ_FAULTS

BRANCHES = ("cbp", "vlp")


@dataclass(frozen=True)
class VideoScores:
    """Scores of one video.

    ``stages``: S names in order of training (``warmup``, ``B1``, ``F1``, …). ``class_scores[branch]``
    (S, T, C) float32 in [0, 1]; ``video_scores[branch]`` (S, C) float32 in [0, 1].
    """

    video: str
    stages: tuple[str, ...]
    class_scores: dict[str, np.ndarray]
    video_scores: dict[str, np.ndarray]
    grid: TimeGrid
    classes: ClassNames

    def __post_init__(self) -> None:
        shape = (len(self.stages), self.grid.n, len(self.classes))
        for branch in BRANCHES:
            found = np.shape(self.class_scores[branch])
            if found != shape or np.shape(self.video_scores[branch]) != shape[::2]:
                raise DataError(
                    f"scores of {self.video!r}, {branch}: expected (S, T, C) = {shape}; found {found}"
                )

    def at(self, stage: str, branch: str) -> ClassActivationSequence:
        """One branch (``cbp`` or ``vlp``) at one stage."""
        if stage not in self.stages:
            raise DataError(
                f"no stage {stage!r} in the scores of {self.video!r}; known: {', '.join(self.stages)}"
            )
        row = self.stages.index(stage)
        return ClassActivationSequence(
            self.class_scores[branch][row], self.video_scores[branch][row], self.grid, self.classes
        )


def write_scores(path: Path, scores: VideoScores) -> None:
    """Write one video's scores; float16 on disk (a step of at most 0.0005 near 1)."""
    arrays = {f"{branch}_class_scores": scores.class_scores[branch].astype(np.float16) for branch in BRANCHES}
    arrays |= {
        f"{branch}_video_scores": scores.video_scores[branch].astype(np.float32) for branch in BRANCHES
    }
    write_npz_atomic(
        path,
        video=np.array(scores.video),
        stages=np.array(scores.stages),
        classes=np.array(scores.classes.names),
        grid=np.array([scores.grid.start, scores.grid.step, scores.grid.n], dtype=np.float64),
        **arrays,
    )


def read_scores(path: Path) -> VideoScores:
    """Read one video's scores; a missing or damaged file is a DataError."""
    try:
        with np.load(path, allow_pickle=False) as file:
            start, step, n = file["grid"]
            return VideoScores(
                video=str(file["video"]),
                stages=tuple(str(stage) for stage in file["stages"]),
                class_scores={b: file[f"{b}_class_scores"].astype(np.float32) for b in BRANCHES},
                video_scores={b: file[f"{b}_video_scores"].astype(np.float32) for b in BRANCHES},
                grid=TimeGrid(float(start), float(step), int(n)),
                classes=ClassNames(tuple(str(name) for name in file["classes"])),
            )
    except FileNotFoundError:
        raise DataError(f"no scores at {path}; run 'dcwtal train' first") from None
    except NPZ_FAULTS as error:
        raise DataError(f"{path} is not a score file of this project: {error}") from None
