"""The routes of a run's videos: what they send, ranges, unknown and hostile names, faults in files."""

import shutil
from base64 import b64decode
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import cv2
import numpy as np
import pytest
import synthetic_run
from starlette.applications import Starlette
from starlette.testclient import TestClient

from dcwtal.core.files import write_json_atomic
from dcwtal.data.score_store import write_scores
from dcwtal.pipeline.browse import load_unlabelled
from dcwtal.ui.catalog import Catalog
from dcwtal.ui.route_answers import run_url, video_url
from dcwtal.ui.video_routes import video_routes
from dcwtal.views.binary_blob import unpack_blob


def client_of(catalog: Catalog) -> TestClient:
    return TestClient(Starlette(routes=video_routes(catalog)), raise_server_exceptions=False)


@pytest.fixture
def client(catalog) -> TestClient:
    return client_of(catalog)


@pytest.fixture
def own_run(short_run, tmp_path) -> Path:
    """A copy that a test may change."""
    shutil.copytree(short_run.parent, tmp_path / "copy")
    return tmp_path / "copy" / short_run.name


def test_the_list_of_videos(client, catalog):
    source = catalog.video("run", "clip_even")
    mine = replace(load_unlabelled(source.path, source.scores, title="<b>mine"), id="opened-1")
    catalog.add_opened("run", mine)
    answer = client.get(run_url("run", "videos")).json()
    assert answer["notice"] == ""
    assert [row["id"] for row in answer["videos"]] == [
        "clip_even",
        "clip_uneven",
        "clip_held_out",
        "opened-1",
    ]
    assert answer["videos"][0] == {
        "id": "clip_even",
        "title": "clip_even",
        "subset": "test",
        "labels": ["HighJump", "Diving"],
        "duration": pytest.approx(24.0),
        "has_video": True,
        "opened": False,
    }
    assert answer["videos"][3] | {"duration": 0} == {
        "id": "opened-1",
        "title": "<b>mine",
        "subset": "",
        "labels": [],
        "duration": 0,
        "has_video": True,
        "opened": True,
    }
    assert len(client.get(run_url("run-2", "videos")).json()["videos"]) == 3


def test_data_is_the_blob_of_the_video(client, catalog):
    reply = client.get(video_url("run", "clip_even", "data"))
    assert reply.status_code == 200
    header, arrays = unpack_blob(reply.content)
    video = catalog.video("run", "clip_even")
    assert header["video"] == "clip_even" and header["rules"]["high"] == 0.3
    assert header["stages_sent"] == list(synthetic_run.STAGES) and header["has_video"]
    np.testing.assert_array_equal(arrays["cbp"], video.scores.class_scores["cbp"])
    np.testing.assert_array_equal(arrays["frame_times"], video.frame_times)


def test_more_curves(client, catalog):
    reply = client.get(video_url("run", "clip_even", "curves"), params={"stage": "F1", "classes": "3,0"})
    header, arrays = unpack_blob(reply.content)
    assert (header["stages_sent"], header["classes_sent"]) == (["F1"], [3, 0])
    expected = catalog.video("run", "clip_even").scores.at("F1", "vlp").class_scores[:, [3, 0]]
    np.testing.assert_array_equal(arrays["vlp"][0], expected)
    header, _ = unpack_blob(client.get(video_url("run", "clip_even", "curves")).content)
    assert (header["stages_sent"], header["classes_sent"]) == (["F2"], [0, 1, 2, 3, 4])


def frame_number(jpeg: bytes) -> int:
    """The number that the blocks of ``frame_number_clip`` tell, from a picture half as high."""
    grey = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_GRAYSCALE)
    scale = grey.shape[0] / 240
    bits = [grey[round(10 * scale), round((50 + 20 * bit) * scale)] > 128 for bit in range(12)]
    return sum(1 << bit for bit, on in enumerate(bits) if on)


