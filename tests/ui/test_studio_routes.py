"""What the page is told first: runs, their own settings, the form."""

from starlette.applications import Starlette
from starlette.testclient import TestClient
from synthetic_run import CLASSES, STAGES, SUBSET

from dcwtal.localize.settings import LocalizeSettings
from dcwtal.ui.catalog import Catalog
from dcwtal.ui.route_answers import PREFIX
from dcwtal.ui.studio_routes import studio_routes


def asked(catalog: Catalog) -> dict:
    client = TestClient(Starlette(routes=studio_routes(catalog)))
    return client.get(f"{PREFIX}/studio").json()


def test_every_run_is_described(catalog, short_run):
    runs = asked(catalog)["runs"]
    assert [run["key"] for run in runs] == ["run", "run-2"]
    first = runs[0]
    assert [stage["name"] for stage in first["stages"]] == list(STAGES)
    assert first["stages"][-1]["title"] == "F2 ★" and first["final_stage"] == "F2"
    assert first["classes"] == list(CLASSES) and first["path"] == str(short_run)
    assert first["settings"] == LocalizeSettings().model_dump(mode="json")
    assert first["rules"] == {"high": 0.3, "low": 0.1, "minmax": False}


def test_every_subset_has_its_protocol(catalog):
    run = asked(catalog)["runs"][0]
    assert run["subsets"] == ["test", "validation"] == sorted(set(SUBSET.values()))
    assert "test split (2 videos)" in run["protocols"]["test"]
    assert "best on held-out videos" in run["protocols"]["test"]


def test_without_a_run_there_is_a_next_step():
    told = asked(Catalog([]))
    assert told["runs"] == [] and "dcwtal train" in told["notice"]
