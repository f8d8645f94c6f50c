"""What the page says about a detection or a missed instance, by hover, click and keys; a suggested change works."""

import pytest

pytestmark = pytest.mark.browser
# At this stage of the made-up run CBP sees only the peaks: all is missed, three detections are badly placed.
BAD = "?video=clip_even&stage=warmup"


def middle(row: dict) -> float:
    return (row["start"] + row["end"]) / 2


def lay(detection: dict, instance: dict) -> dict[str, float]:
    """tIoU, coverage and purity from the definitions."""
    shared = min(detection["end"], instance["end"]) - max(detection["start"], instance["start"])
    long, own = instance["end"] - instance["start"], detection["end"] - detection["start"]
    return {"tiou": shared / (long + own - shared), "coverage": shared / long, "purity": shared / own}


def facts(page, selector: str) -> dict[str, str]:
    names = page.tab.locator(f"{selector} dt").all_inner_texts()
    return dict(zip(names, page.tab.locator(f"{selector} dd").all_inner_texts(), strict=True))


def hover(page, seconds: float, lane: str) -> None:
    x, y = page.spot(seconds, lane)
    box = page.state()["plot"]["boxes"][lane]
    page.tab.mouse.move(x, y - box["height"] / 2 + 9)  # the first row of the lane


def click(page, seconds: float, lane: str) -> None:
    hover(page, seconds, lane)
    page.tab.mouse.down()
    page.tab.mouse.up()


def test_hovering_a_detection_tells_its_facts(page):
    page.open(BAD)
    state = page.state()
    row = min(state["detections"], key=lambda row: row["start"])
    instance = state["truth"][0]
    hover(page, middle(row), "detections")
    card = page.tab.locator("#hover-card")
    assert card.is_visible()
    assert "HighJump" in card.inner_text() and "badly placed" in card.inner_text()
    told, expected = facts(page, "#hover-card"), lay(row, instance)
    assert told["tIoU"] == f"{expected['tiou']:.2f}"
    assert told["coverage"] == f"{100 * expected['coverage']:.0f} %"
    assert told["purity"] == f"{100 * expected['purity']:.0f} %"
    late, early = row["start"] - instance["start"], instance["end"] - row["end"]
    assert late > 0.05 and early > 0.05
    assert told["boundaries"] == f"starts {late:.1f} s late, ends {early:.1f} s early"
    assert told["score"] == f"{row['score']:.3f}"
    hover(page, 0.5, "detections")
    assert not card.is_visible()


def test_the_card_never_takes_the_mouse_and_stays_on_the_page(page):
    page.open(BAD)
    row = max(page.state()["detections"], key=lambda row: row["start"])
    hover(page, middle(row), "detections")
    box = page.tab.locator("#hover-card").bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 1440
    assert box["y"] >= 0 and box["y"] + box["height"] <= 900
    assert (
        page.tab.locator("#hover-card").evaluate("(card) => getComputedStyle(card).pointerEvents") == "none"
    )


def test_clicking_an_error_opens_why_from_the_video_panel_only(page):
    page.open(BAD)
    row = min(page.state()["detections"], key=lambda row: row["start"])
    click(page, middle(row), "detections")
    state = page.until("s.panel === 'why' && s.selected")
    assert state["selected"]["kind"] == "detection"
    assert facts(page, ".ex-why")["tIoU"] == f"{lay(row, state['truth'][0])['tiou']:.2f}"
    assert page.tab.locator(".ex-why svg").count() == 1
    page.tab.locator("#tab-what-if").click()
    page.until("s.panel === 'what-if'")
    other = max(state["detections"], key=lambda row: row["start"])
    click(page, middle(other), "detections")
    state = page.until(f"Math.abs(s.selected.start - {other['start']}) < 1e-6")
    assert state["panel"] == "what-if", "people at work are not moved away"


def test_a_right_detection_does_not_move_the_panel(page):
    page.open("?video=clip_even")
    row = page.state()["detections"][0]
    assert row["hit"] is True
    click(page, middle(row), "detections")
    assert page.until("s.selected")["panel"] == "video"
    page.tab.locator("#tab-why").click()
    assert "right" in page.tab.locator(".ex-why h2").inner_text()


