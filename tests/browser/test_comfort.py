"""Playing, speeds, loops, jumps, frame steps, the keys and their help; also without a video."""

from itertools import pairwise

import pytest
from studio_page import StudioPage
from studio_server import served_studio
from synthetic_run import TRUTH, frame_times, make_studio_files

pytestmark = pytest.mark.browser

FRAME = 0.04
# Every time that is shown for some seconds.
WATCH = """async (seconds) => {
  const seen = [], end = performance.now() + 1000 * seconds;
  await new Promise((done) => {
    const look = () => {
      seen.push(window.dcwtal.timeline.state().time);
      performance.now() < end ? requestAnimationFrame(look) : done();
    };
    requestAnimationFrame(look);
  });
  return seen;
}"""


def watch(page, seconds: float) -> tuple[list[float], int]:
    """Shown times, and how many times they went back."""
    seen = page.tab.evaluate(WATCH, seconds)
    return seen, sum(after < before - FRAME for before, after in pairwise(seen))


def shown_starts(page, kind: str) -> list[float]:
    """Where instances, detections or errors of the shown classes begin, worked out from the state."""
    state = page.state()
    found = [d for d in state["detections"] if d["label"] in state["classes"] and d["row"] < 6]
    truth = [t for t in state["truth"] if t["label"] in state["classes"]]
    matched = {d["instance"] for d in found if d["hit"]}
    missed = [t for t in truth if state["truth"].index(t) not in matched]
    rows = {
        "instance": truth,
        "detection": found,
        "error": missed + [d for d in found if d["hit"] is False],
    }
    return sorted(row["start"] for row in rows[kind])


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


def test_button_and_picture_play_and_pause(page):
    page.open("?video=clip_even&t=5")
    button = page.tab.locator("#timeline-play")
    button.click()
    page.until("s.playing")
    assert button.get_attribute("aria-label") == "pause"
    assert "tl-playing" in button.get_attribute("class")
    page.tab.locator(".tl-video").click()
    page.until("!s.playing")
    assert button.get_attribute("aria-label") == "play"
    assert "tl-playing" not in button.get_attribute("class")


def test_speeds_by_list_and_keys_and_they_stay_with_the_next_video(page):
    page.open("?video=clip_even&t=1")
    assert page.tab.locator("#speed option").all_inner_texts() == [
        "0.1×",
        "0.25×",
        "0.5×",
        "1×",
        "1.5×",
        "2×",
        "4×",
    ]
    page.tab.locator("#speed").select_option("0.5")
    page.until("s.speed === 0.5")
    for key, speed in [("]", 1), ("]", 1.5), ("]", 2), ("]", 4), ("]", 4), ("[", 2)]:
        page.tab.keyboard.press(key)
        page.until(f"s.speed === {speed}")
    page.press("n")
    state = page.until("s.video === 'clip_uneven'")
    assert state["speed"] == 2
    assert page.tab.locator("#speed").input_value() == "2"


def test_playing_at_a_tenth_is_slow(page):
    page.open("?video=clip_even&t=1")
    page.tab.locator("#speed").select_option("0.1")
    page.tab.keyboard.press(" ")
    page.until("s.playing")
    seen, _ = watch(page, 2.0)
    assert 0.05 < seen[-1] - seen[0] < 0.4


def test_a_selected_instance_is_looped_exactly(page):
    page.open("?video=clip_even&t=0")
    page.tab.mouse.click(*page.spot(9.5, "truth"))
    page.until("s.selected")
    page.tab.keyboard.press("l")
    state = page.until("s.loop")
    _, start, end = TRUTH["clip_even"][1]
    assert state["loop"] == {"start": start, "end": end}
    assert page.tab.locator("#timeline-loop").get_attribute("aria-pressed") == "true"
    page.tab.locator("#speed").select_option("4")
    page.tab.keyboard.press(" ")
    page.until("s.playing")
    seen, back = watch(page, 3.0)
    assert back >= 2
    # At four times the speed a refresh of a busy machine may come some frames late, but never much.
    assert start - FRAME <= min(seen) and max(seen) <= end + 0.6, (min(seen), max(seen))
    late = sum(time > end for time in seen)
    assert late <= 2 * (back + 1)
    page.press("l")
    assert page.state()["loop"] is None


