"""Greedy matching: the cases where evaluators differ."""

import numpy as np
import pytest

from dcwtal.core.detections import Detections
from dcwtal.core.instances import ActionInstances
from dcwtal.evaluation.matching import match_detections


def matched(detections, instances, tious=(0.5,)):
    return match_detections(
        Detections.of(("v", *row) if len(row) == 4 else row for row in detections),
        ActionInstances.of(("v", *row) if len(row) == 3 else row for row in instances),
        tious,
    ).tolist()


def test_a_duplicate_is_a_false_positive_even_when_it_fits_better():
    assert matched([(0, 10, "a", 0.5), (0, 8, "a", 0.9)], [(0, 10, "a")]) == [[-1, 0]]


def test_an_instance_taken_leaves_the_next_best_one():
    """Both detections overlap instance 0 best; the second takes instance 1."""
    instances = [(0, 10, "a"), (2, 12, "a")]
    assert matched([(0, 10, "a", 0.9), (0, 11, "a", 0.8)], instances) == [[0, 1]]


def test_equal_scores_choose_in_stored_order():
    assert matched([(0, 6, "a", 0.5), (0, 10, "a", 0.5)], [(0, 10, "a")]) == [[0, -1]]


def test_equal_tiou_takes_the_first_instance():
    assert matched([(0, 10, "a", 0.5)], [(0, 5, "a"), (5, 10, "a")]) == [[0]]


def test_the_threshold_itself_counts():
    assert matched([(0, 5, "a", 0.5)], [(0, 10, "a")], (0.5, 0.51)) == [[0], [-1]]


def test_each_threshold_matches_for_itself():
    """At .3 the better-scored detection takes the instance, at .7 it cannot."""
    detections = [(0, 5, "a", 0.9), (0, 10, "a", 0.8)]
    assert matched(detections, [(0, 10, "a")], (0.3, 0.7)) == [[0, -1], [-1, 0]]


def test_other_classes_and_other_videos_do_not_match():
    detections = [("v", 0, 5, "b", 0.9), ("w", 0, 5, "a", 0.9)]
    assert matched(detections, [("v", 0, 5, "a"), ("w", 0, 5, "b")]) == [[-1, -1]]


def test_touching_is_not_overlapping():
    assert matched([(0, 5, "a", 0.9)], [(5, 10, "a")], (0.01,)) == [[-1]]


@pytest.mark.parametrize(
    ("detections", "instances"), [([], [(0, 1, "a")]), ([(0, 1, "a", 0.5)], []), ([], [])]
)
def test_empty_sides(detections, instances):
    assert matched(detections, instances) == [[-1] * len(detections)]


def test_the_answer_follows_stored_order_not_score_order():
    result = matched([(0, 1, "a", 0.1), (5, 6, "a", 0.9)], [(5, 6, "a"), (0, 1, "a")])
    assert np.array(result).tolist() == [[1, 0]]
