"""Suppression: hard and Gaussian, against plain loops, and free of the order of arrival."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dcwtal.core.segment import Segment, tiou
from dcwtal.localize import nms
from dcwtal.localize.nms import gaussian_soft_nms, hard_nms

# Few distinct values, so that equal borders and equal scores happen often.
ROWS = st.lists(
    st.tuples(st.integers(0, 12), st.integers(1, 6), st.integers(0, 5)).map(
        lambda row: (float(row[0]), float(row[0] + row[1]), row[2] / 5)
    ),
    max_size=12,
)


def columns(rows):
    table = np.array(rows, dtype=float).reshape(-1, 3)
    return table[:, :2], table[:, 2]


def soft_by_the_letter(rows, sigma, min_score):
    left, kept = [list(row) for row in rows], []
    while left:
        best = min(left, key=lambda row: (-row[2], row[0], row[1]))
        left.remove(best)
        if best[2] < min_score:
            break
        kept.append(tuple(best))
        for row in left:
            row[2] *= math.exp(-(tiou(Segment(best[0], best[1]), Segment(row[0], row[1])) ** 2) / sigma)
    return kept


def test_segments_that_do_not_overlap_are_left_alone():
    """With the pixel-style +1, [0,1] and [1.5,2.5] would overlap by .143 and the second would decay."""
    segments, scores = columns([(0, 1, 0.5), (1.5, 2.5, 0.4)])
    rows, decayed = gaussian_soft_nms(segments, scores, sigma=0.3)
    assert rows.tolist() == [0, 1] and decayed.tolist() == [0.5, 0.4]


def test_gaussian_decay_by_hand():
    segments, scores = columns([(0, 2, 1.0), (1, 3, 0.9)])  # tIoU 1/3
    rows, decayed = gaussian_soft_nms(segments, scores, sigma=0.3)
    assert rows.tolist() == [0, 1]
    assert decayed == pytest.approx([1.0, 0.9 * math.exp(-(1 / 9) / 0.3)])


def test_a_close_copy_falls_behind_a_worse_stranger():
    segments, scores = columns([(0, 10, 0.9), (0, 9, 0.8), (20, 30, 0.3)])
    rows, _ = gaussian_soft_nms(segments, scores, sigma=0.3)
    assert rows.tolist() == [0, 2, 1]


def test_hard_threshold_is_kept_when_just_reached():
    segments, scores = columns([(0, 2, 1.0), (1, 2, 0.9), (0, 1.5, 0.8)])  # tIoU .5 and .75 with the first
    assert hard_nms(segments, scores, max_tiou=0.5).tolist() == [0, 1]
    assert hard_nms(segments, scores, max_tiou=0.49).tolist() == [0]


def test_negative_scores_never_rise():
    segments, scores = columns([(0, 2, 0.5), (0, 2, -0.5)])
    rows, _ = gaussian_soft_nms(segments, scores, sigma=0.3)
    assert rows.tolist() == [0]


def test_limit_keeps_the_best():
    segments, scores = columns([(i, i + 0.5, (i % 7) / 7 + 0.01) for i in range(20)])
    rows, decayed = gaussian_soft_nms(segments, scores, sigma=0.3, limit=4)
    assert sorted(scores, reverse=True)[:4] == decayed.tolist() and len(rows) == 4


@pytest.mark.parametrize("rows", [[], [(0.0, 1.0, 0.4)]])
def test_none_and_one(rows):
    segments, scores = columns(rows)
    assert len(hard_nms(segments, scores, max_tiou=0.5)) == len(rows)
    assert len(gaussian_soft_nms(segments, scores, sigma=0.3)[0]) == len(rows)


@given(ROWS, st.sampled_from([0.1, 0.3, 1.0]), st.sampled_from([0.0, 0.001, 0.3]))
def test_gaussian_equals_plain_loops(rows, sigma, min_score):
    segments, scores = columns(rows)
    kept, decayed = gaussian_soft_nms(segments, scores, sigma=sigma, min_score=min_score)
    expected = soft_by_the_letter(rows, sigma, min_score)
    assert np.allclose(decayed, [row[2] for row in expected]) and len(decayed) == len(expected)
    assert segments[kept].tolist() == [[row[0], row[1]] for row in expected]


@given(ROWS, st.randoms(use_true_random=False), st.sampled_from([0.2, 0.5, 0.7]))
def test_the_order_of_arrival_does_not_matter(rows, random, max_tiou):
    shuffled = list(rows)
    random.shuffle(shuffled)
    (a, scores_a), (b, scores_b) = columns(rows), columns(shuffled)
    kept_a, kept_b = hard_nms(a, scores_a, max_tiou=max_tiou), hard_nms(b, scores_b, max_tiou=max_tiou)
    assert a[kept_a].tolist() == b[kept_b].tolist()
    (soft_a, decayed_a), (soft_b, decayed_b) = (
        gaussian_soft_nms(segments, scores, sigma=0.3) for segments, scores in ((a, scores_a), (b, scores_b))
    )
    assert a[soft_a].tolist() == b[soft_b].tolist() and decayed_a.tolist() == decayed_b.tolist()


@given(ROWS, st.sampled_from([0.2, 0.5, 0.7]))
def test_hard_keeps_no_overlap_and_drops_nothing_without_one(rows, max_tiou):
    segments, scores = columns(rows)
    kept = hard_nms(segments, scores, max_tiou=max_tiou).tolist()
    for row in range(len(rows)):
        better = [k for k in kept if k != row and scores[k] >= scores[row]]
        overlaps = [tiou(Segment(*segments[row]), Segment(*segments[k])) > max_tiou for k in better]
        assert any(overlaps) if row not in kept else True
    pairs = [(a, b) for a in kept for b in kept if a < b]
    assert all(tiou(Segment(*segments[a]), Segment(*segments[b])) <= max_tiou for a, b in pairs)


def hard_by_the_letter(rows, max_tiou):
    kept = []
    for row in sorted(rows, key=lambda row: (-row[2], row[0], row[1])):
        overlaps = [tiou(Segment(row[0], row[1]), Segment(better[0], better[1])) for better in kept]
        if all(overlap <= max_tiou for overlap in overlaps):
            kept.append(row)
    return kept


@given(ROWS, st.sampled_from([0.0, 0.2, 0.5, 1.0]), st.none() | st.integers(1, 5))
def test_hard_equals_plain_loops(rows, max_tiou, limit):
    segments, scores = columns(rows)
    kept = hard_nms(segments, scores, max_tiou=max_tiou, limit=limit)
    assert [(*segments[row], scores[row]) for row in kept] == hard_by_the_letter(rows, max_tiou)[:limit]


@given(ROWS, st.sampled_from([0.1, 0.3]), st.none() | st.integers(1, 5), st.sampled_from([0, 3]))
def test_many_segments_take_another_way_to_the_very_same_answer(rows, sigma, limit, all_pairs):
    segments, scores = columns(rows)
    rows_at_once, decayed_at_once = gaussian_soft_nms(segments, scores, sigma=sigma, limit=limit)
    hard_at_once = hard_nms(segments, scores, max_tiou=sigma, limit=limit)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(nms, "_ALL_PAIRS", all_pairs)
        found, decayed = gaussian_soft_nms(segments, scores, sigma=sigma, limit=limit)
        assert hard_nms(segments, scores, max_tiou=sigma, limit=limit).tolist() == hard_at_once.tolist()
    assert found.tolist() == rows_at_once.tolist() and decayed.tolist() == decayed_at_once.tolist()


@pytest.mark.parametrize("min_score", [0.0, 0.001])
def test_a_decay_to_nothing_keeps_each_row_at_most_once(min_score):
    """exp(-tIoU² / 1e-6) is 0 in floating point, and 0 · -inf is not a number."""
    segments, scores = columns([(0, 10, 0.9), (0, 9, 0.8), (0, 8, 0.7), (20, 30, 0.3)])
    rows, decayed = gaussian_soft_nms(segments, scores, sigma=1e-6, min_score=min_score)
    assert rows.tolist()[:2] == [0, 3] and len(set(rows.tolist())) == len(rows) == (2 if min_score else 4)
    assert decayed == pytest.approx([0.9, 0.3, 0, 0][: len(rows)])


def test_equal_scores_go_by_time():
    segments, scores = columns([(4, 6, 0.5), (0, 3, 0.5), (0, 2, 0.5), (8, 9, 0.5)])
    rows, _ = gaussian_soft_nms(segments, scores, sigma=10.0)
    assert rows.tolist()[0] == 2  # the earlier start, then the earlier end
    assert hard_nms(segments, scores, max_tiou=1.0).tolist() == [2, 1, 0, 3]
