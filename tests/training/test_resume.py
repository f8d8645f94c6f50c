"""However training is interrupted, the next call ends with the weights of an unbroken run, bit for bit."""

import os
import random
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from dcwtal.core.errors import CheckpointError, DataError, DiskError
from dcwtal.training import trainer
from dcwtal.training.checkpoints import ModelShape
from dcwtal.training.trainer import Stopped


class Killed(BaseException):
    """Not an Exception: like the end of a process it is caught by nobody."""


def stages(toy):
    """The weights of every stage on disk, as bytes."""
    paths = sorted((toy.folder / "checkpoints").glob("*/weights.safetensors"))
    return {path.parent.name: path.read_bytes() for path in paths}


@pytest.fixture
def unbroken(toys):
    """The final weights of a strategy, trained in one go."""

    def train(strategy):
        toy = toys(f"unbroken-{strategy}")
        run = toy.run(toy.settings(train={"strategy": strategy}))
        run.train()
        return stages(toy), [(told["stage"], told["step"]) for told in toy.told("step")]

    return train


def killed_after(steps):
    """An event listener that ends the process, as it were, after so many steps."""
    left = [steps]

    def heard(kind, **_):
        left[0] -= kind == "step"
        if left[0] < 0:
            raise Killed

    return heard


@pytest.mark.parametrize("strategy", ["alternate", "self-training"])
def test_killed_at_random_steps_again_and_again(toys, unbroken, strategy):
    expected, steps = unbroken(strategy)
    chance = random.Random(7)
    for attempt in range(3):
        toy, kills, finished = toys(f"{strategy}-{attempt}"), 0, False
        settings = toy.settings(train={"strategy": strategy})
        while not finished:
            # At least one resume point's worth of steps each time, so that it does come to an end.
            run = toy.run(settings, on_event=killed_after(chance.randrange(2, len(steps))))
            try:
                run.train()
                finished = True
            except Killed:
                kills += 1
        assert kills and stages(toy) == expected


@pytest.mark.parametrize("strategy", ["alternate", "self-training", "only-F", "only-B"])
@pytest.mark.parametrize("moment", ["coverage", "phase", "phase_end", "snapshot"])
def test_killed_between_steps(toys, unbroken, strategy, moment):
    """When labels are just made, before a phase's first step, after its last, and while probes are drawn."""
    expected, _ = unbroken(strategy)
    toy = toys("broken")
    settings, seen = toy.settings(train={"strategy": strategy}), [0]

    def killed(kind, **_):
        seen[0] += kind == moment
        if kind == moment and seen[0] == 2:
            raise Killed

    run = toy.run(settings, on_event=killed)
    if moment == "snapshot":
        run.on_snapshot = lambda stage, step: killed("snapshot") if stage != "warmup" else None
    with pytest.raises(Killed):
        run.train()
    toy.run(settings).train()
    assert stages(toy) == expected


def test_killed_before_a_stage_is_saved_its_last_snapshot_comes_again(toy, monkeypatch):
    settings = toy.settings(train={"rounds": 1})

    def killed(*args):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(trainer, "save_stage", killed)
        with pytest.raises(Killed):
            toy.run(settings).train()
    toy.snapshots.clear()
    toy.run(settings).train()
    assert ("warmup", 5) in toy.snapshots


def test_stop_is_obeyed_before_the_next_step_and_resumes_where_it_was(toys, unbroken):
    expected, steps = unbroken("alternate")
    for stop_at in (0, 1, 5, 6, 13, len(steps) - 1):
        toy = toys(f"stopped-{stop_at}")
        settings, asked = toy.settings(), [0]

        def should_stop(asked=asked, stop_at=stop_at):
            asked[0] += 1
            return asked[0] > stop_at

        with pytest.raises(Stopped):
            toy.run(settings, should_stop=should_stop).train()
        assert [(told["stage"], told["step"]) for told in toy.told("step")] == steps[:stop_at]
        toy.run(settings).train()
        assert [(told["stage"], told["step"]) for told in toy.told("step")] == steps  # none lost, none twice
        assert stages(toy) == expected


def test_a_finished_run_is_left_as_it_is(toy):
    settings = toy.settings(train={"rounds": 1})
    toy.run(settings).train()
    before = stages(toy)
    toy.events.clear()
    again = toy.run(settings)
    assert again.train() == ["warmup", "B1", "F1"]
    assert toy.told("step") == [] and stages(toy) == before
    final = load_file(toy.folder / "checkpoints" / "F1" / "weights.safetensors")
    assert all(torch.equal(value, final[name]) for name, value in again.model.state_dict().items())


