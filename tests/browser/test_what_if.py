"""What-if: controls change intervals and data-set numbers, which are those of the numbers route; reset, pin, copy."""

import json
import re

import pytest
from shown_numbers import answer_of, expected_row, row, settle_numbers

pytestmark = pytest.mark.browser

TIOUS = ("0.1", "0.2", "0.3", "0.4", "0.5", "0.6", "0.7")


def test_numbers_are_those_of_the_route_and_follow_a_slider(page):
    page.open("?video=clip_even&panel=what-if")
    settle_numbers(page)
    own = answer_of(page, "numbers", {"subset": "test"})
    assert row(page, "nv-now") == expected_row(own)
    assert row(page, "nv-trivial")[: len(TIOUS)] == [f"{100 * value:.1f}" for value in own["trivial"]["map"]]
    before = page.state()["detections"]
    slider = page.tab.locator("#set-theta_loc-range").bounding_box()
    middle = slider["y"] + slider["height"] / 2
    page.tab.mouse.move(slider["x"] + 0.45 * slider["width"], middle)
    page.tab.mouse.down()
    for share in (0.5, 0.6, 0.7, 0.8):
        page.tab.mouse.move(slider["x"] + share * slider["width"], middle)
    page.tab.mouse.up()
    state = page.until("s.changed.theta_loc > 0.7 && s.answered.settings.theta_loc === s.changed.theta_loc")
    ends = [(d["start"], d["end"]) for d in state["detections"]]
    assert ends != [(d["start"], d["end"]) for d in before]
    settle_numbers(page)
    asked = answer_of(page, "numbers", {"subset": "test", "settings": state["changed"]})
    assert row(page, "nv-now") == expected_row(asked) != expected_row(own)
    assert row(page, "nv-now")[0] != "–"
    changes = [
        100 * (new - old)
        for new, old in zip(
            [*asked["map"], *asked["average"].values()],
            [*own["map"], *own["average"].values()],
            strict=True,
        )
    ]
    shown = [float(text.replace("−", "-")) for text in row(page, "nv-change")]
    assert shown == pytest.approx(changes, abs=0.051)


def test_dragging_the_line_on_the_curve_moves_the_same_setting_and_the_rates(page):
    page.open("?video=clip_even&panel=what-if")
    settle_numbers(page)
    rates = page.tab.locator(".ex-what-if .nv-rates")
    before = rates.inner_text()
    line = page.tab.locator("#rule-high span").bounding_box()
    page.tab.mouse.move(line["x"] + 10, line["y"] + 8)
    page.tab.mouse.down()
    page.tab.mouse.move(line["x"] + 10, line["y"] - 40, steps=4)
    page.tab.mouse.up()
    state = page.until("s.thresholds.high > 0.35")
    assert float(page.tab.locator("#rule-high-field input[type=number]").input_value()) == pytest.approx(
        state["thresholds"]["high"]
    )
    settle_numbers(page)
    assert rates.inner_text() != before
    body = {"subset": "test", "rules": {"high": state["thresholds"]["high"], "low": 0.1}}
    expected = answer_of(page, "numbers", body)["rates"]
    for branch in ("cbp", "vlp", "fused"):
        shown = page.tab.locator(f".ex-what-if .nv-rates .tl-{branch} td").all_inner_texts()
        found = [f"{100 * value:.1f}" for value in expected[branch].values()]
        assert [re.match(r"[\d.]+", text)[0] for text in shown] == found


def test_nothing_is_asked_while_nothing_changes_and_a_drag_asks_once(page):
    asked = []
    page.tab.on("request", lambda request: request.url.endswith("/numbers") and asked.append(request.url))
    page.open("?video=clip_even&panel=what-if")
    settle_numbers(page)
    page.tab.locator("#set-theta_loc-range").focus()
    asked.clear()
    page.tab.keyboard.press("ArrowRight")
    # Steps of one drag: at a busy moment real keys may lie further apart than the page waits.
    page.tab.evaluate(
        "for (let i = 1; i < 6; i++) window.dcwtal.explore.changeSetting('theta_loc', 0.5 + 0.01 * i);"
    )
    settle_numbers(page)
    page.tab.wait_for_timeout(400)
    assert len(asked) <= 2, "a question for each step of a drag"
    asked.clear()
    page.tab.mouse.click(*page.spot(12.0))
    page.settle()
    page.tab.locator("#reset-all").click()
    settle_numbers(page)
    assert asked == [], "numbers that were known were asked for again"


