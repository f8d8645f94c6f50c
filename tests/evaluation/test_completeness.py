"""Coverage, purity, boundary errors and Ward's events: tables worked out by hand, and plain loops."""

import math

import numpy as np
import pytest
from golden_detections import GOLDEN_DETECTIONS, GOLDEN_TRUTH
from hypothesis import given, settings
from hypothesis import strategies as st

from dcwtal.core.detections import Detections
from dcwtal.core.instances import ActionInstances
from dcwtal.evaluation.completeness import completeness, completeness_facts, overlap_facts
from dcwtal.evaluation.matching import match_detections

NONE = (-1, 0, 0, 0, None, None)
# Of each golden detection: instance, tIoU, coverage, purity, start error, end error.
BY_HAND = [
    (0, 9 / 10, 9 / 10, 1, 0, -1),  # v1 A 10-19 in 10-20
    (0, 9 / 10, 9 / 10, 1, 1, 0),  # v1 A 11-20 in 10-20
    (1, 4 / 12, 1, 4 / 12, -2, 6),  # v1 A 38-50 around 40-44
    NONE,  # v1 B 10-20, where only A is
    NONE,  # v1 A 60-88, where only B is
    (2, 10 / 32, 10 / 30, 10 / 12, -2, -20),  # v1 B 58-70 and 60-90
    NONE,  # v1 A 95-99
    NONE,  # v1 B 10-16
    (3, 1, 1, 1, 0, 0),  # v2 B 5-45
    (3, 14 / 40, 14 / 40, 1, 1, -25),  # v2 B 6-20 in 5-45
    NONE,  # v2 A 0-3
    (4, 18 / 30, 18 / 30, 1, 0, -12),  # v3 A 100-118 in 100-130
    (4, 18 / 30, 18 / 30, 1, 12, 0),  # v3 A 112-130 in 100-130
    NONE,  # v9 A 0-5
]


def test_every_golden_detection_by_hand():
    facts = overlap_facts(GOLDEN_DETECTIONS, GOLDEN_TRUTH)
    columns = (facts.instance, facts.tiou, facts.coverage, facts.purity, facts.start_error, facts.end_error)
    for row, expected in enumerate(BY_HAND):
        found = [None if math.isnan(column[row]) else float(column[row]) for column in columns]
        assert found == pytest.approx(list(expected)), row
    assert facts.outward[[2, 5, 0]].tolist() == [8, 2, 0] and facts.inward[[2, 5, 0]].tolist() == [0, 20, 1]
    assert np.isnan(facts.outward[3])


def test_the_golden_detections_in_one_row():
    table = completeness(GOLDEN_DETECTIONS, GOLDEN_TRUTH, by=())
    assert table.video is None and table.label is None and len(table) == 1
    counts = (table.instances, table.detections, table.overlapping, table.insertions, table.deletes)
    assert [int(count[0]) for count in counts] == [6, 14, 8, 6, 1]
    assert table.coverage[0] == pytest.approx((0.9 + 0.9 + 1 + 1 / 3 + 1 + 0.35 + 0.6 + 0.6) / 8)
    assert table.purity[0] == pytest.approx((1 + 1 + 1 / 3 + 5 / 6 + 1 + 1 + 1 + 1) / 8)
    assert table.outward[0] == pytest.approx((8 + 2) / 8)
    assert table.inward[0] == pytest.approx((1 + 1 + 20 + 26 + 12 + 12) / 8)


@pytest.mark.parametrize(("tiou", "fragments"), [(0.5, 0), (0.6, 0), (0.7, 1)])
def test_two_pieces_that_cover_less_than_asked_are_fragments(tiou, fragments):
    """v3 A 100-130 has two detections inside it that cover .6 each."""
    table = completeness(GOLDEN_DETECTIONS, GOLDEN_TRUTH, tiou=tiou, by=("video",))
    assert table.video.tolist() == ["v1", "v2", "v3", "v9"] and table.label is None
    assert table.fragments.tolist() == [0, 0, fragments, 0]


def test_merges_by_hand():
    truth = ActionInstances.of([("v", 0, 10, "a"), ("v", 12, 20, "a"), ("v", 22, 26, "b"), ("w", 0, 10, "a")])
    found = Detections.of(
        [
            ("v", 5, 16, "a", 0.9),  # half of both: a merge
            ("v", 5.1, 20, "a", 0.9),  # less than half of the first
            ("v", 0, 30, "b", 0.9),  # one of its class only
            ("w", 0, 40, "a", 0.9),  # the second of its class is in another video
        ]
    )
    table = completeness(found, truth)
    assert list(zip(table.video, table.label, strict=True)) == [("v", "a"), ("v", "b"), ("w", "a")]
    assert table.merges.tolist() == [1, 0, 0]


