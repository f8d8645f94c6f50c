"""A served studio with made-up runs, and a page in a real browser that must stay quiet and at home."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from studio_page import StudioPage
from synthetic_run import make_studio_files

SUPPORT = Path(__file__).resolve().parents[1] / "support"

CHROMIUM = os.environ.get("DCWTAL_CHROMIUM", "/usr/bin/chromium")
REQUIRED = os.environ.get("DCWTAL_REQUIRE_BROWSER") == "1"
CHROMIUM_ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]


@pytest.fixture(scope="session")
def studio_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A made-up run folder beside its made-up data set."""
    return make_studio_files(tmp_path_factory.mktemp("studio"))


@pytest.fixture(scope="session")
def studio(studio_run: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a studio that shows the made-up run twice and pretends to infer."""
    folder = tmp_path_factory.mktemp("server")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}/"
    environment = os.environ | {"PYTHONPATH": str(SUPPORT), "GRADIO_TEMP_DIR": str(folder / "uploads")}
    command = [sys.executable, str(SUPPORT / "serve_studio.py"), str(port), "fake_infer:infer_video"]
    with open(folder / "log.txt", "w") as log:
        server = subprocess.Popen(
            [*command, str(studio_run), str(studio_run)], env=environment, stdout=log, stderr=log
        )
        try:
            _wait_until_served(address, server, folder / "log.txt")
            yield address
        finally:
            server.terminate()
            server.wait(timeout=20)


def _wait_until_served(address: str, server: subprocess.Popen, log: Path) -> None:
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(address, timeout=5).close()
            return
        except (urllib.error.URLError, OSError):
            assert server.poll() is None, f"the studio ended:\n{log.read_text()}"
            time.sleep(0.2)
    pytest.fail(f"the studio did not answer:\n{log.read_text()}")


@pytest.fixture(scope="session")
def context(tmp_path_factory: pytest.TempPathFactory):
    """Chromium with a profile on disk, so that scripts are compiled once for all tests.

    Without a Chromium the tests are skipped, unless the environment says that it must be there.
    """
    if not Path(CHROMIUM).exists():
        reason = f"no Chromium at {CHROMIUM}; set DCWTAL_CHROMIUM"
        if REQUIRED:
            pytest.fail(reason)
        pytest.skip(reason)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            tmp_path_factory.mktemp("profile"),
            executable_path=CHROMIUM,
            args=CHROMIUM_ARGUMENTS,
            viewport={"width": 1440, "height": 900},
            color_scheme="light",
        )
        yield context
        context.close()


@pytest.fixture
def page(context, studio: str) -> Iterator[StudioPage]:
    """A tab; when the test ends there must have been no error in it and no request to anywhere else."""
    tab = context.new_page()
    page = StudioPage(tab, studio)
    yield page
    tab.close()
    assert page.complaints == []
    assert page.outside_requests == []
