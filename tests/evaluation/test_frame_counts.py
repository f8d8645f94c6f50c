"""Frames counted once for each snippet: by hand, and against the frames one by one."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dcwtal.core.class_names import ClassNames
from dcwtal.core.errors import DataError
from dcwtal.core.instances import ActionInstances
from dcwtal.core.timegrid import TimeGrid
from dcwtal.evaluation.frame_counts import FrameThresholds, PreparedFrames, frame_times, inside

CLASSES = ClassNames.of(["Dive", "Jump"])


def test_the_clock_is_25_frames_a_second_whatever_the_grid():
    assert frame_times(2.0).tolist()[:2] == [0.02, 0.06] and len(frame_times(2.0)) == 50
    assert len(frame_times(0.001)) == 1
    assert inside(np.array([0.02, 0.06, 0.10]), [(0.02, 0.06), (0.05, 0.07)]).tolist() == [True, True, False]


def test_snippets_by_hand():
    """Three snippets of 1 s, but the video lasts 2.4 s; v is labelled twice, w not at all."""
    truth = ActionInstances.of([("v", 0.5, 1.2, "Jump"), ("v", 1.0, 1.2, "Jump"), ("w", 0, 1, "Dive")])
    grids = {"v": TimeGrid(0, 1, 3), "w": TimeGrid(0, 1, 2)}
    prepared = PreparedFrames.of(grids, truth, {"v": ["Jump", "Dive"]}, {"v": 2.4}, classes=CLASSES)
    assert (prepared.videos, prepared.frames_in_all) == (("v", "w"), 110)
    assert (prepared.video.tolist(), prepared.column.tolist()) == ([0, 0], [1, 0])
    assert (prepared.first.tolist(), prepared.frames.tolist()) == ([0, 3, 6], [25, 25, 10] * 2)
    assert prepared.foreground.tolist() == [13, 5, 0, 0, 0, 0]
    flat = prepared.flat({"v": np.array([[0, 0.5], [0.1, 0.6], [0.2, 0.7]]), "w": np.zeros((2, 2))})
    assert flat.dtype == np.float32 and flat.tolist() == pytest.approx([0.5, 0.6, 0.7, 0, 0.1, 0.2])


def test_no_labels_no_pairs_and_an_unknown_label_is_an_error():
    prepared = PreparedFrames.of({"v": TimeGrid(0, 1, 3)}, ActionInstances.empty(), {}, classes=CLASSES)
    assert len(prepared.flat({})) == 0 and prepared.frames_in_all == 75
    assert prepared.count(prepared.flat({}), FrameThresholds()).all.shape == (0, 2, 2)
    with pytest.raises(DataError, match="did you mean 'Dive'"):
        PreparedFrames.of({"v": TimeGrid(0, 1, 3)}, ActionInstances.empty(), {"v": ["Dove"]}, classes=CLASSES)


@settings(max_examples=60)
@given(st.data())
def test_tables_are_those_of_single_frames(data):
    grid = TimeGrid(0.0, data.draw(st.sampled_from([0.04, 0.32, 0.64, 1.0])), data.draw(st.integers(1, 9)))
    duration = data.draw(st.one_of(st.none(), st.floats(0.1, 8)))
    spans = data.draw(st.lists(st.tuples(st.floats(0, 6), st.floats(0.1, 3)), max_size=3))
    curve = np.array(
        data.draw(st.lists(st.sampled_from([0, 0.25, 0.5, 0.75, 1]), min_size=grid.n, max_size=grid.n))
    )
    truth = ActionInstances.of([("v", start, start + length, "Dive") for start, length in spans])
    prepared = PreparedFrames.of({"v": grid}, truth, {"v": ["Dive"]}, {"v": duration}, classes=CLASSES)
    tables = prepared.count(
        prepared.flat({"v": np.stack([curve, curve * 0], axis=1)}), FrameThresholds(0.5, 0.5, 0.25)
    )
    everything, confident = np.zeros((2, 2), int), np.zeros((2, 2), int)
    for time in frame_times(duration or grid.end):
        true = any(start <= time < start + length for start, length in spans)
        value = curve[grid.snippet_at(float(time))]
        everything[int(true), int(value >= 0.5)] += 1
        if value > 0.5 or value < 0.25:
            confident[int(true), int(value > 0.5)] += 1
    assert tables.all[0].tolist() == everything.tolist()
    assert tables.confident[0].tolist() == confident.tolist()