def test_at_most_checkpoint_every_steps_are_repeated(toy):
    settings = toy.settings(train={"checkpoint_every": 3, "warmup_steps": 9})
    with pytest.raises(Killed):
        toy.run(settings, on_event=killed_after(7)).train()
    toy.events.clear()
    toy.run(settings).train()
    assert toy.told("resumed") == [{"phase": "warmup", "step": 6}]
    assert toy.told("phase")[0]["first_step"] == 6 and toy.told("step")[0]["step"] == 7


def test_a_stage_that_was_removed_is_trained_again_to_the_same_weights(toys, unbroken):
    """The resume point of a later phase must not leak into an earlier one."""
    expected, _ = unbroken("alternate")
    toy = toys("removed")
    with pytest.raises(Killed):
        toy.run(toy.settings(), on_event=killed_after(8)).train()
    shutil.rmtree(toy.folder / "checkpoints" / "warmup")
    toy.run(toy.settings()).train()
    assert stages(toy) == expected


@pytest.mark.parametrize(
    ("shape", "message"),
    [
        (
            ModelShape(["Diving", "Shotput", "Zorbing"], 6, 8, 0.32),
            "other classes: it has Diving, Shotput, Tennis",
        ),
        (ModelShape(["Diving", "Shotput", "TennisServe"], 7, 8, 0.32), "has cbp_dim 6; the features have 7"),
        (ModelShape(["Diving", "Shotput", "TennisServe"], 6, 8, 0.64), "has snippet_seconds 0.32"),
    ],
)
@pytest.mark.parametrize("steps", [3, 6])
def test_resuming_with_another_data_set_is_refused(toy, shape, message, steps):
    """In the middle of the warm-up (resume point) and after it (stage)."""
    with pytest.raises(Killed):
        toy.run(toy.settings(), on_event=killed_after(steps)).train()
    with pytest.raises(CheckpointError, match=message):
        toy.run(toy.settings(), shape=shape).train()


def test_resuming_with_other_videos_is_refused(toy):
    with pytest.raises(Killed):
        toy.run(toy.settings(), on_event=killed_after(7)).train()
    with pytest.raises(DataError, match="the data set changed since the run began; start a new run"):
        toy.run(toy.settings(), samples=toy.samples(seed=8)).train()


def test_a_full_disk_in_the_middle_and_a_resume_once_there_is_room(toys, unbroken, monkeypatch):
    expected, _ = unbroken("alternate")
    toy, save, calls = toys("full"), torch.save, [0]

    def full(state, path):
        calls[0] += 1
        if calls[0] == 4:
            Path(path).write_bytes(b"half")
            raise OSError(28, "No space left on device")
        save(state, path)

    monkeypatch.setattr(torch, "save", full)
    with pytest.raises(DiskError, match=r"resume\.pt: the disk is full; free some space"):
        toy.run(toy.settings()).train()
    assert not list((toy.folder / "checkpoints").glob(".resume*"))
    toy.run(toy.settings()).train()
    assert stages(toy) == expected


CHILD = """
import importlib.util, os, signal, sys
from pathlib import Path
import torch
torch.set_num_threads(1)
spec = importlib.util.spec_from_file_location("toys", sys.argv[1])
toys = importlib.util.module_from_spec(spec)
sys.modules["toys"] = toys
spec.loader.exec_module(toys)
left = [int(sys.argv[3])]
def heard(kind, **_):
    left[0] -= kind == "step"
    if left[0] < 0:
        os.kill(os.getpid(), signal.SIGKILL)
toy = toys.Toy(Path(sys.argv[2]))
toy.run(toy.settings(), on_event=heard).train()
"""


def test_a_real_kill_signal(toys, unbroken):
    """SIGKILL in the middle of the first F step; nothing in the process can react."""
    expected, steps = unbroken("alternate")
    toy = toys("sigkill")
    at = steps.index(("F1", 3)) + random.Random(os.getpid()).randrange(2)
    command = [
        sys.executable,
        "-c",
        CHILD,
        str(Path(__file__).with_name("conftest.py")),
        str(toy.folder),
        str(at),
    ]
    child = subprocess.run(
        command, env=os.environ | {"OMP_NUM_THREADS": "1"}, capture_output=True, text=True, timeout=120
    )
    assert child.returncode == -signal.SIGKILL, child.stderr
    assert set(stages(toy)) == {"warmup", "B1"}
    toy.run(toy.settings()).train()
    assert toy.told("resumed") == [{"phase": "F1", "step": 2}] and stages(toy) == expected
