"""The command line as a process: exit codes, one line on stderr, no traceback, help for everything."""

import subprocess
import sys

import pytest

from dcwtal import __version__
from dcwtal.cli import app

COMMANDS = [command.name or command.callback.__name__ for command in app.registered_commands]


def dcwtal(*arguments, cwd=None):
    return subprocess.run(
        [sys.executable, "-m", "dcwtal", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=120,
        cwd=cwd,
    )


def test_the_commands_of_the_design_are_there():
    assert set(COMMANDS) >= {"world", "extract", "train", "localize", "infer", "evaluate", "doctor", "ui"}


def test_version_and_help_are_not_errors():
    done = dcwtal("--version")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"dcwtal {__version__}\n", "")
    done = dcwtal("--help")
    assert done.returncode == 0 and done.stderr == ""
    assert all(command in done.stdout for command in COMMANDS)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["frobnicate"], "No such command 'frobnicate'"),
        (["train", "D"], "--run"),
        (["train", "D", "--run", "R", "--sed", "x"], "--sed"),
        (["train", "D", "--run", "R", "--seed", "x"], "Invalid value for '--seed'"),
        (
            ["train", "nowhere", "--run", "R"],
            "no data set folder at nowhere; make one with 'dcwtal world nowhere",
        ),
        (["evaluate", "none.json", "--ground-truth", "none.json"], "none.json"),
        (["localize", "nowhere"], "no run folder at nowhere; train one with"),
        (["infer", "none.mp4", "--run", "nowhere"], "nowhere"),
        (["extract", "nowhere"], "no data set folder at nowhere"),
        (["world"], "give a folder"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_the_users_fault_is_code_2_and_one_line(tmp_path, arguments, message):
    done = dcwtal(*arguments, cwd=tmp_path)
    assert done.returncode == 2 and done.stdout == ""
    assert done.stderr.startswith("error: ") and done.stderr.count("\n") == 1
    assert message in done.stderr and "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_bug_shows_its_traceback_and_is_neither_0_nor_2():
    broken = (
        "import dcwtal.pipeline.doctor as d; d.examine = lambda: 1 / 0; from dcwtal.cli import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", broken, "doctor"], capture_output=True, text=True, timeout=120
    )
    assert done.returncode not in (0, 2, 130)
    assert "Traceback" in done.stderr and "ZeroDivisionError" in done.stderr
