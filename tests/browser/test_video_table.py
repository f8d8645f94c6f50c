"""The table of videos: numbers come in, sorting and filtering find videos, keys and mouse open them, of 5,000 too."""

import json
import math
import re

import pytest

pytestmark = pytest.mark.browser
OPEN = "?video=clip_even&stage=F1&sheet=videos"
DONE = "s.table.open && s.table.complete"
MANY = 5000


def column(page, name: str) -> list[str]:
    return page.tab.locator(f"#video-table .vt-row .vt-{name}").all_inner_texts()


def sort_by(page, name: str) -> str:
    page.tab.locator(f"[data-column={name}] button").click()
    return page.tab.locator(f"[data-column={name}]").get_attribute("aria-sort")


def test_the_header_opens_it_and_escape_closes_it(page):
    page.open("?video=clip_even")
    page.tab.locator("#video").click()
    page.until("s.sheet === 'videos' && s.table.open")
    assert page.tab.locator("#sheet").is_visible()
    listed = column(page, "title")
    assert sorted(listed) == ["clip_even", "clip_held_out", "clip_uneven"]
    page.tab.keyboard.press("Escape")
    page.until("s.sheet === '' && !s.table.open")
    assert page.tab.evaluate("document.activeElement.id") == "video", "the focus returns"
    page.tab.locator("#video").click()
    page.until("s.table.open")
    page.tab.locator("#table-close").click()
    page.until("!s.table.open")


def test_numbers_are_those_of_the_video(page):
    page.open(OPEN)
    state = page.until(DONE)
    assert state["table"]["total"] == 3
    row = page.tab.locator("[data-video=clip_even]")
    assert row.get_attribute("aria-current") == "true"
    missed = page.tab.evaluate("window.dcwtal.explore.answer.instances.filter(({ found }) => !found).length")
    assert row.locator(".vt-missed").inner_text() == str(missed)
    wrong = sum(row["hit"] is False for row in state["detections"])
    assert row.locator(".vt-wrong").inner_text() == str(wrong)
    assert row.locator(".vt-labels").inner_text() == "HighJump, Diving"
    assert row.locator(".vt-subset").inner_text() == "test"
    assert row.locator(".vt-duration").inner_text() == "0:24"
    assert float(row.locator(".vt-ap").inner_text()) <= 100
    pixels = "(canvas) => canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data"
    assert row.locator("canvas").evaluate(f"(canvas) => ({pixels})(canvas).some((v) => v > 0)"), (
        "no sparkline"
    )


def test_sorting_by_the_head(page):
    page.open(OPEN)
    page.until(DONE)
    assert sort_by(page, "disagreement") == "descending"
    values = [float(text) for text in column(page, "disagreement")]
    assert len(values) == 3 and values == sorted(values, reverse=True)
    assert sort_by(page, "disagreement") == "ascending"
    assert [float(text) for text in column(page, "disagreement")] == values[::-1]
    assert sort_by(page, "disagreement") == "none"
    assert sort_by(page, "ap") == "ascending", "the worst on top"
    assert sort_by(page, "title") == "ascending"
    assert column(page, "title") == ["clip_even", "clip_held_out", "clip_uneven"]


def test_filters(page):
    page.open(OPEN)
    page.until(DONE)
    page.tab.locator("#table-text").fill("golf")
    page.until("s.table.count === 1")
    assert column(page, "title") == ["clip_uneven"]
    assert page.tab.locator("#table-count").inner_text() == "1 of 3 videos"
    page.tab.locator("#table-text").fill("")
    page.tab.locator("#table-subset").select_option("validation")
    page.until("s.table.count === 1")
    assert column(page, "title") == ["clip_held_out"]
    page.tab.locator("#table-subset").select_option("")
    page.tab.locator("#table-label").select_option("Diving")
    page.until("s.table.count === 1 && s.table.first[0] === 'clip_even'")
    page.tab.locator("#table-label").select_option("")
    page.tab.locator("#table-kind").select_option("missed")
    page.until("s.table.count < 3 || s.table.count === 3")
    assert all(int(text) > 0 for text in column(page, "missed"))


def test_keys_move_and_enter_opens(page):
    page.open(OPEN)
    page.until(DONE)
    sort_by(page, "title")
    page.tab.locator("#video-table").focus()
    page.tab.keyboard.press("End")
    assert page.until("s.table.active === 'clip_uneven'")["time"] == page.state()["time"], (
        "only the choice moves"
    )
    page.tab.keyboard.press("ArrowUp")
    page.until("s.table.active === 'clip_held_out'")
    active = page.tab.locator("#video-table").get_attribute("aria-activedescendant")
    assert page.tab.locator(f"#{active}").get_attribute("data-video") == "clip_held_out"
    page.tab.keyboard.press("Enter")
    state = page.until("s.video === 'clip_held_out' && !s.table.open")
    assert state["stage"] == "F1"
    page.tab.locator("#next-video").click()
    page.until("s.video === 'clip_uneven'")
    page.tab.locator("#next-video").click()
    page.until("s.video === 'clip_even'")


def test_next_follows_the_order_of_the_table(page):
    page.open(OPEN)
    page.until(DONE)
    sort_by(page, "title")
    sort_by(page, "title")  # z to a
    page.tab.locator("[data-video=clip_uneven]").click()
    page.until("s.video === 'clip_uneven' && !s.table.open")
    page.tab.locator("#next-video").click()
    page.until("s.video === 'clip_held_out'")


