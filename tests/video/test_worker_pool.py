"""Crashes, hangs and refusals of a worker become messages about its task; the others go on."""

import importlib
import multiprocessing
import sys
import time

import pytest

from dcwtal.core.errors import CheckpointError, DcwtalError
from dcwtal.video.worker_pool import WorkerPool

WORK = """
import os, signal, time
from dcwtal.core.errors import CheckpointError, VideoError

def setup():
    return 10, "ready with 10"

def refused_setup():
    raise CheckpointError("no weights here")

def broken_setup():
    raise ZeroDivisionError("setup is wrong")

def dying_setup():
    os._exit(3)

def work(state, task, report):
    if task == "crash":
        os.kill(os.getpid(), signal.SIGSEGV)
    if task == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    if task == "exit":
        os._exit(7)
    if task == "hang":
        time.sleep(600)
    if task == "refuse":
        raise VideoError("this one is broken")
    if task == "bug":
        raise KeyError("oops")
    if task == "steps":
        for step in range(4):
            report(step)
            time.sleep(0.4)
        return "stepped"
    return state * task
"""


@pytest.fixture
def functions(tmp_path, monkeypatch):
    (tmp_path / "pool_work.py").write_text(WORK)
    monkeypatch.syspath_prepend(str(tmp_path))
    yield importlib.import_module("pool_work")
    sys.modules.pop("pool_work", None)


def run(functions, tasks, **options):
    with WorkerPool(functions.setup, functions.work, **{"workers": 2, **options}) as pool:
        assert pool.first_ready() == "ready with 10"
        events = list(pool.run(tasks))
    ends = {event.task: (event.kind, event.value) for event in events if event.kind != "progress"}
    assert len(ends) == len(tasks) == sum(event.kind != "progress" for event in events)
    return ends, events


def test_results_and_failures_side_by_side(functions):
    tasks = [1, "crash", 2, "refuse", "bug", 3, "exit", "killed", 4]
    ends, _ = run(functions, tasks)
    assert {task: ends[task] for task in (0, 2, 5, 8)} == {
        0: ("done", 10),
        2: ("done", 20),
        5: ("done", 30),
        8: ("done", 40),
    }
    assert ends[3] == ("failed", "this one is broken")
    assert ends[1] == ("failed", "its decoder crashed (SIGSEGV)")
    assert "KeyError" in ends[4][1]
    assert "exit code 7" in ends[6][1]
    assert "out of memory" in ends[7][1]


def test_silence_is_ended_but_steps_are_signs_of_life(functions):
    started = time.monotonic()
    ends, events = run(functions, ["hang", "steps", 5], silence_seconds=1.0)
    assert ends[0] == ("failed", "its decoder hung for 1 s")
    assert ends[1] == ("done", "stepped")
    assert ends[2] == ("done", 50)
    assert [event.value for event in events if event.kind == "progress"] == [0, 1, 2, 3]
    assert time.monotonic() - started < 20


def test_nothing_to_do(functions):
    assert run(functions, [])[0] == {}


@pytest.mark.parametrize(
    "setup,error,message",
    [
        ("refused_setup", CheckpointError, "no weights here"),
        ("broken_setup", DcwtalError, "ZeroDivisionError"),
        ("dying_setup", DcwtalError, "exit code 3"),
    ],
)
def test_setup_that_fails(functions, setup, error, message):
    broken = WorkerPool(getattr(functions, setup), functions.work, workers=1)
    with broken as pool, pytest.raises(error, match=message):
        pool.first_ready()


def test_leaving_stops_the_workers(functions):
    started = time.monotonic()
    with WorkerPool(functions.setup, functions.work, workers=2) as pool:
        pool.first_ready()
        next(iter(pool.run(["steps", "hang"])))
        assert len(multiprocessing.active_children()) == 2
    assert multiprocessing.active_children() == []
    assert time.monotonic() - started < 20
