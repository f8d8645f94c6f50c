"""AP within each video, against the evaluator run on that video alone."""

import pytest
from golden_detections import GOLDEN_DETECTIONS, GOLDEN_TRUTH
from hypothesis import given, settings
from hypothesis import strategies as st

from dcwtal.core.detections import Detections
from dcwtal.core.instances import ActionInstances
from dcwtal.evaluation.matching import match_detections
from dcwtal.evaluation.mean_average_precision import mean_average_precision
from dcwtal.evaluation.video_precision import video_average_precision


def test_the_golden_videos_by_hand():
    """v1: A finds one of two at once, the rest is wrong: .5; B's only fit reaches .3125: 0. v3: one of two: .5."""
    assert video_average_precision(GOLDEN_DETECTIONS, GOLDEN_TRUTH, 0.5) == {"v1": 0.25, "v2": 1.0, "v3": 0.5}


def test_precision_that_rises_later_counts_for_the_earlier_hit_but_not_across_classes():
    """v, a: wrong, hit, hit: the envelope is 2/3 at both of three instances. v, b: hit, wrong, wrong, hit of two."""
    truth = [("v", 10 * i, 10 * i + 5, "a") for i in range(3)] + [
        ("v", 10 * i, 10 * i + 5, "b") for i in range(2)
    ]
    found = [("v", 90, 95, "a", 0.9), ("v", 0, 5, "a", 0.8), ("v", 10, 15, "a", 0.7)]
    found += [
        ("v", 0, 5, "b", 0.9),
        ("v", 80, 85, "b", 0.8),
        ("v", 90, 95, "b", 0.7),
        ("v", 10, 15, "b", 0.6),
    ]
    by_video = video_average_precision(Detections.of(found), ActionInstances.of(truth), 0.5)
    assert by_video == {"v": pytest.approx(((2 / 3 + 2 / 3) / 3 + (1 + 2 / 4) / 2) / 2)}


VIDEOS, LABELS = st.sampled_from(["v", "w", "x"]), st.sampled_from(["a", "b", "c"])
TIMES = st.tuples(st.integers(0, 12), st.integers(1, 5)).map(lambda t: (float(t[0]), float(t[0] + t[1])))


@settings(max_examples=150)
@given(
    st.lists(
        st.tuples(VIDEOS, TIMES, LABELS, st.integers(0, 5)).map(lambda r: (r[0], *r[1], r[2], r[3] / 5)),
        max_size=20,
    ),
    st.lists(st.tuples(VIDEOS, TIMES, LABELS).map(lambda r: (r[0], *r[1], r[2])), max_size=10),
    st.sampled_from([0.3, 0.5]),
)
def test_each_video_is_as_if_alone(found, true, tiou):
    detections, instances = Detections.of(found), ActionInstances.of(true)
    by_video = video_average_precision(detections, instances, tiou)
    assert set(by_video) == set(instances.video)
    for video, value in by_video.items():
        alone = mean_average_precision(detections.of_video(video), instances.of_video(video), tious=[tiou])
        assert value == pytest.approx(alone.map[0])
    matched = match_detections(detections, instances, [tiou])[0]
    assert video_average_precision(detections, instances, tiou, matched=matched) == by_video
