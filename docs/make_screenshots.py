"""Take the pictures of the studio in this folder: ``python docs/make_screenshots.py [FOLDER]``.

Serves the bundled run on a free port, opens it in Chromium (``DCWTAL_CHROMIUM``, else the distribution's) and writes
one PNG a view. Needs the development packages and a Chromium; nothing is fetched from the network.
"""

import io
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

HERE = Path(__file__).resolve().parent
CHROMIUM = os.environ.get("DCWTAL_CHROMIUM", "/usr/bin/chromium")
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
WIDE, NARROW = (1440, 900), (900, 1200)
WARM_UP = "?video=test_003&class=HighJump&stage=warmup&t=40.4"
CHANGED = "&set=branch=%22fused%22&set=theta_loc=0.6"
# file name, size, colour scheme, address, what is done there before the picture is taken
VIEWS = [
    ("explore-warmup", WIDE, "light", WARM_UP, None),
    ("explore-light", WIDE, "light", "?video=test_003&class=HighJump&t=40.4", None),
    ("explore-dark", WIDE, "dark", "?video=test_003&class=CleanAndJerk&t=27.2", None),
    ("explore-narrow", NARROW, "light", "?video=test_006&class=HighJump&stage=F1&t=9.4", None),
    ("explore-narrow-dark", NARROW, "dark", "?video=test_002&t=9&panel=completeness", None),
    ("what-if", WIDE, "light", "?video=test_006&class=Diving&class=HighJump&panel=what-if" + CHANGED, None),
    ("why-missed", WIDE, "light", "?video=test_002&panel=why", "missed"),
    ("completeness", WIDE, "light", "?video=test_002&panel=completeness&stage=warmup", "all videos"),
    ("videos", WIDE, "light", "?video=test_002&sheet=videos", "sort"),
    ("replay", WIDE, "light", "?video=test_000&stage=B1", "changes"),
    ("compare", WIDE, "dark", "?video=test_002&panel=compare&vs=demo-run~warmup~same~split", None),
    ("keys", WIDE, "light", "?video=test_003", "keys"),
]
ACTIONS = {
    "missed": lambda tab: tab.locator(".wy-row").first.click(),
    "all videos": lambda tab: tab.locator("#timeline label", has_text="all videos").click(),
    "sort": lambda tab: tab.locator("[data-column=disagreement] button").click(),
    "changes": lambda tab: tab.locator("#replay-changes").check(),
    "keys": lambda tab: tab.keyboard.press("?"),
}


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
        for name, (width, height), scheme, query, action in VIEWS:
            tab = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
            tab.goto(address + query)
            settle(tab)
            if action:
                ACTIONS[action](tab)
                settle(tab)
            save_small(tab.screenshot(), folder / f"{name}.png")
            tab.close()
        browser.close()


def settle(tab: Page) -> None:
    """Until everything asked for is on screen, numbers of the data set included."""
    tab.wait_for_selector('#timeline[data-ready="1"]', timeout=60_000)
    tab.wait_for_function("!window.dcwtal.timeline.state().seeking")
    tab.wait_for_timeout(2500)


def save_small(picture: bytes, path: Path) -> None:
    """As a PNG of 256 colours: a third of the bytes, no difference to the eye."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    image.quantize(256, kmeans=2, dither=Image.Dither.NONE).save(path, optimize=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
