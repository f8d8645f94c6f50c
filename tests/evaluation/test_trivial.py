"""The whole-video baseline."""

from dcwtal.core.instances import ActionInstances
from dcwtal.evaluation.trivial import whole_video_detections


def test_one_segment_for_each_true_class_of_a_video_with_a_duration():
    truth = ActionInstances.of([("v", 1, 2, "a"), ("v", 3, 4, "a"), ("v", 5, 6, "b"), ("w", 1, 2, "a")])
    found = whole_video_detections(truth, {"v": 10.0})
    assert list(zip(found.video, found.start, found.end, found.label, strict=True)) == [
        ("v", 0.0, 10.0, "a"),
        ("v", 0.0, 10.0, "b"),
    ]
