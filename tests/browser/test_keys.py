"""The keys and their help: one table for both; nothing is taken from whoever types."""

import pytest

pytestmark = pytest.mark.browser


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