def test_a_strip_shows_the_frames_on_screen(client, catalog):
    times = catalog.video("run", "clip_uneven").frame_times
    asked = [0.0, 0.39, 1.0, 1.47, 99.0]
    query = {"times": ",".join(map(str, asked)), "height": 120}
    frames = client.get(video_url("run", "clip_uneven", "strip"), params=query).json()["frames"]
    assert [frame["asked"] for frame in frames] == asked
    for frame in frames:
        number = max(n for n, time in enumerate(times) if time <= frame["asked"] + 1e-6)
        assert frame["time"] == pytest.approx(times[number])
        assert frame_number(b64decode(frame["jpeg"])) == number


def test_a_replay_has_the_stages(client, catalog):
    header, arrays = unpack_blob(client.get(video_url("run", "clip_even", "replay")).content)
    assert [row["stage"] for row in header["snapshots"]] == list(synthetic_run.STAGES)
    scores = catalog.video("run", "clip_even").scores
    np.testing.assert_array_equal(arrays["cbp_video"], scores.video_scores["cbp"])


@pytest.mark.parametrize(
    ("what", "query", "word"),
    [
        ("data", {"stage": "Z9"}, "Z9"),
        ("curves", {"stage": "Z9"}, "Z9"),
        ("curves", {"classes": "1,x"}, "classes"),
        ("curves", {"classes": "99"}, "0 to 4"),
        ("strip", {}, "times"),
        ("strip", {"times": "nan"}, "finite"),
        ("strip", {"times": "1;2"}, "times"),
        ("strip", {"times": ",".join(["1"] * 41)}, "40"),
        ("strip", {"times": "1", "height": "9"}, "24 to 160"),
        ("strip", {"times": "1", "height": "9" * 5000}, "height"),
    ],
)
def test_a_wrong_question_is_explained(client, what, query, word):
    reply = client.get(video_url("run", "clip_even", what), params=query)
    assert reply.status_code == 422 and word in reply.json()["error"]


def test_video_answers_ranges(client, catalog):
    whole = catalog.video("run", "clip_even").path.read_bytes()
    url = video_url("run", "clip_even", "video")
    assert client.get(url).content == whole
    for asked, expected in (
        ("bytes=0-99", whole[:100]),
        ("bytes=100-149", whole[100:150]),
        ("bytes=-7", whole[-7:]),
        (f"bytes={len(whole) - 5}-", whole[-5:]),
    ):
        reply = client.get(url, headers={"Range": asked})
        assert (reply.status_code, reply.content) == (206, expected)
        assert reply.headers["content-type"] == "video/mp4"
    assert client.get(url, headers={"Range": f"bytes={len(whole)}-"}).status_code == 416


WHAT = ("data", "curves", "strip?times=0", "replay", "video")


@pytest.mark.parametrize("what", WHAT)
@pytest.mark.parametrize(
    ("run", "video"),
    [
        ("nobody", "clip_even"),
        ("run", "nobody"),
        ("..", "clip_even"),
        ("run", "../clip_even"),
        ("run", "..%2f..%2fannotations"),
        ("run", "/etc/passwd"),
        ("run", "clip_even\0"),
        ("run", "<script>alert(1)</script>"),
    ],
)
def test_unknown_names_are_not_found(client, run, video, what):
    reply = client.get(video_url(run, video, what))
    assert reply.status_code == 404
    assert "root:" not in reply.text


def test_odd_ids_work_on_every_route(own_run):
    odd = "<b>été<img> & 'q' \"d\" 100%?#日本"
    scores = replace(synthetic_run.make_scores("clip_even"), video=odd)
    write_scores(own_run / "scores" / f"{odd}.npz", scores)
    videos = own_run.parent / "data" / "videos"
    shutil.copy(videos / "clip_even.mp4", videos / f"{odd}.mp4")
    named = own_run.rename(own_run.parent / "<run> & 日本 '1'")
    client, key = client_of(Catalog([named])), named.name
    assert client.get(run_url(key, "videos")).json()["videos"][-1]["id"] == odd
    for what in WHAT:
        assert client.get(video_url(key, odd, what)).status_code == 200, what
    header, _ = unpack_blob(client.get(video_url(key, odd, "data")).content)
    assert (header["video"], header["truth"]) == (odd, None)
    assert quote(odd, safe="") in video_url(key, odd, "data")


