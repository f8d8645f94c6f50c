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
_LARGEST = 1 + 1e-6  # what rounding may add to 1


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
    """Read one video's scores. A missing or damaged file, or a score that is no number in [0, 1], is a DataError that
    names the file and the place."""
    try:
        with np.load(path, allow_pickle=False) as file:
            start, step, n = file["grid"]
            scores = VideoScores(
                video=str(file["video"]),
                stages=tuple(str(stage) for stage in file["stages"]),
                class_scores={b: file[f"{b}_class_scores"].astype(np.float32) for b in BRANCHES},
                video_scores={b: file[f"{b}_video_scores"].astype(np.float32) for b in BRANCHES},
                grid=TimeGrid(float(start), float(step), int(n)),
                classes=ClassNames(tuple(str(name) for name in file["classes"])),
            )
        check_range(scores)
        return scores
    except FileNotFoundError:
        raise DataError(f"no scores at {path}; run 'dcwtal train' first") from None
    except DataError as error:
        raise DataError(f"{path}: {error}") from None
    except (*NPZ_FAULTS, TypeError, MemoryError) as error:
        raise DataError(f"{path} is not a score file of this project: {error}") from None


def check_range(scores: VideoScores) -> None:
    """Raise a DataError that names branch, stage, class and snippet of the first score that is not a number in [0, 1].

    Scores without any stage, snippet or class are refused, too. A curve that is the same everywhere is a poor one, not
    a fault: it passes.
    """
    shape = scores.class_scores[BRANCHES[0]].shape
    if 0 in shape:
        raise DataError(
            f"scores of {scores.video!r}: expected one stage, snippet and class or more; found {shape}"
        )
    for branch in BRANCHES:
        curves, videos = scores.class_scores[branch], scores.video_scores[branch]
        if not _within(curves):
            stage, snippet, column = _first_outside(curves)
            seconds = scores.grid.to_seconds(snippet)
            raise _outside(
                scores,
                branch,
                stage,
                column,
                f"snippet {snippet} ({seconds:.2f} s)",
                curves[stage, snippet, column],
            )
        if not _within(videos):
            stage, column = _first_outside(videos)
            raise _outside(scores, branch, stage, column, "the whole video", videos[stage, column])


def _within(values: np.ndarray) -> bool:
    # A NaN is neither below nor above: both extremes are then NaN, and the comparison says no.
    return values.size == 0 or bool(values.min() >= 0 and values.max() <= _LARGEST)


def _first_outside(values: np.ndarray) -> tuple[int, ...]:
    outside = ~((values >= 0) & (values <= _LARGEST))
    return tuple(int(place) for place in np.unravel_index(int(outside.argmax()), values.shape))


def _outside(
    scores: VideoScores, branch: str, stage: int, column: int, place: str, found: np.floating
) -> DataError:
    return DataError(
        f"scores of {scores.video!r}, {branch} at stage {scores.stages[stage]}, class "
        f"{scores.classes.names[column]!r}, {place}: expected a number in [0, 1]; found {float(found):g}; "
        "score this video again"
    )
