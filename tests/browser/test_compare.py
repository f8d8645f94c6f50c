"""Compare: another stage, another run or the run's own settings beside what is shown."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shown_numbers import answer_of, expected_row, row, settle_numbers

from dcwtal.data.score_store import read_scores
from dcwtal.ui.routes import script_url

pytestmark = pytest.mark.browser


def other_curve(page, where: str) -> list[float]:
    """CBP's curve of the other side, overlaid (`classes`) or split (`beside`)."""
    return page.tab.evaluate(f"Array.from(window.dcwtal.explore.other.{where}[0].curves.cbp)")


def test_the_warm_up_is_overlaid_with_one_click_and_taken_away_with_another(page, studio_run):
    page.open("?video=clip_even&panel=compare")
    assert page.state()["other"] is None
    page.tab.locator("#compare-warmup").click()
    state = page.until("s.other && s.other.detections.length")
    assert state["compare"] == {"run": "run", "stage": "warmup", "settings": "same", "layout": "overlay"}
    assert "vs=run" in page.tab.url
    assert "other-detections" in state["tracks"] and "other-curves" not in state["tracks"]
    stored = read_scores(studio_run / "scores" / "clip_even.npz").at("warmup", "cbp").of_class("HighJump")
    np.testing.assert_array_equal(np.float32(other_curve(page, "classes")), stored)
    expected = answer_of(page, "videos/clip_even/answer", {"stage": "warmup"})
    drawn = {(d["start"], d["end"], d["label"], d["score"]) for d in state["other"]["detections"]}
    assert drawn == {(d["start"], d["end"], d["label"], d["score"]) for d in expected["detections"]}
    page.tab.locator("#end-compare").click()
    state = page.until("s.compare === null && !s.other")
    assert "other-detections" not in state["tracks"]
    assert "vs=" not in page.tab.url
    page.tab.go_back()
    page.until("s.other && s.other.detections.length")


def test_split_gives_the_other_curves_a_lane_of_their_own(page):
    page.open("?video=clip_even&panel=compare&vs=run~warmup~same~overlay")
    page.until("s.other && s.other.detections.length")
    overlaid = other_curve(page, "classes")
    page.tab.locator("#compare-layout label", has_text="split").click()
    state = page.until("s.tracks.includes('other-curves')")
    assert state["plot"]["boxes"]["other-curves"]["height"] >= 100
    assert other_curve(page, "beside") == overlaid
    assert page.tab.evaluate("window.dcwtal.explore.other.classes.length") == 0


def test_numbers_and_differences_of_both_sides(page):
    page.open("?video=clip_even&panel=compare&vs=run~warmup~same~overlay")
    page.until("s.other && s.other.detections.length")
    settle_numbers(page, ".ex-compare")
    here = answer_of(page, "videos/clip_even/answer", {})
    there = answer_of(page, "videos/clip_even/answer", {"stage": "warmup"})
    for place, side in enumerate((there, here)):
        cells = page.tab.locator(".cp-counts tbody tr").nth(place).locator("td").all_inner_texts()
        counts = side["counts"]["HighJump"]
        assert cells[:3] == [str(counts[key]) for key in ("hits", "wrong", "missed")]
        assert cells[4] == str(side["total"])
    totals = [int(text.split(": ")[1]) for text in page.tab.locator(".cp-list summary").all_inner_texts()]
    only_here, only_there, both = totals
    assert only_here + both == here["total"] and only_there + both == there["total"]
    first = answer_of(page, "numbers", {"stage": "warmup", "subset": "test"})
    assert row(page, "nv-before", ".ex-compare") == expected_row(first)
    second = answer_of(page, "numbers", {"subset": "test"})
    assert row(page, "nv-now", ".ex-compare") == expected_row(second)


def test_a_click_on_a_difference_goes_there(page):
    page.open("?video=clip_even&panel=compare&vs=run~warmup~same~overlay&t=0")
    page.until("s.other && s.other.detections.length")
    page.tab.locator("#cp-here .cp-row").last.click()
    page.settle()
    state = page.until("s.selected")
    assert state["selected"]["kind"] == "detection"
    assert state["time"] == pytest.approx(state["selected"]["start"], abs=0.05)


def test_without_my_changes_shows_the_runs_own_settings(page):
    page.open("?video=clip_even&panel=compare&set=theta_loc=0.8")
    page.tab.locator("#compare-own").click()
    state = page.until("s.other && s.other.detections.length")
    assert state["compare"]["settings"] == "own"
    expected = answer_of(page, "videos/clip_even/answer", {})
    drawn = sorted((d["start"], d["end"]) for d in state["other"]["detections"])
    assert drawn == sorted((d["start"], d["end"]) for d in expected["detections"])
    assert drawn != sorted((d["start"], d["end"]) for d in state["detections"])
    page.tab.evaluate("window.dcwtal.explore.change({settings: {}})")
    page.tab.wait_for_function(
        "document.querySelector('.cp-state').textContent.includes('Both are the same')"
    )


