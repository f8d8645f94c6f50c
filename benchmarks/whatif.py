"""How long a what-if answer takes on a test set of THUMOS14's size, as a ratio to doing it from scratch.

    python benchmarks/whatif.py [--json]

Makes made-up scores of 212 videos and 20 classes in a temporary folder, from the real THUMOS14 annotations where they
are found (``$DCWTAL_TEST_DATA`` or ``../shared/data``: ``thumos14/basnet/gt.json``), else from like statistics. Then
one setting after the other is changed, as a hand on a slider does, and each answer is timed: the data-set numbers
(mAP, frame rates of three branches), and the answer for one video of 4,000 and of 20,000 snippets. The baseline, in
the same run: read the files, localize every video, evaluate, rate the stage, for a few of the same changes; both must
give the same mAP. Times are for this machine, the ratio is what to compare.
"""

import argparse
import json
import os
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from dcwtal.core.class_names import ClassNames
from dcwtal.core.detections import Detections
from dcwtal.core.files import write_json_atomic
from dcwtal.core.instances import ActionInstances
from dcwtal.core.timegrid import TimeGrid
from dcwtal.data.score_store import VideoScores, write_scores
from dcwtal.evaluation.evaluate_under import evaluate_under
from dcwtal.evaluation.protocols import PROTOCOLS
from dcwtal.pipeline.browse import BrowsedRun, BrowsedVideo, open_run
from dcwtal.pipeline.localize import localize_scores, read_run_scores
from dcwtal.pipeline.rate_stages import rates_of_stage
from dcwtal.pipeline.what_if.numbers import PreparedSet
from dcwtal.pipeline.what_if.prepared_sets import PreparedSets
from dcwtal.pipeline.what_if.question import read_body, what_if_of
from dcwtal.pipeline.what_if.video import VideoLocalizers, answer_of_video

STEP = 0.64
STAGES = ("warmup", "B1", "F1")
VIDEOS, CLASSES, INSTANCES = 212, 20, 3358


def annotated_videos(seed: int = 0) -> tuple[dict[str, list[tuple[str, float, float]]], str]:
    """Test videos with (label, start, end) in seconds, and where they come from."""
    root = Path(os.environ.get("DCWTAL_TEST_DATA") or Path(__file__).resolve().parents[2] / "shared" / "data")
    path = root / "thumos14" / "basnet" / "gt.json"
    if path.is_file():
        database = json.loads(path.read_text())["database"]
        videos = {
            video: [(row["label"], *map(float, row["segment"])) for row in entry["annotations"]]
            for video, entry in database.items()
            if entry["subset"] == "test"
        }
        return _filled_up(videos), "the THUMOS14 test annotations"
    return _drawn(np.random.default_rng(seed)), "drawn annotations of like statistics"


def _filled_up(videos: dict[str, list]) -> dict[str, list]:
    """The list without the two videos that some papers drop has 210: two are repeated under other names."""
    names = list(videos)
    for name in names[: max(0, VIDEOS - len(names))]:
        videos[f"{name}_again"] = videos[name]
    return videos


def _drawn(dice: np.random.Generator) -> dict[str, list]:
    """Lengths lognormal with median 3.1 s, pauses with median 7 s, 16 instances a video on average."""
    videos = {}
    for number, count in enumerate(dice.multinomial(INSTANCES, dice.dirichlet(np.full(VIDEOS, 0.8)))):
        clock, rows, label = 0.0, [], f"class{dice.integers(CLASSES):02d}"
        for _ in range(max(1, count)):
            clock += float(dice.lognormal(1.95, 1.0))
            length = float(dice.lognormal(1.13, 0.75))
            rows.append((label, clock, clock + length))
            clock += length
        videos[f"video_{number:03d}"] = rows
    return videos


