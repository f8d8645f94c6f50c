"""The feature store: whole or absent, nothing unpickled, every fault with its path."""

import errno
import io
import json
import os
import zipfile

import numpy as np
import pytest

from dcwtal.core.errors import DataError, DiskError
from dcwtal.core.timegrid import TimeGrid
from dcwtal.features.feature_sequence import FeatureSequence
from dcwtal.features.store import FeatureStore


def sequence(encoder="clip", n=5, dim=3, step=0.32, scale=1.0, **changes):
    values = np.random.default_rng(0).normal(size=(n, dim)).astype(np.float32) * scale
    facts = {
        "values": values, "grid": TimeGrid(0.0, step, n), "encoder": encoder,
        "recipe": {"stride_frames": 8, "flow": "dis"}, "source_sha256": "c" * 64, "duration": n * step,
        "notes": ("damaged packets skipped: 1",),
    }  # fmt: skip
    return FeatureSequence(**(facts | changes))


def test_round_trip(tmp_path):
    store, written = FeatureStore(tmp_path), sequence()
    assert not store.has("clip", "v1")
    path = store.write("v1", written)
    assert path == tmp_path / "features" / "clip" / "v1.npz" and store.has("clip", "v1")
    read = store.read("clip", "v1", expected_dim=3)
    np.testing.assert_allclose(read.values, written.values, rtol=1e-3)
    assert read.values.dtype == np.float32
    for name in ("grid", "encoder", "recipe", "source_sha256", "duration", "notes"):
        assert getattr(read, name) == getattr(written, name)
    assert store.encoders() == ["clip"]
    assert store.read_origin("clip", "v1")["recipe"] == written.recipe
    with np.load(path, allow_pickle=False) as file:
        assert file["values"].dtype == np.float16


def test_values_too_large_for_float16_stay_float32(tmp_path):
    store, written = FeatureStore(tmp_path), sequence(scale=1e6)
    store.write("v1", written)
    np.testing.assert_array_equal(store.read("clip", "v1").values, written.values)


def test_wrong_width_names_both(tmp_path):
    store = FeatureStore(tmp_path)
    store.write("v1", sequence())
    with pytest.raises(DataError, match=r"v1\.npz holds features of width 3; expected D = 512"):
        store.read("clip", "v1", expected_dim=512)


def test_grids_must_agree(tmp_path):
    store = FeatureStore(tmp_path)
    store.write("v1", sequence("clip"))
    store.write("v1", sequence("i3d"))
    assert set(store.read_aligned(["clip", "i3d"], "v1")) == {"clip", "i3d"}
    store.write("v1", sequence("i3d", n=3, step=0.64))
    with pytest.raises(DataError, match=r"clip: 5 snippets of 0\.32 s; i3d: 3 snippets of 0\.64 s"):
        store.read_aligned(["clip", "i3d"], "v1")


@pytest.mark.parametrize("name", ["../v1", "a/b", "", "..", "a\\b", "a\0b"])
def test_names_stay_inside_the_folder(name, tmp_path):
    store = FeatureStore(tmp_path)
    for encoder, video in ((name, "v1"), ("clip", name)):
        with pytest.raises(DataError, match="cannot name a file"):
            store.path(encoder, video)


@pytest.mark.parametrize(
    "changes,message",
    [
        ({"values": np.zeros((4, 3))}, "4 rows; their grid has 5"),
        ({"values": np.zeros(5)}, r"must be \(T, D\)"),
        ({"values": np.full((5, 3), np.nan)}, "finite; row 0 holds nan"),
        ({"duration": 0.0}, "duration > 0"),
    ],
)
def test_sequences_are_checked_when_built(changes, message):
    with pytest.raises(DataError, match=message):
        sequence(**changes)


def broken_files(good: bytes):
    def npz(**arrays):
        stream = io.BytesIO()
        np.savez(stream, **arrays)
        return stream.getvalue()

    origin = np.array(json.dumps({"encoder": "clip", "recipe": {}, "source_sha256": "", "duration": 1.0}))
    values, grid = np.zeros((2, 3)), np.array([0, 0.32, 2])
    pickled = np.array([{"a": 1}], dtype=object)
    return {
        "empty": b"",
        "words": b"not a zip file at all",
        "cut": good[: len(good) // 2],
        "without grid": npz(values=values, origin=origin),
        "objects": npz(values=pickled, grid=grid, origin=origin),
        "no notes": npz(values=values, grid=grid, origin=origin),
        "bad json": npz(values=values, grid=grid, origin=np.array("{")),
        "list json": npz(values=values, grid=grid, origin=np.array("[]")),
        "short grid": npz(values=values, grid=grid[:2], origin=origin),
        "grid of other length": npz(values=values, grid=np.array([0, 0.32, 3]), origin=origin),
    }


def test_damaged_files_name_themselves(tmp_path):
    store = FeatureStore(tmp_path)
    path = store.write("v1", sequence())
    with pytest.raises(DataError, match="run 'dcwtal extract' first"):
        store.read("clip", "v2")
    for content in broken_files(path.read_bytes()).values():
        path.write_bytes(content)
        with pytest.raises(DataError, match=r"v1\.npz"):
            store.read("clip", "v1")


def test_a_file_that_unpacks_hugely_is_refused(tmp_path):
    store = FeatureStore(tmp_path)
    path = store.path("clip", "v1")
    path.parent.mkdir(parents=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(40):
            archive.writestr(f"part{number}.npy", bytes(1000))
    with pytest.raises(DataError, match="refused as damaged"):
        store.read("clip", "v1")


def test_full_disk_leaves_the_old_file(tmp_path, monkeypatch):
    store = FeatureStore(tmp_path)
    path = store.write("v1", sequence(n=5))
    before = path.read_bytes()

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(DiskError, match="disk is full"):
        store.write("v1", sequence(n=9))
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == ["v1.npz"]
