"""Weights on disk: strict, whole or absent, and never of another model without a word."""

import json
import os
import resource
import signal

import pytest
import torch
from safetensors import SafetensorError
from torch import nn

from dcwtal.core.errors import CheckpointError, DiskError
from dcwtal.training import checkpoints
from dcwtal.training.checkpoints import (
    ModelShape,
    ResumePoint,
    delete_resume,
    load_resume,
    load_stage,
    read_stage_shape,
    save_resume,
    save_stage,
)

SHAPE = ModelShape(["Diving", "Shotput"], 4, 2, 0.32)


def network(width=2, seed=0):
    torch.manual_seed(seed)
    return nn.Sequential(nn.Linear(4, 300), nn.Linear(300, width))


def optimizer_of(model):
    optimizer = torch.optim.AdamW(model.parameters(), 0.1)
    model(torch.ones(1, 4)).sum().backward()
    optimizer.step()
    return optimizer


def same(one, other):
    ours, theirs = one.state_dict(), other.state_dict()
    return ours.keys() == theirs.keys() and all(
        torch.equal(value, theirs[key]) for key, value in ours.items()
    )


@pytest.fixture
def stage(tmp_path):
    save_stage(tmp_path / "B1", network(), SHAPE, {"stage": "B1", "seed": 5})
    return tmp_path / "B1"


def test_round_trip_is_bit_equal(stage):
    other = network(seed=9)
    load_stage(stage, other, SHAPE)
    assert same(other, network()) and read_stage_shape(stage) == SHAPE
    meta = json.loads((stage / "meta.json").read_text())
    assert (meta["stage"], meta["seed"]) == ("B1", 5)
    assert sorted(path.name for path in stage.iterdir()) == ["meta.json", "weights.safetensors"]


@pytest.mark.parametrize(
    ("shape", "message"),
    [
        (
            ModelShape(["Diving", "Javelin"], 4, 2, 0.32),
            r"for other classes: it has Diving, Shotput; expected Diving, J",
        ),
        (ModelShape(["Diving"], 4, 2, 0.32), "for other classes"),
        (
            ModelShape(["Diving", "Shotput"], 5, 2, 0.32),
            "has cbp_dim 4; the features have 5; extract them with",
        ),
        (ModelShape(["Diving", "Shotput"], 4, 3, 0.32), "has vlp_dim 2; the features have 3"),
        (ModelShape(["Diving", "Shotput"], 4, 2, 0.64), "has snippet_seconds 0.32; the features have 0.64"),
    ],
)
def test_weights_of_another_model_are_refused_and_the_model_left_alone(stage, tmp_path, shape, message):
    model = network(seed=9)
    with pytest.raises(CheckpointError, match=message):
        load_stage(stage, model, shape)
    path = tmp_path / "resume.pt"
    save_resume(path, network(), optimizer_of(network()), ResumePoint(1, 2), SHAPE)
    with pytest.raises(CheckpointError, match=message):
        load_resume(path, model, shape, phase=1)
    assert same(model, network(seed=9))


def test_weights_that_do_not_fit_the_settings(stage):
    with pytest.raises(CheckpointError, match="does not fit this model"):
        load_stage(stage, network(width=3), SHAPE)
    with pytest.raises(CheckpointError, match="does not fit this model"):
        load_stage(stage, nn.Linear(4, 2), SHAPE)


@pytest.mark.parametrize("damage", ["cut", "empty", "text", "missing"])
def test_damaged_weights(stage, damage):
    path = stage / "weights.safetensors"
    if damage == "missing":
        path.unlink()
    else:
        path.write_bytes({"cut": path.read_bytes()[:-100], "empty": b"", "text": b"hello" * 50}[damage])
    with pytest.raises(CheckpointError, match=r"checkpoint .*B1 does not fit this model"):
        load_stage(stage, network(), SHAPE)


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"shape": {"classes": []}}', '{"shape": 3}'])
def test_a_damaged_description(stage, text):
    (stage / "meta.json").write_text(text)
    with pytest.raises(CheckpointError, match=r"checkpoint .*B1 is damaged.*train it again"):
        read_stage_shape(stage)


def test_no_checkpoint(tmp_path):
    with pytest.raises(
        CheckpointError, match=r"no checkpoint at .*F9; expected weights\.safetensors and meta\.json"
    ):
        read_stage_shape(tmp_path / "F9")


