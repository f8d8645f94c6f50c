"""A browser tab with the studio in it: opens addresses, reads the timeline's state, uses real mouse and keys."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from synthetic_run import frame_times

PICTURE_NUMBER = Path(__file__).with_name("picture_number.js").read_text().split("\n", 1)[1]
READY = '#timeline[data-ready="1"]'
# Gradio's own, and the browser's word for a question that was withdrawn: harmless.
HARMLESS = ("Method not implemented", "svelte-i18n", "409 (Conflict)")


class StudioPage:
    """Wraps a Playwright page; everything is read through ``window.dcwtal.timeline.state()``."""

    def __init__(self, tab, address: str) -> None:
        self.tab, self.address = tab, address
        self.complaints: list[str] = []
        self.outside_requests: list[str] = []
        tab.on("pageerror", lambda error: self.complaints.append(str(error)))
        tab.on("console", self._hear)
        tab.on("request", self._note)

    def _hear(self, message) -> None:
        if message.type == "error" and not any(text in message.text for text in HARMLESS):
            self.complaints.append(message.text)

    def _note(self, request) -> None:
        if not request.url.startswith((self.address, "data:", "blob:")):
            self.outside_requests.append(request.url)

    def open(self, query: str = "") -> None:
        """Load the studio and wait until the timeline is drawn and its video can be shown."""
        self.tab.goto(self.address + query)
        self.settle()

    def forget(self) -> None:
        """Drop what the browser remembers of this test: tracks and marks."""
        if self.tab.url.startswith(self.address):
            self.tab.evaluate("window.localStorage.clear()")

    def settle(self) -> None:
        """Wait until everything asked for is on screen."""
        self.tab.wait_for_selector(READY, timeout=45_000)
        self.tab.wait_for_function(
            "(() => { const t = window.dcwtal.timeline; return !t.video.src "
            "|| (t.video.readyState >= 2 && !t.state().seeking); })()",
            timeout=30_000,
        )

    def state(self) -> dict[str, Any]:
        """What is on screen."""
        return self.tab.evaluate("window.dcwtal.timeline.state()")

    def until(self, condition: str) -> dict[str, Any]:
        """Wait for a condition over ``s``, the state; returns the state then."""
        self.tab.wait_for_function(
            f"(() => {{ const s = window.dcwtal.timeline.state(); return s.ready && ({condition}); }})()",
            timeout=20_000,
        )
        return self.state()

    def picture(self) -> int:
        """Number drawn into the picture on screen."""
        return self.tab.evaluate(f"({PICTURE_NUMBER})(window.dcwtal.timeline.video)")

    def picture_and_state(self) -> tuple[int, dict[str, Any]]:
        """Both at one moment."""
        both = self.tab.evaluate(
            f"[({PICTURE_NUMBER})(window.dcwtal.timeline.video), window.dcwtal.timeline.state()]"
        )
        return both[0], both[1]

    def watch_playing(self, seconds: float) -> list[tuple[int, float]]:
        """(number in the presented picture, playhead time) at every refresh of the screen while the video plays.

        The number is read from the pixels when the browser says that it presents a picture: at other moments a
        canvas may already get the next one, which is not on screen yet.
        """
        return self.tab.evaluate(
            f"""async () => {{
              const read = {PICTURE_NUMBER}, timeline = window.dcwtal.timeline, seen = [];
              const end = performance.now() + {1000 * seconds};
              let presented = null;
              const listen = () => timeline.video.requestVideoFrameCallback(() => {{
                presented = read(timeline.video);
                if (performance.now() < end) listen();
              }});
              listen();
              await new Promise((done) => {{
                const look = () => {{
                  if (presented !== null) seen.push([presented, timeline.state().time]);
                  performance.now() < end ? requestAnimationFrame(look) : done();
                }};
                requestAnimationFrame(look);
              }});
              return seen;
            }}"""
        )

    def press(self, key: str) -> None:
        """A real key, then wait for the picture."""
        self.tab.keyboard.press(key)
        self.settle()

    def spot(self, seconds: float, lane: str = "curves") -> tuple[float, float]:
        """Page coordinates of a time inside a lane."""
        state, box = self.state(), self.tab.locator("#timeline-tracks").bounding_box()
        plot, zoom = state["plot"], state["zoom"]
        share = (seconds - zoom["start"]) / (zoom["end"] - zoom["start"])
        lane_box = plot["boxes"][lane]
        border = 1  # the tracks' own
        x = box["x"] + border + plot["left"] + share * plot["width"]
        return x, box["y"] + border + lane_box["top"] + lane_box["height"] / 2

    def settled_picture(self, video: str) -> tuple[int, dict[str, Any]]:
        """Picture and state once a paused player has really painted the frame of its time."""
        times, end = frame_times(video), time.monotonic() + 5
        while True:
            picture, state = self.picture_and_state()
            if picture == frame_of(times, state["time"]) or time.monotonic() > end:
                return picture, state
            time.sleep(0.03)


@contextmanager
def quiet_page(context, address: str) -> Iterator[StudioPage]:
    """A tab of a studio; when it is left there must have been no error in it and no request to anywhere else."""
    tab = context.new_page()
    page = StudioPage(tab, address)
    yield page
    page.forget()
    tab.close()
    assert page.complaints == []
    assert page.outside_requests == []


def frame_of(times: list[float], seconds: float) -> int:
    """Index of the frame whose turn it is at a time."""
    return max(0, int(np.searchsorted(times, seconds + 1e-6, side="right")) - 1)