def test_one_setting_and_all_settings_go_back_to_the_runs_own(page):
    page.open("?video=clip_even&panel=what-if&set=theta_loc=0.7&set=sigma=0.5&high=0.6&tiou=0.3")
    assert page.tab.locator("#reset-all").inner_text() == "Reset all (4)"
    assert page.tab.locator("#what-if-suppression").evaluate("node => node.open"), (
        "a changed setting is hidden"
    )
    page.tab.locator("#set-theta_loc .dcw-reset").click()
    state = page.until("!('theta_loc' in s.changed)")
    assert state["changed"] == {"sigma": 0.5}
    page.tab.locator("#reset-all").click()
    state = page.until("!Object.keys(s.changed).length && s.thresholds.high === 0.3")
    assert page.state()["answered"]["tiou"] == 0.5
    assert page.tab.locator("#reset-all").is_disabled()
    assert "set=" not in page.tab.url
    page.tab.go_back()
    page.until("s.changed.theta_loc === undefined && s.changed.sigma === 0.5")


def test_pinned_settings_become_what_is_compared_with(page):
    page.open("?video=clip_even&panel=what-if&set=theta_loc=0.88")
    settle_numbers(page)
    pinned = row(page, "nv-now")
    assert row(page, "nv-before") == expected_row(answer_of(page, "numbers", {"subset": "test"}))
    page.tab.locator("#pin-before").click()
    settle_numbers(page)
    assert row(page, "nv-before") == pinned
    assert "pinned" in page.tab.locator(".ex-what-if .nv-state").inner_text()
    page.tab.locator("#source label", has_text="VLP").click()
    page.until("s.source === 'vlp'")
    settle_numbers(page)
    assert row(page, "nv-before") == pinned != row(page, "nv-now")
    page.tab.locator("#pin-before").click()
    settle_numbers(page)
    assert row(page, "nv-before") != pinned


def test_copied_text_holds_the_exact_settings(page, context):
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=page.address.rstrip("/"))
    page.open("?video=clip_even&panel=what-if&set=theta_loc=0.37&set=closing_gap=0.4&set=mode=paper")
    page.tab.locator("#copy-as-settings").click()
    page.tab.wait_for_function("document.querySelector('#copy-command').textContent.includes('theta_loc')")
    settings = {"theta_loc": 0.37, "closing_gap": 0.4}
    expected = answer_of(page, "settings-text", {"stage": "F2", "settings": settings, "subset": "test"})
    for name in ("command", "toml"):
        page.tab.locator(f"#copy-{name}-button").click()
        page.tab.wait_for_function("document.querySelector('.wi-said').textContent === 'copied'")
        copied = page.tab.evaluate("navigator.clipboard.readText()")
        assert copied == expected[name].rstrip()
        assert "0.37" in copied and "0.4" in copied
    page.tab.locator("#set-theta_loc input[type=number]").fill("0.38")
    page.tab.keyboard.press("Enter")
    page.tab.wait_for_function("document.querySelector('#copy-command').textContent.includes('0.38')")


