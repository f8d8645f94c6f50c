"""The panel about the video: rates, counts and classes are those of the answer, beside their protocol."""

import re

import pytest
from synthetic_run import STAGES, TRUTH, make_scores

pytestmark = pytest.mark.browser

COLUMNS = (
    "true_positive_rate",
    "true_negative_rate",
    "foreground_iou",
    "background_iou",
    "confident_share",
)


def rates_shown(page, branch: str) -> list[str]:
    return page.tab.locator(f".vp .vp-rates .tl-{branch} td").all_inner_texts()


def test_rates_are_those_of_stage_and_thresholds(page):
    page.open("?video=clip_even")
    before = {}
    for change in ("", "F1"):
        if change:
            page.tab.evaluate("window.dcwtal.explore.change({stage: 'F1', rules: {high: 0.6}})")
            page.until("s.stage === 'F1' && s.fresh")
        rates = page.tab.evaluate("window.dcwtal.explore.answer.rates.HighJump")
        for branch in ("cbp", "vlp", "fused"):
            expected = [100 * rates[branch][key] for key in COLUMNS]
            assert [float(text) for text in rates_shown(page, branch)] == pytest.approx(expected, abs=0.051)
        assert rates_shown(page, "cbp") != before
        before = rates_shown(page, "cbp")
    now = page.tab.locator(".vp-history thead .vp-now").inner_text()
    assert now == "F1"
    assert "0.3" in page.tab.locator(".vp-history caption").inner_text(), "whose thresholds is not said"


def test_true_positive_rate_is_that_of_counting_snippets(page):
    """Independent of the evaluation: frames every hundredth of a second, asked one by one."""
    page.open("?video=clip_uneven")
    scores = make_scores("clip_uneven")
    curve = scores.class_scores["cbp"][STAGES.index("F2"), :, scores.classes.index("GolfSwing")]
    hits = [
        curve[int((start + 0.01 * k) / scores.grid.step)] >= 0.3
        for _, start, end in TRUTH["clip_uneven"]
        for k in range(int((end - start) / 0.01))
    ]
    shown = float(rates_shown(page, "cbp")[0])
    assert shown == pytest.approx(100 * sum(hits) / len(hits), abs=8)  # a snippet at each border


def test_counts_and_classes_follow_the_settings(page):
    page.open("?video=clip_even")
    answer = page.tab.evaluate("window.dcwtal.explore.answer")
    counts = answer["counts"]["HighJump"]
    line = page.tab.locator(".vp-counts")
    assert f"✓ {counts['hits']} found" in line.inner_text()
    assert f"{counts['missed']} missed" in line.inner_text()
    assert f"AP {100 * answer['ap']['HighJump']:.1f}" in line.inner_text()
    chosen = [one["label"] for one in answer["classes"] if one["chosen"]]
    assert page.tab.locator(".vp-classes .vp-chosen th").all_inner_texts() == chosen
    page.tab.evaluate("window.dcwtal.explore.change({tiou: 0.95})")
    page.until("s.answered.tiou === 0.95")
    found = int(re.search(r"✓ (\d+)", line.inner_text())[1])
    assert found < counts["hits"]
    page.tab.evaluate("window.dcwtal.explore.changeSetting('theta_cls', 0)")
    page.until("s.answered.settings.theta_cls === 0")
    assert len(page.tab.locator(".vp-classes .vp-chosen th").all_inner_texts()) > len(chosen)


def test_a_class_that_is_not_in_the_video_has_no_rates(page):
    page.open("?video=clip_even&class=GolfSwing")
    assert "There is no GolfSwing in this video" in page.tab.locator(".vp").inner_text()
    assert page.tab.locator(".vp-rates").count() == 0


def test_the_protocol_stands_beside_the_numbers(page):
    page.open("?video=clip_held_out")
    text = page.tab.locator(".vp").inner_text()
    assert "validation split (1 videos)" in text
    assert "F2 = best on held-out videos" in text
    box = page.tab.locator(".vp").bounding_box()
    assert page.tab.evaluate("document.querySelector('.ex-panel').scrollWidth") <= box["width"] + 12
