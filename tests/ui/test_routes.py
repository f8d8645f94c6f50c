"""The studio's own routes together: scripts, unknown and hostile names."""

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from dcwtal.ui.route_answers import PREFIX, run_url
from dcwtal.ui.routes import all_routes, script_url
from dcwtal.ui.static_files import static_files


@pytest.fixture
def client(catalog) -> TestClient:
    return TestClient(Starlette(routes=all_routes(catalog)), raise_server_exceptions=False)


@pytest.mark.parametrize("what", ["numbers", "table", "plane", "settings-text"])
def test_questions_about_an_unknown_run_are_not_found(client, what):
    reply = client.post(run_url("<b>nobody", what), json={})
    assert reply.status_code == 404 and "nobody" in reply.json()["error"]


def test_every_script_is_served_for_ever_and_nothing_else(client):
    for name in static_files():
        reply = client.get(script_url(name))
        assert reply.status_code == 200 and "immutable" in reply.headers["cache-control"]
    assert client.get(f"{PREFIX}/static/old/explore.js").status_code == 404
    for name in ("../routes.py", "..%2froutes.py", "__init__.py", "%2e%2e/app.py"):
        assert client.get(script_url(name)).status_code == 404


def test_plotly_comes_from_the_package(client):
    reply = client.get(f"{PREFIX}/plotly.min.js")
    assert reply.status_code == 200 and b"plotly.js v" in reply.content[:200]
