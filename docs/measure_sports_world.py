"""Measure the claims of README's "What this is and is not" on one sports-world data set, averaged over seeds.

    python docs/measure_sports_world.py DATASET RUNS_FOLDER [--seeds 0 1 2] [--readme] [--set section.key=value ...]

Trains what is missing (a finished run is read, not repeated), prints Markdown; ``--readme`` writes it into README.md.
Stages are chosen on the validation videos; the table is of the test videos, looked at once the settings were fixed.
"""

import argparse
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from dcwtal.core.settings import build_settings
from dcwtal.data.dataset import Dataset
from dcwtal.data.score_store import VideoScores, read_scores
from dcwtal.evaluation.frame_rates import FrameReport, frame_rates, trivial_frame_rates
from dcwtal.jobs.run_folder import RunFolder
from dcwtal.pipeline.open_dataset import open_dataset
from dcwtal.pipeline.rate_stages import selection_metric
from dcwtal.pipeline.train import train_run
from dcwtal.training.settings import RunSettings

README = Path(__file__).resolve().parents[1] / "README.md"
BEGIN, END = "<!-- results -->", "<!-- end of results -->"
STRATEGIES = ("alternate", "only-B", "only-F", "only-F-anchored", "self-training")


@dataclass(frozen=True)
class StageResult:
    """One branch at one stage of one run, on the videos of one subset."""

    branch: str
    stage: str
    average_map: float
    rates: FrameReport


def measure_run(run: Path, dataset: Dataset, subset: str) -> tuple[dict, list[StageResult]]:
    """Every stage of both branches: average mAP (0.3:0.7) in the run's localize mode, and the Table-3 rates."""
    folder = RunFolder(run)
    info = json.loads(folder.info.read_text())
    settings = build_settings(RunSettings, json.loads(folder.settings.read_text()))
    videos = {video.id for video in dataset.of_subset(subset)}
    scored = [read_scores(folder.scores_of(video)) for video in sorted(videos)]
    durations = {video.id: video.duration for video in dataset.videos}
    results = []
    for stage in info["stages"]:
        for branch in ("cbp", "vlp"):
            localize = settings.localize.model_copy(update={"branch": branch})
            value = selection_metric(
                scored, stage, settings=localize, truth=dataset.instances, durations=durations
            )
            results.append(StageResult(branch, stage, value, stage_rates(scored, stage, branch, dataset)))
    return info, results


def stage_rates(scored: list[VideoScores], stage: str, branch: str, dataset: Dataset) -> FrameReport:
    """Table 3 of one branch at one stage."""
    maps = {scores.video: scores.at(stage, branch) for scores in scored}
    labels = {video.id: video.labels for video in dataset.videos}
    durations = {video.id: video.duration for video in dataset.videos}
    return frame_rates(maps, dataset.instances, labels, durations)


def numbers(report: FrameReport, value: float | None) -> list[float | None]:
    """The columns of a row, in percent."""
    every, sure = report.all_frames, report.confident_frames
    row = [
        every.foreground_iou,
        every.background_iou,
        every.true_positive_rate,
        every.true_negative_rate,
        sure.foreground_iou,
        sure.background_iou,
        sure.share,
        value,
    ]
    row.insert(4, None if None in row[2:4] else (row[2] + row[3]) / 2)
    return [None if number is None else 100 * number for number in row]