def test_changed_settings_give_new_numbers(page):
    page.open(OPEN)
    page.until(DONE)
    before = column(page, "incomplete")
    page.tab.evaluate("window.dcwtal.explore.change({ stage: 'warmup' }) && null")
    page.until("s.stage === 'warmup' && !s.table.complete")
    page.until(DONE)
    assert column(page, "incomplete") != before
    assert page.tab.locator(".vt-old").count() == 0


def made_up(index: int) -> dict:
    """A row with numbers of no meaning; every tenth video has no truth."""
    number = None if index % 10 == 0 else (index * 7919) % 1000 / 1000
    spark = {
        "label": "HighJump",
        "cbp": [(index + i) % 256 for i in range(48)],
        "vlp": [i * 5 for i in range(48)],
    }
    listed = {
        "id": f"video_{index:04d}",
        "title": f"video <b>{index:04d}</b>",
        "subset": "test",
        "labels": ["HighJump"],
    }
    numbers = dict.fromkeys(["ap", "foreground_iou", "background_iou", "over_complete", "incomplete"], number)
    counts = dict.fromkeys(
        ["fragments", "merges", "deletes", "missed"], None if number is None else index % 5
    )
    rest = {
        "disagreement": (index % 97) / 97,
        "confident_share": 0.5,
        "kinds": {"background": index % 3},
        "spark": spark,
    }
    return listed | {"duration": 60.0 + index} | numbers | counts | rest


@pytest.fixture
def many(page):
    """The server's list of videos replaced by 5,000, whose numbers come in chunks."""
    listing = [made_up(index) for index in range(MANY)]
    listing[0] |= {"id": "clip_even", "title": "clip_even"}

    def videos(route):
        keys = ("id", "title", "subset", "labels", "duration")
        rows = [{key: row[key] for key in keys} | {"has_video": True, "opened": False} for row in listing]
        route.fulfill(json={"videos": rows, "notice": ""})

    def table(route):
        after = json.loads(route.request.post_data)["after"]
        rows = listing[after : after + 1700]
        route.fulfill(json={"done": after + len(rows), "total": MANY, "rows": rows})

    page.tab.route(re.compile(r"/runs/run/videos$"), videos)
    page.tab.route(re.compile(r"/runs/run/table$"), table)
    return listing


def test_five_thousand_videos(page, many):
    page.open("?run=run&video=clip_even&sheet=videos")
    state = page.until(DONE)
    assert (state["table"]["count"], state["table"]["total"]) == (MANY, MANY)
    assert page.tab.locator(".vt-row").count() < 60, "only rows in view exist"
    assert page.tab.locator(".vt-title", has_text="<b>0003</b>").count() == 1, "names are text"
    for name, down in (("ap", False), ("disagreement", True)):
        # Best of three clicks: the machine has other work to do as well.
        took = page.tab.evaluate(
            f"""(() => {{ const head = document.querySelector('[data-column={name}] button');
            return Math.min(...[1, 2, 3].map(() => {{ const begin = performance.now(); head.click();
            document.body.offsetHeight; return performance.now() - begin; }})); }})()"""
        )
        assert took < 100, f"sorting took {took:.0f} ms"
        sort_by(page, name)
        values = [row[name] for row in many]
        known = sorted((value for value in values if value is not None), reverse=down)
        text = "{:.1f}" if name == "ap" else "{:.2f}"
        scale = 100 if name == "ap" else 1
        shown = page.tab.locator(f"#vt-row-0 .vt-{name}").inner_text()
        assert shown == text.format(known[0] * scale)
    for share in (0.25, 0.5, 1.0):
        # The page's own work from one place to another, without the wait for the next refresh of a busy screen.
        took = page.tab.evaluate(
            f"""(() => {{ const rows = document.querySelector('.vt-rows');
            return Math.min(...[0.1, {share}, 0.6, {share}].map((at) => {{ const begin = performance.now();
            rows.scrollTop = at * rows.scrollHeight; rows.dispatchEvent(new Event('scroll'));
            document.body.offsetHeight; return performance.now() - begin; }})); }})()"""
        )
        assert took < 100, f"scrolling took {took:.0f} ms"
        first, last = (
            int(
                page.tab.evaluate(
                    f"Math.{way}(...[...document.querySelectorAll('.vt-row')].map((row) => row.index))"
                )
            )
            for way in ("min", "max")
        )
        top, height, view = page.tab.evaluate(
            "(({ scrollTop, clientHeight }) => [scrollTop, 26, clientHeight])(document.querySelector('.vt-rows'))"
        )
        assert first <= top // height and last >= min(MANY, math.ceil((top + view) / height)) - 1
    page.tab.locator("#video-table").focus()
    page.tab.keyboard.press("End")
    assert page.state()["table"]["active"] == page.tab.locator(f"#vt-row-{MANY - 1}").get_attribute(
        "data-video"
    )


def test_what_has_no_number_comes_last_either_way(page, many):
    page.open("?run=run&video=clip_even&sheet=videos")
    page.until(DONE)
    for _ in range(2):
        sort_by(page, "ap")
        page.tab.locator("#video-table").focus()
        page.tab.keyboard.press("End")
        assert page.tab.locator(f"#vt-row-{MANY - 1} .vt-ap").inner_text() == "–"


def test_a_narrow_page_shows_fewer_columns(page):
    page.tab.set_viewport_size({"width": 900, "height": 1200})
    try:
        page.open(OPEN)
        page.until(DONE)
        assert page.tab.locator("#vt-row-0 .vt-ap").is_visible()
        assert not page.tab.locator("#vt-row-0 .vt-subset").is_visible()
        assert page.tab.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    finally:
        page.tab.set_viewport_size({"width": 1440, "height": 900})
