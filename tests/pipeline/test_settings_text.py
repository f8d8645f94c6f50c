"""Settings as text: only what differs, quoted for the shell and for TOML."""

import shlex
import tomllib

import pytest
from scored_run import random_scores, write_run

from dcwtal.core.errors import SettingsError
from dcwtal.core.settings import parse_overrides
from dcwtal.pipeline.browse import open_run
from dcwtal.pipeline.read_config import read_config
from dcwtal.pipeline.settings_text import settings_text
from dcwtal.pipeline.what_if.question import read_body, what_if_of


@pytest.fixture
def run(tmp_path):
    return open_run(
        write_run(tmp_path / "a 'quoted' place", [random_scores("v", 1)], {"v": [("Dive", 1, 3)]})
    )


def texts(run, **body):
    return settings_text(run, what_if_of(run, read_body(body)))


def test_nothing_differs(run):
    found = texts(run)
    assert tomllib.loads(found["toml"]) == {} and "Nothing differs" in found["toml"]
    localize, evaluate = found["command"].split(" && ")
    place = str(run.folder.path)
    assert shlex.split(localize) == ["dcwtal", "localize", place, "--out", "what-if.json"]
    assert shlex.split(evaluate) == [
        *("dcwtal", "evaluate", "what-if.json", "--ground-truth"),
        *(str(run.folder.path.parent / "data" / "annotations.json"), "--subset", "test", "--run", place),
    ]


def test_only_what_differs_and_it_reads_back(run):
    settings = {
        "theta_loc": 0.3,
        "theta_cls": 0.85,
        "mode": "peer",
        "theta_list": [0.1, 0.55],
        "minmax": True,
        "class_scores_stage": "B1",
        "max_per_video": 7,
    }
    found = texts(run, settings=settings, rules={"high": 0.5, "low": 0.2}, stage="B1")
    changed = {key: value for key, value in settings.items() if key != "theta_cls"}
    assert tomllib.loads(found["toml"]) == {"localize": changed, "pseudo_labels": {"delta_h": 0.5}}
    localize, evaluate = map(shlex.split, found["command"].split(" && "))
    sets = [localize[place + 1] for place, word in enumerate(localize) if word == "--set"]
    assert parse_overrides(sets) == {"localize": changed}
    assert localize[localize.index("--stage") + 1] == "B1" and "--stage B1" in found["toml"]
    assert evaluate[-2:] == ["--set", "pseudo_labels.delta_h=0.5"]


def test_off_is_said_where_toml_cannot(tmp_path):
    stored = {"localize": {"relative_cls": 0.5}, "pseudo_labels": {}}
    run = open_run(write_run(tmp_path, [random_scores("v", 1)], {}, settings=stored))
    found = texts(run, settings={"relative_cls": None})
    assert tomllib.loads(found["toml"]) == {"localize": {}}
    assert "# off, which TOML cannot say: add --set localize.relative_cls=null" in found["toml"]
    assert "--set localize.relative_cls=null" in found["command"]


def test_a_config_file_holds_only_these_sections(tmp_path):
    path = tmp_path / "c.toml"
    path.write_text("[localize]\ntheta_loc = 0.3\n[pseudo_labels]\ndelta_h = 0.5\n")
    assert read_config(path) == {"localize": {"theta_loc": 0.3}, "pseudo_labels": {"delta_h": 0.5}}
    for text, said in (
        ("[train]\nrounds = 3\n", "found 'train'"),
        ("localize = 3\n", "found localize = 3"),
        ("[localize", "is not TOML"),
    ):
        path.write_text(text)
        with pytest.raises(SettingsError, match=said):
            read_config(path)
    with pytest.raises(SettingsError, match="no settings file"):
        read_config(tmp_path / "nowhere.toml")
    with pytest.raises(SettingsError, match="cannot read the settings file"):
        read_config(tmp_path)
    path.write_text("localize = 3")
    with pytest.raises(SettingsError, match=r"a section \[localize\]; found localize = 3"):
        read_config(path)
    path.write_bytes(b"\xef\xbb\xbf[localize]\ntheta_loc = 0.3\n")  # as some editors write it
    assert read_config(path) == {"localize": {"theta_loc": 0.3}}
