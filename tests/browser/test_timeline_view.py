"""What the tracks show is what the files say, for every class and stage; the address holds it; mouse and keys work."""

import json

import numpy as np
import pytest
from synthetic_run import TRUTH, make_scores
from ternary_by_hand import expected_runs

from dcwtal.data.score_store import read_scores
from dcwtal.localize.fusion import pick_branch

pytestmark = pytest.mark.browser


def test_page_opens_on_a_test_video_at_the_final_stage(page):
    page.open()
    state = page.state()
    assert (state["video"], state["stage"], state["class"]) == ("clip_even", "F2", "HighJump")
    usual = ["strip", "truth", "curves", "cbp-map", "cbp-ribbon", "vlp-map", "vlp-ribbon", "disagreement"]
    assert state["tracks"] == [*usual, "detections"]
    assert 2.1 < state["time"] < 5.3, "a video opens in its first action"
    assert state["truth"] == [{"start": s, "end": e, "label": label} for label, s, e in TRUTH["clip_even"]]
    assert page.tab.evaluate("document.documentElement.scrollHeight <= window.innerHeight")
    assert page.tab.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_curves_and_maps_are_the_scores_of_the_chosen_stage_and_class(page, studio_run):
    page.open("?video=clip_even")
    stored = read_scores(studio_run / "scores" / "clip_even.npz")
    seen = set()
    for stage in ("warmup", "F1", "F2"):
        page.tab.locator("#stage label", has_text="warm-up" if stage == "warmup" else stage).click()
        state = page.until(f"s.stage === '{stage}'")
        cbp, vlp = stored.at(stage, "cbp"), stored.at(stage, "vlp")
        fused = pick_branch(cbp, vlp, branch="fused", weight=state["fusion_weight"])
        for name, scores in (("cbp", cbp), ("vlp", vlp), ("fused", fused)):
            assert state["curves"][name] == scores.of_class("HighJump").tolist(), f"{stage} {name}"
        for name, scores in (("cbp", cbp), ("vlp", vlp)):
            runs = expected_runs(scores.of_class("HighJump"), stored.grid.edges)
            np.testing.assert_allclose(state["ternary"][name], runs, atol=1e-9)
        seen.add(json.dumps(state["ternary"]))
    assert len(seen) == 3, "the stages look the same"


def test_choosing_classes(page):
    page.open("?video=clip_even")
    before = page.state()["curves"]["cbp"]
    chip = page.tab.locator("#classes button[data-class=Diving]")
    chip.click()
    state = page.until("s.class === 'Diving'")
    assert state["curves"]["cbp"] != before
    assert page.tab.url.count("class=") == 1 and "class=Diving" in page.tab.url
    page.tab.locator("#classes button[data-class=HighJump]").click(modifiers=["Shift"])
    state = page.until("s.classes.length === 2")
    assert state["classes"] == ["Diving", "HighJump"]
    page.tab.locator("#more-classes").select_option("GolfSwing")
    assert page.until("s.classes.length === 3")["classes"][2] == "GolfSwing"


def test_walking_through_the_videos(page):
    page.open()
    page.tab.locator("#next-video").click()
    state = page.until("s.video === 'clip_uneven'")
    assert state["class"] == "GolfSwing", "not one of the new video's own classes"
    page.tab.locator("#next-video").click()
    assert page.until("s.video === 'clip_held_out'")["class"] == "TennisServe"
    page.tab.locator("#next-video").click()
    page.until("s.video === 'clip_even'")
    page.tab.locator("#previous-video").click()
    page.until("s.video === 'clip_held_out'")
    page.settle()


def test_the_address_opens_the_same_view_again(page):
    page.open(
        "?run=run-2&video=clip_uneven&t=13.5&class=Diving&stage=B1&set=branch=vlp&set=mode=peer&high=0.4&z=10-18"
        "&panel=what-if&curves=cbp,vlp&tracks=truth,curves,detections&__theme=dark"
    )
    state = page.state()
    found = [state[key] for key in ("run", "video", "class", "stage", "source", "mode", "panel")]
    assert found == ["run-2", "clip_uneven", "Diving", "B1", "vlp", "peer", "what-if"]
    assert state["time"] == pytest.approx(13.5, abs=0.08)
    assert state["thresholds"]["high"] == 0.4 and state["zoom"] == {"start": 10, "end": 18}
    assert state["tracks"] == ["truth", "curves", "detections"] and state["curves_shown"] == ["cbp", "vlp"]
    assert "__theme=dark" in page.tab.url
    page.press("Shift+ArrowRight")
    page.tab.wait_for_function("location.search.includes('t=14.')")
    page.tab.reload()
    page.settle()
    again = page.state()
    assert again["time"] == pytest.approx(14.5, abs=0.1)
    for key in ("run", "video", "class", "stage", "changed", "thresholds", "zoom", "tracks", "panel"):
        assert again[key] == state[key], key


def test_back_and_forward(page):
    page.open("?video=clip_even")
    page.tab.locator("#next-video").click()
    page.until("s.video === 'clip_uneven'")
    page.tab.locator("#classes button[data-class=GolfSwing]").wait_for()
    page.tab.locator("#stage label", has_text="B1").click()
    page.until("s.stage === 'B1'")
    page.tab.go_back()
    assert page.until("s.stage === 'F2'")["video"] == "clip_uneven"
    page.tab.go_back()
    assert page.until("s.video === 'clip_even'")["stage"] == "F2"
    page.tab.go_forward()
    page.until("s.video === 'clip_uneven'")
    page.settle()


