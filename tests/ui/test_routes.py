"""The studio's own routes: ranges, unknown names, hostile names, the user's faults."""

import numpy as np
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from dcwtal.pipeline.localize import localize_scores
from dcwtal.ui.routes import PREFIX, script_url, studio_routes, video_url
from dcwtal.ui.static_files import static_files
from dcwtal.views.binary_blob import unpack_blob


@pytest.fixture
def client(catalog) -> TestClient:
    return TestClient(Starlette(routes=studio_routes(catalog)), raise_server_exceptions=False)


def test_data_is_the_blob_of_the_video(client, catalog):
    reply = client.get(video_url("run", "clip_even", "data"))
    assert reply.status_code == 200
    header, arrays = unpack_blob(reply.content)
    video = catalog.video("run", "clip_even")
    assert header["video"] == "clip_even" and header["rules"]["high"] == 0.3
    np.testing.assert_array_equal(arrays["cbp"], video.scores.class_scores["cbp"])
    np.testing.assert_array_equal(arrays["frame_times"], video.frame_times)


def test_detections_are_those_of_the_terminal(client, catalog):
    run, video = catalog.run("run"), catalog.video("run", "clip_even")
    for stage in run.stages:
        reply = client.get(video_url("run", "clip_even", "detections"), params={"stage": stage})
        expected = localize_scores(video.scores, stage, run.localize, duration=video.duration)
        found = reply.json()["detections"]
        assert sorted(row["score"] for row in found) == sorted(expected.score.tolist())
        assert sorted(row["start"] for row in found) == sorted(expected.start.tolist())


def test_detections_without_a_question_are_the_runs_own(client):
    answer = client.get(video_url("run", "clip_even", "detections")).json()
    assert (answer["stage"], answer["source"], answer["mode"]) == ("F2", "cbp", "paper")


@pytest.mark.parametrize(
    ("query", "status", "word"),
    [
        ({"mode": "psychic"}, 422, "mode"),
        ({"source": "oracle"}, 422, "branch"),
        ({"stage": "Z9"}, 404, "Z9"),
    ],
)
def test_a_wrong_question_is_explained(client, query, status, word):
    reply = client.get(video_url("run", "clip_even", "detections"), params=query)
    assert reply.status_code == status and word in reply.json()["error"]


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


@pytest.mark.parametrize("what", ["data", "detections", "video"])
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


def test_every_script_is_served_for_ever_and_nothing_else(client):
    for name in static_files():
        reply = client.get(script_url(name))
        assert reply.status_code == 200 and "immutable" in reply.headers["cache-control"]
    assert client.get(f"{PREFIX}/static/old/timeline.js").status_code == 404
    for name in ("../routes.py", "..%2froutes.py", "__init__.py", "%2e%2e/app.py"):
        assert client.get(script_url(name)).status_code == 404


def test_plotly_comes_from_the_package(client):
    reply = client.get(f"{PREFIX}/plotly.min.js")
    assert reply.status_code == 200 and b"plotly.js v" in reply.content[:200]


def test_a_damaged_file_is_a_message_and_the_server_goes_on(client, catalog, tmp_path):
    run = catalog.run("run")
    broken = tmp_path / "clip_uneven.npz"
    broken.write_bytes(b"not scores")
    kept = run.score_files["clip_uneven"]
    run.score_files["clip_uneven"] = broken
    try:
        reply = client.get(video_url("run", "clip_uneven", "data"))
        assert reply.status_code == 404 and "clip_uneven.npz" in reply.json()["error"]
    finally:
        run.score_files["clip_uneven"] = kept
    assert client.get(video_url("run", "clip_uneven", "data")).status_code == 200
