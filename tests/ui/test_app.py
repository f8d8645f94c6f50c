"""The page is built at once, serves this machine only, and stays at home."""

import os
import subprocess
import sys

import pytest

from dcwtal.core.errors import DataError
from dcwtal.ui.app import build_app, launch_options


def test_opening_the_page_loads_no_network_library():
    code = (
        "import sys, dcwtal.ui.app\n"
        "heavy = {'torch', 'torchvision', 'open_clip', 'plotly', 'moviepy'} & set(sys.modules)\n"
        "sys.exit(repr(heavy) if heavy else 0)"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=300)
    assert result.returncode == 0, result.stderr


def test_telemetry_is_off_before_gradio_is_there():
    code = (
        "import os, dcwtal.ui; "
        "assert os.environ['GRADIO_ANALYTICS_ENABLED'] == 'False' and os.environ['HF_HUB_OFFLINE'] == '1'; "
        "import sys; assert 'gradio' not in sys.modules"
    )
    clean = {
        name: value
        for name, value in os.environ.items()
        if name not in ("GRADIO_ANALYTICS_ENABLED", "HF_HUB_OFFLINE")
    }
    subprocess.run([sys.executable, "-c", code], check=True, env=clean, timeout=120)


def test_the_page_is_for_this_machine_only(short_run, tmp_path):
    page = build_app([short_run], session_folder=tmp_path)
    options = launch_options(page, port=7999, open_browser=False)
    assert options["server_name"] == "127.0.0.1" and options["share"] is False
    assert options["allowed_paths"] == [] and options["ssr_mode"] is False
    assert options["max_file_size"] and page.delete_cache
    assert page.analytics_enabled is False


def test_controls_have_stable_ids(short_run, tmp_path):
    page = build_app([short_run, short_run], session_folder=tmp_path)
    ids = {block.elem_id for block in page.blocks.values() if block.elem_id}
    assert ids >= {"timeline", "open-video", "stop-open", "open-progress"}


def test_a_page_without_runs_can_be_built(tmp_path):
    assert build_app([], session_folder=tmp_path).catalog.runs == {}


def test_a_run_that_is_none_is_refused_before_anything_is_served(tmp_path):
    with pytest.raises(DataError, match="run"):
        build_app([tmp_path / "nowhere"], session_folder=tmp_path)


@pytest.mark.parametrize("host, code", [("127.0.0.1:7860", 200), ("localhost", 200), ("evil.example", 400)])
def test_another_sites_name_for_this_machine_is_refused(short_run, tmp_path, host, code):
    from starlette.applications import Starlette
    from starlette.testclient import TestClient

    page = build_app([short_run], session_folder=tmp_path)
    options = launch_options(page, port=None, open_browser=False)["app_kwargs"]
    client = TestClient(Starlette(**options), base_url="http://127.0.0.1")
    path = next(route.path for route in options["routes"] if "plotly" in route.path)
    assert client.get(path, headers={"host": host}).status_code == code
