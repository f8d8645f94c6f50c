"""Soft-NMS of many groups side by side is soft-NMS one by one, to the last bit."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from dcwtal.localize.grouped_nms import soft_nms_of_groups
from dcwtal.localize.nms import gaussian_soft_nms


@st.composite
def groups_of_segments(draw):
    rows = draw(
        st.lists(
            st.tuples(st.integers(0, 4), st.integers(0, 30), st.integers(1, 12), st.integers(-2, 10)),
            max_size=60,
        )
    )
    table = np.array(sorted(rows), dtype=np.int64).reshape(-1, 4)
    start = table[:, 1] * 0.64
    return np.stack([start, start + table[:, 2] * 0.64], axis=1), table[:, 3] / 10, table[:, 0]


@settings(max_examples=150, deadline=None)
@given(groups_of_segments(), st.sampled_from([0.05, 0.3, 2.0]), st.sampled_from([0.0, 0.001, 0.25]))
def test_nms_side_by_side_is_nms_one_by_one(rows, sigma, min_score):
    segments, scores, groups = rows
    found, decayed = soft_nms_of_groups(segments, scores, groups, sigma=sigma, min_score=min_score)
    expected_segments, expected_scores = [np.zeros((0, 2))], [np.zeros(0)]
    for group in range(5):
        mine = np.flatnonzero(groups == group)
        kept, values = gaussian_soft_nms(segments[mine], scores[mine], sigma=sigma, min_score=min_score)
        expected_segments.append(segments[mine][kept])
        expected_scores.append(values)
    np.testing.assert_array_equal(segments[found], np.concatenate(expected_segments))
    np.testing.assert_array_equal(decayed, np.concatenate(expected_scores))