def test_the_loop_is_what_is_marked_else_what_is_in_view(page):
    page.open("?video=clip_even&t=20&z=18-22")
    page.press("l")
    assert page.state()["loop"] == {"start": 18, "end": 22}
    boxes = [page.tab.locator(f".tl-loop.tl-range-{part}") for part in ("start", "end")]
    page.press("0")
    for box, time in zip(boxes, (18, 22), strict=True):
        assert box.bounding_box()["x"] == pytest.approx(page.spot(time)[0], abs=2.5)
    page.press("l")
    assert not boxes[0].is_visible()
    page.press("i")
    page.press("Shift+ArrowRight")
    page.press("o")
    bounds = page.state()["bounds"]
    page.tab.locator("#timeline-loop").click()
    assert page.state()["loop"] == bounds
    page.press("n")
    assert page.until("s.video === 'clip_uneven'")["loop"] is None, "another video, another loop"


def test_a_loop_up_to_the_end_of_the_video_goes_on(page):
    page.open("?video=clip_even&t=23.2&z=23-24")
    page.press("l")
    page.tab.keyboard.press(" ")
    page.until("s.playing")
    seen, back = watch(page, 3.0)
    assert back >= 2 and min(seen) >= 23 - FRAME
    page.until("s.playing")


@pytest.mark.parametrize(("kind", "key"), [("instance", "g"), ("detection", "d"), ("error", "e")])
def test_jumps_reach_every_one_forwards_and_backwards(page, kind, key):
    page.open("?video=clip_even&t=0&stage=warmup&class=HighJump&class=Diving")
    starts = shown_starts(page, kind)
    assert len(starts) >= 3, "nothing to jump to: the test would be empty"
    reached = []
    for _ in starts:
        page.press(key)
        state = page.state()
        reached.append(state["selected"]["start"])
        assert state["time"] == pytest.approx(state["selected"]["start"], abs=0.003)
    assert reached == pytest.approx(starts)
    page.press(key)
    assert page.state()["selected"]["start"] == reached[-1]
    assert page.tab.locator(".tr-said").inner_text() == f"no later {kind}"
    back = []
    for _ in starts[1:]:
        page.tab.locator(f"#previous-{kind}").click()
        page.settle()
        back.append(page.state()["selected"]["start"])
    assert back == pytest.approx(starts[-2::-1])
    page.press(f"Shift+{key.upper()}")
    assert page.tab.locator(".tr-said").inner_text() == f"no earlier {kind}"


def test_jumps_without_a_goal_are_disabled(page):
    page.open("?video=clip_even&class=TennisServe")
    assert page.tab.locator("#next-instance").is_disabled()
    assert page.tab.locator("#next-error").is_disabled()
    page.press("g")
    assert page.tab.locator(".tr-said").inner_text() == "no instance here"


@pytest.mark.parametrize("clip", ["clip_even", "clip_uneven"])
def test_frame_buttons_are_exact(page, clip):
    page.open(f"?video={clip}&t=6.1")
    frame, _ = page.settled_picture(clip)
    for name, step in [("on", 1)] * 4 + [("back", -1)] * 2:
        page.tab.locator(f"#timeline-step-{name}").click()
        page.settle()
        frame += step
        picture, state = page.settled_picture(clip)
        assert picture == frame == state["presented"]["frame"]


def test_keys_change_video_stage_and_classes(page):
    page.open("?video=clip_even")
    page.press("n")
    page.until("s.video === 'clip_uneven'")
    page.press("p")
    page.until("s.video === 'clip_even'")
    page.press("Shift+S")
    page.until("s.stage === 'B2'")
    page.press("s")
    page.until("s.stage === 'F2'")
    page.press("2")
    assert page.until("s.classes.length === 2")["classes"] == ["HighJump", "Diving"]
    page.press("1")
    assert page.state()["classes"] == ["Diving"]
    page.press("v")
    page.until("s.sheet === 'videos'")


