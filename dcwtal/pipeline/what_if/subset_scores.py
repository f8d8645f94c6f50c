"""The scores of one subset of a run, read once in the background and then kept in memory for what-if questions."""

import os
import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from dcwtal.core.errors import DataError, UserError
from dcwtal.data.score_store import BRANCHES, VideoScores, read_scores
from dcwtal.pipeline.browse import BrowsedRun
from dcwtal.pipeline.what_if.question import info_of

# Every stage is kept while all of them together fit into so many bytes; else only the stages asked for.
ALL_STAGES_BYTES = 400_000_000


class SubsetScores:
    """Scores of the videos of one subset that have them, in order of file name as ``dcwtal localize`` reads them.

    ``videos`` and ``durations`` (seconds as annotated, or None) are complete once :meth:`ready` says so. ``infos``:
    every video of the subset, as the annotations list them, also without scores.
    """

    def __init__(self, run: BrowsedRun, subset: str, *, stages: Sequence[str] | None) -> None:
        self.run, self.subset = run, subset
        self.stages = None if stages is None else tuple(stages)
        self._paths = score_paths(run, subset)
        unknown = [path.stem for path in self._paths if path.stem not in run.annotated]
        listed = [video for video in run.dataset.videos if video.subset == subset]
        self.infos = listed + [info_of(run, video) for video in unknown]
        self.videos: list[VideoScores] = []
        self.durations = [info_of(run, path.stem).duration for path in self._paths]
        self._fault: UserError | None = None
        self._ended, self._given_up = threading.Event(), threading.Event()
        threading.Thread(target=self._read, name="what-if scores", daemon=True).start()

    @property
    def progress(self) -> tuple[int, int]:
        """Files read, files in all."""
        return len(self.videos), len(self._paths)

    @property
    def bytes(self) -> int:
        """Memory of the scores read so far."""
        return sum(scores.class_scores[branch].nbytes for scores in self.videos for branch in BRANCHES)

    def ready(self, *, seconds: float = 0.0) -> bool:
        """Whether all is read, waiting so long for it; a file that cannot be read is raised here as it was found."""
        ended = self._ended.wait(seconds)
        if ended and self._fault is not None:
            raise self._fault
        return ended

    @property
    def failed(self) -> bool:
        """Whether reading ended with a fault."""
        return self._fault is not None

    def give_up(self) -> None:
        """Stop reading: nobody needs this any more."""
        self._given_up.set()

    def _read(self) -> None:
        try:
            for path in self._paths:
                if self._given_up.is_set():
                    raise DataError("the scores were dropped from memory; ask again")
                scores = read_scores(path)
                if self.videos and scores.classes != self.videos[0].classes:
                    raise DataError(f"{path} has other classes than {self._paths[0]}")
                self.videos.append(scores if self.stages is None else only_stages(scores, self.stages))
        except UserError as fault:
            self._fault = fault
        except Exception as fault:
            self._fault = DataError(f"cannot read the scores of this run: {fault}")
        finally:
            self._ended.set()


def only_stages(scores: VideoScores, stages: Sequence[str]) -> VideoScores:
    """The same scores without the other stages, in memory of their own; an unknown stage is a DataError."""
    for stage in stages:
        scores.at(stage, "cbp")
    rows = [row for row, stage in enumerate(scores.stages) if stage in stages]
    return replace(
        scores,
        stages=tuple(scores.stages[row] for row in rows),
        class_scores={branch: scores.class_scores[branch][rows] for branch in BRANCHES},
        video_scores={branch: scores.video_scores[branch][rows] for branch in BRANCHES},
    )


def score_paths(run: BrowsedRun, subset: str) -> list[Path]:
    """The score files of a subset, in the order in which ``dcwtal localize`` reads them."""
    return sorted(path for stem, path in run.score_files.items() if info_of(run, stem).subset == subset)


def scores_state(run: BrowsedRun) -> int:
    """A number that changes when any score file of a run does: with it, what was read before is known to be old."""
    try:
        with os.scandir(run.folder.scores) as entries:
            files = sorted((e.name, e.stat().st_mtime_ns, e.stat().st_size) for e in entries)
    except OSError:
        return 0
    return hash(tuple(files))


def all_stages_fit(run: BrowsedRun, subset: str) -> bool:
    """Whether the scores of all stages fit into memory, as a file of middling size tells."""
    sizes = sorted((path.stat().st_size, path) for path in score_paths(run, subset))
    if not sizes:
        return True
    size, path = sizes[len(sizes) // 2]
    scores = read_scores(path)
    in_memory = sum(scores.class_scores[branch].nbytes for branch in BRANCHES)
    return in_memory * sum(size for size, _ in sizes) / max(1, size) <= ALL_STAGES_BYTES
