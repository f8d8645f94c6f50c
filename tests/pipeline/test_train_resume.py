"""Stopped, interrupted or finished: what the same command and another command do to a run."""

import json
import shutil
from pathlib import Path

import pytest

from dcwtal.core.errors import CheckpointError, SettingsError
from dcwtal.data.score_store import BRANCHES, read_scores
from dcwtal.jobs.event_log import read_events
from dcwtal.pipeline.train import train_run

pytestmark = pytest.mark.usefixtures("with_tiny_weights", "one_thread")


def test_a_finished_run_is_not_touched_again(finished, data, tiny):
    run, info = finished
    before, said = tiny.stage_weights(run), []
    times = {path: path.stat().st_mtime_ns for path in run.rglob("*") if path.is_file()}
    again = train_run(data, run, preset=None, overrides=[], seed=None, on_progress=lambda *a: said.append(a))
    assert again == info and tiny.stage_weights(run) == before
    assert {path: path.stat().st_mtime_ns for path in run.rglob("*") if path.is_file()} == times
    assert "already finished" in said[-1][2]


@pytest.mark.parametrize("said", ["nothing", "the same"])
def test_stop_and_resume_give_the_unbroken_weights(finished, data, tiny, tmp_path, quick, said):
    run = tmp_path / "R"

    def stop_soon(done, total, message):
        if done == 6:  # in the middle of B1
            (run / "stop").touch()

    info = train_run(data, run, preset="smoke", overrides=quick, seed=None, on_progress=stop_soon)
    assert info["stopped"] and "final_stage" not in json.loads((run / "run.json").read_text())
    assert read_events(run / "events.jsonl")[0][-1]["reason"] == "stopped"
    assert set(tiny.stage_weights(run)) == {"warmup"}
    again = (
        {"preset": "smoke", "overrides": quick} if said == "the same" else {"preset": None, "overrides": []}
    )
    info = train_run(data, run, seed=None, **again)
    assert "stopped" not in info and info["final_stage"] == "F1" and not (run / "stop").exists()
    assert tiny.stage_weights(run) == tiny.stage_weights(finished[0])
    for video in ("validation_0", "test_1"):
        one, other = (read_scores(folder / "scores" / f"{video}.npz") for folder in (run, finished[0]))
        assert all((one.class_scores[b] == other.class_scores[b]).all() for b in BRANCHES)


def test_interrupted_while_scoring_it_finishes_without_training_again(
    finished, data, tiny, tmp_path, monkeypatch, train
):
    import dcwtal.pipeline.score_stages as score_stages

    def interrupted(*args):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(score_stages, "write_run_scores", interrupted)
        with pytest.raises(KeyboardInterrupt):
            train(data, tmp_path / "R")
    before = tiny.stage_weights(tmp_path / "R")
    assert train(data, tmp_path / "R")["final_stage"] == "F1"
    events, _ = read_events(tmp_path / "R" / "events.jsonl")
    assert [event["kind"] for event in events].count("step") == 10
    assert tiny.stage_weights(tmp_path / "R") == before == tiny.stage_weights(finished[0])
    assert len(list((tmp_path / "R" / "scores").glob("*.npz"))) == 4


def test_a_refused_command_does_not_take_back_a_stop_request(data, tmp_path, train, quick):
    """Somebody asked the running job to stop; a command with other settings must not undo that."""
    run = tmp_path / "R"
    train_run(
        data,
        run,
        preset="smoke",
        overrides=quick,
        seed=None,
        on_progress=lambda done, *_: (run / "stop").touch() if done == 2 else None,
    )
    (run / "stop").touch()
    with pytest.raises(SettingsError, match="other settings"):
        train(data, run, seed=9)
    assert (run / "stop").exists()


@pytest.mark.parametrize(
    "change",
    [{"preset": "paper"}, {"overrides": ["train.rounds=2"]}, {"seed": 5}],
    ids=["preset", "setting", "seed"],
)
def test_other_settings_are_refused(finished, data, change):
    run, _ = finished
    before = {path: path.read_bytes() for path in run.rglob("*") if path.is_file()}
    with pytest.raises(
        SettingsError, match=r"exists with other settings, seed or data set \(preset smoke, seed 0"
    ):
        train_run(data, run, **{"preset": None, "overrides": [], "seed": None} | change)
    assert {path: path.read_bytes() for path in run.rglob("*") if path.is_file()} == before


def test_another_data_set_is_refused(finished, tiny, tmp_path, train):
    with pytest.raises(SettingsError, match="other settings, seed or data set"):
        train(tiny.write_data_set(tmp_path / "other"), finished[0])


def test_a_run_moved_with_its_data_set_resumes(data, tiny, tmp_path, train):
    place = tmp_path / "a"
    shutil.copytree(data, place / "data")
    train(place / "data", place / "R")
    moved = shutil.move(place, tmp_path / "b")
    assert train(Path(moved) / "data", Path(moved) / "R")["final_stage"] == "F1"


def test_classes_that_changed_between_stop_and_resume(data, tiny, tmp_path, train, quick):
    """The same number of classes under other names must not be taken for the old ones."""
    other, run = shutil.copytree(data, tmp_path / "data"), tmp_path / "R"
    train_run(
        other,
        run,
        preset="smoke",
        overrides=quick,
        seed=None,
        on_progress=lambda done, *_: (run / "stop").touch() if done == 3 else None,
    )
    path = other / "annotations.json"
    path.write_text(path.read_text().replace("Shotput", "Javelin"))
    with pytest.raises(
        CheckpointError, match="other classes: it has Diving, Shotput; expected Diving, Javelin"
    ):
        train(other, run)
