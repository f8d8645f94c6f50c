"""Columns of text: what passes, what does not, and that nothing is shared with the caller."""

import numpy as np
import pytest

from dcwtal.core.columns import as_text_column
from dcwtal.core.errors import DataError


class Name(str):
    """A text of another type."""


@pytest.mark.parametrize(
    "values",
    [
        [],
        ["a", "b"],
        ("a", "b"),
        (letter for letter in "ab"),
        np.array(["a", "b"]),
        np.array(["a", "b"], dtype=object),
        ["a", Name("b")],
        {"a": 1, "b": 2},
    ],
)
def test_text_passes(values):
    column = as_text_column(values, "label", "Table")
    assert column.dtype == object and column.tolist() in ([], ["a", "b"])


@pytest.mark.parametrize(
    "values",
    [
        ["a", 1],
        [None],
        [b"a"],
        [["a", "b"], ["c", "d"]],
        np.array([["a"]], dtype=object),
        np.array(["a", None], dtype=object),
        np.array([1.0]),
    ],
)
def test_anything_else_does_not(values):
    with pytest.raises(DataError, match=r"Table\.label must be a column of text"):
        as_text_column(values, "label", "Table")


def test_the_column_is_a_copy():
    values = np.array(["a", "b"], dtype=object)
    column = as_text_column(values, "label", "Table")
    values[0] = "c"
    assert column.tolist() == ["a", "b"]