def test_keys_are_not_taken_from_typing_browser_and_buttons(page):
    page.open("?video=clip_even&t=5")
    before = page.state()
    page.tab.locator("#timeline-loop").focus()
    page.tab.keyboard.press("Enter")
    assert page.state()["loop"], "Enter belongs to the button"
    page.tab.keyboard.press(" ")
    assert page.state()["loop"] is None and not page.state()["playing"]
    page.tab.keyboard.press("Control+l")
    page.tab.keyboard.press("Alt+n")
    page.tab.evaluate("document.querySelector('.tl-tracks').append(document.createElement('textarea'))")
    page.tab.locator(".tl-tracks textarea:not(.mk-text)").focus()
    page.tab.keyboard.type("gdelnp ][?io 12")
    page.tab.keyboard.press("ArrowLeft")
    after = page.state()
    assert page.tab.locator(".tl-tracks textarea:not(.mk-text)").input_value() == "gdelnp ][?io 12"
    for name in ("video", "time", "loop", "speed", "classes", "selected", "bounds", "playing", "stage"):
        assert after[name] == before[name], name


def test_a_list_chosen_from_with_the_mouse_gives_the_keys_back(page):
    page.open("?video=clip_even&t=5")
    speed = page.tab.locator("#speed")
    page.tab.mouse.click(*page.spot(5.0))
    speed.select_option("2")
    page.press("ArrowRight")
    assert page.state()["speed"] == 2
    assert page.state()["time"] == pytest.approx(5.06, abs=0.03)


def test_help_lists_every_key_and_closes(page):
    page.open("?video=clip_even&t=5")
    page.tab.keyboard.press("?")
    dialog = page.tab.locator("#help")
    assert dialog.is_visible()
    assert dialog.get_attribute("aria-labelledby") == "help-title"
    keys = set(dialog.locator("kbd").all_inner_texts())
    wanted = {
        *"NPVDGELIOMST[]?0123",
        "Space",
        "←",
        "→",
        "Home",
        "End",
        "Esc",
        "Enter",
        "Delete",
        "Shift",
        "+",
        "−",
    }
    assert wanted <= keys, wanted - keys
    page.tab.keyboard.press("n")
    page.tab.keyboard.press("l")
    page.tab.keyboard.press("Escape")
    assert not dialog.is_visible()
    state = page.state()
    assert (state["video"], state["loop"]) == ("clip_even", None), "keys reached the page behind the help"
    page.tab.locator("#help-open").click()
    assert dialog.is_visible()
    page.tab.locator("#help-close").click()
    assert not dialog.is_visible()
    assert page.tab.evaluate("document.activeElement.id") == "help-open"


def test_every_listed_key_acts(page):
    page.open("?video=clip_even")
    unbound = page.tab.evaluate(
        """async () => {
          const base = performance.getEntriesByType('resource').find((e) => e.name.endsWith('/key_table.js')).name;
          const { KEY_GROUPS, bindings } = await import(base);
          const { chordOf } = await import(base.replace('key_table', 'keyboard'));
          const bound = bindings();
          const listed = KEY_GROUPS.flatMap(({ rows }) => rows.flatMap(({ keys }) => Object.keys(keys)));
          const event = (chord) => ({ key: chord.replace('Shift+', '').replace('Space', ' '),
                                      shiftKey: chord.startsWith('Shift+') });
          return listed.filter((chord) => !bound.has(chordOf(event(chord))) || chordOf(event(chord)) !== chord);
        }"""
    )
    assert unbound == []


def test_escape_closes_one_thing_at_a_time(page):
    page.open("?video=clip_even&vs=run~B1~same~overlay")
    page.tab.mouse.click(*page.spot(3.0, "truth"))
    page.until("s.selected")
    page.press("v")
    page.until("s.sheet === 'videos'")
    page.tab.keyboard.press("?")
    assert page.tab.locator("#help").is_visible()
    steps = []
    for _ in range(4):
        page.tab.keyboard.press("Escape")
        page.tab.wait_for_timeout(150)
        state = page.state()
        steps.append(
            (
                page.tab.locator("#help").is_visible(),
                bool(state["sheet"]),
                bool(state["selected"]),
                bool(state["compare"]),
            )
        )
    assert steps == [
        (False, True, True, True),
        (False, False, True, True),
        (False, False, False, True),
        (False, False, False, False),
    ]


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
