"""The answer for one video: AP at the asked tIoU, and the classes in order."""

import numpy as np

from dcwtal.core.detections import Detections
from dcwtal.core.instances import ActionInstances
from dcwtal.views.video_answer import class_rows, video_answer

TRUTH = ActionInstances.of([("v", 2, 6, "dive"), ("v", 10, 14, "dive"), ("v", 1, 2, "jump")])
FOUND = Detections.of([("v", 2, 5, "dive", 0.9), ("v", 7, 9, "dive", 0.8), ("v", 10, 14, "dive", 0.7)])


def test_precision_of_each_class_within_the_video():
    # Hit, miss, hit of two instances: precision 1 up to recall 1/2, then 2/3.
    assert video_answer(FOUND, TRUTH)["ap"] == {"dive": (1 + 2 / 3) / 2, "jump": 0.0}
    # Of 2-6, 2-5 has tIoU 3/4: at .8 the last alone is a hit, the third of three.
    answer = video_answer(FOUND, TRUTH, tiou=0.8)
    assert answer["ap"]["dive"] == (1 / 3) / 2 and answer["tiou"] == 0.8
    assert answer["counts"]["dive"] == {"hits": 1, "wrong": 2, "missed": 1}


def test_without_a_truth_there_is_no_precision():
    answer = video_answer(FOUND, None)
    assert answer["ap"] is None and answer["counts"] is None and answer["total"] == 3
    assert video_answer(FOUND, ActionInstances.empty())["ap"] == {}
    assert video_answer(Detections.empty(), TRUTH)["ap"] == {"dive": 0.0, "jump": 0.0}


def test_classes_come_by_their_score():
    rows = class_rows(("a", "b", "c"), np.array([0.25, 0.75, 0.25], np.float32), np.array([1]))
    assert rows == [
        {"label": "b", "score": 0.75, "chosen": True},
        {"label": "a", "score": 0.25, "chosen": False},
        {"label": "c", "score": 0.25, "chosen": False},
    ]
