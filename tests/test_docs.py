"""What the documents promise is there: commands, options, presets, strategies, settings, pinned versions."""

import re
import shlex
import tomllib
from pathlib import Path

import pytest
import typer

from dcwtal.cli import app
from dcwtal.core.settings import setting_names
from dcwtal.training.presets import preset_names, resolve_settings
from dcwtal.training.settings import RunSettings, Strategy

REPOSITORY = Path(__file__).resolve().parents[1]
README = (REPOSITORY / "README.md").read_text(encoding="utf-8")
DOCS = README + "".join(path.read_text(encoding="utf-8") for path in (REPOSITORY / "docs").glob("*.md"))
COMMANDS = [command.name or command.callback.__name__ for command in app.registered_commands]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_in_the_readme(command):
    assert re.search(rf"dcwtal {command}\b", README)


def test_every_command_line_of_the_readme_is_one_that_the_program_takes():
    """Command, options and the number of arguments, for each ``dcwtal …`` in back-ticks."""
    lines = [line.split(" && ")[0] for line in re.findall(r"`(dcwtal [^`]+)`", README)]
    assert len(lines) >= 8
    root = typer.main.get_command(app)
    for line in lines:
        words = shlex.split(line)[1:]
        if words[0] == "COMMAND" or words[0].startswith("--"):
            continue
        assert words[0] in COMMANDS, line
        command = root.commands[words[0]]
        options = {name for parameter in command.params for name in parameter.opts} | {"--help"}
        assert {word for word in words[1:] if word.startswith("--")} <= options, line


@pytest.mark.parametrize("name", [*preset_names(), *Strategy.__args__])
def test_every_preset_and_strategy_is_documented(name):
    assert f"`{name}`" in DOCS or f"--preset {name}" in DOCS


@pytest.mark.parametrize("name", setting_names(RunSettings))
def test_every_setting_is_documented(name):
    assert f"`{name}`" in DOCS


def test_every_override_in_the_readme_is_accepted():
    overrides = re.findall(r"--set ([a-z_.]+=[\w.]+)", README)
    assert overrides
    for override in overrides:
        resolve_settings("studio", [override])


def test_the_readme_says_how_to_see_it_and_how_to_test_it():
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    for target in ("demo", "test"):
        assert f"make {target}" in README and re.search(rf"^{target}:", makefile, re.MULTILINE)
    for target in re.findall(r"`make (\w+)`", README):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_the_readme_tells_the_exit_codes_and_what_this_is_not():
    assert all(code in README for code in ("0 done", "2 something", "130 interrupted"))
    assert "What this is and is not" in README


@pytest.mark.parametrize("name", ["CHANGELOG.md", "ARCHITECTURE.md", "docs/settings.md"])
def test_documents_exist(name):
    assert len((REPOSITORY / name).read_text(encoding="utf-8")) > 200


def test_the_changelog_names_this_version():
    from dcwtal import __version__

    assert f"## {__version__}" in (REPOSITORY / "CHANGELOG.md").read_text(encoding="utf-8")


def requirement_lines():
    text = (REPOSITORY / "requirements.txt").read_text(encoding="utf-8")
    return [line.partition("#")[0].strip() for line in text.splitlines() if line.partition("#")[0].strip()]


def test_every_requirement_is_pinned_and_none_holds_an_address():
    for line in requirement_lines():
        assert re.fullmatch(r"[A-Za-z0-9._-]+(\[[a-z,]+\])?==[A-Za-z0-9.!+]+( ?; .+)?", line), line
    text = (REPOSITORY / "requirements.txt").read_text(encoding="utf-8")
    for word in ("://", "index-url", "--find-links", "-i ", " @ "):
        assert word not in text


def test_what_the_package_needs_is_among_the_pinned():
    def plain(name):
        return re.split(r"[^A-Za-z0-9_.-]", name)[0].lower().replace("_", "-")

    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pinned = {plain(line) for line in requirement_lines()}
    assert {plain(name) for name in project["dependencies"]} <= pinned
    assert {"torch", "torchvision", "pytest", "hypothesis", "ruff"} <= pinned
