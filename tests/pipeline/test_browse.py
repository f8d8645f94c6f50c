"""Opening a run and its videos: what is found, and one clear message for what is not."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import synthetic_run

from dcwtal.core.errors import DataError, VideoError
from dcwtal.data.score_store import write_scores
from dcwtal.pipeline.browse import (
    NO_VIDEO_FILE,
    load_unlabelled,
    load_video,
    open_run,
)


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    return synthetic_run.make_studio_files(tmp_path_factory.mktemp("browse"), frames=60)


@pytest.fixture
def run_folder(made, tmp_path) -> Path:
    """A copy that a test may damage."""
    shutil.copytree(made.parent, tmp_path / "copy")
    return tmp_path / "copy" / made.name


def test_videos_are_listed_test_first(made):
    run = open_run(made)
    assert run.video_ids == ["clip_even", "clip_uneven", "clip_held_out"]
    assert not run.is_world


def test_a_world_is_recognised(run_folder):
    path = run_folder.parent / "data" / "annotations.json"
    path.write_text(path.read_text().replace('"synthetic"', '"dcwtal sports world 1"'))
    assert open_run(run_folder).is_world


@pytest.mark.parametrize("video", ["clip_even", "clip_uneven"])
def test_frame_times_are_those_the_clip_was_written_with(made, video):
    loaded = load_video(open_run(made), video)
    expected = np.array(synthetic_run.frame_times(video)[:60])
    np.testing.assert_allclose(loaded.frame_times, expected, atol=1e-4)
    assert loaded.duration > expected[-1]
    assert loaded.truth.label.tolist() == [row[0] for row in synthetic_run.TRUTH[video]]


def test_scores_are_the_stored_ones(made):
    loaded = load_video(open_run(made), "clip_even")
    made_up = synthetic_run.make_scores("clip_even")
    for branch in ("cbp", "vlp"):
        np.testing.assert_allclose(
            loaded.scores.class_scores[branch], made_up.class_scores[branch], atol=6e-4
        )


@pytest.mark.parametrize("name", ["nobody", "../../data/annotations", "/etc/passwd", ""])
def test_an_unknown_video_is_refused(made, name):
    with pytest.raises(DataError, match="no scores of video"):
        load_video(open_run(made), name)


def test_an_id_that_is_a_path_reaches_no_file(run_folder):
    path = run_folder.parent / "data" / "annotations.json"
    path.write_text(path.read_text().replace('"clip_uneven"', '"../videos/clip_uneven"'))
    run = open_run(run_folder)
    assert run.video_ids == ["clip_even", "clip_held_out", "clip_uneven"]
    with pytest.raises(DataError):
        load_video(run, "../videos/clip_uneven")


def test_a_video_that_nobody_annotated_is_listed_last_and_has_no_truth(run_folder):
    path = run_folder.parent / "data" / "annotations.json"
    document = json.loads(path.read_text())
    del document["database"]["clip_even"]
    path.write_text(json.dumps(document))
    run = open_run(run_folder)
    assert run.video_ids == ["clip_uneven", "clip_held_out", "clip_even"]
    video = load_video(run, "clip_even")
    assert (video.truth, video.labels, video.subset) == (None, (), "")
    assert video.has_video and len(video.frame_times) == 60


def test_without_its_file_a_video_has_tracks_and_truth(run_folder):
    (run_folder.parent / "data" / "videos" / "clip_even.mp4").unlink()
    run = open_run(run_folder)
    assert "clip_even" in run.video_ids and run.notice == ""
    video = load_video(run, "clip_even")
    assert (video.path, video.has_video, video.notice) == (None, False, NO_VIDEO_FILE)
    assert len(video.frame_times) == 0
    assert video.duration == pytest.approx(synthetic_run.frame_times("clip_even")[-1] + 0.04)
    assert len(video.truth) == 4


def test_features_only_and_no_durations(run_folder):
    """As a data set of published features looks: no video at all, a truth that states no length."""
    shutil.rmtree(run_folder.parent / "data" / "videos")
    path = run_folder.parent / "data" / "annotations.json"
    document = json.loads(path.read_text())
    for entry in document["database"].values():
        del entry["duration"]
    path.write_text(json.dumps(document))
    run = open_run(run_folder)
    assert run.video_ids == ["clip_even", "clip_uneven", "clip_held_out"]
    assert "No video files in 'data/videos'" in run.notice
    video = load_video(run, "clip_uneven")
    assert video.duration == video.scores.grid.end and len(video.truth) == 2


def test_without_its_data_set_a_run_opens_from_its_scores(run_folder):
    shutil.rmtree(run_folder.parent / "data")
    run = open_run(run_folder)
    assert run.video_ids == ["clip_even", "clip_held_out", "clip_uneven"]
    assert "no data set folder" in run.notice and "the tracks alone" in run.notice
    video = load_video(run, "clip_even")
    assert (video.truth, video.has_video, video.duration) == (None, False, video.scores.grid.end)


@pytest.mark.parametrize(("encoder", "is_world"), [("world-clip", True), ("i3d", False)])
def test_the_caveat_stands_without_the_data_set(run_folder, encoder, is_world):
    shutil.rmtree(run_folder.parent / "data")
    synthetic_run.write_run_info(run_folder, encoders={"cbp": encoder, "vlp": encoder})
    assert open_run(run_folder).is_world is is_world


def test_a_broken_video_file_leaves_the_tracks(run_folder):
    (run_folder.parent / "data" / "videos" / "clip_even.mp4").write_bytes(b"not a video")
    video = load_video(open_run(run_folder), "clip_even")
    assert not video.has_video and "is not a video" in video.notice
    assert len(video.truth) == 4


def test_times_are_read_the_way_the_caller_wants(made):
    def refused(path):
        raise VideoError(f"{path.name} crashed its decoder")

    video = load_video(open_run(made), "clip_even", read_times=refused)
    assert "clip_even.mp4 crashed its decoder" in video.notice


def test_scores_of_another_video_are_refused(run_folder):
    shutil.copy(run_folder / "scores" / "clip_even.npz", run_folder / "scores" / "other.npz")
    with pytest.raises(DataError, match=r"other\.npz holds the scores of 'clip_even'"):
        load_video(open_run(run_folder), "other")


def test_odd_names_are_ids_and_names_that_are_no_text_are_left_out(run_folder):
    odd = ["<b>été<img> & 'q' \"d\"", "%2e%2e", "日本 語", "a.b"]
    for video in odd:
        scores = replace(synthetic_run.make_scores("clip_even"), video=video)
        write_scores(run_folder / "scores" / f"{video}.npz", scores)
    (run_folder / "scores" / "bad\udcff.npz").write_bytes(b"")
    run = open_run(run_folder)
    assert sorted(run.video_ids[3:]) == sorted(odd)
    assert all(load_video(run, video).scores.video == video for video in odd)


def test_a_deleted_run_is_told(run_folder):
    run = open_run(run_folder)
    shutil.rmtree(run_folder)
    with pytest.raises(DataError, match="moved or deleted"):
        load_video(run, "clip_even")


def test_a_damaged_score_file_is_named(run_folder):
    (run_folder / "scores" / "clip_even.npz").write_bytes(b"PK nonsense")
    with pytest.raises(DataError, match=r"clip_even\.npz"):
        load_video(open_run(run_folder), "clip_even")


def test_a_folder_that_is_no_finished_run_is_refused(tmp_path):
    with pytest.raises(DataError, match="train"):
        open_run(tmp_path / "nowhere")
    (tmp_path / "run.json").write_text("{}")
    with pytest.raises(DataError, match="finish"):
        open_run(tmp_path)


def test_a_foreign_video_has_no_truth(made):
    path = made.parent / "data" / "videos" / "clip_even.mp4"
    video = load_unlabelled(path, synthetic_run.make_scores("opened-1"), title="holiday.mp4")
    assert (video.id, video.title, video.truth, video.labels) == ("opened-1", "holiday.mp4", None, ())
