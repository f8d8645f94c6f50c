"""Localizing a run: what is written, which settings reach it, and every fault before anything is written."""

import json
from pathlib import Path

import numpy as np
import pytest

from dcwtal.core.class_names import ClassNames
from dcwtal.core.errors import DataError, SettingsError
from dcwtal.core.files import write_json_atomic
from dcwtal.core.timegrid import TimeGrid
from dcwtal.data.score_store import VideoScores, write_scores
from dcwtal.jobs.run_folder import RunFolder
from dcwtal.localize.settings import LocalizeSettings
from dcwtal.pipeline.localize import localize_run, localize_scores

CLASSES = ClassNames.of(["Dive", "Jump"])
STAGES = ("warmup", "B1", "F1")


def scores_of(video: str) -> VideoScores:
    """10 snippets of 0.5 s. CBP: Dive in 2-4 at the warm-up, in 2-6 at F1; VLP: Jump everywhere."""
    cbp, vlp = np.zeros((3, 10, 2)), np.zeros((3, 10, 2))
    cbp[0, 2:4, 0], cbp[1, 2:4, 0], cbp[2, 2:6, 0] = 0.75, 0.75, 0.875
    vlp[:, :, 1] = 0.5
    cbp_video, vlp_video = np.tile([0.9, 0.1], (3, 1)), np.tile([0.1, 0.9], (3, 1))
    cbp_video[2] = [0.3, 0.4]  # by F1 the CBP mistakes the class
    return VideoScores(
        video,
        STAGES,
        {"cbp": cbp, "vlp": vlp},
        {"cbp": cbp_video, "vlp": vlp_video},
        TimeGrid(0.0, 0.5, 10),
        CLASSES,
    )


@pytest.fixture
def run(tmp_path):
    folder = RunFolder(tmp_path / "run")
    for video in ("w", "v"):
        write_scores(folder.scores_of(video), scores_of(video))
    write_json_atomic(folder.settings, {"localize": {"class_scores_stage": "warmup"}, "train": {"rounds": 1}})
    write_json_atomic(
        folder.info,
        {
            "dataset": "../data",
            "dataset_name": "tiny",
            "stages": list(STAGES),
            "final_stage": "F1",
            "selection": {"rule": "last", "text": "last"},
            "strategy": "alternate",
            "seed": 3,
        },
    )
    database = {video: {"subset": "test", "duration": 2.75, "annotations": []} for video in ("v", "w")}
    write_json_atomic(
        tmp_path / "data" / "annotations.json", {"classes": list(CLASSES), "database": database}
    )
    return folder


def read(folder):
    return json.loads(folder.detections.read_text())


def test_the_final_stage_with_the_runs_own_settings(run):
    result = localize_run(run.path, overrides=[])
    document = read(run)
    assert document["results"] == {
        video: [{"label": "Dive", "segment": [1.0, 2.75], "score": 0.875}] for video in ("v", "w")
    }
    external = document["external_data"]
    assert (external["run"], external["dataset"], external["stage"]) == ("run", "tiny", "F1")
    assert external["selection"] == {"rule": "last", "text": "last"} and external["strategy"] == "alternate"
    assert external["settings"] == LocalizeSettings(class_scores_stage="warmup").model_dump(mode="json")
    assert result.as_dict()["detections"] == 2 and result.videos == ("v", "w")
    assert "2 detections in 2 videos (stage F1" in result.as_text()


def test_overrides_and_another_stage(run):
    localize_run(run.path, overrides=["localize.branch=vlp", "localize.class_scores_stage=same"], stage="B1")
    document = read(run)
    assert document["results"]["v"] == [{"label": "Jump", "segment": [0.0, 2.75], "score": 0.5}]
    assert document["external_data"]["selection"]["rule"] == "asked-for"
    assert document["external_data"]["settings"]["branch"] == "vlp"


def test_class_scores_may_come_from_another_branch(run):
    scores = scores_of("v")
    own = localize_scores(scores, "F1", LocalizeSettings())
    lent = localize_scores(
        scores, "F1", LocalizeSettings(class_scores_stage="warmup", class_scores_branch="cbp")
    )
    assert set(own.label) == set()  # Jump by mistake, on a flat curve
    assert set(lent.label) == {"Dive"}
    other = localize_scores(scores, "warmup", LocalizeSettings(class_scores_branch="vlp", branch="vlp"))
    assert set(other.label) == {"Jump"}


def test_a_moved_data_set_only_costs_the_clipping(run):
    (run.path.parent / "data" / "annotations.json").unlink()
    localize_run(run.path, overrides=[])
    assert read(run)["results"]["v"][0]["segment"] == [1.0, 3.0]


