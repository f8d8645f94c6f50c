"""Data-set numbers under changed settings: the terminal's own, kept, withdrawn, and with parts missing."""

import json
import shlex
from pathlib import Path

import numpy as np
import pytest
from scored_run import CLASSES, STAGES, random_scores, random_truth, write_run
from typer.testing import CliRunner

from dcwtal.cli import app
from dcwtal.core.errors import DataError, SettingsError
from dcwtal.evaluation.frame_rates import frame_rates
from dcwtal.localize.fusion import pick_branch
from dcwtal.pipeline.browse import open_run
from dcwtal.pipeline.settings_text import settings_text
from dcwtal.pipeline.what_if import many_videos, numbers
from dcwtal.pipeline.what_if.many_videos import Superseded
from dcwtal.pipeline.what_if.prepared_sets import PreparedSets
from dcwtal.pipeline.what_if.question import read_body, what_if_of

REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    videos = [random_scores(f"v{number}", number, n=40 + 7 * number) for number in range(5)]
    truth = {scores.video: random_truth(40 + n, end=scores.grid.end) for n, scores in enumerate(videos)}
    durations = {"v0": 24.9, "v1": None}
    subset = {"v4": "validation"}
    return write_run(tmp_path_factory.mktemp("what if"), videos, truth, subset=subset, durations=durations)


@pytest.fixture
def run(folder):
    return open_run(folder)


def prepared(run, asked):
    found = PreparedSets().of(run, asked)
    assert found.scores.ready(seconds=30)
    return found


def ask(run, **body):
    return what_if_of(run, read_body(body))


def random_body(dice: np.random.Generator, stages) -> dict:
    """A body with every setting somewhere in its range."""
    number = lambda low, high: round(float(dice.uniform(low, high)), 3)  # noqa: E731
    high = number(0.2, 0.7)
    settings = {
        "branch": str(dice.choice(["cbp", "vlp", "fused"])),
        "fusion_weight": number(0, 1),
        "mode": str(dice.choice(["paper", "peer"])),
        "theta_cls": number(0.05, 0.95),
        "relative_cls": None if dice.random() < 0.7 else number(0.3, 1),
        "class_scores_stage": str(dice.choice(["same", *stages])),
        "class_scores_branch": str(dice.choice(["same", "cbp", "vlp", "fused"])),
        "theta_loc": number(0.05, 0.9),
        "minmax": bool(dice.random() < 0.3),
        "theta_list": sorted({round(float(v), 2) for v in dice.uniform(0.05, 0.95, dice.integers(1, 9))}),
        "smoothing": number(0, 4),
        "closing_gap": number(0, 3),
        "min_length": number(0, 2),
        "score_rule": str(dice.choice(["mode", "maximum", "mean", "contrast"])),
        "nms": str(dice.choice(["gaussian", "hard", "none"])),
        "sigma": number(0.05, 1),
        "nms_tiou": number(0, 1),
        "min_score": number(0, 0.3),
        "max_per_video": int(dice.integers(2, 200)),
    }
    rules = {"high": high, "low": number(0, high - 0.05)}
    return {"stage": str(dice.choice(stages)), "settings": settings, "rules": rules}


def terminal(command: str) -> dict:
    """The report of the commands, run as the shell would."""
    localize, evaluate = (shlex.split(part)[1:] for part in command.split(" && "))
    assert CliRunner().invoke(app, localize).exit_code == 0
    done = CliRunner().invoke(app, [*evaluate, "--json"])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


@pytest.mark.parametrize("seed", range(10))
def test_the_terminal_gives_the_same_numbers(seed, tmp_path, monkeypatch):
    """The bundled run, ten random settings, by the command that the page offers to copy."""
    run = open_run(REPOSITORY / "checkpoints" / "demo-run")
    asked = ask(run, **random_body(np.random.default_rng(seed), run.stages))
    monkeypatch.chdir(tmp_path)
    report = terminal(settings_text(run, asked)["command"])
    numbers = prepared(run, asked).numbers(asked)
    assert numbers["tiou"] == report["tiou"]
    assert numbers["map"] == pytest.approx(report["map"], abs=1e-6)
    assert numbers["average"] == pytest.approx(report["average"], abs=1e-6)
    assert numbers["per_class"] == {
        label: pytest.approx(values, abs=1e-6) for label, values in report["per_class"].items()
    }
    assert numbers["detections"] == report["detections"]
    assert numbers["trivial"]["map"] == pytest.approx(report["trivial_whole_video"]["map"], abs=1e-6)
    rows = {(row["stage"], row["branch"]): row for row in report["table3"]["rows"]}
    for branch in ("cbp", "vlp"):
        row, rates = rows[asked.stage, branch], numbers["rates"][branch]
        for name in ("foreground_iou", "background_iou", "true_positive_rate", "true_negative_rate"):
            assert rates[name] == pytest.approx(row["all_frames"][name], abs=1e-6), (branch, name)
        assert rates["confident_share"] == pytest.approx(row["confident_frames"]["share"], abs=1e-6)