def table(rows: dict[str, list[list[float | None]]]) -> str:
    """Mean ± standard deviation over seeds, one line a row."""
    lines = [
        "| map | fg IoU | bg IoU | TPR | TNR | (TPR+TNR)/2 | fg IoU, confident | bg IoU, confident | confident share "
        "| mAP 0.3:0.7 |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for name, seeds in rows.items():
        cells = []
        for column in zip(*seeds, strict=True):
            known = [value for value in column if value is not None]
            spread = f" ± {np.std(known):.1f}" if len(known) > 1 else ""
            cells.append(f"{np.mean(known):.1f}{spread}" if known else "–")
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main() -> None:
    """Train what is missing, measure, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("dataset", type=Path)
    parser.add_argument("runs", type=Path)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--strategies", nargs="+", default=list(STRATEGIES))
    parser.add_argument("--preset", default="studio")
    parser.add_argument("--subset", default="test")
    parser.add_argument("--set", dest="overrides", action="append", default=[])
    parser.add_argument("--readme", action="store_true")
    arguments = parser.parse_args()
    dataset = open_dataset(arguments.dataset)
    text = study(arguments, dataset)
    print(text)  # noqa: T201  # the script's answer
    if arguments.readme:
        head, rest = README.read_text(encoding="utf-8").split(BEGIN)
        tail = rest.split(END)[1]
        README.write_text(f"{head}{BEGIN}\n{text}\n{END}{tail}", encoding="utf-8")


def study(arguments: argparse.Namespace, dataset: Dataset) -> str:
    """Both tables as Markdown with their protocol."""
    by_stage: dict[str, list] = {}
    by_strategy: dict[str, list] = {}
    chosen: dict[str, list[str]] = {}
    for strategy in arguments.strategies:
        for seed in arguments.seeds:
            run = arguments.runs / f"{strategy}-{seed}"
            train_run(
                arguments.dataset,
                run,
                preset=arguments.preset,
                overrides=[*arguments.overrides, f"train.strategy={strategy}"],
                seed=seed,
            )
            info, results = measure_run(run, dataset, arguments.subset)
            chosen.setdefault(strategy, []).append(info["final_stage"])
            for result in results:
                row = numbers(result.rates, result.average_map)
                if strategy == arguments.strategies[0]:
                    name = "vanilla VLP" if (result.branch, result.stage) == ("vlp", "warmup") else None
                    name = name or f"{result.branch.upper()} after {result.stage}"
                    by_stage.setdefault(name, []).append(row)
                if result.stage == info["final_stage"]:
                    by_strategy.setdefault(f"{strategy}: {result.branch.upper()}", []).append(row)
    by_stage |= _trivial(arguments, dataset)
    finals = "; ".join(f"{name}: {', '.join(stages)}" for name, stages in chosen.items())
    return _text(arguments, dataset, table(by_stage), table(by_strategy), finals)


def _trivial(arguments: argparse.Namespace, dataset: Dataset) -> dict[str, list]:
    run = RunFolder(arguments.runs / f"{arguments.strategies[0]}-{arguments.seeds[0]}")
    maps = {}
    for video in dataset.of_subset(arguments.subset):
        scores = read_scores(run.scores_of(video.id))
        maps[video.id] = scores.at(scores.stages[0], "cbp")
    labels = {video.id: video.labels for video in dataset.videos}
    durations = {video.id: video.duration for video in dataset.videos}
    reports = trivial_frame_rates(maps, dataset.instances, labels, durations)
    return {f"*{name}*": [numbers(report, None)] for name, report in reports.items()}


def _text(arguments: argparse.Namespace, dataset: Dataset, stages: str, strategies: str, finals: str) -> str:
    videos = len(dataset.of_subset(arguments.subset))
    held_out, seeds = len(dataset.of_subset("validation")), ", ".join(map(str, arguments.seeds))
    return f"""Everything here is measured on the **sports world, a procedural teaching set**: drawn by code, with
encoders that were trained on drawings. It shows the method's steps; it is **not evidence about real video**.

Protocol: {videos} {arguments.subset} videos of `{dataset.root.resolve().name}`, preset `{arguments.preset}`,
seeds {seeds} (mean ± standard deviation), seconds, `paper` inference mode, frames at 25 fps with
foreground p ≥ 0.3, confident p > 0.3 or p < 0.1, each class over the videos labelled with it, then the
mean over classes. Percent. The final stage of a run is chosen by average mAP (0.3:0.7) on the intervals
of the {held_out} validation videos, never on test.

{stages}

The strategies and controls at their chosen stage ({finals}):

{strategies}
"""


if __name__ == "__main__":
    main()
