"""The error kinds: every row that DETAD's own code gives for the golden detections, and plain loops."""

import numpy as np
import pytest
from golden_detections import GOLDEN_DETECTIONS, GOLDEN_TRUTH
from hypothesis import given, settings
from hypothesis import strategies as st

from dcwtal.core.detections import Detections
from dcwtal.core.instances import ActionInstances
from dcwtal.core.segment import Segment, tiou
from dcwtal.evaluation.error_kinds import KINDS, error_kinds
from dcwtal.evaluation.matching import match_detections
from dcwtal.evaluation.mean_average_precision import mean_average_precision

TIOUS = (0.3, 0.5, 0.7)
SHORT = dict(zip(("TP", "Double", "Wrong", "Loc", "Confusion", "Bkg"), KINDS, strict=True))
# Made by DETAD's code (with np.int and np.float renamed): video, class, start, end, then the kind at .3, .5, .7.
GOLDEN = """
v1 A 10 19    TP TP TP
v3 A 100 118  TP TP Loc
v1 A 11 20    Double Double Double
v1 A 38 50    TP Loc Loc
v1 A 60 88    Wrong Wrong Wrong
v1 A 95 99    Bkg Bkg Bkg
v3 A 112 130  Double Double Loc
v9 A 0 5      Bkg Bkg Bkg
v2 A 0 3      Bkg Bkg Bkg
v2 B 5 45     TP TP TP
v1 B 10 20    Wrong Wrong Wrong
v1 B 58 70    TP Loc Loc
v1 B 10 16    Wrong Wrong Confusion
v2 B 6 20     Double Loc Loc
"""
GOLDEN_COUNTS = {
    "TP": (5, 3, 2),
    "Double": (3, 2, 1),
    "Wrong": (3, 3, 2),
    "Loc": (0, 3, 5),
    "Confusion": (0, 0, 1),
}
GOLDEN_COUNTS["Bkg"] = (3, 3, 3)


def test_every_row_and_column_of_the_golden_table():
    kinds = error_kinds(GOLDEN_DETECTIONS, GOLDEN_TRUTH, TIOUS)
    assert kinds.dtype == np.int8 and kinds.shape == (3, 14)
    d = GOLDEN_DETECTIONS
    row_of = {
        (video, label, start, end): row
        for row, (video, label, start, end) in enumerate(zip(d.video, d.label, d.start, d.end, strict=True))
    }
    checked = set()
    for line in GOLDEN.strip().splitlines():
        video, label, start, end, *expected = line.split()
        row = row_of[video, label, float(start), float(end)]
        assert [KINDS[code] for code in kinds[:, row]] == [SHORT[name] for name in expected], line
        checked.add(row)
    assert len(checked) == 14


def test_the_golden_counts_and_map():
    kinds = error_kinds(GOLDEN_DETECTIONS, GOLDEN_TRUTH, TIOUS)
    for name, expected in GOLDEN_COUNTS.items():
        assert tuple((kinds == KINDS.index(SHORT[name])).sum(axis=1)) == expected, name
    report = mean_average_precision(GOLDEN_DETECTIONS, GOLDEN_TRUTH, tious=TIOUS)
    assert report.map == pytest.approx([0.760417, 0.5, 0.375], abs=1e-6)
    assert report.per_class["A"] == pytest.approx([0.6875, 0.5, 0.25])
    assert report.per_class["B"] == pytest.approx([0.833333, 0.5, 0.5], abs=1e-6)


def test_equal_overlap_asks_the_first_instance_for_its_class():
    truth = [("v", 0, 10, "Diving"), ("v", 0, 10, "CliffDiving")]
    found = Detections.of([("v", 0, 10, "CliffDiving", 0.9), ("v", 0, 9, "CliffDiving", 0.8)])
    first, second = (
        error_kinds(found, ActionInstances.of(rows), [0.5])[0].tolist() for rows in (truth, truth[::-1])
    )
    assert [KINDS[code] for code in first] == ["true positive", "wrong label"]
    assert [KINDS[code] for code in second] == ["true positive", "double detection"]


def kind_by_the_letter(row, matched, true, threshold):
    """One detection, in the words of the rules."""
    if matched != -1:
        return "true positive"
    video, start, end, label, _ = row
    there = [(tiou(Segment(start, end), Segment(*g[1:3])), g[3]) for g in true if g[0] == video]
    highest, name = max(there, key=lambda pair: pair[0], default=(0.0, None))
    if highest >= threshold:
        return "double detection" if name == label else "wrong label"
    if highest >= 0.1:
        return "localization" if name == label else "confusion"
    return "background"


VIDEOS, LABELS = st.sampled_from(["v", "w"]), st.sampled_from(["a", "b", "c"])
TIMES = st.tuples(st.integers(0, 12), st.integers(1, 9)).map(lambda t: (float(t[0]), float(t[0] + t[1])))


@settings(max_examples=150)
@given(
    st.lists(
        st.tuples(VIDEOS, TIMES, LABELS, st.integers(0, 4)).map(lambda r: (r[0], *r[1], r[2], r[3] / 4)),
        max_size=12,
    ),
    st.lists(st.tuples(VIDEOS, TIMES, LABELS).map(lambda r: (r[0], *r[1], r[2])), max_size=8),
)
def test_equals_plain_loops(found, true):
    detections, instances = Detections.of(found), ActionInstances.of(true)
    matches = match_detections(detections, instances, TIOUS)
    kinds = error_kinds(detections, instances, TIOUS)
    assert np.array_equal(kinds, error_kinds(detections, instances, TIOUS, matches=matches))
    for k, threshold in enumerate(TIOUS):
        for n, row in enumerate(found):
            assert KINDS[kinds[k, n]] == kind_by_the_letter(row, matches[k, n], true, threshold)
