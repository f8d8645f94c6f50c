"""Candidates of one class: smoothing, joining, dropping and the score rules, in both modes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dcwtal.core.timegrid import TimeGrid
from dcwtal.localize.candidates import candidates_of_class
from dcwtal.localize.runs import min_max
from dcwtal.localize.scoring import outer_inner_contrast
from dcwtal.localize.settings import LocalizeSettings
from dcwtal.localize.smoothing import moving_average

STEP = 0.64
CURVES = arrays(np.float32, st.integers(0, 40), elements=st.integers(0, 10).map(lambda tenth: tenth / 10))
SECONDS = st.floats(0, 8) | st.integers(0, 10).map(lambda count: count * STEP)
MODES = st.sampled_from(["paper", "peer"])


def candidates(curve, *, video_score=0.5, duration=None, step=STEP, **options):
    curve = np.asarray(curve, dtype=np.float32)
    return candidates_of_class(
        curve,
        TimeGrid(0.0, step, len(curve)),
        LocalizeSettings(**options),
        video_score=video_score,
        duration=duration,
    )


def snippets(segments):
    return np.round(segments / STEP).astype(int).tolist()


PEAKS = [0.1, 0.5, 0.75, 0.1, 0.6, 0.1, 0.1, 0.9]  # runs at .45: 1-3, 4-5, 7-8


@pytest.mark.parametrize(
    ("options", "runs", "scores"),
    [
        ({}, [[1, 3], [4, 5], [7, 8]], [0.75, 0.6, 0.9]),
        ({"closing_gap": 0.63}, [[1, 3], [4, 5], [7, 8]], [0.75, 0.6, 0.9]),  # less than a snippet
        ({"closing_gap": 0.64}, [[1, 5], [7, 8]], [0.75, 0.9]),
        ({"closing_gap": 1.28}, [[1, 8]], [0.9]),
        ({"min_length": 0.64}, [[1, 3], [4, 5], [7, 8]], [0.75, 0.6, 0.9]),  # exactly a snippet: kept
        ({"min_length": 0.65}, [[1, 3]], [0.75]),
        ({"closing_gap": 0.64, "min_length": 1.28}, [[1, 5]], [0.75]),  # joined first, then dropped
        ({"min_length": 5.13}, [], []),
        ({"min_length": 1e308, "closing_gap": 1e308}, [], []),
        ({"closing_gap": 1e308}, [[1, 8]], [0.9]),
        ({"score_rule": "maximum"}, [[1, 3], [4, 5], [7, 8]], [0.75, 0.6, 0.9]),
        ({"score_rule": "mean"}, [[1, 3], [4, 5], [7, 8]], [0.625, 0.6, 0.9]),
        ({"score_rule": "mean", "closing_gap": 0.64}, [[1, 5], [7, 8]], [1.95 / 4, 0.9]),
        ({"score_rule": "contrast"}, [[1, 3], [4, 5], [7, 8]], [0.525, 0.5, 0.8]),  # left flank only
        ({"score_rule": "mean", "multiply_video_score": True, "min_length": 1}, [[1, 3]], [0.3125]),
    ],
)
def test_paper_mode_by_hand(options, runs, scores):
    segments, found = candidates(PEAKS, **options)
    assert snippets(segments) == runs and found == pytest.approx(scores, abs=1e-6)


def test_smoothing_comes_before_the_threshold_and_the_score():
    """Means of three: .3 .45 .45 .483 .267 .267 .367 .5."""
    segments, scores = candidates(PEAKS, theta_loc=0.4, smoothing=1.92)
    assert snippets(segments) == [[1, 4], [7, 8]] and scores == pytest.approx([1.45 / 3, 0.5], abs=1e-6)
    _, means = candidates(PEAKS, theta_loc=0.4, smoothing=1.92, score_rule="mean")
    assert means == pytest.approx([(1.35 + 1.35 + 1.45) / 9, 0.5], abs=1e-6)


def test_seconds_follow_the_grid():
    for step in (0.1, 0.5, 2.0):
        segments, _ = candidates(PEAKS, step=step, closing_gap=step, min_length=2 * step)
        assert segments == pytest.approx(np.array([[1, 5]]) * step)
        smoothed, _ = candidates(PEAKS, step=step, theta_loc=0.4, smoothing=3 * step)
        assert smoothed == pytest.approx(np.array([[1, 4], [7, 8]]) * step)


def test_a_smoothed_curve_below_the_threshold_falls_back_to_its_own_range():
    """0 0 .6 0 0 becomes 0 .2 .2 .2 0: θ_loc then applies to 0 1 1 1 0, the score stays .2."""
    segments, scores = candidates([0, 0, 0.6, 0, 0], smoothing=1.92)
    assert snippets(segments) == [[1, 4]] and scores == pytest.approx([0.2])
    _, contrast = candidates([0, 0, 0.6, 0, 0], smoothing=1.92, score_rule="contrast")
    assert contrast == pytest.approx([1.0])  # of 0 1 1 1 0, which is what was thresholded


def test_only_a_curve_that_never_reaches_the_threshold_falls_back():
    """Min-max would find a run of three snippets; the plain run of one is there, and is too short."""
    assert len(candidates([0, 0.42, 0.9, 0.42, 0], min_length=1.92)[0]) == 0
    assert snippets(candidates([0, 0.42, 0.9, 0.42, 0], min_length=1.92, minmax=True)[0]) == [[1, 4]]


@pytest.mark.parametrize(
    ("rule", "scores"),
    [
        ("mode", [2 / 3, 0.5]),
        ("contrast", [2 / 3, 0.5]),
        ("maximum", [0.5, 0.5]),  # of the plain curve, though the min-max curve is thresholded
        ("mean", [1 / 3, 0.5]),
    ],
)
def test_each_rule_in_peer_mode(rule, scores):
    """Min-max 0 .5 1 .5 0: thresholds .1-.5 give [1,4), .6-.9 give [2,3); γ·ŷ = .1 comes on top of any rule."""
    segments, found = candidates([0, 0.25, 0.5, 0.25, 0], mode="peer", score_rule=rule)
    assert snippets(segments) == [[1, 4], [2, 3]] and found == pytest.approx(np.array(scores) + 0.1)


def test_the_tie_break_comes_on_top_of_any_rule():
    for rule in ("mode", "maximum", "mean"):
        plain, broken = (
            candidates(PEAKS, score_rule=rule, tie_break_weight=weight)[1] for weight in (0.0, 0.1)
        )
        assert broken - plain == pytest.approx(np.array([0.525, 0.5, 0.8]) * 0.1, abs=1e-6)


def test_joining_in_peer_mode_stays_within_a_threshold():
    """Thresholds .3 and .8 on 1 0 .5 0 1: [0,1) [2,3) [4,5) and [0,1) [4,5). A gap of one snippet joins the
    first three only."""
    curve, options = [1, 0, 0.5, 0, 1], {"mode": "peer", "theta_list": (0.3, 0.8)}
    assert snippets(candidates(curve, **options)[0]) == [[0, 1], [2, 3], [4, 5]]
    assert snippets(candidates(curve, closing_gap=0.64, **options)[0]) == [[0, 1], [0, 5], [4, 5]]
    assert snippets(candidates(curve, closing_gap=1.92, **options)[0]) == [[0, 5]]


@pytest.mark.parametrize("mode", ["paper", "peer"])
@pytest.mark.parametrize("rule", ["mode", "maximum", "mean", "contrast"])
def test_no_snippet_one_snippet_and_a_flat_curve(mode, rule):
    options = {"mode": mode, "score_rule": rule, "smoothing": 30, "closing_gap": 5, "min_length": 0.3}
    for curve in ([], [0.2], [0.2] * 9):  # below the threshold, and without a range of its own
        segments, scores = candidates(curve, **options)
        assert segments.shape == (0, 2) and scores.shape == (0,)
    for curve in ([0.5], [0.5] * 9):
        segments, scores = candidates(curve, **options)
        assert snippets(segments) == ([[0, len(curve)]] if mode == "paper" else [])
        assert scores.tolist() == [0.5] * len(segments)  # nothing lies outside, so the contrast is the mean


def test_duration_cuts_and_drops():
    segments, scores = candidates(PEAKS, duration=1.5)
    assert segments.tolist() == [[0.64, 1.5]] and scores == pytest.approx([0.75])
    assert len(candidates(PEAKS, duration=0.64)[0]) == 0


@given(CURVES, MODES, SECONDS, SECONDS, st.floats(0, 30))
def test_candidates_are_long_enough_apart_and_in_order(curve, mode, closing_gap, min_length, smoothing):
    options = {"closing_gap": closing_gap, "min_length": min_length, "smoothing": smoothing}
    segments, scores = candidates(curve, mode=mode, **options)
    assert len(segments) == len(scores) and segments.tolist() == sorted(segments.tolist())
    assert (segments[:, 1] - segments[:, 0] >= min_length - 1e-5).all()
    if mode == "paper":
        assert (segments[1:, 0] - segments[:-1, 1] > closing_gap - 1e-5).all()
    else:
        assert len(np.unique(segments, axis=0)) == len(segments)


@given(CURVES, st.sampled_from(["maximum", "mean", "contrast"]), st.floats(0, 5), st.booleans())
def test_scores_are_what_the_rule_says_of_the_smoothed_curve(curve, rule, smoothing, minmax):
    segments, scores = candidates(curve, score_rule=rule, smoothing=smoothing, minmax=minmax)
    smooth = moving_average(curve, smoothing / STEP)
    runs = np.array(snippets(segments), dtype=int).reshape(-1, 2)
    if rule == "contrast":
        stretched = minmax or not (smooth >= 0.45).any()
        expected = outer_inner_contrast(min_max(smooth) if stretched else smooth, runs, flank=0.25)
    else:
        of = {"maximum": np.max, "mean": np.mean}[rule]
        expected = [of(smooth[first:past].astype(float)) for first, past in runs]
    assert scores == pytest.approx(np.array(expected), abs=1e-9)


def test_what_the_end_of_the_video_makes_too_short_is_dropped():
    curve, grid = np.array([0.0] * 7 + [0.9] * 3), TimeGrid(0.0, 1.0, 10)
    chosen = LocalizeSettings(min_length=2.5)
    for duration, expected in ((9.5, [[7.0, 9.5]]), (9.4, []), (None, [[7.0, 10.0]])):
        segments, _ = candidates_of_class(curve, grid, chosen, video_score=1.0, duration=duration)
        assert segments.tolist() == expected
