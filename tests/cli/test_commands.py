"""The river on the command line: train, localize, evaluate, infer on a tiny data set, with and without --json."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from dcwtal.cli import app, main

QUICK = ["train.warmup_steps=4", "train.b_steps=3", "train.f_steps=3", "localize.theta_loc=0.02"]
SETS = [part for override in [*QUICK, "localize.theta_cls=0.01"] for part in ("--set", override)]
pytestmark = pytest.mark.usefixtures("with_tiny_weights", "one_thread")


@pytest.fixture
def dcwtal(monkeypatch, capsys):
    """Runs a command in this process: (exit code, stdout, stderr)."""

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["dcwtal", *map(str, arguments)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capsys.readouterr()
        return ended.value.code, out, err

    return run


@pytest.fixture(scope="module")
def place(tiny, tmp_path_factory):
    root = tmp_path_factory.mktemp("river")
    tiny.write_data_set(root / "D")
    return root


@pytest.fixture
def trained(place, dcwtal):
    """The run, trained by the first test that needs it."""
    if not (place / "R").exists():
        assert dcwtal("train", place / "D", "--run", place / "R", "--preset", "smoke", *SETS)[0] == 0
    return place / "R"


def only_json(out):
    """The one JSON object that stdout holds, and nothing else."""
    assert out.endswith("\n") and out.count("\n") == 1
    document = json.loads(out)
    assert isinstance(document, dict)
    return document


@pytest.mark.parametrize("command", [c.name or c.callback.__name__ for c in app.registered_commands])
def test_every_command_explains_itself(dcwtal, command):
    code, out, err = dcwtal(command, "--help")
    assert code == 0 and err == "" and command in out
    assert " ".join(
        app.registered_commands[0].callback.__doc__.split()[:3]
    )  # commands have a docstring at all


def test_train_says_what_it_did_and_what_comes_next(place, dcwtal, tmp_path):
    code, out, err = dcwtal("train", place / "D", "--run", tmp_path / "R", "--preset", "smoke", *SETS)
    assert code == 0
    assert "stages warmup, B1, F1; final F1 (selection: last stage)" in out and "next: dcwtal localize" in out
    assert "[10/10" in err and "kd" in err and "\r" not in err and "Traceback" not in err


def test_train_json_is_the_run_json(place, dcwtal, trained):
    code, out, _ = dcwtal("train", place / "D", "--run", trained, "--json")
    assert code == 0 and only_json(out) == json.loads((trained / "run.json").read_text())


def test_localize_and_evaluate(place, dcwtal, trained):
    code, out, _ = dcwtal("localize", trained, "--json", "--set", "localize.theta_loc=0.01")
    said = only_json(out)
    assert code == 0 and said["stage"] == "F1" and said["detections"] > 0 and said["videos"] == 4
    truth = ["--ground-truth", place / "D" / "annotations.json", "--subset", "test"]
    code, out, err = dcwtal("evaluate", trained / "detections.json", *truth, "--json")
    report = only_json(out)
    assert code == 0 and "Traceback" not in err
    assert {"protocol", "tiou", "map", "average", "videos", "instances", "detections"} <= set(report)
    assert report["tiou"] == pytest.approx(np.arange(0.1, 0.75, 0.1).tolist())
    assert set(report["average"]) >= {"0.1:0.5", "0.3:0.7", "0.1:0.7"} and report["videos"] == 2
    assert report["average"]["0.1:0.7"] == pytest.approx(np.mean(report["map"]))
    code, out, _ = dcwtal("evaluate", trained / "detections.json", *truth)
    assert code == 0 and "activitynet" in out.lower()


def test_perfect_detections_score_one(place, dcwtal, tmp_path):
    database = json.loads((place / "D" / "annotations.json").read_text())["database"]
    results = {
        video: [row | {"score": 1.0} for row in entry["annotations"]]
        for video, entry in database.items()
        if entry["subset"] == "test"
    }
    path = tmp_path / "perfect.json"
    path.write_text(json.dumps({"version": "x", "results": results, "external_data": {}}))
    options = [
        "--ground-truth",
        place / "D" / "annotations.json",
        "--subset",
        "test",
        "--tiou",
        "0.5:0.9:0.2",
    ]
    code, out, _ = dcwtal("evaluate", path, *options, "--json")
    assert code == 0 and only_json(out)["map"] == [1.0, 1.0, 1.0]


def test_doctor(dcwtal):
    code, out, err = dcwtal("doctor", "--json")
    assert code == 0 and only_json(out) and "Traceback" not in err
    code, out, _ = dcwtal("doctor")
    assert code == 0 and "torch" in out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--set", "train.step=3"], "unknown setting 'train.step'; did you mean"),
        (["--set", "pseudo_labels.delta_l=0.9"], "pseudo_labels.delta_l must be below pseudo_labels.delta_h"),
        (["--set", "train.rounds"], "--set expects section.key=value; found 'train.rounds'"),
        (["--preset", "studoi"], "unknown preset 'studoi'; known: paper, smoke, studio"),
        (["--set", "train.rounds=0", "--set", "loss.kd=maybe"], "'loss.kd'"),
    ],
    ids=str,
)
def test_faults_of_train(place, dcwtal, tmp_path, arguments, message):
    code, out, err = dcwtal("train", place / "D", "--run", tmp_path / "R", *arguments)
    assert code == 2 and out == "" and err.count("\n") == 1 and err.startswith("error: ") and message in err
    assert not (tmp_path / "R").exists()


def test_other_settings_on_an_existing_run(place, dcwtal, trained):
    code, out, err = dcwtal("train", place / "D", "--run", trained, "--seed", 7)
    assert code == 2 and out == "" and err.count("\n") == 1
    assert "exists with other settings, seed or data set" in err and "choose another --run" in err


def test_a_foreign_label(tiny, dcwtal, tmp_path):
    tiny.write_data_set(tmp_path / "D", labels={"train_0": ["Divng"]})
    code, _, err = dcwtal("train", tmp_path / "D", "--run", tmp_path / "R", "--preset", "smoke")
    assert code == 2 and "video 'train_0': unknown class 'Divng'; did you mean 'Diving'?" in err


@pytest.mark.parametrize("text", ["", "{", "[]", '{"database": 3}', '{"database": {"v": []}}'])
def test_broken_annotations(dcwtal, tmp_path, text):
    (tmp_path / "annotations.json").write_text(text)
    code, out, err = dcwtal("train", tmp_path, "--run", tmp_path / "R")
    assert code == 2 and out == "" and err.count("\n") == 1 and "annotations.json" in err


def test_localize_refuses_what_training_fixed(dcwtal, trained):
    code, _, err = dcwtal("localize", trained, "--set", "train.rounds=2")
    assert code == 2 and "localize" in err
    code, _, err = dcwtal("localize", trained, "--stage", "F9")
    assert code == 2 and "no stage 'F9'; known: warmup, B1, F1" in err


def test_evaluate_of_an_unknown_subset(place, dcwtal, trained):
    dcwtal("localize", trained)
    options = ["--ground-truth", place / "D" / "annotations.json", "--subset", "dev"]
    code, _, err = dcwtal("evaluate", trained / "detections.json", *options)
    assert code == 2 and "no subset 'dev'" in err and "found: train, validation, test" in err


def test_the_report_is_kept_only_when_asked(place, dcwtal, trained, tmp_path):
    assert dcwtal("localize", trained)[0] == 0
    (trained / "report.json").unlink(missing_ok=True)
    truth = ["--ground-truth", place / "D" / "annotations.json", "--subset", "test"]
    assert dcwtal("evaluate", trained / "detections.json", *truth)[0] == 0
    assert not (trained / "report.json").exists()
    code, out, _ = dcwtal("evaluate", trained / "detections.json", *truth, "--save", "--json")
    assert code == 0 and json.loads((trained / "report.json").read_text()) == only_json(out)
    alone = tmp_path / "detections.json"
    alone.write_bytes((trained / "detections.json").read_bytes())
    code, _, err = dcwtal("evaluate", alone, *truth, "--save")
    assert code == 2 and "holds no run" in err


@pytest.mark.parametrize(
    "wrong",
    [
        ["--seed", "-1"],
        ["--set", "localize.class_scores_stage=Z9"],
    ],
)
def test_a_refused_start_leaves_no_run(place, dcwtal, tmp_path, wrong):
    code, _, err = dcwtal("train", place / "D", "--run", tmp_path / "R", "--preset", "smoke", *SETS, *wrong)
    assert code == 2 and err.count("\n") == 1 and wrong[-1].split("=")[-1] in err
    assert not (tmp_path / "R").exists()


def test_a_start_that_was_cut_off_can_be_made_again(place, dcwtal, tmp_path):
    run = tmp_path / "R"
    run.mkdir()
    (run / "settings.json").write_text("{}")
    (run / ".run-abc.json").write_text("")
    code, _, err = dcwtal("train", place / "D", "--run", run, "--preset", "smoke", *SETS)
    assert code == 0, err
    assert json.loads((run / "settings.json").read_text())["train"]["warmup_steps"] == 4


@pytest.mark.parametrize("command", ["world", "extract"])
def test_no_workers_is_refused(dcwtal, tmp_path, command):
    code, _, err = dcwtal(command, tmp_path / "W", "--workers", "0")
    assert code == 2 and err.count("\n") == 1 and "workers" in err
    assert not (tmp_path / "W").exists()


def test_classes_that_are_no_list(place, dcwtal, tmp_path, tiny):
    tiny.write_data_set(tmp_path / "D")
    path = tmp_path / "D" / "annotations.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"classes": 5}))
    code, _, err = dcwtal("train", tmp_path / "D", "--run", tmp_path / "R")
    assert code == 2 and "'classes' must be a list of names; found 5" in err


@pytest.mark.parametrize("where, code, said", [("/dev/full", 2, "No space left"), (None, 0, "")])
def test_an_answer_that_nobody_can_take(where, code, said):
    if where and not Path(where).exists():
        pytest.skip(f"this system has no {where}")
    stdout = open(where, "w") if where else subprocess.PIPE  # noqa: SIM115  # closed with the process
    with subprocess.Popen(
        [sys.executable, "-m", "dcwtal", "doctor", "--json"], stdout=stdout, stderr=subprocess.PIPE, text=True
    ) as process:
        if process.stdout is not None:
            process.stdout.close()
        err = process.stderr.read()
        assert process.wait() == code
    assert "Traceback" not in err and said in err
