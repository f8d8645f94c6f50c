"""Whatever goes wrong behind a route is JSON with the right status; bodies are checked before they are used."""

import json

import pytest
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from dcwtal.core.errors import DataError, SettingsError, VideoError
from dcwtal.ui.route_answers import LARGEST_QUESTION, answering, answering_asked, run_url, video_url


def client_of(catalog, respond, *, asked: bool) -> TestClient:
    endpoint = (answering_asked if asked else answering)(catalog, respond)
    route = Route("/runs/{run}/x", endpoint, methods=["POST" if asked else "GET"])
    return TestClient(Starlette(routes=[route]), raise_server_exceptions=False)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (SettingsError("wrong"), 422),
        (DataError("wrong"), 404),
        (VideoError("wrong"), 404),
        (FileNotFoundError(2, "gone", "wrong.npz"), 404),
        (ZeroDivisionError("wrong"), 500),
    ],
)
def test_errors_become_answers(catalog, error, status):
    def respond(*_):
        raise error

    for asked in (False, True):
        client = client_of(catalog, respond, asked=asked)
        reply = client.post("/runs/run/x") if asked else client.get("/runs/run/x")
        assert reply.status_code == status
        if status != 500:
            assert "wrong" in reply.json()["error"]


def test_an_unknown_run_is_refused_before_anything_is_done(catalog):
    client = client_of(catalog, lambda *_: pytest.fail("was asked"), asked=True)
    reply = client.post("/runs/nobody/x", content=b"{}")
    assert reply.status_code == 404 and "known: run, run-2" in reply.json()["error"]


def test_the_body_arrives_as_an_object(catalog):
    client = client_of(catalog, lambda catalog, request, asked: JSONResponse({"got": asked}), asked=True)
    assert client.post("/runs/run/x", json={"a": [1]}).json() == {"got": {"a": [1]}}
    assert client.post("/runs/run/x").json() == {"got": {}}


@pytest.mark.parametrize(
    "body",
    [
        b"[1]",
        b"null",
        b"{",
        b"\xff\xfe",
        b'"text"',
        b"[" * 60_000,
        b'{"a": ' + b"9" * 10_000 + b"}",
        b'{"a": NaN}',
    ],
    ids=range(8),
)
def test_a_body_that_is_no_object_is_refused(catalog, body):
    client = client_of(catalog, lambda *_: JSONResponse({}), asked=True)
    reply = client.post("/runs/run/x", content=body)
    assert reply.status_code == 422 and "JSON object" in reply.json()["error"]


def test_a_body_without_end_is_refused(catalog):
    client = client_of(catalog, lambda *_: JSONResponse({}), asked=True)
    body = json.dumps({"a": "x" * LARGEST_QUESTION}).encode()
    assert client.post("/runs/run/x", content=body).status_code == 422


def test_addresses_quote_names_whole():
    assert run_url("a/b c", "videos").endswith("/runs/a%2Fb%20c/videos")
    assert video_url("r", "é?#", "data").endswith("/runs/r/videos/%C3%A9%3F%23/data")
