"""Nothing outside the catalog can be named."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from dcwtal.core.errors import DataError
from dcwtal.data.score_store import write_scores
from dcwtal.pipeline.browse import load_unlabelled
from dcwtal.ui.catalog import VIDEOS_KEPT, Catalog


@pytest.fixture
def own_run(short_run, tmp_path) -> Path:
    """A copy that a test may change."""
    shutil.copytree(short_run.parent, tmp_path / "copy")
    return tmp_path / "copy" / short_run.name


def test_runs_of_one_name_get_distinct_keys(catalog):
    assert list(catalog.runs) == ["run", "run-2"]


def test_unknown_names_are_refused(catalog):
    with pytest.raises(DataError, match="known: run, run-2"):
        catalog.run("../run")
    with pytest.raises(DataError, match="no scores of video"):
        catalog.video("run", "../../etc/passwd")


def test_videos_are_read_once_and_not_for_ever(catalog):
    first = catalog.video("run", "clip_even")
    assert catalog.video("run", "clip_even") is first
    for number in range(VIDEOS_KEPT):
        catalog._recent["run", f"filler-{number}"] = catalog._recent["run", "clip_even"]
    catalog.video("run", "clip_uneven")
    assert len(catalog._recent) == VIDEOS_KEPT


def test_large_videos_leave_sooner(catalog, monkeypatch):
    monkeypatch.setattr("dcwtal.ui.catalog.BYTES_KEPT", 1)
    for video in ("clip_even", "clip_uneven"):
        catalog.video("run", video)
        assert list(catalog._recent) == [("run", video)]


def test_changed_scores_are_read_anew(own_run):
    catalog = Catalog([own_run])
    first = catalog.video("run", "clip_even")
    changed = replace(first.scores, video_scores={b: v * 0 for b, v in first.scores.video_scores.items()})
    write_scores(own_run / "scores" / "clip_even.npz", changed)
    assert (catalog.video("run", "clip_even").scores.video_scores["cbp"] == 0).all()


def test_a_run_deleted_meanwhile_is_told(own_run):
    catalog = Catalog([own_run])
    catalog.video("run", "clip_even")
    shutil.rmtree(own_run)
    with pytest.raises(DataError, match="moved or deleted"):
        catalog.video("run", "clip_even")


def test_a_video_file_that_could_not_be_read_is_tried_again(own_run):
    path = own_run.parent / "data" / "videos" / "clip_even.mp4"
    whole = path.read_bytes()
    path.write_bytes(b"half copied")
    catalog = Catalog([own_run])
    assert not catalog.video("run", "clip_even").has_video
    path.write_bytes(whole)
    assert catalog.video("run", "clip_even").has_video


def test_opened_videos_belong_to_their_run(catalog):
    source = catalog.video("run", "clip_even")
    video = load_unlabelled(source.path, source.scores, title="mine")
    assert catalog.opened("run") == []
    catalog.add_opened("run", video)
    assert catalog.opened("run") == [video] and catalog.opened("run-2") == []
    assert catalog.video("run", video.id).truth is None
    assert [one.title for one in catalog.opened("run")] == ["mine"]


def test_a_folder_without_a_run_is_refused(tmp_path):
    with pytest.raises(DataError):
        Catalog([tmp_path])
