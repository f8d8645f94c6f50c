"""The command line. Results go to stdout, everything else to stderr; exit codes as in the README."""

import json
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from dcwtal import __version__
from dcwtal.core.errors import DcwtalError, DiskError, UserError
from dcwtal.pipeline.progress import TimeLeft

app = typer.Typer(
    name="dcwtal",
    help="Weakly-supervised temporal action localization: two branches that teach each other.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object on stdout.")]
Overrides = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="SECTION.KEY=VALUE", help="Change one setting; repeatable."),
]
Config = Annotated[
    Path | None,
    typer.Option(
        "--config",
        metavar="FILE.toml",
        help="Settings as the studio copies them: [localize], [pseudo_labels].",
    ),
]


def say(message: str) -> None:
    """One line for the person, on stderr."""
    sys.stderr.write(message + "\n")


class ProgressLine:
    """Progress on stderr: redrawn in place on a terminal, a line now and then elsewhere."""

    def __init__(self) -> None:
        self.left, self.terminal, self.shown = TimeLeft(), sys.stderr.isatty(), -1

    def __call__(self, done: int, total: int, message: str) -> None:
        seconds = self.left.seconds(done, total)
        rest = "" if seconds is None else f", about {_duration(seconds)} left"
        line = f"[{done}/{total}{rest}] {message}"
        if self.terminal:
            sys.stderr.write(f"\r\x1b[K{line[:150]}" + ("\n" if done >= total else ""))
            sys.stderr.flush()
        elif done >= total or done * 20 // max(1, total) != self.shown:
            self.shown = done * 20 // max(1, total)
            say(line)


