"""Take the pictures of the studio in this folder: ``python docs/make_screenshots.py [FOLDER]``.

Serves the bundled run on a free port, opens it in Chromium (``DCWTAL_CHROMIUM``, else the distribution's) and writes
one PNG a view. Needs the development packages and a Chromium; nothing is fetched from the network.
"""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from playwright.sync_api import sync_playwright

HERE = Path(__file__).resolve().parent
CHROMIUM = os.environ.get("DCWTAL_CHROMIUM", "/usr/bin/chromium")
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
# file name, width, height, colour scheme, address
VIEWS = [
    ("explore-warmup.png", 1440, 900, "light", "?video=test_003&class=HighJump&stage=warmup&t=40.4"),
    ("explore-light.png", 1440, 900, "light", "?video=test_003&class=HighJump&t=40.4"),
    ("explore-dark.png", 1440, 900, "dark", "?video=test_003&class=CleanAndJerk&t=27.2"),
    ("explore-narrow.png", 900, 1200, "light", "?video=test_006&class=HighJump&stage=F1&t=9.4"),
]


def main(folder: Path) -> None:
    """Write every view into ``folder``."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "dcwtal", "ui", "--port", str(port)]
    server = subprocess.Popen(command, cwd=HERE.parent)
    try:
        wait_until_served(f"http://127.0.0.1:{port}/", server)
        take_views(f"http://127.0.0.1:{port}/", folder)
    finally:
        server.terminate()
        server.wait(timeout=30)


def wait_until_served(address: str, server: subprocess.Popen, seconds: float = 120) -> None:
    """Return when the page answers; raise when the server ends or takes too long."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(address, timeout=5).close()
            return
        except (urllib.error.URLError, OSError):
            if server.poll() is not None:
                raise SystemExit(f"the studio ended with exit code {server.returncode}") from None
            time.sleep(0.3)
    raise SystemExit(f"the studio did not answer within {seconds:.0f} s")


def take_views(address: str, folder: Path) -> None:
    """Open each view in its own tab and take its picture."""
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for name, width, height, scheme, query in VIEWS:
            tab = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
            tab.goto(address + query)
            tab.wait_for_selector('#timeline[data-ready="1"]', timeout=60_000)
            tab.wait_for_function("!window.dcwtal.timeline.state().seeking")
            tab.wait_for_timeout(500)  # until the picture of the last seek is painted
            tab.screenshot(path=folder / name)
            tab.close()
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
