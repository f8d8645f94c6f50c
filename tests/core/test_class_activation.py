"""ClassActivationSequence: shapes and ranges."""

import numpy as np
import pytest

from dcwtal.core.class_activation import ClassActivationSequence
from dcwtal.core.class_names import ClassNames
from dcwtal.core.errors import DataError
from dcwtal.core.timegrid import TimeGrid

CLASSES, GRID = ClassNames.of(["Dive", "Jump"]), TimeGrid(0, 0.64, 3)


def test_curves_are_columns_by_name():
    scores = ClassActivationSequence(np.arange(6).reshape(3, 2) / 10, np.ones(2), GRID, CLASSES)
    assert scores.of_class("Jump") == pytest.approx([0.1, 0.3, 0.5])
    assert scores.class_scores.dtype == scores.video_scores.dtype == np.float32
    with pytest.raises(DataError, match="did you mean 'Dive'"):
        scores.of_class("Dove")


@pytest.mark.parametrize(
    ("frames", "video", "said"),
    [
        (np.zeros((2, 3)), np.zeros(2), r"\(T, C\) = \(3, 2\); found \(2, 3\)"),
        (np.zeros((3, 2)), np.zeros(3), r"\(C,\) = \(2,\); found \(3,\)"),
        (np.full((3, 2), 1.1), np.zeros(2), r"class_scores must be finite and in \[0, 1\]"),
        (np.full((3, 2), np.nan), np.zeros(2), "class_scores must be finite"),
        (np.zeros((3, 2)), np.full(2, -0.1), "video_scores must be finite"),
    ],
)
def test_faults_say_what_was_expected(frames, video, said):
    with pytest.raises(DataError, match=said):
        ClassActivationSequence(frames, video, GRID, CLASSES)


def test_no_snippets_is_a_legal_sequence():
    empty = ClassActivationSequence(np.zeros((0, 2)), np.zeros(2), TimeGrid(0, 1, 0), CLASSES)
    assert empty.of_class("Dive").shape == (0,)
