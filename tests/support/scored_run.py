"""A run of scores without pictures: curves drawn on the spot or at random, with a data set beside it."""

from pathlib import Path
from typing import Any

import numpy as np

from dcwtal.core.class_names import ClassNames
from dcwtal.core.files import write_json_atomic
from dcwtal.core.timegrid import TimeGrid
from dcwtal.data.score_store import VideoScores, write_scores

CLASSES = ClassNames.of(["Dive", "Jump", "Serve"])
STAGES = ("warmup", "B1", "F1")


def flat_scores(video: str, *, n: int = 20, step: float = 1.0, low: float = 0.05) -> VideoScores:
    """Scores that are low everywhere, with ŷ .9 for Dive and .1 for the others; to be painted on."""
    shape = (len(STAGES), n, len(CLASSES))
    video_scores = np.tile(np.array([0.9, 0.1, 0.1], np.float32), (len(STAGES), 1))
    return VideoScores(
        video,
        STAGES,
        {branch: np.full(shape, low, np.float32) for branch in ("cbp", "vlp")},
        {branch: video_scores.copy() for branch in ("cbp", "vlp")},
        TimeGrid(0.0, step, n),
        CLASSES,
    )


def random_scores(video: str, seed: int, *, n: int = 60, step: float = 0.64) -> VideoScores:
    """Smooth random curves of all classes, rounded as on disk."""
    dice = np.random.default_rng(seed)
    scores = {}
    for branch in ("cbp", "vlp"):
        noise = dice.random((len(STAGES), n + 4, len(CLASSES)))
        smooth = np.stack([noise[:, k : k + n] for k in range(5)]).mean(axis=0)
        scores[branch] = np.clip(2.2 * smooth - 0.6, 0, 1).astype(np.float16).astype(np.float32)
    video_scores = {
        branch: dice.random((len(STAGES), len(CLASSES))).astype(np.float32) for branch in ("cbp", "vlp")
    }
    return VideoScores(video, STAGES, scores, video_scores, TimeGrid(0.0, step, n), CLASSES)


def random_truth(seed: int, *, end: float, count: int = 6) -> list[tuple[str, float, float]]:
    """(label, start, end) of two classes, somewhere before ``end`` seconds."""
    dice = np.random.default_rng(seed)
    starts = dice.uniform(0, end - 4, count)
    return [
        (CLASSES.names[int(dice.integers(2))], float(start), float(start + dice.uniform(0.8, 4)))
        for start in starts
    ]


def write_run(
    root: Path,
    videos: list[VideoScores],
    truth: dict[str, list[tuple[str, float, float]]],
    *,
    subset: dict[str, str] | None = None,
    durations: dict[str, float | None] | None = None,
    settings: dict[str, Any] | None = None,
) -> Path:
    """``root/data/annotations.json`` and ``root/run``; the folder of the run. Every video is of "test" and as long as
    its grid, where ``subset`` and ``durations`` do not say otherwise."""
    database = {}
    for scores in videos:
        write_scores(root / "run" / "scores" / f"{scores.video}.npz", scores)
        rows = truth.get(scores.video, [])
        entry = {
            "subset": (subset or {}).get(scores.video, "test"),
            "duration": (durations or {}).get(scores.video, scores.grid.end),
            "labels": sorted({label for label, _, _ in rows}),
            "annotations": [{"label": label, "segment": [start, end]} for label, start, end in rows],
        }
        database[scores.video] = {key: value for key, value in entry.items() if value is not None}
    write_json_atomic(
        root / "data" / "annotations.json",
        {"version": "made up", "classes": list(CLASSES), "database": database},
    )
    write_json_atomic(
        root / "run" / "settings.json",
        settings or {"localize": {}, "pseudo_labels": {"delta_h": 0.4, "delta_l": 0.2}},
    )
    info = {"dataset": "../data", "classes": list(CLASSES), "stages": list(STAGES), "final_stage": STAGES[-1]}
    write_json_atomic(root / "run" / "run.json", info | {"selection": {"rule": "last", "text": "last stage"}})
    return root / "run"
