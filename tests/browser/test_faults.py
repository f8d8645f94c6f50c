"""Data that is odd, broken, tiny or huge: each is answered in the page, and the rest keeps working."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scored_run import random_scores, random_truth, write_run
from studio_page import StudioPage, quiet_page
from studio_server import served_studio

from dcwtal.core.class_names import ClassNames
from dcwtal.core.timegrid import TimeGrid
from dcwtal.data.score_store import VideoScores

pytestmark = pytest.mark.browser

HOSTILE = "<img src=x onerror=alert(1)>'\"&"
MANY_CLASSES = ClassNames.of([f"class {number:03d} <b>" for number in range(100)])


@pytest.fixture(scope="module")
def odd_runs(tmp_path_factory) -> list[Path]:
    """A run of odd videos without any video file, and one of 100 classes."""
    root = tmp_path_factory.mktemp("odd")
    plain = random_scores("plain", 0)
    flat = replace(
        plain, video="flat", class_scores={b: np.full_like(a, 0.5) for b, a in plain.class_scores.items()}
    )
    videos = [
        plain,
        random_scores(HOSTILE, 1),
        random_scores("one snippet", 2, n=1),
        flat,
        random_scores("long", 3, n=20_000, step=0.16),
        random_scores("without duration", 4),
        random_scores("broken", 5),
    ]
    truth = {
        scores.video: random_truth(number, end=max(5, scores.grid.end))
        for number, scores in enumerate(videos)
    }
    truth["one snippet"] = [("Dive", 0.0, 0.6)]
    run = write_run(
        root, videos, truth, durations={"without duration": None}, subset={"broken": "validation"}
    )
    (run / "scores" / "broken.npz").write_bytes(b"not scores")
    return [run, many_classes(tmp_path_factory.mktemp("many"))]


def many_classes(root: Path) -> Path:
    """A run of one video with 100 classes, most of them without detections."""
    run = write_run(root, [random_scores("crowd", 6)], {"crowd": []})
    dice = np.random.default_rng(7)
    shape = (3, 4000, len(MANY_CLASSES))
    curves = {branch: dice.random(shape).astype(np.float32) for branch in ("cbp", "vlp")}
    whole = {branch: dice.random(shape[::2]).astype(np.float32) for branch in ("cbp", "vlp")}
    stages = random_scores("crowd", 6).stages
    scores = VideoScores("crowd", stages, curves, whole, TimeGrid(0.0, 0.16, 4000), MANY_CLASSES)
    from dcwtal.core.files import read_json, write_json_atomic
    from dcwtal.data.score_store import write_scores

    write_scores(run / "scores" / "crowd.npz", scores)
    write_json_atomic(run / "run.json", read_json(run / "run.json", "run") | {"classes": list(MANY_CLASSES)})
    rows = [
        {"label": name, "segment": [9.0 * i, 9.0 * i + 4]} for i, name in enumerate(MANY_CLASSES.names[:60])
    ]
    entry = {"subset": "test", "duration": 640.0, "annotations": rows}
    truth = {"version": "x", "classes": list(MANY_CLASSES), "database": {"crowd": entry}}
    write_json_atomic(root / "data" / "annotations.json", truth)
    return run


@pytest.fixture(scope="module")
def odd_studio(odd_runs, tmp_path_factory) -> Iterator[str]:
    with served_studio(odd_runs, tmp_path_factory.mktemp("server")) as address:
        yield address


@pytest.fixture
def odd(context, odd_studio) -> Iterator[StudioPage]:
    """A tab of the studio of odd things; only what a test says may be complained about."""
    with quiet_page(context, odd_studio) as page:
        yield page


def test_features_alone_show_their_tracks(odd):
    odd.open("?video=plain")
    state = odd.state()
    assert state["has_video"] is False and "No video file" in state["message"]
    assert state["duration"] == pytest.approx(38.4) and len(state["curves"]["cbp"]) == 60
    odd.press(" ")
    odd.until("s.playing && s.time > 0.5")
    odd.press(" ")
    odd.tab.mouse.click(*odd.spot(20.0))
    assert odd.until("Math.abs(s.time - 20) < 0.2")
    before = odd.state()["time"]
    odd.press("ArrowRight")
    assert odd.state()["time"] == pytest.approx(before + 0.64, abs=0.01), "a step is a snippet"
    assert "no video" in odd.tab.locator("#timeline").inner_text().lower()


def test_a_hostile_name_is_text(odd):
    odd.open()
    odd.tab.evaluate("(id) => window.dcwtal.explore.openVideo(id)", HOSTILE)
    state = odd.until("s.video.includes('onerror')")
    assert state["video"] == HOSTILE and odd.tab.locator("#timeline img").count() == 0
    assert HOSTILE in odd.tab.locator("#video").inner_text()
    odd.tab.reload()
    odd.settle()
    assert odd.state()["video"] == HOSTILE


def test_one_snippet(odd):
    odd.open("?video=one+snippet&class=Dive")
    state = odd.state()
    assert len(state["curves"]["cbp"]) == 1 and state["ribbons"]["cbp"]
    for panel in ("video", "what-if", "why", "completeness", "compare"):
        odd.tab.locator(f"#tab-{panel}").click()
        odd.until(f"s.panel === '{panel}'")


def test_constant_curves_have_no_peak(odd):
    odd.open("?video=flat&set=mode=peer")
    state = odd.state()
    assert state["detections"] == [] or all(d["score"] <= 1 for d in state["detections"])
    assert set(state["curves"]["cbp"]) == {0.5}


def test_twenty_thousand_snippets_are_drawn_and_dragged(odd):
    odd.open("?video=long")
    assert len(odd.state()["curves"]["cbp"]) == 20_000
    odd.tab.locator("#rule-theta_loc").focus()
    odd.tab.keyboard.press("ArrowUp")
    odd.until("s.fresh && Math.abs(s.answered.settings.theta_loc - 0.46) < 1e-9")
    assert len(odd.state()["detections"]) > 20


def test_a_truth_without_durations(odd):
    odd.open("?video=without+duration")
    assert odd.state()["duration"] == pytest.approx(38.4)
    odd.tab.locator("#tab-what-if").click()
    odd.tab.wait_for_function(
        "document.querySelector('.ex-panel').innerText.includes('no duration of')", timeout=20_000
    )


def test_a_damaged_file_is_named_and_the_others_go_on(odd):
    odd.tab.goto(odd.address + "?video=broken")
    odd.tab.wait_for_function(
        "document.querySelector('.tl-message')?.innerText.includes('broken.npz')", timeout=45_000
    )
    odd.complaints.clear()  # the browser itself reports the refused request
    odd.tab.evaluate("window.dcwtal.explore.openVideo('plain')")
    assert odd.until("s.video === 'plain'")["curves"]["cbp"]


def test_a_hundred_classes(odd):
    odd.open("?run=run-2")
    state = odd.state()
    assert state["video"] == "crowd" and len(state["curves"]["cbp"]) == 4000
    options = odd.tab.locator("#more-classes option").all_inner_texts()
    assert any("class 077 <b>" in text for text in options)
    odd.tab.locator("#more-classes").select_option("class 099 <b>")
    state = odd.until("s.classes.includes('class 099 <b>')")
    assert odd.tab.locator("#classes b").count() == 0
    odd.tab.locator("#classes button", has_text="class 099").click()
    assert odd.until("s.class === 'class 099 <b>'")["ribbons"] is not None


def test_very_many_detections(odd):
    odd.open("?run=run-2&set=mode=peer&set=theta_cls=0&set=nms=none&set=max_per_video=100000&set=min_score=0")
    odd.settle()
    total = odd.tab.evaluate("window.dcwtal.explore.answer.total")
    assert total > 50_000
    state = odd.state()
    assert len(state["detections"]) <= 2000
    assert "weaker not drawn" in odd.tab.locator(".tl-names").inner_text()


def test_an_address_of_a_run_that_is_gone(odd):
    odd.open("?run=last+week&video=gone&set=theta_loc=0.5")
    assert odd.state()["run"] == "run"
    text = odd.tab.locator(".ex-notice").inner_text()
    assert "last week" in text and "gone" in text
