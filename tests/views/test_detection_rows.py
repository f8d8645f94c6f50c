"""Right, wrong and missed, against a table worked out by hand and against a loop over all pairs."""

import json

import numpy as np
import pytest
from golden_detections import GOLDEN_DETECTIONS, GOLDEN_TRUTH
from hypothesis import given
from hypothesis import strategies as st

from dcwtal.core.detections import Detections
from dcwtal.core.instances import ActionInstances
from dcwtal.core.segment import Segment, tiou
from dcwtal.evaluation.matching import match_detections
from dcwtal.views.detection_rows import detection_rows
from dcwtal.views.timeline_payload import instance_rows

TRUTH = ActionInstances.of([("v", 5.0, 9.0, "jump"), ("v", 1.0, 3.0, "jump"), ("v", 5.0, 6.0, "dive")])
FOUND = Detections.of(
    [
        ("v", 5.5, 9.0, "jump", 0.5),  # the jump at 5 s: tIoU .875
        ("v", 1.0, 3.0, "jump", 0.9),  # the jump at 1 s
        ("v", 1.1, 3.0, "jump", 0.8),  # the jump at 1 s again: a duplicate
        ("v", 20.0, 21.0, "jump", 0.1),  # nothing
    ]
)
JUDGED = ("hit", "kind", "instance", "tiou", "coverage", "purity", "start_error", "end_error")


def test_hits_and_misses_worked_out_by_hand():
    rows = detection_rows(FOUND, TRUTH, tiou=0.5)
    assert rows["total"] == 4
    assert [row["score"] for row in rows["detections"]] == [0.9, 0.8, 0.5, 0.1]
    # In order of time the instances are: the jump at 1 s, the jump at 5 s, the dive at 5 s.
    expected = [
        (True, "true positive", 0, 1, 1, 1, 0, 0),
        (False, "double detection", 0, 0.95, 0.95, 1, 0.1, 0),
        (True, "true positive", 1, 0.875, 0.875, 1, 0.5, 0),
        (False, "background", None, 0, 0, 0, None, None),
    ]
    for row, values in zip(rows["detections"], expected, strict=True):
        assert [row[key] for key in JUDGED] == pytest.approx(list(values))
    assert rows["instances"] == [
        {"found": True, "detection": 0},
        {"found": True, "detection": 2},
        {"found": False, "detection": None},
    ]
    assert rows["counts"] == {
        "jump": {"hits": 2, "wrong": 2, "missed": 0},
        "dive": {"hits": 0, "wrong": 0, "missed": 1},
    }
    json.dumps(rows, allow_nan=False)


def test_a_golden_video_has_its_kinds():
    rows = detection_rows(GOLDEN_DETECTIONS.of_video("v1"), GOLDEN_TRUTH.of_video("v1"), tiou=0.7)
    assert [row["kind"] for row in rows["detections"]] == [
        "true positive",
        "double detection",
        "localization",
        "wrong label",
        "wrong label",
        "localization",
        "background",
        "confusion",
    ]


def test_without_a_truth_nothing_is_right_or_wrong():
    rows = detection_rows(FOUND, None, tiou=0.5)
    assert rows["counts"] is None and rows["instances"] == []
    assert {row[key] for row in rows["detections"] for key in JUDGED} == {None}
    assert [row["start"] for row in rows["detections"]] == [1.0, 1.1, 5.5, 20.0]


def test_an_empty_truth_makes_every_detection_wrong():
    rows = detection_rows(FOUND, ActionInstances.empty(), tiou=0.5)
    assert [row["kind"] for row in rows["detections"]] == ["background"] * 4
    assert {row["instance"] for row in rows["detections"]} == {None}
    assert rows["counts"] == {"jump": {"hits": 0, "wrong": 4, "missed": 0}}


def test_only_the_best_rows_are_sent_but_all_count():
    rows = detection_rows(FOUND, TRUTH, tiou=0.5, most=2)
    assert rows["total"] == 4 and [row["score"] for row in rows["detections"]] == [0.9, 0.8]
    assert rows["counts"]["jump"] == {"hits": 2, "wrong": 2, "missed": 0}
    assert rows["instances"][1] == {"found": True, "detection": None}


@st.composite
def segments(draw):
    start = draw(st.integers(0, 20))
    return float(start), float(start + draw(st.integers(1, 8)))


@given(
    found=st.lists(st.tuples(segments(), st.sampled_from("ab"), st.integers(1, 9)), max_size=8),
    true=st.lists(st.tuples(segments(), st.sampled_from("ab")), max_size=6),
)
def test_rows_agree_with_the_matching_and_with_their_instances(found, true):
    detections = Detections.of([("v", s, e, label, score / 10) for (s, e), label, score in found])
    truth = ActionInstances.of([("v", s, e, label) for (s, e), label in true])
    rows = detection_rows(detections, truth, tiou=0.5)
    shown = instance_rows(truth)
    best = detections.sorted_by_score()
    taken = match_detections(best, truth, [0.5])[0]
    counts = rows["counts"]
    for label in "ab":
        mine = counts.get(label, {"hits": 0, "wrong": 0, "missed": 0})
        assert mine["hits"] == (taken[best.label == label] >= 0).sum()
        assert mine["hits"] + mine["wrong"] == sum(d[1] == label for d in found)
        assert mine["hits"] + mine["missed"] == sum(t[1] == label for t in true)
    for position, (row, instance) in enumerate(zip(rows["detections"], taken, strict=True)):
        assert row["hit"] == (instance >= 0) == (row["kind"] == "true positive")
        mine = Segment(row["start"], row["end"])
        overlaps = [tiou(mine, Segment(s, e)) for (s, e), label in true if label == row["label"]]
        assert row["hit"] or row["tiou"] == pytest.approx(max(overlaps, default=0.0))
        if row["instance"] is None:
            assert max(overlaps, default=0.0) == 0
            continue
        target = shown[row["instance"]]
        assert target["label"] == row["label"]
        assert row["tiou"] == pytest.approx(tiou(mine, Segment(target["start"], target["end"])))
        assert row["start"] - row["start_error"] == target["start"]
        assert row["end"] - row["end_error"] == target["end"]
        if row["hit"]:
            assert rows["instances"][row["instance"]] == {"found": True, "detection": position}
    assert sum(instance["found"] for instance in rows["instances"]) == (taken >= 0).sum()
    assert np.all(np.diff([row["score"] for row in rows["detections"]]) <= 0)
