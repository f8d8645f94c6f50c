"""The what-if routes: what each answers, and how it refuses, waits and gives way."""

import json
import threading
import time
from dataclasses import replace

import pytest
from scored_run import random_scores, random_truth, write_run
from starlette.applications import Starlette
from starlette.testclient import TestClient

from dcwtal.data.score_store import read_scores, write_scores
from dcwtal.pipeline.localize import localize_scores
from dcwtal.pipeline.what_if.numbers import PreparedSet
from dcwtal.pipeline.what_if.subset_scores import SubsetScores
from dcwtal.ui.catalog import Catalog
from dcwtal.ui.route_answers import LARGEST_QUESTION, run_url, video_url
from dcwtal.ui.what_if_routes import what_if_routes

ODD = "<b>'v\"& é"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    videos = [random_scores(name, number) for number, name in enumerate(("v0", "v1", ODD))]
    truth = {scores.video: random_truth(number, end=scores.grid.end) for number, scores in enumerate(videos)}
    return write_run(tmp_path_factory.mktemp("routes"), videos, truth)


@pytest.fixture
def catalog(folder):
    return Catalog([folder])


@pytest.fixture
def client(catalog):
    return TestClient(Starlette(routes=what_if_routes(catalog)), raise_server_exceptions=False)


@pytest.fixture
def post(client):
    """Posts a body until the scores are read; (status, JSON)."""

    def ask(what, body=None, *, video=None):
        url = run_url("run", what) if video is None else video_url("run", video, what)
        end = time.monotonic() + 20
        while time.monotonic() < end:
            reply = client.post(url, json=body or {})
            if reply.status_code != 202:
                return reply.status_code, reply.json()
        raise AssertionError("the scores were not read in time")

    return ask


def test_answer_within_a_phase_is_that_of_the_snapshot(post, catalog, folder):
    run, video = catalog.run("run"), catalog.video("run", "v1")
    snapshot = replace(random_scores("v1", 99), stages=("B1", "x", "y"))
    write_scores(run.folder.trace / "B1-000007" / "v1.npz", snapshot)
    status, answer = post("answer", {"stage": "B1", "step": 7}, video="v1")
    kept = read_scores(run.folder.trace / "B1-000007" / "v1.npz")  # as float16 has it
    expected = localize_scores(kept, "B1", run.localize, duration=video.scores.grid.end)
    assert status == 200
    assert [row["score"] for row in answer["detections"]] == expected.score.tolist()
    plain, moment = {"video": "v1", "stage": "B1"}, {"video": "v1", "stage": "B1", "step": 7}
    assert post("plane", plain)[1]["points"] != post("plane", moment)[1]["points"]
    assert post("numbers", {"stage": "B1", "step": 7})[0] == 422
    status, answer = post("answer", {"stage": "B1", "step": 8}, video="v1")
    assert status == 404 and "step 8 of B1" in answer["error"]


def test_answer_is_what_the_terminal_localizes(post, catalog):
    run, video = catalog.run("run"), catalog.video("run", "v1")
    body = {"stage": "B1", "settings": {"mode": "peer", "theta_cls": 0.3}, "tiou": 0.3}
    status, answer = post("answer", body, video="v1")
    settings = run.localize.model_copy(update=body["settings"])
    expected = localize_scores(video.scores, "B1", settings, duration=video.scores.grid.end)
    assert status == 200 and answer["total"] == len(expected) and answer["stage"] == "B1"
    assert [row["start"] for row in answer["detections"]] == expected.start.tolist()
    assert [row["score"] for row in answer["detections"]] == expected.score.tolist()
    assert (
        answer["settings"]["mode"] == "peer" and answer["settings"]["sigma"] == 0.3 and answer["tiou"] == 0.3
    )
    assert len(answer["instances"]) == len(video.truth)
    labels = set(video.truth.label)
    assert set(answer["rates"]) == set(answer["ap"]) == labels
    assert set(answer["rates"][min(labels)]["fused"]) == {
        *("true_positive_rate", "true_negative_rate", "foreground_iou", "background_iou", "confident_share")
    }
    assert [row["score"] for row in answer["classes"]] == sorted(
        (row["score"] for row in answer["classes"]), reverse=True
    )
    assert {row["label"] for row in answer["classes"] if row["chosen"]} == set(expected.label)