def test_the_copied_file_does_the_same(run, tmp_path, monkeypatch):
    asked = ask(run, **random_body(np.random.default_rng(99), STAGES) | {"stage": "F1"})
    monkeypatch.chdir(tmp_path)
    Path("copied.toml").write_text(settings_text(run, asked)["toml"])
    sets = (
        ["--set", "localize.relative_cls=null"]
        if "relative_cls=null" in Path("copied.toml").read_text()
        else []
    )
    truth = run.dataset.root / "annotations.json"
    place, config = str(run.folder.path), ["--config", "copied.toml"]
    localize = ["dcwtal", "localize", place, *config, *sets, "--out", "d.json"]
    evaluate = [
        "dcwtal",
        "evaluate",
        "d.json",
        "--ground-truth",
        str(truth),
        "--subset",
        "test",
        "--run",
        place,
    ]
    report = terminal(f"{shlex.join(localize)} && {shlex.join([*evaluate, *config])}")
    numbers = prepared(run, asked).numbers(asked)
    assert numbers["map"] == pytest.approx(report["map"], abs=1e-6)
    rows = {(row["stage"], row["branch"]): row["all_frames"] for row in report["table3"]["rows"]}
    assert numbers["rates"]["vlp"]["background_iou"] == pytest.approx(
        rows["F1", "vlp"]["background_iou"], abs=1e-6
    )


def test_the_fused_rates_are_those_of_the_fused_map(run):
    asked = ask(run, settings={"fusion_weight": 0.3}, rules={"high": 0.5, "low": 0.3}, stage="B1")
    found = prepared(run, asked)
    maps = {
        s.video: pick_branch(s.at("B1", "cbp"), s.at("B1", "vlp"), branch="fused", weight=0.3)
        for s in found.scores.videos
    }
    labels = {video.id: video.labels for video in run.dataset.videos}
    durations = {video.id: video.duration for video in run.dataset.videos}
    expected = frame_rates(maps, run.dataset.instances, labels, durations, thresholds=asked.thresholds)
    rates = found.numbers(asked)["rates"]["fused"]
    assert rates["foreground_iou"] == pytest.approx(expected.all_frames.foreground_iou, abs=1e-12)
    assert rates["confident_share"] == pytest.approx(expected.confident_frames.share, abs=1e-12)


def test_what_does_not_matter_is_not_worked_out_again(run, monkeypatch):
    calls = {"candidates": 0, "evaluate": 0}

    def counted(name, function):
        def counting(*arguments, **options):
            calls[name] += 1
            return function(*arguments, **options)

        return counting

    monkeypatch.setattr(
        many_videos, "candidates_of_class", counted("candidates", many_videos.candidates_of_class)
    )
    monkeypatch.setattr(numbers, "evaluate_under", counted("evaluate", numbers.evaluate_under))
    found = prepared(run, ask(run))
    first = found.numbers(ask(run))
    done = dict(calls)
    assert done["candidates"] > 0 and done["evaluate"] == 1
    for body in ({"rules": {"high": 0.6}}, {"settings": {"fusion_weight": 0.1}}, {"tiou": 0.7}):
        again = found.numbers(ask(run, **body))
        assert calls == done and again["map"] == first["map"]
    assert found.numbers(ask(run, rules={"high": 0.6}))["rates"] != first["rates"]
    found.numbers(ask(run, settings={"sigma": 0.9}))
    assert calls == {"candidates": done["candidates"], "evaluate": 2}
    found.numbers(ask(run, settings={"theta_loc": 0.2}))
    assert calls["candidates"] > done["candidates"]


