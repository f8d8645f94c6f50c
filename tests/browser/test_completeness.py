"""The coverage × purity plane: its points are the detections, a click leads to them; the table says the same."""

import pytest

pytestmark = pytest.mark.browser
OPEN = "?video=clip_even&stage=F1&panel=completeness"
READY = "s.panel_state && !s.panel_state.waiting && s.panel_state.points"


def test_points_are_the_detections_and_lie_where_they_should(page):
    page.open(OPEN)
    state = page.until(f"{READY}.length > 0")
    points = state["panel_state"]["points"]
    drawn = {(row["label"], round(row["start"], 3)): row for row in state["detections"]}
    own = [point for point in points if point["branch"] == state["source"]]
    assert len(own) == len([row for row in drawn.values() if row["tiou"] > 0])
    for point in own:
        row = drawn[point["label"], round(point["start"], 3)]
        assert point["coverage"] == pytest.approx(row["coverage"], abs=1e-4)
        assert point["purity"] == pytest.approx(row["purity"], abs=1e-4)
    for point in points:
        identity = 1 / (1 / point["coverage"] + 1 / point["purity"] - 1)
        assert point["tiou"] == pytest.approx(identity, abs=1e-3)
    assert {point["branch"] for point in points} == {"cbp", "vlp", "fused"}


def test_curves_of_equal_tiou(page, studio):
    page.open(OPEN)
    url = page.tab.evaluate(
        "performance.getEntriesByType('resource').find(({ name }) => name.endsWith('plane_chart.js')).name"
    )
    for tiou, coverage in [(0.1, 0.1), (0.5, 0.75), (0.9, 1.0), (0.3, 0.6)]:
        purity = page.tab.evaluate(f"import('{url}').then((m) => m.purityAt({tiou}, {coverage}))")
        assert 1 / (1 / coverage + 1 / purity - 1) == pytest.approx(tiou)


def test_a_click_on_a_point_selects_and_seeks(page):
    page.open(OPEN)
    state = page.until(f"{READY}.some((p) => p.branch === 'cbp' && p.label === 'HighJump')")
    points = state["panel_state"]["points"]
    own = [point for point in points if point["branch"] == "cbp"]
    # One that no other point hides.
    target = max(
        own, key=lambda p: min(abs(p["x"] - q["x"]) + abs(p["y"] - q["y"]) for q in points if q is not p)
    )
    box = page.tab.locator("#plane").bounding_box()
    page.tab.mouse.move(box["x"] + target["x"], box["y"] + target["y"])
    assert f"coverage {100 * target['coverage']:.0f} %" in page.tab.locator("#plane-tip").inner_text()
    page.tab.mouse.down()
    page.tab.mouse.up()
    state = page.until("s.selected && !s.seeking")
    assert state["selected"]["start"] == pytest.approx(target["start"])
    assert state["time"] == pytest.approx(target["start"], abs=0.05)
    assert state["panel"] == "completeness"
    page.tab.go_back()
    page.until("!s.selected")


def test_points_of_another_branch_offer_its_detections(page):
    page.open(OPEN)
    page.until(f"{READY}.length > 0")
    for name in ("cbp", "fused"):
        page.tab.locator(f"#plane-branches input[value={name}]").uncheck()
    state = page.until(f"{READY}.every((p) => p.branch === 'vlp')")
    page.tab.locator("#plane").focus()
    page.tab.keyboard.press("ArrowRight")  # from the worst point on
    assert page.tab.locator("#plane-tip").inner_text().startswith("VLP")
    page.tab.keyboard.press("Enter")
    worst = min(state["panel_state"]["points"], key=lambda point: point["tiou"])
    page.until("s.selected && !s.seeking")
    page.tab.locator("#plane-branch").click()
    state = page.until("s.source === 'vlp' && s.fresh")
    assert any(abs(row["start"] - worst["start"]) < 1e-3 for row in state["detections"])


def test_all_videos_and_a_click_opens_another(page):
    page.open(OPEN)
    page.until(f"{READY}.length > 0")
    page.tab.locator("#plane-scope label", has_text="all videos").click()
    state = page.until(f"{READY}.some((p) => p.video === 'clip_uneven')")
    assert {point["video"] for point in state["panel_state"]["points"]} == {"clip_even", "clip_uneven"}
    page.tab.locator("#plane-class").select_option("GolfSwing")
    state = page.until(f"{READY}.every((p) => p.label === 'GolfSwing')")
    assert "GolfSwing" in page.tab.locator("#completeness-table").inner_text()
    assert "HighJump" not in page.tab.locator("#completeness-table").inner_text()
    target = state["panel_state"]["points"][0]
    page.tab.locator("#plane").click(position={"x": target["x"], "y": target["y"]})
    state = page.until("s.video === 'clip_uneven' && s.selected")
    assert state["class"] == "GolfSwing"


def test_the_table_says_what_the_points_say(page):
    page.open(OPEN)
    points = page.until(f"{READY}.length > 0")["panel_state"]["points"]
    rows = page.tab.locator("#completeness-table tr.tl-cbp").all()
    labels = page.tab.locator("#completeness-table .cp-class").all_inner_texts()
    place = next(i for i, text in enumerate(labels) if text.startswith("HighJump"))
    assert labels[place] == "HighJump (3 instances)"
    cells = rows[place].locator("td").all_inner_texts()
    own = [point for point in points if point["branch"] == "cbp" and point["label"] == "HighJump"]
    for cell, key in ((cells[0], "coverage"), (cells[1], "purity")):
        assert float(cell) == pytest.approx(100 * sum(point[key] for point in own) / len(own), abs=0.51)


def test_nothing_is_asked_while_the_panel_is_not_looked_at(page):
    asked = []
    page.tab.on("request", lambda request: request.url.endswith("/plane") and asked.append(request.url))
    page.open("?video=clip_even")
    page.tab.locator("#stage label", has_text="F1").click()
    page.until("s.stage === 'F1'")
    page.tab.wait_for_timeout(600)
    assert asked == []
    page.tab.locator("#tab-completeness").click()
    page.until(f"{READY}.length > 0")
    assert len(asked) == 1
    # A burst of changes is one question.
    for value in (0.41, 0.42, 0.43, 0.44):
        page.tab.evaluate(f"window.dcwtal.explore.changeSetting('theta_loc', {value}) && null")
    page.until("s.panel_state && s.panel_state.waiting")
    page.until(f"{READY}.length > 0 && s.fresh")
    assert len(asked) == 2
