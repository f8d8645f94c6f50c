"""What the tracks show is what the files say, for every class, stage, branch and mode; and the keys and wheels work."""

import json
import urllib.request

import numpy as np
import pytest
from synthetic_run import CLASSES, STAGES, TRUTH, make_scores

from dcwtal.core.pseudo_label_values import UNCERTAIN
from dcwtal.data.score_store import read_scores
from dcwtal.localize.fusion import pick_branch

pytestmark = pytest.mark.browser


def expected_runs(
    curve: np.ndarray, edges: np.ndarray, high: float = 0.3, low: float = 0.1
) -> list[list[float]]:
    """Ternary runs by walking the snippets one by one, in float32 as the files are."""
    runs: list[list[float]] = []
    for position, value in enumerate(np.asarray(curve, dtype=np.float32)):
        label = 1 if value > np.float32(high) else 0 if value < np.float32(low) else UNCERTAIN
        if runs and runs[-1][2] == label:
            runs[-1][1] = edges[position + 1]
        else:
            runs.append([edges[position], edges[position + 1], label])
    return runs


def test_page_opens_on_a_test_video_at_the_final_stage(page):
    page.open()
    state = page.state()
    assert (state["video"], state["stage"], state["class"]) == ("clip_even", "F2", "HighJump")
    assert state["tracks"] == ["truth", "curves", "cbp-map", "vlp-map", "detections"]
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


def test_choosing_a_class_changes_curves_and_address(page):
    page.open("?video=clip_even")
    before = page.state()["curves"]["cbp"]
    page.tab.locator("#class-name input").click()
    page.tab.locator("[role=option]", has_text="Diving").click()
    state = page.until("s.class === 'Diving'")
    assert state["curves"]["cbp"] != before
    assert "class=Diving" in page.tab.url


def test_detections_are_those_of_the_chosen_branch_and_mode(page):
    page.open("?video=clip_even")
    seen = {}
    for source, mode in (("CBP", "paper"), ("VLP", "paper"), ("VLP", "peer"), ("fused", "peer")):
        page.tab.locator("#source label", has_text=source).click()
        page.tab.locator("#mode label", has_text=mode).click()
        state = page.until(f"s.source === '{source.lower()}' && s.mode === '{mode}'")
        url = f"{page.address}gradio_api/dcwtal/runs/run/videos/clip_even/detections"
        query = f"?stage=F2&source={source.lower()}&mode={mode}"
        with urllib.request.urlopen(url + query) as reply:
            answer = json.load(reply)
        drawn = sorted((d["start"], d["end"], d["label"], d["score"], d["hit"]) for d in state["detections"])
        asked = sorted((d["start"], d["end"], d["label"], d["score"], d["hit"]) for d in answer["detections"])
        assert drawn == asked
        for one in state["detections"]:
            same_row = [o for o in state["detections"] if o["row"] == one["row"] and o is not one]
            assert all(o["end"] <= one["start"] or o["start"] >= one["end"] for o in same_row)
        seen[source, mode] = drawn
    assert len({json.dumps(each) for each in seen.values()}) == 4


def test_curves_are_shown_and_hidden(page):
    page.open()
    page.tab.locator("#curves label", has_text="VLP").click()
    assert page.until("s.curves_shown.length === 2")["curves_shown"] == ["cbp", "fused"]
    assert (
        page.tab.locator(".tl-plot .scatterlayer .trace").count() == 1 + 2
    )  # an invisible one keeps the axis
    page.tab.locator("#curves label", has_text="dotted").click()
    page.tab.wait_for_function("document.querySelectorAll('.tl-plot .scatterlayer .trace').length === 5")


def test_choosing_a_video_and_walking_through_them(page):
    page.open()
    page.tab.locator("#video input").click()
    page.tab.locator("[role=option]", has_text="clip_uneven").click()
    state = page.until("s.video === 'clip_uneven'")
    assert state["class"] == "GolfSwing", "not one of the new video's own classes"
    page.press("Shift+ArrowRight")
    page.tab.locator("#next-video").click()
    state = page.until("s.video === 'clip_held_out'")
    assert state["class"] == "TennisServe"
    page.settle()
    assert page.state()["time"] < 0.05, "a new video begins at its beginning"
    page.tab.locator("#next-video").click()
    page.until("s.video === 'clip_even'")
    page.tab.locator("#previous-video").click()
    page.until("s.video === 'clip_held_out'")
    page.settle()


