"""mAP against the ActivityNet evaluator written as plain loops, and its stated decisions."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dcwtal.core.detections import Detections
from dcwtal.core.errors import DataError
from dcwtal.core.instances import ActionInstances
from dcwtal.core.segment import Segment, tiou
from dcwtal.evaluation.mean_average_precision import mean_average_precision

TIOUS = (0.1, 0.3, 0.5, 0.7)
TIMES = st.tuples(st.integers(0, 8), st.integers(1, 5)).map(lambda t: (float(t[0]), float(t[0] + t[1])))
VIDEOS, LABELS = st.sampled_from(["v", "w"]), st.sampled_from(["a", "b"])
TRUTH = st.lists(st.tuples(VIDEOS, TIMES, LABELS).map(lambda r: (r[0], *r[1], r[2])), min_size=1, max_size=8)
FOUND = st.lists(
    st.tuples(VIDEOS, TIMES, LABELS, st.integers(0, 4)).map(lambda r: (r[0], *r[1], r[2], r[3] / 4)),
    max_size=12,
)


def ap_by_the_letter(found, truth, label, threshold):
    """One class, one threshold: sort, match greedily, then the area under the envelope; 15 lines."""
    found = sorted((row for row in found if row[3] == label), key=lambda row: -row[4])
    left = [row for row in truth if row[3] == label]
    total, hits = len(left), []
    for video, start, end, _, _ in found:
        fits = [row for row in left if row[0] == video]
        fits = [(tiou(Segment(start, end), Segment(row[1], row[2])), row) for row in fits]
        best = max(fits, key=lambda fit: fit[0], default=(0.0, None))
        hits.append(best[0] >= threshold)
        if hits[-1]:
            left.remove(best[1])
    precision = [sum(hits[: i + 1]) / (i + 1) for i in range(len(hits))]
    return sum(max(precision[i:]) for i, hit in enumerate(hits) if hit) / total


@settings(max_examples=200)
@given(FOUND, TRUTH)
def test_equals_plain_loops(found, truth):
    report = mean_average_precision(Detections.of(found), ActionInstances.of(truth), tious=TIOUS)
    for label in sorted({row[3] for row in truth}):
        expected = [ap_by_the_letter(found, truth, label, threshold) for threshold in TIOUS]
        assert report.per_class[label] == pytest.approx(expected)
    means = [sum(column) / len(report.per_class) for column in zip(*report.per_class.values(), strict=True)]
    assert report.map == pytest.approx(means)


@given(TRUTH)
def test_the_truth_itself_is_perfect(truth):
    truth = list(dict.fromkeys(truth))
    found = [(*row, 0.5) for row in truth]
    report = mean_average_precision(Detections.of(found), ActionInstances.of(truth), tious=TIOUS)
    assert report.map == (1.0,) * len(TIOUS)


def test_a_class_without_detections_counts_as_zero():
    truth = ActionInstances.of([("v", 0, 1, "a"), ("v", 0, 1, "b")])
    report = mean_average_precision(Detections.of([("v", 0, 1, "a", 1.0)]), truth, tious=(0.5,))
    assert report.per_class == {"a": (1.0,), "b": (0.0,)} and report.map == (0.5,)


def test_a_video_without_detections_costs_recall_only():
    truth = ActionInstances.of([("v", 0, 1, "a"), ("w", 0, 1, "a")])
    report = mean_average_precision(Detections.of([("v", 0, 1, "a", 1.0)]), truth, tious=(0.5,))
    assert report.map == (0.5,) and report.videos == 2


def test_unknown_labels_are_counted_and_enter_no_number():
    truth = ActionInstances.of([("v", 0, 1, "a")])
    found = Detections.of([("v", 0, 1, "z", 1.0), ("v", 0, 1, "a", 0.5), ("v", 0, 1, "y", 1.0)])
    report = mean_average_precision(found, truth, tious=(0.5,))
    assert report.map == (1.0,) and report.detections == 1
    assert report.protocol["labels_without_instances"] == {"y": 1, "z": 1}


def test_no_detections_at_all_is_zero_and_no_instances_an_error():
    truth = ActionInstances.of([("v", 0, 1, "a")])
    assert mean_average_precision(Detections.empty(), truth).map == (0.0,) * 7
    with pytest.raises(DataError, match="holds no instances"):
        mean_average_precision(Detections.empty(), ActionInstances.empty())


def test_the_report_as_json_has_the_keys_of_the_contract():
    truth = ActionInstances.of([("v", 0, 1, "a")])
    document = mean_average_precision(Detections.of([("v", 0, 1, "a", 1.0)]), truth).to_dict()
    assert list(document) == [
        "protocol",
        "tiou",
        "map",
        "average",
        "videos",
        "instances",
        "detections",
        "per_class",
    ]
    assert document["average"] == {"0.1:0.5": 1.0, "0.3:0.7": 1.0, "0.1:0.7": 1.0}
    assert document["tiou"] == [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]