def test_an_address_that_asks_for_nonsense_opens_the_usual_view_and_says_so(page):
    page.open(
        "?run=../../etc&video=%3Cscript%3E&t=soon&class=nope&stage=Z9&set=branch=x&set=nonsense&z=a-b&vs=~~~"
    )
    state = page.state()
    assert (state["run"], state["video"], state["stage"]) == ("run", "clip_even", "F2")
    for word in ("../../etc", "<script>", "Z9"):
        assert word in page.tab.locator(".ex-notice").inner_text()
    assert "branch" in page.tab.locator(".ex-notice").inner_text()
    assert state["source"] == "cbp"


def test_zoom_and_pan_by_keys_wheel_and_drag(page):
    page.open("?video=clip_even&t=12")
    page.press("+")
    state = page.until("s.zoom.end - s.zoom.start < 17")
    assert state["zoom"]["start"] < 12 < state["zoom"]["end"]
    x, y = page.spot(10.0)
    page.tab.mouse.move(x, y)
    page.tab.keyboard.down("Control")
    page.tab.mouse.wheel(0, -400)
    page.tab.keyboard.up("Control")
    state = page.until("s.zoom.end - s.zoom.start < 10")
    assert page.spot(10.0)[0] == pytest.approx(x, abs=1.5), "the time under the mouse moved"
    before = state["zoom"]["start"]
    page.tab.keyboard.down("Alt")
    page.tab.mouse.down()
    page.tab.mouse.move(x - 150, y, steps=4)
    page.tab.mouse.up()
    page.tab.keyboard.up("Alt")
    state = page.until(f"s.zoom.start > {before} + 0.5")
    assert state["time"] == pytest.approx(12, abs=0.05), "panning moved the playhead"
    page.press("0")
    assert page.state()["zoom"] == {"start": 0, "end": 24}


def test_hovering_reads_the_curves_under_the_mouse(page):
    page.open("?video=clip_even")
    page.tab.mouse.move(*page.spot(3.7))
    page.until("s.hover !== null")
    scores = make_scores("clip_even")
    snippet = scores.grid.snippet_at(page.state()["hover"])
    shown = page.tab.locator(".tl-values .tl-cbp b").inner_text()
    assert float(shown) == pytest.approx(scores.at("F2", "cbp").of_class("HighJump")[snippet], abs=0.006)
    assert "HighJump" in page.tab.locator(".tl-spot").inner_text()


def test_space_on_a_control_belongs_to_the_control(page):
    page.open()
    page.tab.locator("#timeline-zoom-in").focus()
    page.tab.keyboard.press(" ")
    state = page.until("s.zoom.end < 24")
    assert not state["playing"]


def test_after_a_click_on_a_control_the_keys_still_drive_the_video(page):
    page.open("?video=clip_even&t=5")
    page.tab.locator("#stage label", has_text="B1").click()
    page.until("s.stage === 'B1'")
    page.press("ArrowRight")
    assert page.state()["presented"]["frame"] == 126
    page.tab.locator("#timeline-zoom-in").click()
    zoom = page.state()["zoom"]
    page.tab.keyboard.press(" ")
    state = page.until("s.playing")
    assert (state["zoom"], state["stage"]) == (zoom, "B1"), "the key pressed the button too"
    page.press(" ")


def test_keyboard_alone_reaches_every_control(page):
    page.open()
    reached = set()
    for _ in range(60):
        page.tab.keyboard.press("Tab")
        reached.add(
            page.tab.evaluate(
                "(() => { const e = document.activeElement; const own = e.closest('[id]'); "
                "return own ? own.id : e.tagName; })()"
            )
        )
    wanted = {
        "run",
        "video",
        "previous-video",
        "next-video",
        "classes",
        "more-classes",
        "stage",
        "open-video",
    }
    wanted |= {
        "timeline-play",
        "timeline-zoom-in",
        "timeline-tracks",
        "rule-high",
        "rule-low",
        "rule-theta_loc",
    }
    wanted |= {"tab-video"}
    assert wanted <= reached, wanted - reached


def test_every_id_on_the_page_is_there_once(page):
    page.open()
    ids = page.tab.evaluate("[...document.querySelectorAll('#timeline [id]')].map((e) => e.id)")
    assert len(ids) == len(set(ids))


def test_quick_presses_of_next_all_count(page):
    page.open("?video=clip_even")
    page.tab.evaluate(
        "for (let i = 0; i < 2; i++) document.dispatchEvent(new KeyboardEvent('keydown', { key: 'n' }))"
    )
    assert page.until("s.video === 'clip_held_out'")


def test_a_server_that_is_gone_leaves_the_video_and_says_so(page):
    page.open("?video=clip_even")
    page.tab.route("**/dcwtal/runs/**", lambda route: route.abort())
    page.tab.locator("#next-video").click()
    page.tab.wait_for_function(
        "document.querySelector('.ex-notice').innerText.includes('does not answer')", timeout=10_000
    )
    state = page.state()
    assert state["video"] == "clip_even" and state["curves"]["cbp"]
    page.tab.unroute("**/dcwtal/runs/**")
    page.tab.locator("#next-video").click()
    page.until("s.video === 'clip_uneven'")
    page.complaints.clear()  # the browser itself reports what was not answered


@pytest.mark.parametrize(("scheme", "ink"), [("light", "dark"), ("dark", "light")])
def test_light_and_dark_follow_the_system(page, scheme, ink):
    page.tab.emulate_media(color_scheme=scheme)
    page.tab.set_viewport_size({"width": 900, "height": 1200})
    page.open()
    colour = page.tab.evaluate("getComputedStyle(document.querySelector('.tl-title')).color")
    red, green, blue = (int(part) for part in colour[4:-1].split(","))
    assert (red + green + blue > 400) == (ink == "light")
    assert page.tab.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
