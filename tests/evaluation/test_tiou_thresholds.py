"""How tIoU lists are written and averaged."""

import numpy as np
import pytest

from dcwtal.core.errors import UserError
from dcwtal.evaluation.tiou_thresholds import ACTIVITYNET, THUMOS14, averages, parse_tious


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("0.1:0.7:0.1", THUMOS14),  # .30000000000000004 would lose an exact match at .3
        ("0.5:0.95:0.05", ACTIVITYNET),
        ("0.5", (0.5,)),
        ("0.5,0.75,0.95", (0.5, 0.75, 0.95)),
        ("0.3:0.3:0.1", (0.3,)),
        ("0.1:0.65:0.1", (0.1, 0.2, 0.3, 0.4, 0.5, 0.6)),
        ("1", (1.0,)),
    ],
)
def test_written_lists(text, values):
    assert parse_tious(text) == values


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a",
        "nan",
        "inf",
        "-0.5",
        "0.7,0.5",  # falling
        "0.5,0.5",  # twice
        "0.5:0.1:0.1",  # falling
        "0:0.5:0.1",  # everything overlaps by at least 0
        "0.1:1.2:0.1",
        "0.1:0.7",  # no step
        "0.1:0.7:0",
        "0.1:0.7:0.0000001",  # six million thresholds
        "0.1:0.7:0.1:0.1",
        "0.1:0.5,0.7",  # both ways of writing
    ],
)
def test_faults_say_how_to_write_them(text):
    with pytest.raises(UserError, match=r"expected thresholds in \(0, 1\] as first:last:step"):
        parse_tious(text)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("0.1:0.7:0.1", ["0.1:0.5", "0.3:0.7", "0.1:0.7"]),
        ("0.3:0.7:0.1", ["0.3:0.7"]),
        ("0.1:0.9:0.1", ["0.1:0.5", "0.3:0.7", "0.1:0.7", "0.1:0.9"]),
        ("0.5:0.95:0.05", ["0.5:0.95"]),
        ("0.5,0.75,0.95", ["0.5,0.75,0.95"]),
        ("0.5", ["0.5"]),
        ("0.2:0.8:0.2", ["0.2:0.8:0.2"]),
    ],
)
def test_averages_that_can_be_named(text, names):
    tious = parse_tious(text)
    assert list(averages(tious, np.array(tious))) == names


def test_averages_take_only_their_own_thresholds():
    found = averages(THUMOS14, np.array([7, 6, 5, 4, 3, 2, 1.0]))
    assert found == {"0.1:0.5": 5.0, "0.3:0.7": 3.0, "0.1:0.7": 4.0}
