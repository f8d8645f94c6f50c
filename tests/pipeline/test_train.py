"""``train_run`` end to end on a tiny data set: what it leaves, what it may see, how it resumes and refuses."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch

from dcwtal.core.class_names import ClassNames
from dcwtal.data.score_store import BRANCHES, read_scores
from dcwtal.jobs.event_log import read_events
from dcwtal.jobs.run_folder import RunFolder
from dcwtal.pipeline.build_model import build_model, load_models
from dcwtal.pipeline.load_samples import load_samples
from dcwtal.pipeline.open_dataset import open_dataset
from dcwtal.training.checkpoints import ModelShape
from dcwtal.training.presets import resolve_settings
from dcwtal.training.settings import FeatureChoice, RunSettings

pytestmark = pytest.mark.usefixtures("with_tiny_weights", "one_thread")


def stage_scores(run, stage, data, video, branch):
    """One branch's scores straight from a checkpoint, without the score files."""
    settings = RunSettings.model_validate_json((run / "settings.json").read_text())
    dataset = open_dataset(data)
    sample = load_samples(dataset, [dataset.video(video)], settings.features)[0]
    module = getattr(load_models(settings, run / "checkpoints", [stage])[stage], branch)
    features = torch.from_numpy(getattr(sample, branch))[None]
    mask = torch.ones(features.shape[:2], dtype=torch.bool)
    forward = module.vanilla if stage == "warmup" and branch == "vlp" else module
    with torch.no_grad():
        return forward(features, mask).class_logits.sigmoid()[0].numpy()


def test_the_run_describes_itself(finished, data, tiny, quick):
    run, info = finished
    assert json.loads((run / "run.json").read_text()) == info
    assert (run / info["dataset"]).resolve() == data.resolve() and not Path(info["dataset"]).is_absolute()
    assert info["classes"] == tiny.CLASSES and info["stages"] == ["warmup", "B1", "F1"]
    assert (info["preset"], info["strategy"], info["seed"]) == ("smoke", "alternate", 0)
    assert info["encoders"] == {"cbp": "world-two-stream", "vlp": "world-clip"}
    assert info["probe_videos"] == ["validation_0", "test_0"] and info["final_stage"] == "F1"
    assert info["selection"] == {"rule": "last", "stage": "F1", "text": "last stage"}
    assert info["versions"]["torch"] == torch.__version__.partition("+")[0]
    assert RunSettings.model_validate_json((run / "settings.json").read_text()) == resolve_settings(
        "smoke", quick
    )


def test_every_stage_leaves_its_files_and_nothing_else_is_left(finished, tiny):
    run, _ = finished
    files = {str(path.relative_to(run)) for path in run.rglob("*") if path.is_file()}
    expected = {"run.json", "settings.json", "events.jsonl"}
    expected |= {f"pseudo_labels/{name}.npz" for name in ("anchor", "B1", "F1")}
    for stage in ("warmup", "B1", "F1"):
        expected |= {f"checkpoints/{stage}/{name}" for name in ("weights.safetensors", "meta.json")}
    expected |= {f"scores/{video}.npz" for s in ("validation", "test") for video in tiny.video_ids(s)}
    assert {name for name in files if not name.startswith("trace/")} == expected
    assert {name for name in files if name.startswith("trace/")} == {
        f"trace/{stage}/{video}.npz"
        for stage in ("warmup-000004", "B1-000003", "F1-000003")
        for video in ("validation_0", "test_0")
    }


def test_scores_are_those_of_the_checkpoints(finished, data, tiny):
    """Every stage, both branches; VLP at the warm-up is the untrained one. float16 on disk: within 2^-12."""
    run, _ = finished
    for video in ("validation_1", "test_0"):
        stored = read_scores(run / "scores" / f"{video}.npz")
        assert stored.stages == ("warmup", "B1", "F1") and stored.classes == ClassNames.of(tiny.CLASSES)
        for stage in stored.stages:
            for branch in BRANCHES:
                expected = stage_scores(run, stage, data, video, branch)
                found = stored.at(stage, branch).class_scores
                assert np.abs(found - expected).max() <= 2**-12 + 1e-6
    assert (
        stored.grid
        == load_samples(open_dataset(data), [open_dataset(data).video("test_0")], FeatureChoice())[0].grid
    )


def test_branches_change_only_in_their_steps(finished):
    stored = read_scores(finished[0] / "scores" / "test_0.npz")
    cbp, vlp = stored.class_scores["cbp"], stored.class_scores["vlp"]
    assert (cbp[0] == cbp[1]).all() and not (cbp[1] == cbp[2]).all()
    assert not (vlp[0] == vlp[1]).all() and (vlp[1] == vlp[2]).all()


def test_the_last_snapshot_of_a_stage_is_its_score(finished):
    run, _ = finished
    stored = read_scores(run / "scores" / "test_0.npz")
    for stage, step in (("warmup", 4), ("B1", 3), ("F1", 3)):
        snapshot = read_scores(run / "trace" / f"{stage}-{step:06d}" / "test_0.npz")
        for branch in BRANCHES:
            assert (snapshot.at(stage, branch).class_scores == stored.at(stage, branch).class_scores).all()


