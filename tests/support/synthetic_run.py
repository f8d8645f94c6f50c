"""A made-up run and data set on disk, small enough for a test and plausible enough to look at.

CBP starts by seeing only the peak of an action, VLP by seeing the whole venue; stage by stage both move
towards the truth. Nothing is trained; the numbers mean nothing.
"""

import json
from pathlib import Path

import numpy as np
from frame_number_clip import even_times, uneven_times, write_clip

from dcwtal.core.class_names import ClassNames
from dcwtal.core.detections import Detections
from dcwtal.core.files import write_json_atomic
from dcwtal.core.timegrid import TimeGrid
from dcwtal.data.score_store import VideoScores, write_scores
from dcwtal.formats.activitynet import write_detections

CLASSES = ClassNames.of(["CleanAndJerk", "Diving", "GolfSwing", "HighJump", "TennisServe"])
STAGES = ("warmup", "B1", "F1", "B2", "F2")
STEP = 0.32
FRAMES = 600
TRUTH = {
    "clip_even": [
        ("HighJump", 2.1, 5.3),
        ("HighJump", 8.8, 11.9),
        ("Diving", 14.2, 17.0),
        ("HighJump", 19.4, 22.6),
    ],
    "clip_uneven": [("GolfSwing", 3.0, 6.5), ("GolfSwing", 12.0, 15.2)],
    "clip_held_out": [("TennisServe", 4.0, 7.0)],
}
SUBSET = {"clip_even": "test", "clip_uneven": "test", "clip_held_out": "validation"}


def frame_times(video: str) -> list[float]:
    """The presentation times the clip was written with."""
    return uneven_times(FRAMES) if video == "clip_uneven" else even_times(FRAMES)


def make_studio_files(root: Path, *, frames: int = FRAMES) -> Path:
    """Write ``root/data`` (videos, annotations) and ``root/run`` (scores, detections); returns the run folder.

    Fewer ``frames`` write shorter videos, and faster; scores and annotations stay as long as they are.
    """
    root = Path(root)
    for video in TRUTH:
        write_clip(root / "data" / "videos" / f"{video}.mp4", frame_times(video)[:frames])
    write_annotations(root / "data" / "annotations.json")
    run = root / "run"
    scores = {video: make_scores(video) for video in TRUTH}
    for video, value in scores.items():
        write_scores(run / "scores" / f"{video}.npz", value)
    write_detections(run / "detections.json", made_up_detections(), videos=list(TRUTH))
    write_run_info(run)
    return run


def write_annotations(path: Path) -> None:
    """ActivityNet-style truth of the clips."""
    database = {
        video: {
            "subset": SUBSET[video],
            "duration": frame_times(video)[-1] + 0.04,
            "annotations": [{"label": label, "segment": [start, end]} for label, start, end in rows],
        }
        for video, rows in TRUTH.items()
    }
    write_json_atomic(path, {"version": "synthetic", "classes": list(CLASSES), "database": database})


def write_run_info(run: Path, **changes: object) -> None:
    """``run.json`` and ``settings.json``; ``changes`` replace entries of the former."""
    info = {
        "dataset": "../data",
        "dataset_name": "synthetic clips",
        "classes": list(CLASSES),
        "stages": list(STAGES),
        "final_stage": "F2",
        "selection": {
            "rule": "best-on-held-out",
            "subset": "validation",
            "videos": 1,
            "metric": "average mAP 0.3:0.7",
            "scores": dict.fromkeys(STAGES, 0.5),
        },
        "strategy": "alternate",
        "preset": "smoke",
        "seed": 0,
        "versions": {},
        "encoders": {"cbp": "none", "vlp": "none"},
        "probe_videos": ["clip_even"],
    }
    write_json_atomic(run / "run.json", info | changes)
    (run / "settings.json").write_text(json.dumps({"localize": {}}))


def make_scores(video: str, truth: dict | None = None) -> VideoScores:
    """Curves of every stage, deterministic by video id."""
    rows = (truth or TRUTH).get(video, [("Diving", 2.0, 4.0)])
    duration = frame_times(video)[-1] + 0.04
    grid = TimeGrid(0.0, STEP, int(np.ceil(duration / STEP)))
    random = np.random.default_rng(sum(map(ord, video)))
    shape = (len(STAGES), grid.n, len(CLASSES))
    cbp, vlp = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
    for stage in range(len(STAGES)):
        progress = stage / (len(STAGES) - 1)
        for label in sorted({row[0] for row in rows}):
            column = CLASSES.index(label)
            segments = [(start, end) for name, start, end in rows if name == label]
            cbp[stage, :, column] = _bumps(grid.centres, segments, 0.16 + 0.34 * progress, 0.25)
            vlp[stage, :, column] = _bumps(grid.centres, segments, 1.15 - 0.55 * progress, 0.45)
    noise = random.normal(0, 0.02, (2, *shape)).astype(np.float32)
    cbp, vlp = np.clip(cbp + 0.03 + noise[0], 0, 1), np.clip(vlp + 0.08 + noise[1], 0, 1)
    video_scores = np.clip(cbp.max(axis=1), 0, 1)
    return VideoScores(
        video,
        STAGES,
        {"cbp": cbp, "vlp": vlp},
        {"cbp": video_scores, "vlp": np.clip(vlp.max(axis=1), 0, 1)},
        grid,
        CLASSES,
    )


def _bumps(
    times: np.ndarray, segments: list[tuple[float, float]], width: float, softness: float
) -> np.ndarray:
    """A plateau of ``width`` × the length of each segment around its middle, with soft flanks; in [0, 0.92]."""
    out = np.zeros(len(times))
    for start, end in segments:
        middle, half = (start + end) / 2, width * (end - start)
        out = np.maximum(out, 0.92 / (1 + np.exp((np.abs(times - middle) - half) / softness)))
    return out


def made_up_detections() -> Detections:
    """Near misses and hits around the truth of the clips."""
    rows = []
    for video, truth in TRUTH.items():
        for position, (label, start, end) in enumerate(truth):
            rows.append((video, start + 0.2, end - 0.1, label, 0.93 - 0.05 * position))
            rows.append((video, start + 1.9, end + 2.4, label, 0.31 - 0.03 * position))
    return Detections.of(rows)
