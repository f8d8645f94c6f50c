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
from dcwtal.localize.fusion import pick_branch
from dcwtal.pipeline.open_dataset import open_dataset
from dcwtal.pipeline.rate_stages import selection_metric
from dcwtal.pipeline.train import train_run
from dcwtal.training.settings import RunSettings

README = Path(__file__).resolve().parents[1] / "README.md"
BEGIN, END = "<!-- results -->", "<!-- end of results -->"
# Whose scores answer for a strategy: the branch that it trained, and for the one-sided ones also the average of both
# (Table 4 of the paper).
ANSWERS = {
    "alternate": ("cbp",),
    "only-B": ("vlp", "fused"),
    "only-F": ("cbp", "fused"),
    "only-F-anchored": ("cbp",),
    "self-training": ("cbp",),
}


@dataclass(frozen=True)
class MeasuredRun:
    """A finished run with its scores; ``dataset`` holds the truth."""

    info: dict
    settings: RunSettings
    scores: dict[str, VideoScores]
    dataset: Dataset

    @classmethod
    def open(cls, run: Path, dataset: Dataset) -> "MeasuredRun":
        """Read what ``dcwtal train`` left."""
        folder = RunFolder(run)
        settings = build_settings(RunSettings, json.loads(folder.settings.read_text()))
        scores = {path.stem: read_scores(path) for path in sorted(folder.scores.glob("*.npz"))}
        return cls(json.loads(folder.info.read_text()), settings, scores, dataset)

    def of_subset(self, subset: str) -> list[VideoScores]:
        """The scores of one split's videos."""
        return [self.scores[video.id] for video in self.dataset.of_subset(subset)]

    def average_map(self, stage: str, branch: str, subset: str) -> float:
        """Average mAP (0.3:0.7) of one branch at one stage, in the run's localize mode; a fraction."""
        return selection_metric(
            self.of_subset(subset),
            stage,
            settings=self.settings.localize.model_copy(update={"branch": branch}),
            truth=self.dataset.instances,
            durations={video.id: video.duration for video in self.dataset.videos},
        )

    def rates(self, stage: str, branch: str, subset: str) -> FrameReport:
        """Table 3 of one branch at one stage."""
        weight = self.settings.localize.fusion_weight
        maps = {
            s.video: pick_branch(s.at(stage, "cbp"), s.at(stage, "vlp"), branch=branch, weight=weight)
            for s in self.of_subset(subset)
        }
        labels = {video.id: video.labels for video in self.dataset.videos}
        durations = {video.id: video.duration for video in self.dataset.videos}
        return frame_rates(maps, self.dataset.instances, labels, durations)

    def best_stage(self, branch: str) -> str:
        """The stage with the highest average mAP on the validation videos; the earlier of equals."""
        return max(self.info["stages"], key=lambda stage: self.average_map(stage, branch, "validation"))

    def row(self, stage: str, branch: str, subset: str) -> list[float | None]:
        """The columns of one table row, in percent."""
        return numbers(self.rates(stage, branch, subset), self.average_map(stage, branch, subset))


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
    parser.add_argument("--strategies", nargs="+", choices=list(ANSWERS), default=list(ANSWERS))
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
            path = arguments.runs / f"{strategy}-{seed}"
            overrides = [*arguments.overrides, f"train.strategy={strategy}"]
            train_run(arguments.dataset, path, preset=arguments.preset, overrides=overrides, seed=seed)
            run = MeasuredRun.open(path, dataset)
            for branch in ANSWERS[strategy]:
                name = f"{strategy}, {branch if branch == 'fused' else branch.upper()}"
                stage = run.best_stage(branch)
                chosen.setdefault(name, []).append(stage)
                by_strategy.setdefault(name, []).append(run.row(stage, branch, arguments.subset))
            if strategy == "alternate":
                for name, stage, branch in _learning_order(run.info["stages"]):
                    by_stage.setdefault(name, []).append(run.row(stage, branch, arguments.subset))
    by_strategy = {f"{name} ({', '.join(chosen[name])})": rows for name, rows in by_strategy.items()}
    by_stage |= _trivial(arguments, dataset)
    return _text(arguments, dataset, table(by_stage), table(by_strategy))


def _learning_order(stages: list[str]) -> list[tuple[str, str, str]]:
    """Row name, stage and branch of every map that a step just changed."""
    rows = [("CBP after warm-up", "warmup", "cbp"), ("vanilla VLP", "warmup", "vlp")]
    for stage in stages[1:]:
        branch = "vlp" if stage.startswith("B") else "cbp"
        rows.append((f"{branch.upper()} after {stage}", stage, branch))
    return rows


def _trivial(arguments: argparse.Namespace, dataset: Dataset) -> dict[str, list]:
    run = MeasuredRun.open(arguments.runs / f"{arguments.strategies[0]}-{arguments.seeds[0]}", dataset)
    maps = {scores.video: scores.at(scores.stages[0], "cbp") for scores in run.of_subset(arguments.subset)}
    labels = {video.id: video.labels for video in dataset.videos}
    durations = {video.id: video.duration for video in dataset.videos}
    reports = trivial_frame_rates(maps, dataset.instances, labels, durations)
    return {f"*{name}*": [numbers(report, None)] for name, report in reports.items()}


def _text(arguments: argparse.Namespace, dataset: Dataset, stages: str, strategies: str) -> str:
    videos = len(dataset.of_subset(arguments.subset))
    held_out, seeds = len(dataset.of_subset("validation")), ", ".join(map(str, arguments.seeds))
    return f"""Everything here is measured on the **sports world, a procedural teaching set**: drawn by code, with
encoders that were trained on drawings. It shows the method's steps; it is **not evidence about real video**.

Protocol: {videos} {arguments.subset} videos of data set `{dataset.root.resolve().name}`, preset `{arguments.preset}`,
seeds {seeds} (mean ± standard deviation), seconds, `paper` inference mode, frames at 25 fps with
foreground p ≥ 0.3, confident p > 0.3 or p < 0.1, each class over the videos labelled with it, then the
mean over classes. Percent. A stage is chosen by average mAP (0.3:0.7) on the intervals
of the {held_out} validation videos, never on test.

{stages}

Strategies and controls with equal steps, each at the stage chosen for it (in brackets, one a seed):

{strategies}
"""


if __name__ == "__main__":
    main()