def test_odd_names_reach_their_video(post):
    assert post("answer", {}, video=ODD)[0] == 200
    status, table = post("table")
    assert status == 200 and ODD in {row["id"] for row in table["rows"]}


def test_why(post, catalog):
    truth = catalog.video("run", "v0").truth
    reasons = set()
    for row in range(len(truth)):
        status, answer = post("why", {"instance": row, "settings": {"theta_loc": 0.9}}, video="v0")
        assert (
            status == 200
            and set(answer) == {"reason", "text", "changes", "searched", "seconds"}
            and answer["text"]
        )
        reasons.add(answer["reason"])
        for change in answer["changes"]:
            assert set(change) == {"key", "value", "from", "text", "hits", "wrong"}
            changed = {"theta_loc": 0.9, change["key"]: change["value"]}
            found = post("answer", {"settings": changed}, video="v0")[1]["instances"][row]
            assert found["found"], change
    assert reasons - {"found"}


@pytest.mark.parametrize("row", [None, 99])
def test_why_of_no_instance(post, row):
    status, answer = post("why", {"instance": row}, video="v0")
    assert status == 422 and "expected a row of the video's truth" in answer["error"]


def test_numbers(post):
    status, answer = post("numbers", {"rules": {"high": 0.5}})
    assert status == 200 and len(answer["map"]) == len(answer["tiou"]) == 7
    assert answer["protocol"] == {
        "name": "activitynet",
        "title": "ActivityNet evaluator, seconds",
        "subset": "test",
        "videos": 3,
        "instances": 18,
        "unit": "seconds",
        "selection": "last stage",
    }
    assert set(answer["rates"]) == {"cbp", "vlp", "fused"} and answer["rules"] == {"high": 0.5, "low": 0.2}
    assert set(answer["average"]) == {"0.1:0.5", "0.3:0.7", "0.1:0.7"} and answer["seconds"] > 0
    assert "map" in answer["trivial"]


def test_numbers_wait_for_the_files_without_holding_anybody_up(client, monkeypatch):
    go_on, read = threading.Event(), SubsetScores._read

    def slowly(self):
        go_on.wait(20)
        read(self)

    monkeypatch.setattr(SubsetScores, "_read", slowly)
    reply = client.post(run_url("run", "numbers"), json={})
    assert (reply.status_code, reply.json()) == (202, {"loading": {"done": 0, "total": 3}})
    go_on.set()
    end = time.monotonic() + 20
    while client.post(run_url("run", "numbers"), json={}).status_code == 202:
        assert time.monotonic() < end


def test_an_older_turn_gives_way(post):
    assert post("numbers", {"client": "c", "turn": 5})[0] == 200
    assert post("numbers", {"client": "c", "turn": 5})[0] == 200
    assert post("numbers", {"client": "c", "turn": 4}) == (409, {"superseded": True})
    assert post("answer", {"client": "c", "turn": 4}, video="v0")[0] == 409
    assert post("answer", {"client": "c", "turn": 6}, video="v0")[0] == 200
    assert post("numbers", {"client": "c", "turn": 5})[0] == 409
    assert post("numbers", {"client": "d", "turn": 1})[0] == 200


