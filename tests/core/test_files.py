"""Files that are whole or absent."""

import errno
import hashlib
import json
import os

import numpy as np
import pytest

from dcwtal.core.errors import DataError, DiskError
from dcwtal.core.files import (
    atomic_path,
    read_json,
    sha256_of,
    write_bytes_atomic,
    write_json_atomic,
    write_npz_atomic,
)


def only(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_whole_file_appears_with_its_folders(tmp_path):
    path = tmp_path / "a" / "b" / "file.json"
    write_json_atomic(path, {"x": [1, 2]})
    assert json.loads(path.read_text()) == {"x": [1, 2]} and only(path.parent) == ["file.json"]
    assert path.stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize("error", [ValueError("boom"), KeyboardInterrupt()])
def test_a_failure_half_way_leaves_the_old_file_and_nothing_else(tmp_path, error):
    path = tmp_path / "file.txt"
    write_bytes_atomic(path, b"old")
    with pytest.raises(type(error)), atomic_path(path) as temporary:
        temporary.write_bytes(b"half")
        raise error
    assert path.read_bytes() == b"old" and only(tmp_path) == ["file.txt"]


def test_the_temporary_file_has_the_same_suffix_and_folder(tmp_path):
    with atomic_path(tmp_path / "video.mp4") as temporary:
        assert temporary.suffix == ".mp4" and temporary.parent == tmp_path
        temporary.write_bytes(b"x")


def test_a_full_disk_is_told_and_leaves_nothing(tmp_path, monkeypatch):
    path = tmp_path / "file.json"
    write_json_atomic(path, 1)

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(DiskError, match="the disk is full; free some space"):
        write_json_atomic(path, 2)
    assert read_json(path, "a number") == 1 and only(tmp_path) == ["file.json"]


def test_a_real_full_device_is_told():
    """Linux's /dev/full cannot take a temporary file beside it either; whichever fails, it is a DiskError."""
    if not os.path.exists("/dev/full"):
        pytest.skip("no /dev/full on this system")
    with pytest.raises(DiskError, match="cannot write"):
        write_json_atomic("/dev/full/file.json", 1)


def test_a_file_in_the_way_of_a_folder_is_told(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(DiskError, match="cannot write"):
        write_json_atomic(tmp_path / "file" / "inner.json", 1)


def test_nan_never_reaches_a_json_file(tmp_path):
    with pytest.raises(ValueError, match="not JSON compliant"):
        write_json_atomic(tmp_path / "file.json", float("nan"))
    assert only(tmp_path) == []


def test_arrays_survive(tmp_path):
    arrays = {"a": np.arange(5), "b": np.zeros((2, 0))}
    write_npz_atomic(tmp_path / "file.npz", **arrays)
    with np.load(tmp_path / "file.npz") as file:
        assert all(np.array_equal(file[name], arrays[name]) for name in arrays)
    assert only(tmp_path) == ["file.npz"]


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe\x00", b"[" * 100_000, b"9" * 5000])
def test_broken_json_is_told(tmp_path, content):
    path = tmp_path / "file.json"
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"file\.json is not the JSON of a thing"):
        read_json(path, "a thing")


def test_missing_json_says_what_was_wanted(tmp_path):
    with pytest.raises(DataError, match="no thing at"):
        read_json(tmp_path / "nowhere.json", "thing")
    with pytest.raises(DataError, match="is a folder; expected a file with thing"):
        read_json(tmp_path, "thing")


def test_sha256_is_the_files(tmp_path):
    content = os.urandom(3_000_000)
    (tmp_path / "file").write_bytes(content)
    assert sha256_of(tmp_path / "file") == hashlib.sha256(content).hexdigest()