def test_a_missed_instance_says_why_and_a_change_finds_it(page):
    page.open(BAD)
    click(page, 2.4, "truth")  # inside the instance, off the detection
    page.until("s.panel === 'why' && s.selected && s.selected.kind === 'instance'")
    reason = page.tab.locator("#why-reason")
    reason.locator(".wy-change").first.wait_for()
    assert "undiscovered" in reason.inner_text() and "incomplete" in reason.inner_text()
    change = reason.locator(".wy-change[data-key=theta_loc]")
    assert "θ_loc" in change.inner_text() and "finds +1" in change.inner_text()
    change.click()
    state = page.until("s.changed.theta_loc !== undefined && s.fresh")
    page.tab.locator(".ex-why h2", has_text="found").wait_for()
    best = max(lay(row, state["truth"][0])["tiou"] for row in state["detections"])
    assert best >= 0.5, "the instance is really found"
    page.tab.locator("#why-undo").click()
    assert page.until("s.changed.theta_loc === undefined && s.fresh")["settings"]["theta_loc"] == 0.45
    page.tab.locator(".ex-why h2", has_text="missed").wait_for()
    assert page.tab.locator("#why-undo").count() == 0


def test_another_class_that_is_not_chosen_is_called_missed_class(page):
    page.open(BAD + "&panel=why")
    page.tab.locator("#why-missed button", has_text="Diving").click()
    state = page.until("s.classes[0] === 'Diving'")
    assert state["time"] == pytest.approx(14.2, abs=0.1)
    page.tab.locator("#why-reason .wy-word").wait_for()
    assert "class missed" in page.tab.locator("#why-reason").inner_text()


def test_the_list_of_errors(page):
    page.open(BAD + "&panel=why")
    state = page.state()
    assert page.tab.locator("#why-missed button").count() == len(state["truth"])
    wrong = [row for row in state["detections"] if row["hit"] is False]
    assert page.tab.locator("#why-wrong button").count() == len(wrong) == 3
    page.tab.locator("#why-wrong button").nth(1).focus()
    page.tab.keyboard.press("Enter")
    chosen = sorted(wrong, key=lambda row: -row["score"])[1]
    state = page.until("s.selected && !s.seeking")
    assert state["selected"]["start"] == pytest.approx(chosen["start"])
    assert state["time"] == pytest.approx(chosen["start"], abs=0.05)
    page.tab.locator("#why-back").click()
    assert page.until("!s.selected")["panel"] == "why"


def test_without_errors_the_panel_says_what_to_do(page):
    page.open("?video=clip_even&panel=why")
    text = page.tab.locator(".ex-why").inner_text()
    assert "Nothing is wrong" in text and "Click" in text


def test_a_detection_that_is_gone_is_said_to_be(page):
    page.open(BAD)
    row = min(page.state()["detections"], key=lambda row: row["start"])
    click(page, middle(row), "detections")
    page.until("s.selected")
    page.tab.locator("#stage label", has_text="F2").click()
    page.until("s.stage === 'F2'")
    page.tab.locator(".ex-why .wy-note", has_text="no such detection any more").wait_for()


@pytest.mark.parametrize(
    ("searched", "sentence"),
    [
        ("all", "None of the settings tried finds it."),
        ("part", "The search was stopped after 0.7 s; none found so far."),
        ("none", "No setting can find it."),
    ],
)
def test_without_changes_the_panel_says_how_much_was_tried(page, searched, sentence):
    reply = {"reason": "out-ranked", "text": "It is.", "changes": [], "searched": searched, "seconds": 0.7}
    page.tab.route("**/videos/clip_even/why", lambda route: route.fulfill(json=reply))
    page.open(BAD + "&panel=why")
    page.tab.locator("#why-missed button").first.click()
    page.tab.locator("#why-reason .wy-word").wait_for()
    assert page.tab.locator("#why-reason .wy-note").inner_text() == sentence
