"""Own marks: set with keys, drawn, selected, removed, remembered by this browser, copied as JSON."""

import json

import pytest
from synthetic_run import frame_times

pytestmark = pytest.mark.browser


def mark(page, start: float, end: float) -> dict:
    """Mark a stretch with clicks and keys; returns what I and O set."""
    for time, key in ((start, "i"), (end, "o")):
        page.tab.mouse.click(*page.spot(time, "curves"))
        page.settle()
        page.press(key)
    bounds = page.state()["bounds"]
    page.press("m")
    return bounds


def rows(page) -> list[dict]:
    return [{key: m[key] for key in ("start", "end", "label")} for m in page.state()["marks"]]


@pytest.mark.parametrize("clip", ["clip_even", "clip_uneven"])
def test_in_and_out_are_presented_frames(page, clip):
    page.open(f"?video={clip}&t=3")
    times = frame_times(clip)
    page.press("i")
    state = page.state()
    assert state["bounds"] == {"start": pytest.approx(times[state["presented"]["frame"]]), "end": None}
    page.press("Shift+ArrowRight")
    page.press("o")
    state = page.state()
    assert state["bounds"]["end"] == pytest.approx(times[state["presented"]["frame"]])
    for part in ("start", "end"):
        line = page.tab.locator(f".tl-inout.tl-range-{part}")
        assert line.bounding_box()["x"] == pytest.approx(page.spot(state["bounds"][part])[0], abs=2.5)
    page.press("Shift+ArrowLeft")
    page.press("Shift+ArrowLeft")
    page.press("o")
    state = page.state()
    assert state["bounds"]["start"] is None, "an end before its beginning"


def test_a_mark_is_kept_shown_and_remembered(page):
    page.open("?video=clip_even")
    assert "marks" not in page.state()["tracks"]
    bounds = mark(page, 3.0, 6.0)
    state = page.state()
    assert rows(page) == [{**bounds, "label": "HighJump"}]
    assert "marks" in state["tracks"] and state["bounds"] == {"start": None, "end": None}
    page.tab.reload()
    page.settle()
    assert rows(page) == [{**bounds, "label": "HighJump"}]
    assert "marks" in page.state()["tracks"]
    page.press("n")
    page.until("s.video === 'clip_uneven'")
    assert rows(page) == [], "marks of another video"
    page.open("?run=run-2&video=clip_even")
    assert len(rows(page)) == 1, "the same data set under another run"


def test_marks_are_selected_and_removed(page):
    page.open("?video=clip_even")
    mark(page, 2.0, 6.0)
    mark(page, 4.0, 8.0)
    first, second = rows(page)
    assert [m["row"] for m in page.state()["marks"]] == [0, 1], "they overlap in one row"
    assert [m["selected"] for m in page.state()["marks"]] == [False, True]
    page.press("Escape")
    page.press("Delete")
    assert len(rows(page)) == 2, "nothing was selected"
    x, y = page.spot(5.0, "marks")
    page.tab.mouse.click(x, y - 9)
    assert [m["selected"] for m in page.state()["marks"]] == [True, False]
    page.press("l")
    assert page.state()["loop"] == {"start": first["start"], "end": first["end"]}
    page.press("Delete")
    assert rows(page) == [second]
    page.tab.mouse.click(*page.spot(7.0, "marks"))
    page.tab.mouse.click(*page.spot(20.0, "truth"))
    page.until("s.selected")
    assert [m["selected"] for m in page.state()["marks"]] == [False], "two things selected"


def test_without_borders_nothing_is_kept_and_the_page_says_so(page):
    page.open("?video=clip_even&t=4")
    page.press("m")
    assert rows(page) == []
    assert "(I)" in page.tab.locator(".tr-said").inner_text()
    page.press("i")
    page.press("Shift+ArrowRight")
    page.press("Enter")
    assert rows(page)[0]["end"] == pytest.approx(5, abs=0.05), "without an end: up to the playhead"


def test_the_list_of_marks_does_the_same_by_mouse(page):
    page.open("?video=clip_even&t=10")
    page.tab.locator("#marks-menu").click()
    page.tab.locator("#marks-in").click()
    page.press("Shift+ArrowRight")
    page.tab.locator("#marks-out").click()
    page.tab.locator("#marks-add").click()
    (row,) = rows(page)
    assert row["end"] - row["start"] == pytest.approx(1, abs=0.05)
    assert "this browser" in page.tab.locator("#marks-menu-panel").inner_text()
    page.tab.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=page.address)
    page.tab.locator("#marks-copy").click()
    copied = json.loads(page.tab.evaluate("navigator.clipboard.readText()"))
    annotations = copied["database"]["clip_even"]["annotations"]
    assert annotations == [
        {"label": "HighJump", "segment": pytest.approx([row["start"], row["end"]], abs=1e-3)}
    ]
    page.tab.mouse.click(*page.spot(2.0, "curves"))
    page.tab.locator("#marks-menu").click()
    page.tab.locator(".mk-go").click()
    page.settle()
    assert page.state()["time"] == pytest.approx(row["start"], abs=0.002)
    page.tab.locator(".mk-remove").click()
    assert rows(page) == []


@pytest.mark.parametrize("stored", ["nonsense", '{"a": 1}', '[{"start": 5, "end": 1, "label": 3}, null, 7]'])
def test_what_another_page_stored_is_left_out(page, stored):
    page.open("?video=clip_even")
    page.tab.evaluate(
        "(text) => localStorage.setItem(JSON.stringify(['dcwtal.marks', 'synthetic clips', 'clip_even']), text)",
        stored,
    )
    page.tab.reload()
    page.settle()
    assert rows(page) == []
    mark(page, 3.0, 6.0)
    assert len(rows(page)) == 1


def test_a_mark_named_like_markup_stays_text(page):
    page.open("?video=clip_even")
    page.tab.evaluate(
        """() => localStorage.setItem(JSON.stringify(['dcwtal.marks', 'synthetic clips', 'clip_even']),
             JSON.stringify([{start: 1, end: 2, label: '<img src=x onerror=alert(1)>'}]))"""
    )
    page.tab.reload()
    page.settle()
    page.tab.locator("#marks-menu").click()
    assert "<img" in page.tab.locator(".mk-go").inner_text()
    assert page.tab.locator("#marks-menu-panel img").count() == 0