def test_events_end_with_the_end(finished):
    events, _ = read_events(finished[0] / "events.jsonl")
    kinds = [event["kind"] for event in events]
    assert kinds.count("step") == 10 and kinds.count("phase_end") == 3 and kinds.count("snapshot") == 3
    assert kinds[-1] == "end" and events[-1]["reason"] == "finished" and events[-1]["final_stage"] == "F1"


def test_training_never_sees_true_instances(finished, data, tiny, tmp_path, train):
    """Other instances, the same video-level labels: bit-equal weights."""
    other = shutil.copytree(data, tmp_path / "data")
    document = json.loads((other / "annotations.json").read_text())
    for number, entry in enumerate(document["database"].values()):
        label = entry["annotations"][0]["label"]
        entry["annotations"] = [{"label": label, "segment": [0.1 * number, 1 + 0.2 * number]}] * 2
    (other / "annotations.json").write_text(json.dumps(document))
    train(other, tmp_path / "R")
    assert tiny.stage_weights(tmp_path / "R") == tiny.stage_weights(finished[0])


def test_test_and_held_out_videos_do_not_shape_the_weights(finished, data, tiny, tmp_path, train):
    """Without validation and test features differing, with them differing: the same weights."""
    other = tiny.write_data_set(tmp_path / "data", seed=5)
    for video in tiny.video_ids("train"):
        for encoder in ("world-clip", "world-two-stream"):
            shutil.copy(data / "features" / encoder / f"{video}.npz", other / "features" / encoder)
    train(other, tmp_path / "R")
    assert tiny.stage_weights(tmp_path / "R") == tiny.stage_weights(finished[0])


def test_the_seed_changes_the_weights(finished, data, tiny, tmp_path, train):
    info = train(data, tmp_path / "R", seed=1)
    assert info["seed"] == 1
    found, expected = tiny.stage_weights(tmp_path / "R"), tiny.stage_weights(finished[0])
    assert all(found[stage] != expected[stage] for stage in expected)


def test_initial_weights_depend_on_the_seed_alone(tiny):
    settings, shape = (
        resolve_settings("smoke", []),
        ModelShape(tiny.CLASSES, tiny.MOTION, tiny.CLIP, tiny.STEP),
    )
    state = torch.get_rng_state()
    one, other = (build_model(settings, shape, seed=3).state_dict() for _ in range(2))
    assert torch.equal(torch.get_rng_state(), state)
    assert all(torch.equal(value, other[name]) for name, value in one.items())
    third = build_model(settings, shape, seed=4).state_dict()
    assert not torch.equal(one["vlp.text.before"], third["vlp.text.before"])


def test_selection_on_held_out_videos_reads_no_test_truth(data, tiny, tmp_path, train, quick):
    """Recomputed from the score files on disk; the test videos' instances may be anything."""
    from dcwtal.core.detections import Detections
    from dcwtal.evaluation.mean_average_precision import mean_average_precision
    from dcwtal.pipeline.localize import localize_scores

    other = shutil.copytree(data, tmp_path / "data")
    document = json.loads((other / "annotations.json").read_text())
    for video in tiny.video_ids("test"):
        document["database"][video]["annotations"] = []
    (other / "annotations.json").write_text(json.dumps(document))
    overrides = ["train.selection=best-on-held-out", "train.rounds=2"]
    infos = [train(place, tmp_path / f"R{n}", overrides=overrides) for n, place in enumerate((data, other))]
    assert infos[0]["selection"] == infos[1]["selection"]
    selection, dataset = infos[0]["selection"], open_dataset(data)
    assert (selection["rule"], selection["subset"], selection["videos"]) == (
        "best-on-held-out",
        "validation",
        2,
    )
    settings = resolve_settings("smoke", [*quick, *overrides])
    held_out = tiny.video_ids("validation")
    truth = dataset.instances[[video in held_out for video in dataset.instances.video]]
    for stage, value in selection["scores"].items():
        parts = [
            localize_scores(
                read_scores(RunFolder(tmp_path / "R0").scores_of(video)),
                stage,
                settings.localize,
                duration=dataset.video(video).duration,
            )
            for video in held_out
        ]
        report = mean_average_precision(Detections.merge(parts), truth, tious=(0.3, 0.4, 0.5, 0.6, 0.7))
        assert value == pytest.approx(sum(report.map) / 5)
    best = max(selection["scores"].values())
    first = next(stage for stage, value in selection["scores"].items() if value == best)
    assert infos[0]["final_stage"] == first == selection["stage"]


@pytest.mark.parametrize("strategy", ["warmup-only", "only-B", "only-F", "only-F-anchored", "self-training"])
def test_every_strategy_runs_end_to_end(data, tmp_path, strategy, train):
    info = train(data, tmp_path / "R", overrides=[f"train.strategy={strategy}"])
    last = {"only-B": "B1", "self-training": "S1", "warmup-only": "warmup"}.get(strategy, "F1")
    assert info["strategy"] == strategy and info["final_stage"] == last
    stored = read_scores(tmp_path / "R" / "scores" / "test_0.npz")
    if strategy != "only-B":  # no B step: VLP stays the untrained one at every stage
        assert (stored.class_scores["vlp"] == stored.class_scores["vlp"][:1]).all()