def test_fragments_by_hand():
    truth = ActionInstances.of([("v", 0, 10, "a"), ("v", 20, 30, "a")])
    pieces = [("v", 0, 4, "a", 0.9), ("v", 6, 9, "a", 0.9)]
    lone = [("v", 21, 24, "a", 0.9), ("v", 27, 34, "a", 0.9)]  # the second is less than half inside
    other_class = [("v", 25, 26, "b", 0.9)]
    table = completeness(Detections.of(pieces + lone + other_class), truth, by=("label",))
    assert table.label.tolist() == ["a", "b"] and table.fragments.tolist() == [1, 0]
    assert table.instances.tolist() == [2, 0] and table.insertions.tolist() == [0, 1]
    assert np.isnan(table.coverage[1])


def test_a_matched_detection_stands_beside_the_instance_it_took():
    """Both overlap the first instance best; the lower score had to take the second."""
    truth = ActionInstances.of([("v", 0, 10, "a"), ("v", 2, 12, "a")])
    found = Detections.of([("v", 0, 10, "a", 0.9), ("v", 0, 11, "a", 0.8), ("v", 0, 5, "a", 0.7)])
    matched = match_detections(found, truth, [0.5])[0]
    assert overlap_facts(found, truth).instance.tolist() == [0, 0, 0]
    facts = overlap_facts(found, truth, matched=matched)
    assert facts.instance.tolist() == [0, 1, 0]
    assert facts.tiou[1] == pytest.approx(9 / 12) and facts.start_error[1] == -2


def test_nothing_at_all():
    table = completeness(Detections.empty(), ActionInstances.empty())
    assert len(table) == 0 and table.video.tolist() == []
    assert completeness(Detections.empty(), GOLDEN_TRUTH, by=()).deletes.tolist() == [6]


def counted(found, true, tiou):
    """The row of one group of one class and video, by loops over all pairs."""

    def shared(p, g):
        return max(0.0, min(p[1], g[1]) - max(p[0], g[0]))

    def overlap(p, g):
        return shared(p, g) / (p[1] - p[0] + g[1] - g[0] - shared(p, g))

    beside = [(p, max(true, key=lambda g: overlap(p, g))) for p in found if any(shared(p, g) for g in true)]

    def mean(values):
        return sum(values) / len(values) if values else None

    def is_piece(p, g):
        return shared(p, g) / (p[1] - p[0]) >= 0.5 and 0 < shared(p, g) / (g[1] - g[0]) < tiou

    return {
        "instances": len(true),
        "detections": len(found),
        "overlapping": len(beside),
        "coverage": mean([shared(p, g) / (g[1] - g[0]) for p, g in beside]),
        "purity": mean([shared(p, g) / (p[1] - p[0]) for p, g in beside]),
        "outward": mean([max(0, g[0] - p[0]) + max(0, p[1] - g[1]) for p, g in beside]),
        "inward": mean([max(0, p[0] - g[0]) + max(0, g[1] - p[1]) for p, g in beside]),
        "merges": sum(sum(shared(p, g) / (g[1] - g[0]) >= 0.5 for g in true) >= 2 for p in found),
        "fragments": sum(sum(is_piece(p, g) for p in found) >= 2 for g in true),
        "deletes": sum(not any(shared(p, g) for p in found) for g in true),
        "insertions": sum(not any(shared(p, g) for g in true) for p in found),
    }


TIMES = st.tuples(st.integers(0, 20), st.integers(1, 12)).map(lambda t: (float(t[0]), float(t[0] + t[1])))
ROWS = st.lists(st.tuples(st.sampled_from("vw"), st.sampled_from("ab"), TIMES), max_size=14)


@settings(max_examples=150)
@given(ROWS, ROWS, st.sampled_from([0.3, 0.5, 0.75]))
def test_equals_plain_loops(found, true, tiou):
    facts = completeness_facts(
        Detections.of((video, *times, label, 0.5) for video, label, times in found),
        ActionInstances.of((video, *times, label) for video, label, times in true),
        tiou=tiou,
    )
    table = facts.table(by=("video", "label"))
    keys = sorted({row[:2] for row in found} | {row[:2] for row in true})
    assert list(zip(table.video, table.label, strict=True)) == keys
    for row, key in enumerate(keys):
        mine, theirs = ([times for *name, times in rows if tuple(name) == key] for rows in (found, true))
        for name, expected in counted(mine, theirs, tiou).items():
            value = getattr(table, name)[row]
            assert (None if np.isnan(value) else value) == pytest.approx(expected), (key, name)
    for by in (("video",), ("label",), ()):
        coarse = facts.table(by=by)
        for name in ("instances", "detections", "merges", "fragments", "deletes", "insertions"):
            assert getattr(coarse, name).sum() == getattr(table, name).sum()
        weighted = np.nansum(coarse.outward * coarse.overlapping)
        assert weighted == pytest.approx(np.nansum(table.outward * table.overlapping))