def test_a_running_question_stops_when_a_newer_one_comes(client, post, monkeypatch):
    assert post("numbers")[0] == 200
    began, compute, replies = threading.Event(), PreparedSet._report, []

    def slowly(self, asked, cancelled):
        if asked.settings.mode != "peer":
            return compute(self, asked, cancelled)
        began.set()
        end = time.monotonic() + 20
        while not cancelled() and time.monotonic() < end:
            time.sleep(0.01)
        return compute(self, asked, cancelled)

    monkeypatch.setattr(PreparedSet, "_report", slowly)
    old = {"client": "c", "turn": 1, "settings": {"mode": "peer"}}
    thread = threading.Thread(
        target=lambda: replies.append(client.post(run_url("run", "numbers"), json=old).status_code)
    )
    thread.start()
    assert began.wait(20)
    status, _ = post("numbers", {"client": "c", "turn": 2, "settings": {"theta_loc": 0.2}})
    thread.join(20)
    assert (status, replies) == (200, [409])


def test_table_and_plane_and_text(post):
    status, table = post("table", {"after": 2})
    assert status == 200 and table["total"] == 3
    status, plane = post("plane")
    assert status == 200 and set(plane["points"]) == {"cbp", "vlp", "fused"} and plane["per_video"]
    status, one = post("plane", {"video": "v1"})
    assert status == 200 and one["videos"] in ([], ["v1"]) and "per_video" not in one
    mine = [row for row in plane["points"]["vlp"] if plane["videos"][row[0]] == "v1"]
    assert sorted(row[2:] for row in mine) == sorted(row[2:] for row in one["points"]["vlp"])
    status, text = post("settings-text", {"settings": {"theta_loc": 0.3}})
    assert (
        status == 200
        and "theta_loc = 0.3" in text["toml"]
        and "--set localize.theta_loc=0.3" in text["command"]
    )


@pytest.mark.parametrize("what", ["numbers", "table", "plane", "settings-text"])
def test_faults(client, what):
    url = run_url("run", what)
    for body, said in (
        ({"settings": {"theta_loc": "high"}}, "theta_loc"),
        ({"stage": 3}, "stage"),
        ({"turn": -1}, "turn"),
        ({"after": -1}, "after"),
        ({"nonsense": 1}, "nonsense"),
    ):
        reply = client.post(url, json=body)
        assert reply.status_code == 422 and said in reply.json()["error"], body
    assert client.post(run_url("gone", what), json={}).status_code == 404
    assert client.get(url).status_code == 405
    for content in (b"[1]", b"{", b"\xff", b'{"tiou": NaN}'):
        assert client.post(url, content=content).status_code == 422, content
    long = json.dumps({"client": "x" * LARGEST_QUESTION}).encode()
    reply = client.post(url, content=long)
    assert reply.status_code == 422 and "too long" in reply.json()["error"]


def test_an_unknown_video(post):
    for what in ("answer", "why"):
        assert post(what, {"instance": 0}, video="v9")[0] == 404
    assert post("plane", {"video": "../v0"})[0] == 404


def test_scores_that_are_written_anew_change_every_number(tmp_path):
    scores = [random_scores(name, number) for number, name in enumerate(("v0", "v1"))]
    truth = {one.video: random_truth(number, end=one.grid.end) for number, one in enumerate(scores)}
    run = write_run(tmp_path, scores, truth)
    client = TestClient(Starlette(routes=what_if_routes(Catalog([run]))))

    def ask(what):
        while (reply := client.post(run_url("run", what), json={})).status_code == 202:
            pass
        return reply.json()

    def table():
        while (rows := ask("table"))["done"] < rows["total"]:
            pass
        return [row["foreground_iou"] for row in rows["rows"]]

    before, rows = ask("numbers"), table()
    for number, one in enumerate(scores):
        write_scores(run / "scores" / f"{one.video}.npz", random_scores(one.video, 50 + number))
    assert ask("numbers")["rates"] != before["rates"]
    assert table() != rows


def test_a_long_body_is_refused_however_it_is_sent(client):
    def pieces():
        yield b'{"settings": {"theta_list": ['
        yield b",".join([b"0.5"] * 30_000)
        yield b"]}}"

    reply = client.post(video_url("run", "v1", "answer"), content=pieces())
    assert reply.status_code == 422 and "64000" in reply.json()["error"]