def make_scores(
    video: str, rows: list[tuple[str, float, float]], classes: ClassNames, *, n: int | None = None
) -> VideoScores:
    """Curves of three stages: CBP narrow, VLP broad, both noisy, with responses to a few wrong classes."""
    dice = np.random.default_rng(sum(map(ord, video)))
    n = n or int(np.ceil((max(row[2] for row in rows) + 10) / STEP))
    grid, scores, video_scores = TimeGrid(0.0, STEP, n), {}, {}
    shown = [(classes.index(label), start, end) for label, start, end in rows if label in classes.names]
    for branch, widths in (("cbp", (0.2, 0.3, 0.45)), ("vlp", (1.2, 0.9, 0.6))):
        noise = dice.normal(0, 0.05, (len(STAGES), n, len(classes)))
        curves = 0.06 + noise + 0.06 * np.sin(np.arange(n) / 7.0)[None, :, None]
        for stage, width in enumerate(widths):
            for column, start, end in shown:
                middle, half = (start + end) / 2, max(width * (end - start), 0.3)
                near = slice(max(0, int((middle - 3 * half) / STEP) - 4), int((middle + 3 * half) / STEP) + 5)
                bump = dice.uniform(0.45, 0.95) / (
                    1 + np.exp((np.abs(grid.centres[near] - middle) - half) / 0.4)
                )
                curves[stage, near, column] = np.maximum(curves[stage, near, column], bump)
                wrong = (column + 3) % len(classes)
                curves[stage, near, wrong] = np.maximum(curves[stage, near, wrong], 0.5 * bump)
        curves = np.clip(curves + dice.normal(0, 0.03, curves.shape), 0, 1).astype(np.float32)
        scores[branch] = curves
        probability = np.clip(dice.beta(1, 14, (len(STAGES), len(classes))), 0, 1)
        for column in {row[0] for row in shown}:
            probability[:, column] = dice.uniform(0.6, 0.99)
            probability[:, (column + 3) % len(classes)] = dice.uniform(0.1, 0.5)
        video_scores[branch] = probability.astype(np.float32)
    return VideoScores(video, STAGES, scores, video_scores, grid, classes)


def make_run(root: Path) -> tuple[Path, str]:
    """A data set without videos and a run over it; the run's folder and where the truth comes from."""
    videos, source = annotated_videos()
    classes = ClassNames.of(row[0] for rows in videos.values() for row in rows)
    database = {}
    for video, rows in videos.items():
        scores = make_scores(video, rows, classes)
        write_scores(root / "run" / "scores" / f"{video}.npz", scores)
        database[video] = {
            "subset": "test",
            "duration": scores.grid.end,
            "annotations": [{"label": label, "segment": [start, end]} for label, start, end in rows],
        }
    write_json_atomic(
        root / "data" / "annotations.json",
        {"version": "benchmark", "classes": list(classes), "database": database},
    )
    write_json_atomic(root / "run" / "settings.json", {"localize": {}})
    info = {"dataset": "../data", "classes": list(classes), "stages": list(STAGES), "final_stage": STAGES[-1]}
    write_json_atomic(root / "run" / "run.json", info | {"selection": {"rule": "last", "text": "last stage"}})
    return root / "run", source


def changes() -> list[dict[str, Any]]:
    """Bodies of questions as a hand asks them: one slider after the other, in both modes; none is asked twice."""
    sliders = {
        "theta_loc": (0.4, 0.35, 0.3, 0.2),
        "theta_cls": (0.7, 0.5, 0.3, 0.2),
        "sigma": (0.2, 0.5, 0.8),
        "smoothing": (1.0, 2.0),
        "closing_gap": (0.7, 1.5),
        "min_length": (1.0, 2.0),
        "min_score": (0.05, 0.2),
        "max_per_video": (50, 20),
        "outer_inner_gamma": (0.1,),
        "score_rule": ("mean",),
        "nms": ("hard", "none"),
        "relative_cls": (0.6,),
        "branch": ("vlp",),
        "multiply_video_score": (True,),
    }
    bodies: list[dict[str, Any]] = []
    for mode in ("paper", "peer"):
        bodies.append({"settings": {"mode": mode}})
        bodies += [
            {"settings": {"mode": mode, name: value}} for name, values in sliders.items() for value in values
        ]
        bodies += [
            {"settings": {"mode": mode, "branch": "fused", "fusion_weight": weight}} for weight in (0.3, 0.6)
        ]
        bodies += [{"settings": {"mode": mode}, "rules": {"high": high}} for high in (0.4, 0.6)]
        bodies += [{"settings": {"mode": mode}, "stage": stage} for stage in STAGES[:-1]]
    bodies.append({"settings": {"mode": "peer", "theta_list": [0.2, 0.4, 0.6]}})
    return bodies


def time_numbers(run: BrowsedRun, prepared: PreparedSet) -> tuple[list[dict[str, Any]], list[float]]:
    """Each change with the milliseconds of its answer, after one question that warms up; and its mAP@0.5."""
    prepared.numbers(what_if_of(run, read_body({"settings": {"theta_loc": 0.44}})))
    rows, maps = [], []
    for body in changes():
        asked = what_if_of(run, read_body(body))
        begin = time.perf_counter()
        numbers = prepared.numbers(asked)
        rows.append({"asked": body, "ms": 1000 * (time.perf_counter() - begin)})
        maps.append(numbers["map"][4])
    return rows, maps


