"""Class choice: the absolute rule, its fallback, the relative rule."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dcwtal.localize.class_choice import choose_classes


@pytest.mark.parametrize(
    ("scores", "relative", "chosen"),
    [
        ([0.9, 0.05, 0.05], None, [0]),
        ([0.85, 0.1, 0.05], None, [0]),  # the threshold itself passes
        ([0.5, 0.45, 0.05], None, [0]),  # nobody passes: the most probable
        ([0.5, 0.5, 0.0], None, [0]),  # a tie of the fallback: the first
        ([0.9, 0.2, 0.95], None, [0, 2]),  # sigmoid scores: several pass
        ([0.9, 0.85, 0.84], None, [0, 1]),  # and the threshold itself among them
        ([0.5, 0.45, 0.05], 0.5, [0, 1]),  # relative: two true classes under a softmax
        ([0.5, 0.25, 0.25], 0.5, [0, 1, 2]),  # exactly the share passes
        ([0.5, 0.45, 0.05], 1.0, [0]),
        ([0.9, 0.86, 0.1], 1.0, [0, 1]),  # the relative rule only adds
        ([0.0, 0.0], None, [0]),
        ([], None, []),
    ],
)
def test_worked_cases(scores, relative, chosen):
    assert choose_classes(np.array(scores), threshold=0.85, relative=relative).tolist() == chosen


@given(
    arrays(np.float64, st.integers(1, 8), elements=st.floats(0, 1)),
    st.floats(0, 1),
    st.none() | st.floats(0, 1),
)
def test_a_video_always_has_its_best_class_and_no_worse_one_before_a_better(scores, threshold, relative):
    chosen = choose_classes(scores, threshold=threshold, relative=relative)
    assert scores.argmax() in chosen
    left_out = np.setdiff1d(np.arange(len(scores)), chosen)
    if len(left_out) and len(chosen):
        assert scores[left_out].max() <= scores[chosen].min()
