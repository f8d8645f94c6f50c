"""AP against hand-worked curves and against its definition written out."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dcwtal.evaluation.average_precision import average_precision


def area_by_definition(hits: list[bool], instances: int) -> float:
    """Σ over recall levels k/instances of the best precision at that recall or beyond."""
    area = 0.0
    for level in range(1, instances + 1):
        best = 0.0
        for cut in range(1, len(hits) + 1):
            found = sum(hits[:cut])
            if found >= level:
                best = max(best, found / cut)
        area += best / instances
    return area


@pytest.mark.parametrize(
    ("hits", "instances", "expected"),
    [
        ([], 3, 0.0),  # no detections
        ([0, 0, 0], 2, 0.0),  # nothing found
        ([1, 1], 2, 1.0),  # all found, first
        ([1], 2, 0.5),  # one never found
        ([0, 1], 1, 0.5),  # found second
        ([1, 0, 1], 2, 0.5 * 1 + 0.5 * 2 / 3),
        ([0, 1, 1], 2, 2 / 3),  # the envelope lifts the first recall step from 1/2 to 2/3
        ([1, 0, 0, 0, 1], 4, 0.25 * 1 + 0.25 * 0.4),
    ],
)
def test_worked_curves(hits, instances, expected):
    assert average_precision(np.array([hits], dtype=bool), instances) == pytest.approx([expected])


def test_thresholds_are_independent_rows():
    hits = np.array([[1, 1], [1, 0], [0, 0]], dtype=bool)
    assert average_precision(hits, 2) == pytest.approx([1.0, 0.5, 0.0])


@given(st.lists(st.booleans(), max_size=12), st.integers(0, 5))
def test_equals_its_definition(hits, unfound):
    instances = sum(hits) + unfound
    if instances:
        found = average_precision(np.array(hits, dtype=bool).reshape(1, -1), instances)
        assert found == pytest.approx([area_by_definition(hits, instances)])
