"""The film strip: pictures at the middles of equal cells, with their presentation times, asked for once."""

import pytest
from studio_page import frame_of
from synthetic_run import frame_times

pytestmark = pytest.mark.browser

FULL = "s.strip.cells.length > 3 && s.strip.cells.every((c) => c.time !== null)"


def full_strip(page, clip: str) -> list[dict]:
    """The strip once every cell has the picture of its own middle."""
    times = frame_times(clip)
    page.until(FULL)
    page.tab.wait_for_timeout(600)
    cells = page.until(FULL)["strip"]["cells"]
    for cell in cells:
        middle = (cell["start"] + cell["end"]) / 2
        assert cell["frame"] == frame_of(times, middle)
        assert cell["time"] == pytest.approx(times[cell["frame"]], abs=1e-3)
    return cells


@pytest.mark.parametrize("clip", ["clip_even", "clip_uneven"])
def test_pictures_are_those_of_the_cells_middles(page, clip):
    page.open(f"?video={clip}")
    cells = full_strip(page, clip)
    state = page.state()
    assert cells[0]["start"] == 0 and cells[-1]["end"] == pytest.approx(state["duration"])
    widths = {round(cell["end"] - cell["start"], 6) for cell in cells}
    assert len(widths) == 1 and 4 < len(cells) <= 40
    # Not the placeholder: colours inside a cell differ.
    x, y = page.spot((cells[2]["start"] + cells[2]["end"]) / 2, "strip")
    colours = page.tab.evaluate(
        """([x, y]) => {
          const canvas = document.querySelector('.tl-canvas'), box = canvas.getBoundingClientRect();
          const scale = canvas.width / box.width, seen = new Set();
          const [left, top] = [(x - box.x - 20) * scale, (y - box.y - 15) * scale];
          const data = canvas.getContext('2d').getImageData(left, top, 40 * scale, 25 * scale).data;
          for (let i = 0; i < data.length; i += 4) seen.add(data[i] * 65536 + data[i + 1] * 256 + data[i + 2]);
          return seen.size;
        }""",
        [x, y],
    )
    assert colours > 3


def test_zooming_asks_for_what_is_new_and_only_once(page):
    asked = []
    page.tab.on("request", lambda request: "/strip?" in request.url and asked.append(request.url))
    page.open("?video=clip_even&t=12")
    full_strip(page, "clip_even")
    whole = len(asked)
    assert 1 <= whole <= 3
    page.tab.mouse.move(*page.spot(12.0))
    page.tab.keyboard.down("Control")
    for _ in range(10):
        page.tab.mouse.wheel(0, -60)
    page.tab.keyboard.up("Control")
    page.until("s.zoom.end - s.zoom.start < 12")
    full_strip(page, "clip_even")
    assert whole < len(asked) <= whole + 3, "a question for every turn of the wheel"
    before = len(asked)
    page.press("0")
    full_strip(page, "clip_even")
    assert len(asked) == before, "asked again for what is here"


def test_a_click_on_a_picture_goes_there(page):
    page.open("?video=clip_even&t=1")
    full_strip(page, "clip_even")
    page.tab.mouse.click(*page.spot(15.0, "strip"))
    page.settle()
    assert page.state()["time"] == pytest.approx(15, abs=0.05)


def test_another_video_gets_its_own_pictures(page):
    page.open("?video=clip_even")
    full_strip(page, "clip_even")
    page.press("n")
    page.until("s.video === 'clip_uneven'")
    full_strip(page, "clip_uneven")


def test_a_failure_is_one_line_and_moves_nothing(page):
    page.tab.route(
        "**/strip?*",
        lambda route: route.fulfill(status=422, json={"error": "the file is damaged"}),
    )
    page.open("?video=clip_even")
    before = page.state()["plot"]["boxes"]
    assert page.until("s.strip.note")["strip"]["note"] == "no pictures: the file is damaged"
    assert page.state()["plot"]["boxes"] == before
    page.complaints.clear()  # the browser's own note about the answer


def test_a_hidden_strip_asks_for_nothing(page):
    asked = []
    page.tab.on("request", lambda request: "/strip?" in request.url and asked.append(request.url))
    page.open("?video=clip_even&tracks=truth,curves")
    page.tab.wait_for_timeout(600)
    assert asked == []
    page.tab.locator("#tracks-menu").click()
    page.tab.locator("#track-strip").click()
    full_strip(page, "clip_even")
