"""Opening a run and its videos: what is found, and one clear message for what is not."""

import shutil
from pathlib import Path

import numpy as np
import pytest
import synthetic_run

from dcwtal.core.errors import DataError, SettingsError
from dcwtal.pipeline.browse import load_unlabelled, load_video, localize_settings_of, open_run


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
    assert run.video_ids == ["clip_even", "clip_held_out"]
    with pytest.raises(DataError):
        load_video(run, "../videos/clip_uneven")


def test_a_missing_video_file_is_named(run_folder):
    (run_folder.parent / "data" / "videos" / "clip_even.mp4").unlink()
    with pytest.raises(DataError, match="no video file of 'clip_even'"):
        load_video(open_run(run_folder), "clip_even")


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


def test_settings_change_only_branch_and_mode(made):
    run = open_run(made)
    settings = localize_settings_of(run, branch="fused", mode="peer")
    assert settings.model_dump() == run.localize.model_dump() | {"branch": "fused", "mode": "peer"}
    with pytest.raises(SettingsError, match="mode"):
        localize_settings_of(run, branch="cbp", mode="psychic")


def test_a_foreign_video_has_no_truth(made):
    path = made.parent / "data" / "videos" / "clip_even.mp4"
    video = load_unlabelled(path, synthetic_run.make_scores("opened-1"), title="holiday.mp4")
    assert (video.id, video.title, video.truth, video.labels) == ("opened-1", "holiday.mp4", None, ())