def from_scratch(run: BrowsedRun, body: dict[str, Any]) -> tuple[float, float]:
    """Seconds and mAP@0.5 of the plain way: read every file, localize every video, evaluate, rate the stage."""
    begin = time.perf_counter()
    asked = what_if_of(run, read_body(body))
    scores, infos = list(read_run_scores(run.folder)), run.dataset.videos
    durations, labels = {v.id: v.duration for v in infos}, {v.id: v.labels for v in infos}
    detections = Detections.merge(
        [localize_scores(s, asked.stage, asked.settings, duration=durations[s.video]) for s in scores]
    )
    report = evaluate_under(PROTOCOLS["activitynet"], detections, run.dataset.instances, videos=durations)
    rates_of_stage(
        scores,
        asked.stage,
        truth=run.dataset.instances,
        labels=labels,
        durations=durations,
        thresholds=asked.thresholds,
    )
    return time.perf_counter() - begin, report.map[4]


def time_one_video(run: BrowsedRun, n: int) -> list[float]:
    """Milliseconds of the answers for one video of ``n`` snippets, JSON included, for all changes."""
    dice = np.random.default_rng(n)
    classes, rows, clock = ClassNames(tuple(run.info["classes"])), [], 0.0
    while clock < n * STEP - 40:
        clock += float(dice.lognormal(1.95, 1.0))
        length = float(dice.lognormal(1.13, 0.75))
        rows.append((classes.names[3], clock, clock + length))
        clock += length
    scores = make_scores("long", rows, classes, n=n)
    truth = ActionInstances.of([("long", start, end, label) for label, start, end in rows])
    facts = ("long", "long", "test", (classes.names[3],), None, n * STEP, np.zeros(0))
    video = BrowsedVideo(*facts, scores, truth)
    localizers, times = VideoLocalizers(), []
    for body in [{}, *changes()]:
        begin = time.perf_counter()
        asked = what_if_of(run, read_body(body))
        json.dumps(answer_of_video(run, video, asked, localizers))
        times.append(1000 * (time.perf_counter() - begin))
    return times[1:]


def spread(times: list[float]) -> dict[str, float]:
    """Median, 95th percentile and maximum of milliseconds."""
    values = np.percentile(times, [50, 95, 100]).tolist()
    return dict(zip(("median_ms", "p95_ms", "max_ms"), values, strict=True))


def measure(root: Path) -> dict[str, Any]:
    """All numbers, as plain values."""
    folder, source = make_run(root)
    run = open_run(folder)
    asked = what_if_of(run, read_body({}))
    begin = time.perf_counter()
    prepared = PreparedSets().of(run, asked)
    prepared.scores.ready(seconds=3600)
    reading = time.perf_counter() - begin
    first = prepared.numbers(asked)["seconds"]
    rows, maps = time_numbers(run, prepared)
    plain, ratios = [], []
    for number in range(0, len(rows), max(1, len(rows) // 6)):
        seconds, value = from_scratch(run, rows[number]["asked"])
        if abs(value - maps[number]) > 1e-6:
            raise SystemExit(f"mAP differs for {rows[number]['asked']}: {value} and {maps[number]}")
        plain.append(1000 * seconds)
        ratios.append(1000 * seconds / rows[number]["ms"])
    return {
        "truth": source,
        "videos": len(prepared.scores.videos),
        "instances": len(prepared.truth),
        "snippets": sum(scores.grid.n for scores in prepared.scores.videos),
        "changes": len(rows),
        "reading_s": reading,
        "first_answer_ms": 1000 * first,
        "numbers": spread([row["ms"] for row in rows]),
        "slowest": max(rows, key=lambda row: row["ms"]),
        "from_scratch": spread(plain),
        "ratio_median": float(np.median(ratios)),
        "one_video": {str(n): spread(time_one_video(run, n)) for n in (4000, 20000)},
    }


def as_text(found: dict[str, Any]) -> str:
    """The same as lines for a person."""

    def line(name: str, times: dict[str, float]) -> str:
        numbers = "".join(f"{times[key]:9.1f}" for key in ("median_ms", "p95_ms", "max_ms"))
        return f"{name:34}{numbers}"

    return "\n".join(
        [
            f"{found['videos']} videos, {found['instances']} instances ({found['truth']}), "
            f"{found['snippets']} snippets, {found['changes']} changes of settings",
            f"scores read once in {found['reading_s']:.2f} s; first answer {found['first_answer_ms']:.0f} ms",
            f"{'milliseconds':34}{'median':>9}{'p95':>9}{'max':>9}",
            line("data-set numbers after a change", found["numbers"]),
            line("the same from scratch", found["from_scratch"]),
            *(line(f"one video of {n} snippets", times) for n, times in found["one_video"].items()),
            f"ratio to from scratch {found['ratio_median']:.1f} x (median; the same mAP within 1e-6)",
            f"slowest change: {json.dumps(found['slowest']['asked'])}",
        ]
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="dcwtal-whatif-") as root:
        found = measure(Path(root))
    print(json.dumps(found) if options.json else as_text(found))


if __name__ == "__main__":
    main()
