"""Weights are found in the repository first, then in the cache; absence tells every step."""

import hashlib
from dataclasses import replace

import pytest

from dcwtal.core.errors import CheckpointError
from dcwtal.features import weights_registry
from dcwtal.features.weights_registry import WEIGHTS, find_weights, weights_sha256


@pytest.fixture
def folders(tmp_path, monkeypatch):
    places = (tmp_path / "checkpoints", tmp_path / "cache")
    monkeypatch.setattr(weights_registry, "weights_folders", lambda: places)
    return places


def put(folder, name, content=b"x"):
    (folder / name).mkdir(parents=True)
    for file in WEIGHTS[name].files:
        (folder / name / file).write_bytes(content)
    return folder / name


def test_absent_weights_tell_files_places_and_steps(folders):
    with pytest.raises(CheckpointError) as caught:
        find_weights("world-two-stream")
    message = str(caught.value)
    for part in ("rgb.safetensors", "flow.safetensors", str(folders[0]), str(folders[1]), "world --pretrain"):
        assert part in message


def test_incomplete_set_does_not_count(folders):
    put(folders[0], "world-clip")
    (folders[0] / "world-clip" / "config.json").unlink()
    with pytest.raises(CheckpointError):
        find_weights("world-clip")


def test_repository_before_cache(folders):
    in_cache = put(folders[1], "world-clip")
    assert find_weights("world-clip") == in_cache
    in_repository = put(folders[0], "world-clip")
    assert find_weights("world-clip") == in_repository


def test_unknown_name(folders):
    with pytest.raises(CheckpointError, match="world-clip"):
        find_weights("resnet")


def test_known_digest_is_checked(folders, monkeypatch):
    folder = put(folders[0], "world-clip", b"right")
    digest = hashlib.sha256(b"right").hexdigest()
    monkeypatch.setitem(
        WEIGHTS, "world-clip", replace(WEIGHTS["world-clip"], sha256={"model.safetensors": digest})
    )
    assert find_weights("world-clip") == folder
    (folder / "model.safetensors").write_bytes(b"wrong")
    with pytest.raises(CheckpointError, match="damaged or of another version"):
        find_weights("world-clip")


def test_digest_of_a_set_changes_with_any_file_but_not_with_its_card(folders):
    folder = put(folders[0], "world-clip")
    first = weights_sha256(folder)
    (folder / "README.md").write_text("a card")
    assert weights_sha256(folder) == first
    (folder / "config.json").write_bytes(b"y")
    assert weights_sha256(folder) != first


def test_entries_say_where_they_come_from():
    for name, entry in WEIGHTS.items():
        assert entry.name == name and entry.files and entry.trained_on and entry.terms and entry.how_to_get
