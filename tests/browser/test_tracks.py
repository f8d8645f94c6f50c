"""Which tracks are shown, in which order, remembered; the curves' switches; the legend of what is shown."""

import pytest

pytestmark = pytest.mark.browser

PURE = """async ([name, ...values]) => {
  const own = performance.getEntriesByType('resource').find((e) => e.name.endsWith('/track_order.js')).name;
  return (await import(own))[name](...values);
}"""


def open_menu(page):
    page.tab.locator("#tracks-menu").click()
    assert page.tab.locator("#tracks-menu-panel").is_visible()


def names(page) -> list[str]:
    return page.tab.locator(".tl-names .tl-name").all_inner_texts()


def listed(page) -> list[str]:
    items = page.tab.locator(".tm-item")
    return [items.nth(place).get_attribute("data-track") for place in range(items.count())]


def test_tracks_are_hidden_shown_and_remembered(page):
    page.open("?video=clip_even")
    usual = page.state()["tracks"]
    assert "disagreement" in usual and "fused-ribbon" not in usual
    open_menu(page)
    page.tab.locator("#track-disagreement").click()
    page.until("!s.tracks.includes('disagreement')")
    page.tab.locator("#track-fused-ribbon").click()
    wanted = page.until("s.tracks.includes('fused-ribbon')")["tracks"]
    assert wanted.index("fused-ribbon") == wanted.index("vlp-ribbon") + 1, "not where it usually stands"
    assert "fused TP FP FN" in names(page)
    page.tab.goto(page.address + "?video=clip_even")  # an address without tracks: what the browser remembers
    page.settle()
    assert page.state()["tracks"] == wanted
    open_menu(page)
    page.tab.locator("#tracks-usual").click()
    assert page.until("s.tracks.includes('disagreement')")["tracks"] == usual
    assert page.tab.locator("#tracks-usual").is_disabled()


def test_the_address_says_which_tracks(page):
    page.open("?video=clip_even")
    open_menu(page)
    page.tab.locator("#track-strip").click()
    page.until("!s.tracks.includes('strip')")
    address = page.tab.url
    assert "tracks=" in address
    page.tab.evaluate("window.localStorage.clear()")
    page.tab.goto(address)
    page.settle()
    assert "strip" not in page.state()["tracks"]


def test_arrows_and_dragging_change_the_order(page):
    page.open("?video=clip_even")
    before = page.state()["tracks"]
    open_menu(page)
    page.tab.locator("#track-truth-down").click()
    after = page.until(f"s.tracks.indexOf('truth') === {before.index('truth') + 1}")["tracks"]
    assert after.index("curves") == before.index("truth")
    page.tab.keyboard.press("Enter")  # the arrow kept the focus
    page.until(f"s.tracks.indexOf('truth') === {before.index('truth') + 2}")
    page.tab.locator("#track-truth-up").click()
    page.tab.locator("#track-truth-up").click()
    assert page.state()["tracks"] == before
    page.tab.locator("[data-track=detections] label span").drag_to(page.tab.locator("[data-track=truth]"))
    moved = page.until("s.tracks.indexOf('detections') < s.tracks.indexOf('truth')")["tracks"]
    assert moved.index("detections") == before.index("truth")
    assert page.tab.locator("#track-strip-up").is_disabled()
    tops = page.state()["plot"]["boxes"]
    assert tops["detections"]["top"] < tops["truth"]["top"]


def test_what_cannot_be_shown_says_why(page):
    page.open("?video=clip_even")
    open_menu(page)
    for track, reason in (("other-detections", "nothing is compared"), ("marks", "none yet")):
        assert page.tab.locator(f"#track-{track}").is_disabled()
        assert reason in page.tab.locator(f"[data-track={track}]").inner_text()
    assert page.tab.locator("#track-cbp-ribbon").is_enabled()
    assert set(listed(page)) >= {"strip", "truth", "curves", "cbp-map", "vlp-map", "detections", "marks"}


def test_the_menu_closes_and_gives_the_focus_back(page):
    page.open("?video=clip_even")
    panel, menu = page.tab.locator("#tracks-menu-panel"), page.tab.locator("#tracks-menu")
    page.tab.keyboard.press("t")
    assert panel.is_visible() and menu.get_attribute("aria-expanded") == "true"
    page.tab.keyboard.press(" ")  # the first switch has the focus
    page.until("!s.tracks.includes('strip')")
    page.tab.keyboard.press("Escape")
    assert not panel.is_visible() and menu.get_attribute("aria-expanded") == "false"
    assert page.tab.evaluate("document.activeElement.id") == "tracks-menu"
    page.tab.keyboard.press("Enter")
    assert panel.is_visible()
    page.tab.mouse.click(*page.spot(12.0, "curves"))
    assert not panel.is_visible()


def test_one_track_always_stays(page):
    page.open("?video=clip_even&tracks=curves")
    open_menu(page)
    page.tab.locator("#track-curves").click()
    assert page.state()["tracks"] == ["curves"]
    assert page.tab.locator("#track-curves").is_checked()


def test_hidden_tracks_stand_where_they_would_come_back(page):
    page.open("?video=clip_even")
    order = page.tab.evaluate(PURE, ["fullOrder", ["detections", "truth"]])
    everything = page.tab.evaluate(PURE, ["fullOrder", []])
    assert sorted(order) == sorted(everything)
    assert order.index("detections") < order.index("truth") < order.index("curves")
    for track in ("curves", "strip", "marks"):
        shown = page.tab.evaluate(PURE, ["switched", ["detections", "truth"], track, True])
        assert shown == [each for each in order if each in ("detections", "truth", track)]
        assert page.tab.evaluate(PURE, ["switched", shown, track, False]) == ["detections", "truth"]


def test_the_values_are_the_curves_switches(page):
    page.open("?video=clip_even")
    switch = page.tab.locator("#curve-vlp")
    assert switch.get_attribute("aria-pressed") == "true"
    switch.click()
    assert page.until("s.curves_shown.length === 2")["curves_shown"] == ["cbp", "fused"]
    assert switch.get_attribute("aria-pressed") == "false"
    assert switch.locator("b").inner_text() == "–"
    page.tab.locator("#curve-cbp").click()
    page.tab.locator("#curve-fused").click()
    assert page.state()["curves_shown"] == ["fused"], "the last one stays"
    page.tab.locator("#curve-vlp").focus()
    page.tab.keyboard.press("Enter")
    assert page.until("s.curves_shown.length === 2")["curves_shown"] == ["vlp", "fused"]


def test_the_legend_is_about_what_is_shown(page):
    page.open("?video=clip_even&tracks=curves,cbp-map")
    legend = page.tab.locator(".tl-legend")
    assert "foreground" in legend.inner_text() and "TP" not in legend.inner_text()
    page.open("?video=clip_even&tracks=truth,curves,cbp-ribbon,detections&class=HighJump&class=Diving")
    text = legend.inner_text()
    for part in ("TP action, found", "FP", "FN", "✗ wrong", "score · tIoU", "missed", "HighJump", "Diving"):
        assert part in text, text
    assert "foreground" not in text
    page.tab.set_viewport_size({"width": 480, "height": 900})
    page.tab.wait_for_timeout(300)
    assert page.tab.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