def test_a_damaged_score_file_refuses_that_video_alone(own_run):
    (own_run / "scores" / "clip_uneven.npz").write_bytes(b"not scores")
    client = client_of(Catalog([own_run]))
    assert len(client.get(run_url("run", "videos")).json()["videos"]) == 3
    for what in WHAT:
        reply = client.get(video_url("run", "clip_uneven", what))
        assert reply.status_code == 404 and "clip_uneven.npz" in reply.json()["error"]
    assert client.get(video_url("run", "clip_even", "data")).status_code == 200


def test_without_video_files_the_tracks_are_sent(own_run):
    shutil.rmtree(own_run.parent / "data" / "videos")
    client = client_of(Catalog([own_run]))
    listed = client.get(run_url("run", "videos")).json()
    assert not any(row["has_video"] for row in listed["videos"]) and "No video files" in listed["notice"]
    header, arrays = unpack_blob(client.get(video_url("run", "clip_even", "data")).content)
    assert not header["has_video"] and "tracks alone" in header["notice"]
    assert len(arrays["frame_times"]) == 0 and len(header["truth"]) == 4
    for what in ("video", "strip?times=0"):
        reply = client.get(video_url("run", "clip_even", what))
        assert reply.status_code == 404 and "No video file" in reply.json()["error"]


def test_without_the_data_set_the_curves_are_sent(own_run):
    shutil.rmtree(own_run.parent / "data")
    client = client_of(Catalog([own_run]))
    listed = client.get(run_url("run", "videos")).json()
    assert [row["duration"] for row in listed["videos"]] == [None] * 3
    assert "cannot be opened" in listed["notice"]
    header, _ = unpack_blob(client.get(video_url("run", "clip_even", "data")).content)
    assert header["truth"] is None and header["duration"] == pytest.approx(24.0, abs=0.32)


def test_a_broken_video_leaves_the_tracks(own_run):
    (own_run.parent / "data" / "videos" / "clip_even.mp4").write_bytes(b"not a video")
    client = client_of(Catalog([own_run]))
    header, _ = unpack_blob(client.get(video_url("run", "clip_even", "data")).content)
    assert not header["has_video"] and "is not a video" in header["notice"]
    reply = client.get(video_url("run", "clip_even", "strip?times=0"))
    assert reply.status_code == 404 and "is not a video" in reply.json()["error"]


def test_a_video_file_deleted_meanwhile_is_told(own_run):
    client = client_of(Catalog([own_run]))
    assert client.get(video_url("run", "clip_even", "data")).status_code == 200
    (own_run.parent / "data" / "videos" / "clip_even.mp4").unlink()
    for what in ("video", "strip?times=0.7"):
        reply = client.get(video_url("run", "clip_even", what))
        assert reply.status_code == 404 and "moved or deleted" in reply.json()["error"]


def test_a_run_deleted_meanwhile_is_told(own_run):
    client = client_of(Catalog([own_run]))
    shutil.rmtree(own_run)
    for what in WHAT:
        reply = client.get(video_url("run", "clip_even", what))
        assert reply.status_code == 404 and "moved or deleted" in reply.json()["error"]


def test_one_snippet_and_no_durations(own_run):
    scores = synthetic_run.make_scores("clip_even")
    short = replace(
        scores,
        grid=replace(scores.grid, n=1),
        class_scores={branch: curves[:, :1] for branch, curves in scores.class_scores.items()},
    )
    write_scores(own_run / "scores" / "clip_even.npz", short)
    annotations = own_run.parent / "data" / "annotations.json"
    rows = {"clip_even": {"subset": "test", "annotations": [{"label": "Diving", "segment": [0.0, 0.2]}]}}
    write_json_atomic(annotations, {"database": rows, "classes": list(synthetic_run.CLASSES)})
    shutil.rmtree(own_run.parent / "data" / "videos")
    client = client_of(Catalog([own_run]))
    header, arrays = unpack_blob(client.get(video_url("run", "clip_even", "data")).content)
    assert header["duration"] == pytest.approx(0.32) and arrays["cbp"].shape == (5, 1, 5)
    assert client.get(video_url("run", "clip_even", "replay")).status_code == 200