def test_every_kind_of_field_changes_its_setting_by_keyboard(page):
    page.open("?video=clip_even&panel=what-if")
    page.tab.locator("#mode input[value=paper]").focus()
    page.tab.keyboard.press("ArrowRight")
    page.until("s.mode === 'peer'")
    assert "no effect: only with mode paper" in page.tab.locator("#set-theta_loc").inner_text()
    thresholds = page.tab.locator("#set-theta_list-input")
    thresholds.fill("0.5, 0.2")
    page.tab.keyboard.press("Enter")
    assert thresholds.get_attribute("aria-invalid") == "true"
    thresholds.fill("0.2, 0.5")
    page.tab.keyboard.press("Enter")
    page.until("s.changed.theta_list && s.changed.theta_list.join() === '0.2,0.5'")
    for group in ("classes", "score", "suppression"):
        page.tab.locator(f"#what-if-{group} summary").click()
    page.tab.locator("#set-relative_cls .wi-optional").click()
    page.until("s.changed.relative_cls === 0.5")
    page.tab.locator("#set-relative_cls .wi-optional").click()
    page.until("!('relative_cls' in s.changed)")
    page.tab.locator("#set-outer_inner_gamma input[type=number]").focus()
    for _ in range(3):  # with the Tab key, else Space would go to the video
        page.tab.keyboard.press("Tab")
        if page.tab.evaluate("document.activeElement.id") == "set-multiply_video_score-input":
            break
    page.tab.keyboard.press(" ")
    page.until("s.changed.multiply_video_score === true")
    page.tab.locator("#set-class_scores_stage-input").select_option("warmup")
    page.until("s.changed.class_scores_stage === 'warmup'")
    page.tab.locator("#set-nms-input").select_option("hard")
    page.until("s.changed.nms === 'hard'")
    assert "no effect" in page.tab.locator("#set-sigma").inner_text()
    page.tab.locator("#set-min_score-range").focus()
    page.tab.keyboard.press("ArrowRight")
    assert page.until("s.changed.min_score > 0")["changed"]["min_score"] == pytest.approx(0.002)
    state = page.state()
    page.tab.wait_for_function("location.search.includes('min_score')")
    page.tab.reload()
    page.settle()
    assert page.state()["changed"] == state["changed"], "the address lost a setting"


def test_the_other_subset_has_its_own_numbers(page):
    page.open("?video=clip_even&panel=what-if")
    settle_numbers(page)
    page.tab.locator("#numbers-subset label", has_text="validation").click()
    settle_numbers(page)
    assert "validation split, 1 videos" in page.tab.locator(".ex-what-if .nv-protocol").inner_text()
    assert row(page, "nv-now") == expected_row(answer_of(page, "numbers", {"subset": "validation"}))


def test_help_stands_where_it_is_asked_for(page):
    page.open("?panel=what-if")
    help_line = page.tab.locator("#set-theta_loc .dcw-help")
    assert not help_line.is_visible()
    page.tab.locator("#explain-settings").click()
    assert help_line.is_visible()
    assert "foreground" in help_line.inner_text()


def test_while_scores_are_read_their_progress_is_shown(page):
    answers = [{"loading": {"done": 3, "total": 12}}] * 3

    def reading(route):
        if answers:
            route.fulfill(status=202, content_type="application/json", body=json.dumps(answers.pop()))
        else:
            route.continue_()

    page.tab.route("**/runs/run/numbers", reading)
    page.open("?video=clip_even&panel=what-if")
    state = page.tab.locator(".ex-what-if .nv-state")
    page.tab.wait_for_function(
        "document.querySelector('.ex-what-if .nv-state').textContent.includes('3 of 12')"
    )
    assert page.tab.locator(".ex-what-if .nv-bar").is_visible()
    settle_numbers(page)
    assert "reading" not in state.inner_text()
    assert not page.tab.locator(".ex-what-if .nv-bar").is_visible()


def test_a_data_set_without_truth_has_settings_but_no_map(page):
    def without(route):
        reply = route.fetch()
        nothing = {
            "map": [None] * len(TIOUS),
            "average": {},
            "per_class": {},
            "rates": {},
            "trivial": {"note": "x"},
        }
        route.fulfill(
            response=reply, body=json.dumps(reply.json() | nothing | {"note": "no truth <b>here</b>"})
        )

    page.tab.route("**/runs/run/numbers", without)
    page.open("?video=clip_even&panel=what-if")
    settle_numbers(page)
    assert row(page, "nv-now") == ["–"] * len(TIOUS)
    assert "no truth <b>here</b>" in page.tab.locator(".ex-what-if .nv-protocol").inner_text()
    page.tab.locator("#mode label", has_text="peer").click()
    page.until("s.mode === 'peer'")
    settle_numbers(page)
