"""Data sets without video files: time runs, steps, loops and jumps as with one."""

import pytest
from shown_times import FRAME, watch
from studio_page import StudioPage
from studio_server import served_studio
from synthetic_run import TRUTH, frame_times, make_studio_files

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def filmless(context, tmp_path_factory):
    """A page of a studio whose first video has features and scores but no file."""
    root = tmp_path_factory.mktemp("filmless")
    run = make_studio_files(root, frames=30)
    (root / "data" / "videos" / "clip_even.mp4").unlink()
    with served_studio([run], tmp_path_factory.mktemp("server")) as address:
        tab = context.new_page()
        page = StudioPage(tab, address)
        yield page
        tab.close()
        assert page.complaints == []


def test_without_a_video_everything_moves_the_same(filmless):
    page = filmless
    page.open("?video=clip_even&t=5")
    state = page.state()
    assert not state["has_video"] and state["time"] == pytest.approx(5)
    assert "no video" in state["notice"].lower() or "no video" in state["message"].lower()
    page.tab.mouse.click(*page.spot(12.0))
    assert page.state()["time"] == pytest.approx(12, abs=0.05)
    page.press("ArrowRight")
    step = page.state()["time"] - 12
    assert step == pytest.approx(0.32, abs=0.06), "one snippet"
    page.tab.locator("#speed").select_option("2")
    page.tab.keyboard.press(" ")
    page.until("s.playing")
    moved, lasted, leap = page.tab.evaluate(
        """async () => {
          const clock = window.dcwtal.timeline.video, start = clock.currentTime, now = performance.now();
          await new Promise((done) => setTimeout(done, 800));
          const [moved, lasted] = [clock.currentTime - start, (performance.now() - now) / 1000];
          const before = clock.currentTime;
          document.querySelector('#speed').value = '0.1';
          document.querySelector('#speed').dispatchEvent(new Event('change'));
          return [moved, lasted, clock.currentTime - before];
        }"""
    )
    assert moved == pytest.approx(2 * lasted, rel=0.02)
    assert 0 <= leap < 0.1, "the new speed counted for time that had passed"
    page.tab.keyboard.press("]")
    page.until("s.speed === 0.25")
    page.tab.keyboard.press(" ")
    page.until("!s.playing")
    page.tab.wait_for_timeout(300)
    stood = page.state()["time"]
    page.tab.wait_for_timeout(300)
    assert page.state()["time"] == stood


def test_without_a_video_loops_and_the_end_work(filmless):
    page = filmless
    page.open("?video=clip_even&t=9")
    page.press("g")
    page.press("Shift+G")
    page.press("l")
    loop = page.state()["loop"]
    assert (loop["start"], loop["end"]) in [(start, end) for _, start, end in TRUTH["clip_even"]]
    page.tab.locator("#speed").select_option("4")
    page.tab.keyboard.press(" ")
    page.until("s.playing")
    seen, back = watch(page, 2.5)
    assert back >= 2
    assert loop["start"] - FRAME <= min(seen) and max(seen) <= loop["end"] + 0.4
    page.tab.keyboard.press("l")
    page.tab.keyboard.press("End")
    page.until("!s.playing")
    assert page.state()["time"] == pytest.approx(frame_times("clip_even")[-1] + FRAME, abs=0.01)
    page.tab.keyboard.press(" ")
    assert page.until("s.playing && s.time < 20")["time"] < 20, "play at the end begins anew"
    page.tab.keyboard.press(" ")
