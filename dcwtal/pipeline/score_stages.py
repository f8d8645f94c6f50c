"""Score videos with every stage of a run and leave one score file a video."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from dcwtal.core.class_names import ClassNames
from dcwtal.data.score_store import BRANCHES, VideoScores, read_scores, write_scores
from dcwtal.jobs.run_folder import RunFolder

if TYPE_CHECKING:
    from dcwtal.data.samples import TrainingSample
    from dcwtal.models.two_branch import TwoBranchModel


def is_vanilla(stage: str, strategy: str) -> bool:
    """Whether the VLP is still plain CLIP at a stage: until its first B step."""
    return stage == "warmup" or strategy in ("warmup-only", "only-F", "only-F-anchored", "self-training")


def score_sample(
    models: "dict[str, TwoBranchModel]", sample: "TrainingSample", classes: ClassNames, strategy: str
) -> VideoScores:
    """Both branches at every stage; ``models``: stage name → the model at that stage, in order of training."""
    from dcwtal.training.branch_scores import branch_scores

    rows = {branch: [] for branch in BRANCHES}
    for stage, model in models.items():
        rows["cbp"].append(branch_scores(model, sample, "cbp"))
        rows["vlp"].append(branch_scores(model, sample, "vlp", vanilla=is_vanilla(stage, strategy)))
    return VideoScores(
        video=sample.video,
        stages=tuple(models),
        class_scores={branch: np.stack([row[0] for row in rows[branch]]) for branch in BRANCHES},
        video_scores={branch: np.stack([row[1] for row in rows[branch]]) for branch in BRANCHES},
        grid=sample.grid,
        classes=classes,
    )


def write_run_scores(
    folder: RunFolder,
    models: "dict[str, TwoBranchModel]",
    samples: "list[TrainingSample]",
    classes: ClassNames,
    strategy: str,
    on_progress: Callable[[int, int, str], None],
) -> list[VideoScores]:
    """``scores/<video>.npz`` for each sample; returns what was written, as read back from its precision."""
    written = []
    for number, sample in enumerate(samples):
        path = folder.scores_of(sample.video)
        write_scores(path, score_sample(models, sample, classes, strategy))
        written.append(read_scores(path))
        on_progress(number + 1, len(samples), f"scored {sample.video}")
    return written
