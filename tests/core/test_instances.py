"""Ground truth, columnar."""

import pytest

from dcwtal.core.errors import DataError
from dcwtal.core.instances import ActionInstances

ROWS = [("v", 0.0, 1.0, "a"), ("w", 2.0, 3.0, "b"), ("v", 4.0, 5.0, "b")]


def test_rows_and_picks_keep_their_order():
    truth = ActionInstances.of(ROWS)
    assert len(truth) == 3 and truth.segments.tolist() == [[0, 1], [2, 3], [4, 5]]
    assert truth.of_video("v").start.tolist() == [0, 4]
    assert truth.of_label("b").video.tolist() == ["w", "v"]
    assert len(truth.of_video("nobody")) == len(ActionInstances.empty()) == 0


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ((["v"], [1], [1], ["a"]), "row 0 of video 'v' needs start < end; found [1.0, 1.0)"),
        ((["v", "w"], [0, 3], [1, 2], ["a", "a"]), "row 1 of video 'w'"),
        ((["v"], [float("nan")], [1], ["a"]), "start must be finite; found nan in row 0"),
        ((["v"], [0], [1, 2], ["a"]), "must have one length"),
        (([7], [0], [1], ["a"]), "video must be a column of text"),
        ((["v"], ["x"], [1], ["a"]), "start must be a column of numbers"),
        ((["v"], [[0]], [1], ["a"]), "one dimension"),
    ],
)
def test_faults_name_the_row(columns, said):
    with pytest.raises(DataError) as caught:
        ActionInstances(*columns)
    assert said in str(caught.value)
