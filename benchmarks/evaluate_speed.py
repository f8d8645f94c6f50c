"""How fast mAP is, as a ratio to the plain-loop evaluator in the same run, with a check that both agree.

    python benchmarks/evaluate_speed.py
    python benchmarks/evaluate_speed.py --detections DETECTIONS.json --ground-truth TRUTH.json --subset test

Without files it draws a set of the size of THUMOS14's test: 212 videos, 20 classes, 3,358 instances, 31,587
detections. Times are the best of several repeats; the ratio is what to compare across machines.
"""

import argparse
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from dcwtal.core.detections import Detections
from dcwtal.core.instances import ActionInstances
from dcwtal.evaluation.mean_average_precision import mean_average_precision
from dcwtal.evaluation.tiou_thresholds import THUMOS14
from dcwtal.formats.activitynet import read_detections, read_ground_truth


def plain_loop_map(
    detections: Detections, instances: ActionInstances, tious: tuple[float, ...]
) -> list[float]:
    """The same mAP, one prediction, one instance and one threshold at a time."""
    found = list(
        zip(
            detections.video,
            detections.start,
            detections.end,
            detections.label,
            detections.score,
            strict=True,
        )
    )
    truth = list(zip(instances.video, instances.start, instances.end, instances.label, strict=True))
    values = []
    for threshold in tious:
        aps = []
        for label in sorted({row[3] for row in truth}):
            targets: dict[str, list] = {}
            for video, start, end, name in truth:
                if name == label:
                    targets.setdefault(video, []).append([start, end, False])
            mine = sorted((row for row in found if row[3] == label), key=lambda row: -row[4])
            hits = [_take(targets.get(row[0], []), row[1], row[2], threshold) for row in mine]
            aps.append(_area(hits, sum(len(rows) for rows in targets.values())))
        values.append(sum(aps) / len(aps))
    return values


def _take(targets: list, start: float, end: float, threshold: float) -> bool:
    best, best_tiou = None, threshold
    for target in targets:
        shared = max(0.0, min(end, target[1]) - max(start, target[0]))
        tiou = shared / ((end - start) + (target[1] - target[0]) - shared)
        if not target[2] and (tiou > best_tiou or (best is None and tiou >= threshold)):
            best, best_tiou = target, tiou
    if best is not None:
        best[2] = True
    return best is not None


def _area(hits: list[bool], total: int) -> float:
    precision, found = [], 0
    for position, hit in enumerate(hits, start=1):
        found += hit
        precision.append(found / position)
    for i in range(len(precision) - 2, -1, -1):
        precision[i] = max(precision[i], precision[i + 1])
    return sum(p for p, hit in zip(precision, hits, strict=True) if hit) / total


def draw_set(seed: int = 0) -> tuple[Detections, ActionInstances]:
    """A set of THUMOS14's size: a third of the detections are jittered instances, the rest are anywhere."""
    rng = np.random.default_rng(seed)
    videos, n_truth, n_found = 212, 3358, 31587
    label_of = rng.integers(0, 20, videos)
    video = rng.integers(0, videos, n_truth)
    start = rng.uniform(0, 200, n_truth)
    end = start + rng.exponential(4, n_truth) + 0.5
    truth = ActionInstances([f"v{i}" for i in video], start, end, [f"c{label_of[i]}" for i in video])
    source = rng.integers(0, n_truth, n_found)
    where = np.where(rng.random(n_found) < 1 / 3, start[source], rng.uniform(0, 200, n_found))
    first = where + rng.normal(0, 0.8, n_found)
    last = first + rng.exponential(4, n_found) + 0.3
    names = [f"v{video[i]}" for i in source], [f"c{label_of[video[i]]}" for i in source]
    return Detections(names[0], first, last, names[1], rng.random(n_found)), truth


def best_time(work: Callable[[], object], repeats: int) -> float:
    """Shortest wall time of several calls, in seconds."""
    times = []
    for _ in range(repeats):
        begin = time.perf_counter()
        work()
        times.append(time.perf_counter() - begin)
    return min(times)


def main() -> None:
    """Measure and print one line a contender."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--detections", type=Path)
    parser.add_argument("--ground-truth", type=Path)
    parser.add_argument("--subset")
    options = parser.parse_args()
    if (options.detections is None) != (options.ground_truth is None):
        parser.error("give both --detections and --ground-truth, or neither")
    detections, instances = read_set(options) if options.detections else draw_set()
    ours = mean_average_precision(detections, instances, tious=THUMOS14).map
    theirs = plain_loop_map(detections, instances, THUMOS14)
    worst = max(abs(a - b) for a, b in zip(ours, theirs, strict=True))
    if worst > 1e-9:
        raise SystemExit(f"the two evaluators differ by {worst}: a ratio would mean nothing")
    fast = best_time(lambda: mean_average_precision(detections, instances, tious=THUMOS14), 5)
    slow = best_time(lambda: plain_loop_map(detections, instances, THUMOS14), 2)
    print(f"{len(detections)} detections, {len(instances)} instances, {len(THUMOS14)} thresholds")
    print(f"plain loops            {slow:8.3f} s")
    print(f"mean_average_precision {fast:8.3f} s")
    print(f"ratio                  {slow / fast:8.1f} x   (mAP agrees within {worst:.0e})")


def read_set(options: argparse.Namespace) -> tuple[Detections, ActionInstances]:
    """The given files, restricted to the videos of the subset."""
    truth, found = read_ground_truth(options.ground_truth), read_detections(options.detections)
    videos = {video.id for video in truth.videos if options.subset in (None, video.subset)}
    return (
        found[[video in videos for video in found.video]],
        truth.instances[[video in videos for video in truth.instances.video]],
    )


if __name__ == "__main__":
    main()