def test_a_withdrawn_question_stops_at_the_next_video(run):
    found, looks = prepared(run, ask(run)), []

    def cancelled():
        looks.append(1)
        return len(looks) > 3

    with pytest.raises(Superseded):
        found.numbers(ask(run, settings={"mode": "peer"}), cancelled=cancelled)
    assert len(looks) == 4
    fresh = prepared(run, ask(run)).numbers(ask(run, settings={"mode": "peer"}))
    assert found.numbers(ask(run, settings={"mode": "peer"}))["map"] == fresh["map"]


def test_another_subset_and_only_some_stages(run, monkeypatch):
    monkeypatch.setattr("dcwtal.pipeline.what_if.subset_scores.ALL_STAGES_BYTES", 10)
    asked = ask(run, subset="validation", stage="B1", settings={"class_scores_stage": "warmup"})
    small = prepared(run, asked)
    assert small.scores.videos[0].stages == ("warmup", "B1")
    monkeypatch.undo()
    assert small.numbers(asked) | {"seconds": 0} == prepared(run, asked).numbers(asked) | {"seconds": 0}
    assert small.numbers(asked)["protocol"]["videos"] == 1
    assert small.numbers(asked)["protocol"]["selection"] == "stage B1, as asked for"


def test_sets_are_kept_and_the_oldest_dropped(run):
    sets = PreparedSets()
    first = sets.of(run, ask(run))
    assert sets.of(run, ask(run, stage="B1", settings={"mode": "peer"})) is first
    assert sets.of(run, ask(run, subset="validation")) is not first
    assert first.scores.ready(seconds=30)
    assert set(sets.scores_in_memory(run, ask(run))) >= {"v0", "v1", "v2", "v3"}


def test_a_damaged_file_is_told_and_read_again_once_mended(tmp_path):
    scores = [random_scores("v", 1), random_scores("w", 2)]
    folder = write_run(tmp_path, scores, {"v": [("Dive", 1.0, 3.0)]})
    path = folder / "scores" / "w.npz"
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    run, sets = open_run(folder), PreparedSets()
    with pytest.raises(DataError, match=r"w\.npz"):
        sets.of(run, ask(run)).scores.ready(seconds=30)
    path.write_bytes(whole)
    assert sets.of(run, ask(run)).scores.ready(seconds=30)


def test_without_any_truth_the_numbers_say_so(tmp_path):
    folder = write_run(tmp_path, [random_scores("v", 1)], {})
    run = open_run(folder)
    numbers = prepared(run, ask(run)).numbers(ask(run))
    assert numbers["map"] == [None] * 7 and "no instances" in numbers["note"]
    json.dumps(numbers, allow_nan=False)


def test_a_run_without_its_data_set_has_no_numbers_but_answers(tmp_path):
    folder = write_run(tmp_path, [random_scores("v", 1)], {"v": [("Dive", 1.0, 3.0)]})
    (tmp_path / "data" / "annotations.json").unlink()
    run = open_run(folder)
    assert ask(run).subset == ""
    assert prepared(run, ask(run)).numbers(ask(run))["map"] == [None] * 7


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"stage": "F9"}, "stage: this run has no stage 'F9'"),
        ({"subset": "train"}, "subset: this run has no scores of 'train'; known: test, validation"),
        ({"settings": {"theta_lok": 0.4}}, "did you mean 'theta_loc'"),
        ({"settings": {"theta_loc": 7}}, "theta_loc"),
        ({"settings": {"theta_loc": float("nan")}}, "theta_loc"),
        ({"settings": {"class_scores_stage": "F9"}}, "class_scores_stage: this run has no stage 'F9'"),
        ({"settings": []}, "'settings'"),
        ({"rules": {"high": 0.1}}, "expected 0 <= low < high <= 1; found low 0.2 and high 0.1"),
        ({"tiou": 0}, "'tiou'"),
        ({"turn": "later"}, "'turn'"),
        ({"colour": "red"}, "unknown setting 'colour'"),
    ],
)
def test_faults_of_a_question(run, body, said):
    with pytest.raises(SettingsError) as caught:
        ask(run, **body)
    assert said in str(caught.value)


def test_the_runs_own_values_fill_the_rest(run):
    asked = ask(run)
    assert (asked.stage, asked.high, asked.low, asked.subset) == ("F1", 0.4, 0.2, "test")
    assert asked.settings == run.localize and CLASSES.names == ("Dive", "Jump", "Serve")
