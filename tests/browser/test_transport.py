"""Playing, speeds, loops, jumps and frame steps."""

import pytest
from shown_times import FRAME, watch
from synthetic_run import TRUTH

pytestmark = pytest.mark.browser


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
