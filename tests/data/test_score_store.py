"""Scores survive the disk to half precision; a damaged file is a clear fault."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dcwtal.core.class_names import ClassNames
from dcwtal.core.errors import DataError, DiskError
from dcwtal.core.timegrid import TimeGrid
from dcwtal.data.score_store import BRANCHES, VideoScores, read_scores, write_scores

CLASSES = ClassNames.of(["Diving", "Shotput", "été <b>"])


def scores(*, stages=("warmup", "B1"), n=7, seed=0, video="video_1"):
    random = np.random.default_rng(seed)
    shape = (len(stages), n, len(CLASSES))
    return VideoScores(
        video,
        tuple(stages),
        {branch: random.random(shape, dtype=np.float32) for branch in BRANCHES},
        {branch: random.random(shape[::2], dtype=np.float32) for branch in BRANCHES},
        TimeGrid(0.25, 0.32, n),
        CLASSES,
    )


@given(st.integers(0, 2**31), st.integers(1, 60), st.integers(1, 4))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_round_trip_within_half_precision(tmp_path, seed, n, n_stages):
    """float16 has 11 bits: rounding moves a score in [0, 1] by at most 2^-12."""
    before = scores(seed=seed, n=n, stages=[f"s{i}" for i in range(n_stages)])
    write_scores(tmp_path / "v.npz", before)
    after = read_scores(tmp_path / "v.npz")
    assert (after.video, after.stages, after.grid, after.classes) == (
        before.video,
        before.stages,
        before.grid,
        before.classes,
    )
    for branch in BRANCHES:
        assert after.class_scores[branch].dtype == np.float32
        assert np.abs(after.class_scores[branch] - before.class_scores[branch]).max() <= 2**-12
        assert (after.video_scores[branch] == before.video_scores[branch]).all()
        assert after.class_scores[branch].max() <= 1
        with np.load(tmp_path / "v.npz") as file:  # half the size on disk
            assert file[f"{branch}_class_scores"].dtype == np.float16


def test_writing_what_was_read_changes_nothing(tmp_path):
    write_scores(tmp_path / "a.npz", scores())
    first = read_scores(tmp_path / "a.npz")
    write_scores(tmp_path / "b.npz", first)
    second = read_scores(tmp_path / "b.npz")
    assert all((first.class_scores[b] == second.class_scores[b]).all() for b in BRANCHES)


def test_one_branch_at_one_stage():
    found = scores().at("B1", "vlp")
    assert (found.class_scores == scores().class_scores["vlp"][1]).all()
    assert (found.video_scores == scores().video_scores["vlp"][1]).all()
    with pytest.raises(DataError, match=r"no stage 'F9' in the scores of 'video_1'; known: warmup, B1"):
        scores().at("F9", "cbp")


@pytest.mark.parametrize("part", ["class_scores", "video_scores"])
@pytest.mark.parametrize("branch", BRANCHES)
def test_shapes_must_agree(part, branch):
    parts = {name: dict(getattr(scores(), name)) for name in ("class_scores", "video_scores")}
    parts[part][branch] = parts[part][branch][:, :-1]
    with pytest.raises(DataError, match=f"scores of 'v', {branch}: expected"):
        VideoScores("v", ("warmup", "B1"), **parts, grid=TimeGrid(0.25, 0.32, 7), classes=CLASSES)


@pytest.mark.parametrize("damage", ["truncated", "empty", "text", "other", "folder"])
def test_a_damaged_file_is_told(tmp_path, damage):
    path = tmp_path / "v.npz"
    write_scores(path, scores(n=50))
    whole = path.read_bytes()
    path.unlink()
    if damage == "truncated":
        path.write_bytes(whole[: len(whole) // 2])
    elif damage == "empty":
        path.write_bytes(b"")
    elif damage == "text":
        path.write_text("not scores")
    elif damage == "other":
        np.savez(path, something=np.zeros(3))
    else:
        path.mkdir()
    with pytest.raises(DataError, match=r"v\.npz is not a score file of this project"):
        read_scores(path)


def test_any_flipped_byte_is_harmless_or_told(tmp_path):
    """zipfile, zlib and numpy each have their own exceptions; all must arrive as a DataError."""
    path, random = tmp_path / "v.npz", np.random.default_rng(0)
    write_scores(path, scores(n=50))
    whole, told = path.read_bytes(), 0
    for _ in range(400):
        place = random.integers(len(whole) - 4)
        path.write_bytes(whole[:place] + random.bytes(4) + whole[place + 4 :])
        try:
            found = read_scores(path)
        except DataError:
            told += 1
        else:
            assert all((found.video_scores[b] == scores(n=50).video_scores[b]).all() for b in BRANCHES)
    assert told > 200


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, -0.001, 1.5])
@pytest.mark.parametrize("branch", BRANCHES)
def test_a_score_out_of_range_is_refused_with_its_place(tmp_path, branch, value):
    bad = scores()
    bad.class_scores[branch][1, 4, 2] = value
    write_scores(tmp_path / "v.npz", bad)
    with pytest.raises(DataError) as caught:
        read_scores(tmp_path / "v.npz")
    for part in ("v.npz", branch, "stage B1", "été <b>", "snippet 4 (1.53 s)", "[0, 1]"):
        assert part in str(caught.value)


def test_a_video_score_out_of_range_is_refused(tmp_path):
    bad = scores()
    bad.video_scores["vlp"][0, 1] = np.nan
    write_scores(tmp_path / "v.npz", bad)
    with pytest.raises(DataError, match=r"vlp at stage warmup, class 'Shotput', the whole video.*found nan"):
        read_scores(tmp_path / "v.npz")


def test_flat_curves_are_no_fault(tmp_path):
    for value in (0.0, 0.5, 1.0):
        flat = scores()
        for branch in BRANCHES:
            flat.class_scores[branch][:] = value
        write_scores(tmp_path / "v.npz", flat)
        assert (read_scores(tmp_path / "v.npz").class_scores["cbp"] == value).all()


def test_one_snippet_is_enough_and_none_is_not(tmp_path):
    write_scores(tmp_path / "v.npz", scores(n=1))
    assert read_scores(tmp_path / "v.npz").grid.n == 1
    write_scores(tmp_path / "v.npz", scores(n=0))
    with pytest.raises(DataError, match=r"v\.npz.*one stage, snippet and class or more"):
        read_scores(tmp_path / "v.npz")


def test_one_word_in_place_of_a_list_is_told(tmp_path):
    write_scores(tmp_path / "v.npz", scores())
    with np.load(tmp_path / "v.npz") as file:
        arrays = dict(file)
    np.savez(tmp_path / "v.npz", **(arrays | {"stages": np.array("warmup")}))
    with pytest.raises(DataError, match="not a score file"):
        read_scores(tmp_path / "v.npz")


def test_object_arrays_are_never_unpickled(tmp_path):
    path = tmp_path / "v.npz"
    np.savez(path, grid=np.array([{"a": 1}], dtype=object))
    with pytest.raises(DataError, match="not a score file"):
        read_scores(path)


def test_missing_scores_name_the_next_step(tmp_path):
    with pytest.raises(DataError, match="run 'dcwtal train' first"):
        read_scores(tmp_path / "v.npz")


def test_a_full_disk_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "v.npz"
    write_scores(path, scores(seed=1))
    before = path.read_bytes()

    def full(*args, **kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "savez_compressed", full)
    with pytest.raises(DiskError, match="the disk is full"):
        write_scores(path, scores(seed=2))
    assert path.read_bytes() == before and [p.name for p in tmp_path.iterdir()] == ["v.npz"]