def _duration(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"


def _print(document: dict[str, Any], as_json: bool, text: str) -> None:
    try:
        sys.stdout.write((json.dumps(document, allow_nan=False) if as_json else text) + "\n")
        sys.stdout.flush()
    except OSError as error:
        # Nobody listens, or the place is full. What is left in the buffer must not be tried again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):
            raise DiskError(f"cannot write the answer to stdout: {error.strerror}") from None


@app.callback(invoke_without_command=True)
def _root(
    version: Annotated[bool, typer.Option("--version", help="Print the version and stop.")] = False,
) -> None:
    if version:
        sys.stdout.write(f"dcwtal {__version__}\n")
        raise typer.Exit


@app.command()
def world(
    directory: Annotated[
        Path | None,
        typer.Argument(help="Where the data set goes; with --pretrain the encoders (default checkpoints)."),
    ] = None,
    train: Annotated[int, typer.Option(help="Training videos.")] = 40,
    val: Annotated[int | None, typer.Option(help="Validation videos; default: a quarter of train.")] = None,
    test: Annotated[int, typer.Option(help="Test videos.")] = 20,
    seed: Annotated[int, typer.Option(min=0, help="Same seed, same videos.")] = 0,
    workers: Annotated[int, typer.Option(min=1, help="Processes that draw.")] = 2,
    pretrain: Annotated[
        bool, typer.Option("--pretrain", help="Train the two tiny encoders instead of drawing a data set.")
    ] = False,
) -> None:
    """Draw the procedural sports world: mp4 files with exact ground truth. A teaching set, not evidence."""
    from dcwtal.pipeline.make_world import make_world, pretrain_encoders

    if pretrain:
        out = directory or Path("checkpoints")
        pretrain_encoders(out, seed=seed, on_progress=ProgressLine())
        say(f"encoders are in {out}")
        return
    if directory is None:
        raise UserError(
            "give a folder for the data set, as in 'dcwtal world W', or --pretrain for the encoders"
        )
    make_world(
        directory,
        n_train=train,
        n_val=val,
        n_test=test,
        seed=seed,
        workers=workers,
        on_progress=ProgressLine(),
    )
    say(f"data set is in {directory}; next: dcwtal extract {directory}")


@app.command()
def extract(
    dataset: Annotated[Path, typer.Argument(help="Data set folder with annotations.json and videos/.")],
    subset: Annotated[list[str] | None, typer.Option(help="Only these splits; repeatable.")] = None,
    encoder: Annotated[
        list[str] | None, typer.Option(help="Encoders; default: the world's two. Repeatable.")
    ] = None,
    overrides: Overrides = None,
    workers: Annotated[int, typer.Option(min=1, help="Processes that decode and encode.")] = 2,
    json_: Json = False,
) -> None:
    """Turn videos into features of both branches. Interrupted, it goes on where it was."""
    from dcwtal.pipeline.extract import DEFAULT_ENCODERS, extract_dataset

    line = ProgressLine()
    summary = extract_dataset(
        dataset,
        subsets=subset,
        encoders=encoder or DEFAULT_ENCODERS,
        overrides=overrides or [],
        workers=workers,
        on_progress=lambda now: line(
            now.done, now.total, now.message or f"{now.fraction:.0%} of the footage"
        ),
    )
    text = (
        f"features of {summary.extracted} videos extracted, {summary.kept} kept from before, "
        f"in {summary.seconds:.0f} s ({', '.join(summary.encoders)})\nnext: dcwtal train {dataset} --run RUN"
    )
    for video, notes in summary.notes.items():
        say(f"note: {video}: {'; '.join(notes)}")
    _print(asdict(summary), json_, text)


@app.command()
def train(
    dataset: Annotated[Path, typer.Argument(help="Data set folder with features.")],
    run: Annotated[Path, typer.Option(help="Run folder; an unfinished one is resumed.")],
    preset: Annotated[
        str | None, typer.Option(help="paper, studio, smoke, or a .toml file; default studio.")
    ] = None,
    overrides: Overrides = None,
    seed: Annotated[int | None, typer.Option(help="Seed of weights, batches and dropout; default 0.")] = None,
    json_: Json = False,
) -> None:
    """Warm up CBP, then let the branches teach each other; score every stage; choose the final one."""
    from dcwtal.pipeline.train import train_run

    info = train_run(
        dataset, run, preset=preset, overrides=overrides or [], seed=seed, on_progress=ProgressLine()
    )
    if info.get("stopped"):
        _print(info, json_, f"run {run} was stopped; the same command resumes it")
        return
    selection = info["selection"]
    text = (
        f"run {run}: stages {', '.join(info['stages'])}; final {info['final_stage']} "
        f"(selection: {selection['text']})\nnext: dcwtal localize {run}"
    )
    _print(info, json_, text)


@app.command()
def localize(
    run: Annotated[Path, typer.Argument(help="A trained run.")],
    stage: Annotated[str | None, typer.Option(help="Stage to use; default: the run's final one.")] = None,
    out: Annotated[
        Path | None, typer.Option(help="File to write; default: the run's own detections.json.")
    ] = None,
    overrides: Overrides = None,
    config: Config = None,
    json_: Json = False,
) -> None:
    """Turn a run's scores into detections.json. Needs no network: change thresholds freely."""
    from dcwtal.pipeline.localize import localize_run

    result = localize_run(run, overrides=overrides or [], stage=stage, out=out, config=config)
    _print(result.as_dict(), json_, result.as_text())


@app.command()
def evaluate(
    detections: Annotated[Path, typer.Argument(help="ActivityNet-style detections.")],
    ground_truth: Annotated[Path, typer.Option(help="ActivityNet-style truth, or BaS-Net's gt.json.")],
    subset: Annotated[str | None, typer.Option(help="Only this split of the truth.")] = None,
    tiou: Annotated[
        str | None, typer.Option(help="first:last:step; default: the protocol's own, 0.1:0.7:0.1.")
    ] = None,
    protocol: Annotated[str, typer.Option(help="Evaluation protocol by name.")] = "activitynet",
    run: Annotated[
        Path | None, typer.Option(help="The detections' run, where they do not lie in its folder.")
    ] = None,
    overrides: Overrides = None,
    config: Config = None,
    save: Annotated[bool, typer.Option("--save", help="Also keep it as report.json of the run.")] = False,
    json_: Json = False,
) -> None:
    """mAP as ActivityNet computes it, with its protocol; for a run's detections also the Table-3 block."""
    from dcwtal.pipeline.evaluate import evaluate_detections, format_report, write_report

    report = evaluate_detections(
        detections,
        ground_truth,
        subset=subset,
        tiou=tiou,
        protocol=protocol,
        run=run,
        overrides=overrides or [],
        config=config,
    )
    if save:
        if "table3" not in report:
            raise UserError(f"--save needs a run's detections; {detections.parent} holds no run (see --run)")
        say(f"wrote {write_report(run or detections.parent, report)}")
    _print(report, json_, format_report(report))


@app.command()
def infer(
    video: Annotated[Path, typer.Argument(help="Any video file.")],
    run: Annotated[Path, typer.Option(help="A trained run.")],
    out: Annotated[Path | None, typer.Option(help="Also write the detections here.")] = None,
    overrides: Overrides = None,
    json_: Json = False,
) -> None:
    """From a bare video to intervals in one command."""
    from dcwtal.pipeline.infer import infer_video

    result = infer_video(video, run, overrides=overrides or [], on_progress=ProgressLine())
    if out is not None:
        result.write(out)
        say(f"wrote {out}")
    _print(result.document(), json_, result.as_text())


@app.command()
def doctor(json_: Json = False) -> None:
    """What is installed, which device, which weights, data and runs are found, and what to do next."""
    from dcwtal.pipeline.doctor import examine

    findings = examine()
    _print(findings.as_dict(), json_, findings.as_text())


@app.command()
def ui(
    run: Annotated[list[Path] | None, typer.Option(help="Runs to offer; default: the bundled one.")] = None,
    port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="Port; default: the first free one from 7860.")
    ] = None,
    open_browser: Annotated[bool, typer.Option("--open", help="Open the page in a browser.")] = False,
) -> None:
    """Open the studio on this machine."""
    from dcwtal.ui.app import launch

    launch(runs=run or [], port=port, open_browser=open_browser)


def main() -> None:
    """Entry point: 0 done, 2 the user's fault, 130 interrupted; anything else is a bug and shows its traceback."""
    try:
        code = app(standalone_mode=False)  # Ctrl-C inside a command comes back as code 130
    except (typer.Abort, KeyboardInterrupt):
        code = 130
    except DcwtalError as error:
        say(f"error: {' '.join(str(error).split())}")
        raise SystemExit(2) from None
    except typer.TyperException as error:
        if message := " ".join(error.format_message().split()):  # a bare 'dcwtal' has shown its help
            say(f"error: {message}")
        raise SystemExit(2) from None
    if code == 130:
        say("interrupted; run the same command again to go on")
    raise SystemExit(code if isinstance(code, int) else 0)