def test_settings_as_shown_follow_the_shown_ones(page):
    page.open("?video=clip_even&panel=compare&vs=run~B1~same~overlay")
    before = page.until("s.other && s.other.detections.length")["other"]["detections"]
    page.tab.evaluate("window.dcwtal.explore.changeSetting('branch', 'vlp')")
    page.until("s.source === 'vlp'")
    page.tab.wait_for_function("window.dcwtal.explore.other?.source === 'vlp'")
    assert page.state()["other"]["detections"] != before


def test_another_run_survives_a_change_of_video_and_a_reload(page):
    page.open("?video=clip_even&panel=compare")
    page.tab.locator("#compare-next-run").click()
    state = page.until("s.other && s.other.detections.length")
    assert state["compare"]["run"] == "run-2"
    assert "run-2" in state["other"]["title"]
    page.tab.locator("#next-video").click()
    page.until("s.video === 'clip_uneven'")
    state = page.until("s.other && s.other.detections.some((d) => d.label === 'GolfSwing')")
    assert state["compare"]["run"] == "run-2"
    page.tab.reload()
    page.settle()
    state = page.until("s.other && s.other.detections.some((d) => d.label === 'GolfSwing')")
    assert (state["video"], state["compare"]["run"]) == ("clip_uneven", "run-2")


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("gone~F2~same~overlay", "There is no run “gone”"),
        ("run~Z9~same~overlay", "has no stage “Z9”; it has warm-up"),
    ],
)
def test_what_cannot_be_compared_is_said_and_the_rest_goes_on(page, asked, words):
    page.open(f"?video=clip_even&panel=compare&vs={asked}")
    page.tab.wait_for_selector(".cp-state.cp-failed")
    assert words in page.tab.locator(".cp-state").inner_text()
    assert page.state()["other"] is None and page.state()["detections"]
    page.tab.locator("#compare-warmup").click()
    page.until("s.other && s.other.detections.length")


def test_a_video_that_the_other_run_lacks_is_said(page):
    def without(route):
        reply = route.fetch()
        body = reply.json()
        body["videos"] = [one for one in body["videos"] if one["id"] != "clip_even"]
        route.fulfill(response=reply, body=json.dumps(body))

    page.tab.route("**/runs/run-2/videos", without)
    page.open("?video=clip_even&panel=compare&vs=run-2~F2~same~overlay")
    page.tab.wait_for_selector(".cp-state.cp-failed")
    assert "Run run-2 has no scores of “clip_even”" in page.tab.locator(".cp-state").inner_text()
    page.tab.locator("#next-video").click()
    page.until("s.video === 'clip_uneven' && s.other && s.other.detections.length")


@pytest.fixture(scope="module")
def difference(context, studio):
    """differenceOf of compare_detections.js, as a Python function."""
    tab = context.new_page()
    tab.goto(studio.rstrip("/") + script_url("compare_detections.js"))

    def run(here: list[dict], there: list[dict]) -> dict:
        body = f"const m = await import({script_url('compare_detections.js')!r});"
        return tab.evaluate(f"async ([a, b]) => {{ {body} return m.differenceOf(a, b); }}", [here, there])

    yield run
    tab.close()


rows = st.lists(
    st.builds(
        lambda start, length, label, score: {
            "start": start,
            "end": start + length,
            "label": label,
            "score": score,
        },
        st.floats(0, 20),
        st.floats(0.1, 8),
        st.sampled_from("ab"),
        st.floats(0, 1),
    ),
    max_size=7,
)


def overlap(a: dict, b: dict) -> float:
    shared = min(a["end"], b["end"]) - max(a["start"], b["start"])
    return 0 if shared <= 0 else shared / (max(a["end"], b["end"]) - min(a["start"], b["start"]))


@settings(max_examples=40, deadline=None)
@given(here=rows, there=rows)
def test_each_detection_stands_in_exactly_one_list(difference, here, there):
    found = difference(here, there)

    def key(row: dict) -> tuple:
        return row["start"], row["end"], row["label"], row["score"]

    assert sorted(map(key, [p["here"] for p in found["both"]] + found["here"])) == sorted(map(key, here))
    assert sorted(map(key, [p["there"] for p in found["both"]] + found["there"])) == sorted(map(key, there))
    for pair in found["both"]:
        assert pair["here"]["label"] == pair["there"]["label"]
        assert pair["tiou"] == pytest.approx(overlap(pair["here"], pair["there"])) and pair["tiou"] >= 0.5
    for one in found["here"]:  # nothing is left over that could still meet
        for other in found["there"]:
            assert one["label"] != other["label"] or overlap(one, other) < 0.5 + 1e-9
