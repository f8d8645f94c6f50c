"""What `write_world` leaves on disk."""

import json
from pathlib import Path

import av
import numpy as np
import pytest

from dcwtal.core.errors import UserError
from dcwtal.world import dataset
from dcwtal.world.dataset import VERSION, write_world
from dcwtal.world.encode import write_mp4
from dcwtal.world.plan import plan_world
from dcwtal.world.render import Renderer

SIZES = {"n_train": 2, "n_val": 1, "n_test": 1, "seed": 5, "seconds": 4.0}


def decode(path: Path) -> list[np.ndarray]:
    with av.open(str(path)) as container:
        return [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]


@pytest.fixture(scope="module")
def world(tmp_path_factory) -> Path:
    directory = tmp_path_factory.mktemp("world")
    seen = []
    write_world(directory, **SIZES, workers=1, on_progress=lambda *state: seen.append(state))
    assert [state[:2] for state in seen] == [(0, 4), (1, 4), (2, 4), (3, 4), (4, 4)]
    return directory


def test_annotations_have_activitynet_form(world):
    annotations = json.loads((world / "annotations.json").read_text())
    assert annotations["version"] == VERSION
    assert annotations["classes"] == sorted(annotations["classes"])
    database = annotations["database"]
    assert list(database) == ["train_000", "train_001", "val_000", "test_000"]
    assert [video["subset"] for video in database.values()] == ["train", "train", "validation", "test"]
    for video in database.values():
        assert video["resolution"] == "320x240"
        assert video["fps"] == 25
        assert {one["label"] for one in video["annotations"]} == set(video["labels"])
        assert set(video["labels"]) <= set(annotations["classes"])
        assert all(
            0 <= one["segment"][0] < one["segment"][1] <= video["duration"] for one in video["annotations"]
        )


def test_the_timeline_agrees_with_the_annotations(world):
    annotations = json.loads((world / "annotations.json").read_text())["database"]
    described = json.loads((world / "world.json").read_text())
    assert described["seed"] == 5
    assert described["counts"] == {"train": 2, "validation": 1, "test": 1}
    for video_id, video in described["videos"].items():
        actions = [
            {"label": run["scene"], "segment": [run["start"], run["end"]]}
            for run in video["timeline"]
            if run["kind"] == "action"
        ]
        assert actions == annotations[video_id]["annotations"]
        assert video["timeline"][-1]["end"] == annotations[video_id]["duration"]


def test_videos_decode_to_the_promised_frames(world):
    described = json.loads((world / "world.json").read_text())["videos"]
    for video_id, video in described.items():
        path = world / "videos" / f"{video_id}.mp4"
        with av.open(str(path)) as container:
            stream = container.streams.video[0]
            frames = list(container.decode(stream))
            assert stream.codec_context.name == "h264"
            assert stream.codec_context.pix_fmt == "yuv420p"
            assert (stream.width, stream.height, stream.average_rate) == (320, 240, 25)
        assert len(frames) == video["frames"]
        assert np.allclose(np.diff([frame.time for frame in frames]), 0.04)
        assert all(frame.key_frame for frame in frames[::25])
        header = path.read_bytes()[:4096]
        assert header.find(b"moov") != -1, "the index is not in front"


def test_encoding_keeps_the_picture(world):
    plans = plan_world(**SIZES)
    drawn = next(iter(Renderer().script(plans[0].script())))
    shown = decode(world / "videos" / "train_000.mp4")[0]
    assert np.abs(drawn.astype(int) - shown).mean() < 6


def test_the_number_of_workers_changes_nothing(world, tmp_path):
    write_world(tmp_path, **SIZES, workers=2)
    for name in ("annotations.json", "world.json"):
        assert (tmp_path / name).read_bytes() == (world / name).read_bytes()
    ours = decode(tmp_path / "videos" / "val_000.mp4")
    theirs = decode(world / "videos" / "val_000.mp4")
    assert np.array_equal(np.stack(ours), np.stack(theirs))


def test_a_whole_world_is_not_rendered_again(world, monkeypatch):
    monkeypatch.setattr(dataset, "render_video", lambda *_: pytest.fail("rendered again"))
    before = {path: path.stat().st_mtime_ns for path in (world / "videos").iterdir()}
    assert write_world(world, **SIZES, workers=1) == world / "annotations.json"
    assert before == {path: path.stat().st_mtime_ns for path in (world / "videos").iterdir()}


def test_an_interrupted_world_goes_on_where_it_stopped(tmp_path, monkeypatch):
    rendered = []

    def render_until_interrupted(directory, plan):
        if len(rendered) == 2:
            raise KeyboardInterrupt
        rendered.append(plan.video_id)
        path = dataset.video_path(directory, plan.video_id)
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"whole")
        return plan.video_id

    monkeypatch.setattr(dataset, "render_video", render_until_interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_world(tmp_path, **SIZES, workers=1)
    assert not (tmp_path / "annotations.json").exists()
    assert len(rendered) == 2
    missing = []
    monkeypatch.setattr(dataset, "render_video", lambda directory, plan: missing.append(plan.video_id))
    write_world(tmp_path, **SIZES, workers=1)
    assert (tmp_path / "annotations.json").exists()
    assert sorted(rendered + missing) == ["test_000", "train_000", "train_001", "val_000"]


def test_an_interrupted_video_leaves_no_file(tmp_path):
    def frames():
        yield np.zeros((240, 320, 3), np.uint8)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_mp4(tmp_path / "video.mp4", frames(), 25, (320, 240))
    assert list(tmp_path.iterdir()) == []


def test_another_world_in_the_directory_is_refused(world):
    with pytest.raises(UserError, match="another sports world"):
        write_world(world, **(SIZES | {"seed": 6}), workers=1)


def test_a_directory_with_other_data_is_refused(tmp_path):
    (tmp_path / "annotations.json").write_text("{}")
    with pytest.raises(UserError, match="other data"):
        write_world(tmp_path, **SIZES, workers=1)


def test_a_file_in_place_of_the_directory_is_refused(tmp_path):
    (tmp_path / "world").write_text("")
    with pytest.raises(UserError, match="is a file"):
        write_world(tmp_path / "world", **SIZES, workers=1)


def test_wrong_sizes_are_refused_before_anything_is_written(tmp_path):
    for change, words in (
        ({"n_train": 0}, "at least 1 training video"),
        ({"workers": 0}, "at least 1 worker"),
    ):
        with pytest.raises(UserError, match=words):
            write_world(tmp_path / "w", **(SIZES | {"workers": 1} | change))
    assert not (tmp_path / "w").exists()