def test_the_address_opens_the_same_view_again(page):
    page.open("?run=run-2&video=clip_uneven&t=13.5&class=Diving&stage=B1&of=vlp&mode=peer&__theme=dark")
    state = page.state()
    found = [state[key] for key in ("run", "video", "class", "stage", "source", "mode")]
    assert found == ["run-2", "clip_uneven", "Diving", "B1", "vlp", "peer"]
    assert state["time"] == pytest.approx(13.5, abs=0.08)
    assert "__theme=dark" in page.tab.url
    page.press("Shift+ArrowRight")
    page.tab.wait_for_function("location.search.includes('t=14.')")
    page.tab.reload()
    page.settle()
    assert page.state()["time"] == pytest.approx(14.5, abs=0.1)


def test_an_address_that_asks_for_nonsense_opens_the_usual_view(page):
    page.open("?run=../../etc&video=%3Cscript%3E&t=soon&class=nope&stage=Z9&of=x&mode=y")
    state = page.state()
    assert (state["run"], state["video"], state["stage"], state["source"]) == (
        "run",
        "clip_even",
        "F2",
        "cbp",
    )


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
    page.tab.locator("#video input").click()
    page.tab.keyboard.type("clip_un")
    page.tab.keyboard.press("ArrowRight")
    assert page.state()["time"] < 0.05


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
    page.tab.locator("#stage label", has_text="warm-up").click()
    page.tab.keyboard.press("Tab")
    page.tab.keyboard.press(" ")  # chooses the stage that the keyboard went to
    assert not page.until("s.stage === 'B1'")["playing"]


def test_keyboard_alone_reaches_every_control(page):
    page.open()
    reached = set()
    for _ in range(40):
        page.tab.keyboard.press("Tab")
        reached.add(
            page.tab.evaluate(
                "(() => { const e = document.activeElement; const own = e.closest('[id]'); "
                "return own ? own.id : e.tagName; })()"
            )
        )
    wanted = {"run", "video", "previous-video", "class-name", "stage", "curves", "source", "mode"}
    wanted |= {"timeline-play", "timeline-zoom-in", "timeline-tracks"}
    assert wanted <= reached, wanted - reached


def test_walking_over_the_controls_moves_nothing(page):
    page.open("?video=clip_even&t=9")
    before = page.state()
    page.tab.locator("#video input").click()
    for _ in range(8):
        page.tab.keyboard.press("Tab")
    page.tab.wait_for_timeout(500)
    page.settle()
    after = page.state()
    for key in ("video", "class", "stage", "time", "zoom"):
        assert after[key] == before[key], key


def test_numbers_of_the_video_stand_beside_the_protocol(page):
    page.open("?video=clip_even")
    text = page.tab.locator(".tl-facts").inner_text()
    for part in ("action found", "rest kept clear", "✓ 3 found", "tIoU ≥ 0.5", "test split (2 videos)"):
        assert part in text, text
    stages = page.tab.locator(".tl-history thead th").all_inner_texts()
    assert stages == ["warm-up", *STAGES[1:-1], "F2 ★"]


def test_a_class_that_is_not_in_the_video_says_so(page):
    page.open("?video=clip_even&class=TennisServe")
    assert "There is no TennisServe in this video" in page.tab.locator(".tl-facts").inner_text()
    assert len(CLASSES) == 5


@pytest.mark.parametrize(("scheme", "ink"), [("light", "dark"), ("dark", "light")])
def test_light_and_dark_follow_the_system(page, scheme, ink):
    page.tab.emulate_media(color_scheme=scheme)
    page.tab.set_viewport_size({"width": 900, "height": 1200})
    page.open()
    colour = page.tab.evaluate("getComputedStyle(document.querySelector('.tl-title')).color")
    red, green, blue = (int(part) for part in colour[4:-1].split(","))
    assert (red + green + blue > 400) == (ink == "light")
    assert page.tab.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
