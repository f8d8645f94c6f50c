"""Class names: their order, their columns, how a text encoder reads them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dcwtal.core.class_names import ClassNames, check_labels, readable_name
from dcwtal.core.errors import DataError

NAMES = st.lists(st.text(min_size=1, max_size=6).filter(str.strip), min_size=1, max_size=8)


@given(NAMES)
def test_order_is_alphabetical_and_indices_invert(names):
    classes = ClassNames.of(names)
    assert list(classes) == sorted(set(names)) and len(classes) == len(set(names))
    assert [classes.index(name) for name in classes] == list(range(len(classes)))


@given(NAMES, st.data())
def test_multi_hot_inverts(names, data):
    classes = ClassNames.of(names)
    labels = data.draw(st.sets(st.sampled_from(classes.names)))
    hot = classes.multi_hot(labels)
    assert hot.dtype == np.float32 and hot.sum() == len(labels)
    assert classes.of_multi_hot(hot) == sorted(labels)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("CleanAndJerk", "clean and jerk"),
        ("BaseballPitch", "baseball pitch"),
        ("Shotput", "shot put"),
        ("Washing dishes", "washing dishes"),
        ("high_jump", "high jump"),
        ("BMXRace", "bmx race"),
        ("Top10Catch", "top10 catch"),
    ],
)
def test_readable_names(name, words):
    assert readable_name(name) == words


def test_readable_names_can_be_overridden():
    assert ClassNames.of(["Dive", "Jump"]).readable({"Dive": "platform diving"}) == [
        "platform diving",
        "jump",
    ]


def test_an_unknown_class_suggests_the_nearest():
    classes = ClassNames.of(["HighJump", "LongJump"])
    with pytest.raises(DataError, match="unknown class 'HighJmp'; did you mean 'HighJump'"):
        classes.index("HighJmp")
    with pytest.raises(DataError, match="known: HighJump, LongJump"):
        classes.index("zzz")
    with pytest.raises(DataError, match="video 'v1': unknown class"):
        check_labels(["zzz"], classes, "v1")


@pytest.mark.parametrize("names", [("b", "a"), ("a", "a"), ("",), (" ",)])
def test_bad_lists_are_refused(names):
    with pytest.raises(DataError):
        ClassNames(names)