def test_resume_gives_weights_optimizer_and_position(tmp_path):
    model, path = network(), tmp_path / "resume.pt"
    optimizer = optimizer_of(model)
    save_resume(path, model, optimizer, ResumePoint(2, 7), SHAPE)
    other = network(seed=9)
    point, state = load_resume(path, other, SHAPE, phase=2)
    assert point == ResumePoint(2, 7) and same(other, model)
    revived = torch.optim.AdamW(other.parameters(), 0.1)
    revived.load_state_dict(state)
    for stepped, net in ((optimizer, model), (revived, other)):
        stepped.zero_grad()
        net(torch.arange(4.0)[None]).square().sum().backward()
        stepped.step()
    assert same(other, model)


def test_a_resume_point_of_another_phase_is_passed_over_and_the_model_left_alone(tmp_path):
    model, path = network(seed=9), tmp_path / "resume.pt"
    assert load_resume(path, model, SHAPE, phase=0) is None
    save_resume(path, network(), optimizer_of(network()), ResumePoint(2, 7), SHAPE)
    assert load_resume(path, model, SHAPE, phase=3) is None and same(model, network(seed=9))
    delete_resume(path)
    delete_resume(path)
    assert not path.exists()


@pytest.mark.parametrize("damage", ["cut", "half", "empty", "text", "pickle", "other", "flipped"])
def test_a_damaged_resume_point(tmp_path, damage):
    path, model = tmp_path / "resume.pt", network(seed=9)
    save_resume(path, network(), optimizer_of(network()), ResumePoint(0, 1), SHAPE)
    whole = path.read_bytes()
    if damage == "other":
        torch.save({"weights": torch.zeros(3)}, path)
    elif damage == "pickle":
        path.write_bytes(b"cos\nsystem\n(S'touch " + str(tmp_path / "owned").encode() + b"'\ntR.")
    else:
        path.write_bytes(
            {
                "cut": whole[:-100],
                "half": whole[: len(whole) // 2],
                "empty": b"",
                "text": b"not a checkpoint\n" * 20,
                "flipped": whole[:60] + bytes(80) + whole[140:],
            }[damage]
        )
    with pytest.raises(
        CheckpointError, match=r"resume point .*resume\.pt is damaged .*delete it to repeat this phase"
    ):
        load_resume(path, model, SHAPE, phase=0)
    assert same(model, network(seed=9)) and not (tmp_path / "owned").exists()


@pytest.mark.parametrize(
    "error", [OSError(28, "No space left on device"), SafetensorError("I/O error: no space")]
)
def test_a_full_disk_keeps_the_old_weights_and_leaves_no_crumbs(stage, monkeypatch, error):
    before = (stage / "weights.safetensors").read_bytes()

    def full(tensors, path):
        path.write_bytes(b"half")
        raise error

    monkeypatch.setattr(checkpoints, "save_file", full)
    with pytest.raises(DiskError, match="cannot write"):
        save_stage(stage, network(seed=3), SHAPE, {})
    assert (stage / "weights.safetensors").read_bytes() == before
    assert set(os.listdir(stage)) <= {"weights.safetensors", "meta.json"}
    with pytest.raises(CheckpointError, match="no checkpoint"):
        load_stage(stage, network(), SHAPE)  # half-renewed: counts as not done, never as the old stage


@pytest.mark.parametrize(
    "error", [OSError(28, "No space left on device"), RuntimeError("PytorchStreamWriter failed")]
)
def test_a_full_disk_keeps_the_old_resume_point(tmp_path, monkeypatch, error):
    path, model = tmp_path / "resume.pt", network()
    save_resume(path, model, optimizer_of(model), ResumePoint(0, 4), SHAPE)

    def full(state, target):
        target.write_bytes(b"half")
        raise error

    monkeypatch.setattr(torch, "save", full)
    with pytest.raises(DiskError, match="cannot write"):
        save_resume(path, network(seed=3), optimizer_of(network()), ResumePoint(0, 8), SHAPE)
    monkeypatch.undo()
    assert load_resume(path, network(), SHAPE, phase=0)[0] == ResumePoint(0, 4)
    assert os.listdir(tmp_path) == ["resume.pt"]


@pytest.mark.parametrize("what", ["stage", "resume"])
def test_a_disk_that_really_takes_no_more(tmp_path, what):
    """The kernel refuses every byte after the 2000th of a file, as a full disk would."""
    model = network()
    optimizer, limits = optimizer_of(model), resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, limits[1]))
    try:
        with pytest.raises(DiskError, match="cannot write"):
            if what == "stage":
                save_stage(tmp_path / "B1", model, SHAPE, {})
            else:
                save_resume(tmp_path / "resume.pt", model, optimizer, ResumePoint(0, 1), SHAPE)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, handler)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "B1").write_text("in the way")
    with pytest.raises(DiskError, match="cannot write"):
        save_stage(tmp_path / "B1", network(), SHAPE, {})