def test_a_video_without_detections_is_listed(run):
    localize_run(run.path, overrides=["localize.min_score=1"])
    assert read(run)["results"] == {"v": [], "w": []}


def test_localizing_twice_gives_the_same_bytes(run):
    localize_run(run.path, overrides=["localize.mode=peer"])
    first = run.detections.read_bytes()
    localize_run(run.path, overrides=["localize.mode=peer"])
    assert run.detections.read_bytes() == first


@pytest.mark.parametrize(
    ("overrides", "stage", "said"),
    [
        (["localize.theta_lock=0.5"], None, "did you mean 'localize.theta_loc'?"),
        (["theta_loc=0.5"], None, "did you mean 'localize.theta_loc'?"),
        (["localize.theta_loc=5"], None, "less than or equal to 1"),
        (["train.rounds=2"], None, "takes only localize.* settings; found 'train'"),
        (["localize.class_scores_stage=B7"], None, "no stage 'B7'; known: warmup, B1, F1"),
        ([], "F9", "--stage: this run has no stage 'F9'; known: warmup, B1, F1"),
    ],
)
def test_faults_of_the_request_write_nothing(run, overrides, stage, said):
    with pytest.raises(SettingsError) as caught:
        localize_run(run.path, overrides=overrides, stage=stage)
    assert said in str(caught.value) and not run.detections.exists()


def test_faults_of_the_folder_say_what_to_do(run, tmp_path):
    with pytest.raises(DataError, match="no run folder"):
        localize_run(tmp_path / "nowhere", overrides=[])
    info = json.loads(run.info.read_text())
    write_json_atomic(run.info, {key: info[key] for key in info if key != "stages"})
    with pytest.raises(DataError, match="no finished run; finish it with the same 'dcwtal train' command"):
        localize_run(run.path, overrides=[])
    write_json_atomic(run.info, info)
    run.scores_of("v").write_bytes(b"not a score file")
    with pytest.raises(DataError, match="not a score file"):
        localize_run(run.path, overrides=[])
    for path in run.scores.iterdir():
        path.unlink()
    with pytest.raises(DataError, match="no scores in"):
        localize_run(run.path, overrides=[])
    assert not run.detections.exists()


def test_another_file_leaves_the_runs_own_alone(run, tmp_path):
    out = tmp_path / "elsewhere" / "d.json"
    result = localize_run(run.path, overrides=["localize.theta_loc=0.8"], out=out)
    assert not run.detections.exists() and result.path == out
    assert json.loads(out.read_text())["external_data"]["settings"]["theta_loc"] == 0.8
    localize_run(run.path, overrides=["localize.theta_loc=0.8"])
    assert out.read_bytes() == run.detections.read_bytes()


def test_the_next_command_names_the_real_annotations(run, tmp_path, monkeypatch):
    truth = tmp_path / "data" / "annotations.json"
    text = localize_run(run.path, overrides=[]).as_text()
    assert f"next: dcwtal evaluate {run.detections} --ground-truth {truth} --subset test\n" in text + "\n"
    monkeypatch.chdir(tmp_path)
    relative = localize_run(Path("run"), overrides=[], out=Path("my detections.json"))
    assert relative.next_command == (
        "dcwtal evaluate 'my detections.json' --ground-truth data/annotations.json --subset test --run run"
    )
    truth.unlink()
    assert "--ground-truth TRUTH/annotations.json" in localize_run(Path("run"), overrides=[]).next_command


def test_annotations_behind_a_linked_folder(run, tmp_path):
    """``run/../data`` of a linked run is not the data beside the link."""
    (tmp_path / "links").mkdir()
    (tmp_path / "links" / "run").symlink_to(run.path)
    command = localize_run(tmp_path / "links" / "run", overrides=[]).next_command
    assert f"--ground-truth {(tmp_path / 'data' / 'annotations.json').resolve()} " in command


def test_a_file_of_settings_lies_between_the_runs_own_and_the_overrides(run, tmp_path):
    config = tmp_path / "c.toml"
    config.write_text(
        '[localize]\ntheta_loc = 0.8\nclass_scores_stage = "same"\n[pseudo_labels]\ndelta_h = 0.5\n'
    )
    settings = localize_run(run.path, overrides=["localize.theta_loc=0.7"], config=config).settings
    assert (settings.theta_loc, settings.class_scores_stage) == (0.7, "same")
    config.write_text("[localize]\ntheta_lok = 0.8\n")
    with pytest.raises(SettingsError, match=r"did you mean 'localize\.theta_loc'"):
        localize_run(run.path, overrides=[], config=config)
