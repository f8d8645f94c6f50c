"""δ_h, δ_l and θ_loc are lines on the curves: dragged, moved by keys, taken back."""

import numpy as np
import pytest
from synthetic_run import make_scores
from ternary_by_hand import expected_runs

pytestmark = pytest.mark.browser


def test_thresholds_are_dragged_on_the_curve(page):
    page.open("?video=clip_even")
    before = page.state()
    box = page.tab.locator("#rule-high span").bounding_box()
    page.tab.mouse.move(box["x"] + 8, box["y"] + 8)
    page.tab.mouse.down()
    for step in range(12):
        page.tab.mouse.move(box["x"] + 8, box["y"] + 8 - 9 * step)
    page.tab.mouse.up()
    state = page.until(f"s.thresholds.high > {before['thresholds']['high']} + 0.2")
    high = state["thresholds"]["high"]
    stored = make_scores("clip_even")
    curve = stored.at("F2", "cbp").of_class("HighJump")
    np.testing.assert_allclose(
        state["ternary"]["cbp"], expected_runs(curve, stored.grid.edges, high=high), atol=1e-9
    )
    page.tab.wait_for_function("(text) => location.search.includes(text)", arg=f"high={high:g}")
    page.tab.locator("#rule-high").focus()
    page.tab.keyboard.press("ArrowDown")
    assert page.until("s.ready")["thresholds"]["high"] == pytest.approx(high - 0.01)
    page.tab.locator("#rule-high span").dblclick()
    assert page.until("s.thresholds.high === 0.3")["ternary"] == before["ternary"]
    page.tab.locator("#rule-low").focus()
    for _ in range(30):
        page.tab.keyboard.press("ArrowUp")
    assert page.state()["thresholds"]["low"] == pytest.approx(0.29), "δl went past δh"


def test_the_line_itself_can_be_dragged_and_a_click_on_it_means_the_time_there(page):
    page.open("?video=clip_even&t=3")
    x, _ = page.spot(15.0)
    line = page.tab.locator("#rule-theta_loc").bounding_box()
    y = line["y"] + line["height"] / 2
    page.tab.mouse.click(x, y)
    page.settle()
    state = page.state()
    assert state["time"] == pytest.approx(15.0, abs=0.1) and state["changed"] == {}
    page.tab.mouse.move(x, y)
    page.tab.mouse.down()
    page.tab.mouse.move(x, y - 60, steps=5)
    page.tab.mouse.up()
    state = page.until("s.changed.theta_loc > 0.5")
    assert state["time"] == pytest.approx(15.0, abs=0.1), "the drag moved the playhead"


def test_back_takes_a_drag_back_as_one_step(page):
    page.open("?video=clip_even")
    page.tab.locator("#rule-theta_loc").focus()
    for _ in range(6):
        page.tab.keyboard.press("ArrowUp")
    page.until("Math.abs(s.thresholds.theta_loc - 0.51) < 1e-9")
    page.tab.wait_for_timeout(1200)
    page.tab.locator("#rule-high").focus()
    page.tab.keyboard.press("ArrowUp")
    page.until("s.thresholds.high > 0.3")
    page.tab.go_back()
    state = page.until("s.thresholds.high === 0.3")
    assert state["thresholds"]["theta_loc"] == pytest.approx(0.51)
    page.tab.go_back()
    assert page.until("s.thresholds.theta_loc === 0.45")["video"] == "clip_even"


def test_dragging_theta_loc_changes_the_intervals(page):
    page.open("?video=clip_even")
    before = {(d["start"], d["end"]) for d in page.state()["detections"] if d["label"] == "HighJump"}
    page.tab.locator("#rule-theta_loc").focus()
    for _ in range(8):
        page.tab.keyboard.press("Shift+ArrowUp")
    state = page.until("s.answered.settings.theta_loc > 0.8")
    after = {(d["start"], d["end"]) for d in state["detections"] if d["label"] == "HighJump"}
    assert sum(e - s for s, e in after) < sum(e - s for s, e in before)
    assert state["changed"] == {"theta_loc": 0.85}
