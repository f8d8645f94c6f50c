"""A served studio with made-up runs, and a page in a real browser that must stay quiet and at home."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from studio_page import StudioPage, quiet_page
from studio_server import served_studio
from synthetic_run import make_studio_files

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
    with served_studio([studio_run, studio_run], tmp_path_factory.mktemp("server")) as address:
        yield address


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
    with quiet_page(context, studio) as page:
        yield page
