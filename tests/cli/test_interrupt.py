"""Ctrl-C while ``dcwtal train`` runs in a process of its own, and the same command again."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from dcwtal.jobs.event_log import read_events
from dcwtal.pipeline.train import train_run

DRIVER = Path(__file__).resolve().parents[1] / "support" / "dcwtal_with_tiny_weights.py"
QUICK = ["train.warmup_steps=4", "train.b_steps=3", "train.f_steps=3", "train.checkpoint_every=2"]
SETS = [part for override in QUICK for part in ("--set", override)]


@pytest.fixture
def started(tiny_weights, tmp_path):
    """``dcwtal train`` as a process that sends itself a signal after so many steps."""

    def run(number, steps):
        command = [
            DRIVER,
            tiny_weights,
            int(number),
            steps,
            "train",
            "D",
            "--run",
            "R",
            "--preset",
            "smoke",
            *SETS,
        ]
        return subprocess.run(
            [sys.executable, *map(str, command)],
            cwd=tmp_path,
            env=os.environ | {"OMP_NUM_THREADS": "1"},
            capture_output=True,
            text=True,
            timeout=300,
        )

    return run


@pytest.mark.usefixtures("with_tiny_weights", "one_thread")
def test_ctrl_c_exits_130_and_the_same_command_ends_with_the_unbroken_weights(tiny, tmp_path, started):
    """Interrupted in B1 (step 6 of 10), resumed in this process."""
    data = tiny.write_data_set(tmp_path / "D")
    broken = started(signal.SIGINT, 6)
    assert broken.returncode == 130, broken.stderr
    assert broken.stdout == "" and "Traceback" not in broken.stderr
    assert broken.stderr.endswith("interrupted; run the same command again to go on\n")
    assert set(tiny.stage_weights(tmp_path / "R")) == {"warmup"}
    assert not list((tmp_path / "R").rglob(".*")), "half-written files are left"
    train_run(data, tmp_path / "R", preset="smoke", overrides=QUICK, seed=None)
    train_run(data, tmp_path / "unbroken", preset="smoke", overrides=QUICK, seed=None)
    assert tiny.stage_weights(tmp_path / "R") == tiny.stage_weights(tmp_path / "unbroken")
    events, _ = read_events(tmp_path / "R" / "events.jsonl")
    assert [(e["phase"], e["step"]) for e in events if e["kind"] == "resumed"] == [("warmup", None)]
    assert events[-1]["kind"] == "end"
