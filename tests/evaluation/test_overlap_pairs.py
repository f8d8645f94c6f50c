"""Pairs that overlap, against the matrix of all pairs; names as codes."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from dcwtal.core.detections import Detections
from dcwtal.core.instances import ActionInstances
from dcwtal.core.segment import tiou_matrix
from dcwtal.evaluation.overlap_pairs import overlapping_pairs
from dcwtal.evaluation.text_codes import text_codes

VIDEOS, LABELS = st.sampled_from(["v", "w", "x"]), st.sampled_from(["a", "b"])
# Many equal times and nested segments, and some times that no float holds exactly.
TIMES = st.tuples(st.integers(-5, 20), st.integers(1, 12)).map(lambda t: (t[0] * 0.3, (t[0] + t[1]) * 0.3))
ROWS = st.tuples(VIDEOS, TIMES, LABELS).map(lambda row: (row[0], *row[1], row[2]))


@settings(max_examples=200)
@given(st.lists(ROWS, max_size=12), st.lists(ROWS, max_size=12), st.booleans())
def test_equals_the_matrix_of_all_pairs(found, true, same_label):
    detections = Detections.of((*row, 0.5) for row in found)
    instances = ActionInstances.of(true)
    pairs = overlapping_pairs(detections, instances, same_label=same_label)
    allowed = detections.video[:, None] == instances.video[None, :]
    if same_label:
        allowed &= detections.label[:, None] == instances.label[None, :]
    overlap = np.where(allowed, tiou_matrix(detections.segments, instances.segments), 0)
    rows, columns = np.nonzero(overlap)
    assert (pairs.detection.tolist(), pairs.instance.tolist()) == (rows.tolist(), columns.tolist())
    assert pairs.tiou.tolist() == overlap[rows, columns].tolist()
    best = pairs.best(len(detections))
    for row in range(len(detections)):
        if overlap[row].max(initial=0) > 0:
            assert pairs.detection[best[row]] == row and pairs.instance[best[row]] == overlap[row].argmax()
        else:
            assert best[row] == -1


@given(st.floats(0, 100), st.floats(0.1, 50), st.floats(0, 100), st.floats(0.1, 50))
def test_tiou_follows_from_coverage_and_purity(start, length, true_start, true_length):
    pairs = overlapping_pairs(
        Detections.of([("v", start, start + length, "a", 1.0)]),
        ActionInstances.of([("v", true_start, true_start + true_length, "a")]),
        same_label=True,
    )
    np.testing.assert_allclose(pairs.tiou, 1 / (1 / pairs.coverage + 1 / pairs.purity - 1), rtol=1e-9)
    assert np.all((pairs.coverage > 0) & (pairs.purity > 0))


def test_names_are_coded_in_alphabetical_order_over_all_columns():
    names, (first, second) = text_codes(np.array(["b", "a", "b"], object), np.array(["c", "a"], object))
    assert names.tolist() == ["a", "b", "c"]
    assert (first.tolist(), second.tolist()) == ([1, 0, 1], [2, 0])
    assert text_codes(np.array([], object))[0].tolist() == []
