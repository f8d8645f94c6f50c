"""Right, wrong and missed, against a table worked out by hand and against a loop over all pairs."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dcwtal.core.detections import Detections
from dcwtal.core.instances import ActionInstances
from dcwtal.core.segment import Segment, tiou
from dcwtal.views.detection_rows import detection_rows, hit_counts
from dcwtal.views.video_answer import video_answer

TRUTH = ActionInstances.of([("v", 1.0, 3.0, "jump"), ("v", 5.0, 9.0, "jump"), ("v", 5.0, 6.0, "dive")])
FOUND = Detections.of(
    [
        ("v", 5.5, 9.0, "jump", 0.5),  # the second jump: tIoU .875
        ("v", 1.0, 3.0, "jump", 0.9),  # the first jump
        ("v", 1.1, 3.0, "jump", 0.8),  # the first jump again: a duplicate
        ("v", 20.0, 21.0, "jump", 0.1),  # nothing
    ]
)


def test_hits_and_misses_worked_out_by_hand():
    rows = detection_rows(FOUND, TRUTH, tiou=0.5)
    assert [row["score"] for row in rows["detections"]] == [0.9, 0.8, 0.5, 0.1]
    assert [row["hit"] for row in rows["detections"]] == [True, False, True, False]
    assert [row["tiou"] for row in rows["detections"]] == pytest.approx([1.0, 0.95, 0.875, 0.0])
    assert rows["missed"] == [{"start": 5.0, "end": 6.0, "label": "dive"}]
    assert hit_counts(rows) == {
        "jump": {"hits": 2, "wrong": 2, "missed": 0},
        "dive": {"hits": 0, "wrong": 0, "missed": 1},
    }


def test_without_a_truth_nothing_is_right_or_wrong():
    answer = video_answer(FOUND, None)
    assert answer["counts"] is None and answer["missed"] == []
    assert {row["hit"] for row in answer["detections"]} == {None}


@st.composite
def segments(draw):
    start = draw(st.integers(0, 20))
    return float(start), float(start + draw(st.integers(1, 8)))


@given(
    found=st.lists(st.tuples(segments(), st.sampled_from("ab"), st.integers(1, 9)), max_size=8),
    true=st.lists(st.tuples(segments(), st.sampled_from("ab")), max_size=6),
)
def test_counts_add_up_and_every_hit_reaches_the_threshold(found, true):
    detections = Detections.of([("v", s, e, label, score / 10) for (s, e), label, score in found])
    truth = ActionInstances.of([("v", s, e, label) for (s, e), label in true])
    rows = detection_rows(detections, truth, tiou=0.5)
    counts = hit_counts(rows)
    for label in "ab":
        mine = counts.get(label, {"hits": 0, "wrong": 0, "missed": 0})
        assert mine["hits"] + mine["wrong"] == sum(d[1] == label for d in found)
        assert mine["hits"] + mine["missed"] == sum(t[1] == label for t in true)
    for row in rows["detections"]:
        overlaps = [
            tiou(Segment(row["start"], row["end"]), Segment(s, e))
            for (s, e), label in true
            if label == row["label"]
        ]
        assert row["tiou"] == pytest.approx(max(overlaps, default=0.0))
        assert not row["hit"] or row["tiou"] >= 0.5
    assert np.all(np.diff([row["score"] for row in rows["detections"]]) <= 0)
