"""The replay bar: stages and the moments within them move curves and numbers; what a step changed is counted right."""

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from synthetic_run import TRUTH, make_scores

from dcwtal.data.score_store import VideoScores, write_scores
from dcwtal.localize.settings import LocalizeSettings
from dcwtal.pipeline.localize import localize_scores

pytestmark = pytest.mark.browser
HIGH = np.float32(0.3)  # δ_h of a run without settings of its own


def curve(scores: VideoScores, stage: str, branch: str) -> np.ndarray:
    """As the files hold it: in half precision."""
    return scores.at(stage, branch).of_class("HighJump").astype(np.float16).astype(np.float32)


def a_moment_within(scores: VideoScores, stage: str, step: int, before: str) -> VideoScores:
    """Scores between two stages, as a trace keeps them: one stage alone."""
    rows = scores.stages.index(before), scores.stages.index(stage)
    share = np.float32(step / 150)

    def between(values: np.ndarray) -> np.ndarray:
        return ((1 - share) * values[rows[0]] + share * values[rows[1]])[None].astype(np.float32)

    return replace(
        scores,
        stages=(stage,),
        class_scores={name: between(values) for name, values in scores.class_scores.items()},
        video_scores={name: between(values) for name, values in scores.video_scores.items()},
    )


@pytest.fixture
def traced(studio_run: Path):
    """Two moments within B1 of clip_even, seen by the server from its next answer on."""
    moments = {
        f"B1-{step:06d}": a_moment_within(make_scores("clip_even"), "B1", step, "warmup")
        for step in (50, 100)
    }
    for name, scores in moments.items():
        write_scores(studio_run / "trace" / name / "clip_even.npz", scores)
    yield moments
    shutil.rmtree(studio_run / "trace")


def test_each_stage_can_be_clicked_and_back_returns(page):
    page.open("?video=clip_even")
    before = page.state()["curves"]["vlp"]
    page.tab.locator("#stage label", has_text="B1").click()
    state = page.until("s.stage === 'B1'")
    assert state["curves"]["vlp"] == curve(make_scores("clip_even"), "B1", "vlp").tolist() != before
    assert page.tab.locator("#stage label.selected").inner_text() == "B1"
    assert page.tab.locator("#stage label").all_inner_texts()[-1] == "F2 ★"
    page.tab.go_back()
    assert page.until("s.stage === 'F2'")["curves"]["vlp"] == before


def test_play_goes_from_the_warm_up_to_the_last_stage_and_stops(page):
    page.open("?video=clip_even")
    page.tab.evaluate(
        "window.stages = []; window.dcwtal.explore.listen(() => {"
        " const { stage } = window.dcwtal.explore.view; if (stages.at(-1) !== stage) stages.push(stage); })"
    )
    page.tab.locator("#replay-play").click()
    assert page.until("s.replay.playing")["stage"] == "warmup"
    page.until("!s.replay.playing")
    assert page.tab.evaluate("window.stages") == ["warmup", "B1", "F1", "B2", "F2"]
    page.tab.locator("#replay-play").click()
    page.until("s.stage === 'B1'")
    page.tab.locator("#replay-play").click()
    assert page.state()["replay"]["playing"] is False


def test_slider_by_keys(page):
    page.open("?video=clip_even")
    page.tab.locator("#replay-moment").focus()
    page.press("ArrowLeft")
    assert page.until("s.stage === 'B2'")["replay"]["moment"] == "B2"
    page.press("Home")
    assert page.until("s.stage === 'warmup'")
    assert page.tab.locator("#replay-moment").get_attribute("aria-valuetext") == "warm-up"


@pytest.mark.parametrize(
    ("stage", "before", "branch", "kind"), [("B1", "warmup", "vlp", "removed"), ("F2", "B2", "cbp", "added")]
)
def test_what_a_step_changed(page, stage, before, branch, kind):
    page.open(f"?video=clip_even&stage={stage}")
    assert page.state()["highlights"] is None
    page.tab.locator("#replay-changes").check()
    state = page.until("s.highlights")
    scores = make_scores("clip_even")
    was, now = curve(scores, before, branch) > HIGH, curve(scores, stage, branch) > HIGH
    changed = was & ~now if kind == "removed" else now & ~was
    centres = scores.grid.centres
    action = np.zeros(len(changed), bool)
    for label, start, end in TRUTH["clip_even"]:
        action |= (label == "HighJump") & (start <= centres) & (centres < end)
    right = int((changed & (action if kind == "added" else ~action)).sum())
    assert changed.sum() > 0, "the case tests nothing"
    marked = np.zeros(len(changed), bool)
    for row in state["highlights"]["segments"]:
        marked |= (row["start"] <= centres) & (centres < row["end"])
    assert marked.tolist() == changed.tolist()
    assert (state["highlights"]["branch"], state["highlights"]["kind"]) == (branch, kind)
    text = state["replay"]["text"]
    assert text.startswith(f"{stage} {kind} ")
    assert f"({changed.sum()} snippets): {right} right, {changed.sum() - right} wrong." in text
    page.tab.locator("#replay-changes").uncheck()
    page.until("!s.highlights")


def test_nothing_comes_before_the_warm_up(page):
    page.open("?video=clip_even&stage=warmup")
    page.tab.locator("#replay-changes").check()
    state = page.until("s.replay.text.includes('nothing before it')")
    assert state["highlights"] is None


def test_moments_within_a_phase(page, traced):
    page.open("?video=clip_even&stage=B1")
    expected = ["warmup", "B1-000050", "B1-000100", "B1", "F1", "B2", "F2"]
    page.until(f"s.replay.moments.length === {len(expected)}")
    assert page.state()["replay"]["moments"] == expected
    page.tab.locator("#replay-moment").focus()
    page.press("ArrowLeft")
    state = page.until("s.replay.moment === 'B1-000100'")
    assert state["stage"] == "B1", "the phase stays"
    assert state["curves"]["vlp"] == curve(traced["B1-000100"], "B1", "vlp").tolist()
    expected = localize_scores(traced["B1-000100"], "B1", LocalizeSettings(), duration=24.0)
    drawn = sorted((one["start"], one["end"], one["score"]) for one in state["detections"])
    rows = sorted(zip(expected.start, expected.end, expected.score, strict=True))
    np.testing.assert_allclose(drawn, rows, atol=1e-3)  # float16 on disk
    assert "numbers: at the end of B1" in state["replay"]["text"]
    page.press("ArrowLeft")
    page.until("s.replay.moment === 'B1-000050'")
    page.tab.wait_for_function("location.search.includes('stage=B1-000050')")
    page.tab.reload()
    page.settle()
    page.until("s.replay.moment === 'B1-000050' && s.stage === 'B1'")
    page.tab.locator("#stage label", has_text="B1").click()
    state = page.until("s.replay.moment === 'B1'")
    assert state["curves"]["vlp"] == curve(make_scores("clip_even"), "B1", "vlp").tolist()


def test_another_video_forgets_the_moment(page, traced):
    page.open("?video=clip_even&stage=B1")
    page.until("s.replay.moments.length === 7")
    page.tab.locator("#replay-moment").focus()
    page.press("ArrowLeft")
    page.until("s.replay.moment === 'B1-000100'")
    page.tab.locator("#next-video").click()
    state = page.until("s.video !== 'clip_even'")
    assert (state["replay"]["moment"], len(state["replay"]["moments"])) == ("B1", 5)
    assert not np.isnan(state["curves"]["cbp"]).any()
