"""Detections, columnar."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dcwtal.core.detections import Detections
from dcwtal.core.errors import DataError

ROWS = st.lists(
    st.tuples(st.sampled_from("vw"), st.integers(0, 5), st.sampled_from("ab"), st.integers(0, 3)).map(
        lambda row: (row[0], float(row[1]), float(row[1] + 1), row[2], row[3] / 4)
    ),
    max_size=10,
)


def rows_of(table):
    columns = (table.video, table.start, table.end, table.label, table.score)
    return list(zip(*columns, strict=True))


@given(ROWS)
def test_rows_in_rows_out(rows):
    assert rows_of(Detections.of(rows)) == rows


@given(ROWS)
def test_sorting_is_stable(rows):
    assert rows_of(Detections.of(rows).sorted_by_score()) == sorted(rows, key=lambda row: -row[4])


@given(st.lists(ROWS, max_size=4))
def test_merging_is_appending(parts):
    merged = Detections.merge([Detections.of(rows) for rows in parts])
    assert rows_of(merged) == [row for rows in parts for row in rows]


@given(ROWS)
def test_videos_partition_the_table(rows):
    table = Detections.of(rows)
    parts = [table.of_video(video) for video in "vw"]
    assert [rows_of(part) for part in parts] == [[row for row in rows if row[0] == video] for video in "vw"]
    assert len(table.of_video("x")) == 0
    mask = table.score > 0.3
    assert len(table[mask]) + len(table[~mask]) == len(table)
    assert table[:2].segments.shape == (min(2, len(rows)), 2)


def test_any_finite_score_is_allowed():
    assert Detections.of([("v", 0, 1, "a", -0.1), ("v", 0, 1, "a", 1.17)]).score.tolist() == [-0.1, 1.17]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (("v", 1, 1, "a", 0.5), "needs start < end"),
        (("v", 0, 1, "a", np.inf), "score must be finite"),
        (("v", 0, 1, None, 0.5), "label must be a column of text"),
    ],
)
def test_faults_are_told(row, said):
    with pytest.raises(DataError) as caught:
        Detections.of([row])
    assert said in str(caught.value) and "Detections" in str(caught.value)
