"""Protocols: what each leaves out, and that nothing is left out silently."""

from dataclasses import replace

import pytest

from dcwtal.core.detections import Detections
from dcwtal.core.errors import DataError, UserError
from dcwtal.core.instances import ActionInstances
from dcwtal.evaluation.evaluate_under import evaluate_under
from dcwtal.evaluation.protocols import PROTOCOLS, find_protocol

TRUTH = ActionInstances.of([("v", 0, 10, "a"), ("w", 0, 10, "a"), ("other", 0, 10, "a")])


def under(name, rows, *, truth=TRUTH, videos=("v", "w", "empty"), **options):
    protocol = PROTOCOLS[name] if isinstance(name, str) else name
    return evaluate_under(
        protocol,
        Detections.of(rows),
        truth,
        videos=videos,
        other_videos=["other"],
        tious=(0.5,),
        **options,
    )


def test_every_left_out_row_has_a_reason():
    rows = [
        ("v", 0, 10, "a", 0.9),
        ("other", 0, 10, "a", 0.9),
        ("nobody", 0, 10, "a", 0.9),
        ("nobody", 0, 10, "a", 0.8),
        ("w", 0, 10, "z", 0.9),
    ]
    report = under("activitynet", rows)
    assert report.protocol["left_out"] == {
        "videos_of_other_subsets": 1,
        "unknown_videos": 2,
        "labels_without_instances": 1,
    }
    assert report.protocol["unknown_labels"] == ["z"]
    assert (report.detections, report.instances, report.videos) == (1, 2, 3)
    assert report.map == (0.5,)


def test_a_listed_video_without_instances_is_a_place_for_false_positives():
    rows = [("empty", 0, 10, "a", 0.9), ("v", 0, 10, "a", 0.8), ("w", 0, 10, "a", 0.7)]
    assert under("activitynet", rows).map == pytest.approx((2 / 3,))
    passed_over = under("seconds/212", rows)
    assert passed_over.map == (1.0,) and passed_over.protocol["left_out"] == {"videos_passed_over": 1}
    assert passed_over.protocol["note"] == "expected 212 videos of this protocol; found 2"


def test_seconds_210_drops_two_videos_of_truth_and_detections():
    truth = ActionInstances.of([("v", 0, 10, "a"), ("video_test_0000270", 0, 10, "a")])
    rows = [("video_test_0000270", 3, 4, "a", 0.9), ("v", 0, 10, "a", 0.8)]
    report = under("seconds/210", rows, truth=truth, videos=["v", "video_test_0000270"])
    assert report.map == (1.0,) and report.instances == 1


def test_ambiguous_spans_are_no_class_and_may_hide_detections():
    truth = ActionInstances.of([("v", 0, 10, "a"), ("v", 20, 30, "Ambiguous")])
    rows = [("v", 19, 21, "a", 0.9), ("v", 0, 10, "a", 0.8), ("v", 10, 20, "a", 0.7)]
    kept, hidden = (under(name, rows, truth=truth) for name in ("seconds/212", "seconds/212/ambiguous"))
    assert kept.per_class == {"a": (0.5,)}
    assert hidden.map == (1.0,) and hidden.protocol["left_out"] == {
        "on_ambiguous_spans": 1
    }  # touching is not on


def test_snippet_units_round_the_truth():
    """Truth [67.5, 75.9] s becomes snippets [105, 119], whose tIoU with itself in seconds is .9375."""
    truth = ActionInstances.of([("v", 67.5, 75.9, "a")])
    as_truth, as_snippets = ("v", 67.5, 75.9, "a", 0.9), ("v", 67.2, 76.16, "a", 0.9)
    snippet = replace(PROTOCOLS["snippet/212/exact"], expected_videos=None)
    for row, tiou, expected in ((as_truth, 0.93, 1.0), (as_truth, 0.94, 0.0), (as_snippets, 1.0, 1.0)):
        report = evaluate_under(snippet, Detections.of([row]), truth, videos=["v"], tious=(tiou,))
        assert report.map == (expected,), (row, tiou)


def test_an_instance_that_rounds_to_nothing_still_has_to_be_found():
    truth = ActionInstances.of([("v", 1.0, 1.2, "a"), ("v", 6.4, 12.8, "a")])
    report = under("snippet/212", [("v", 6.4, 12.8, "a", 0.9), ("v", 1.0, 1.2, "a", 0.8)], truth=truth)
    assert report.map == (0.5,) and report.instances == 2


def test_duplicate_instances_count_and_are_told():
    truth = ActionInstances.of([("v", 0, 10, "a"), ("v", 0, 10, "a")])
    report = under("activitynet", [("v", 0, 10, "a", 0.9)], truth=truth)
    assert report.map == (0.5,) and report.protocol["duplicate_instances"] == 1


def test_a_subset_without_instances_is_told():
    with pytest.raises(DataError, match="no instances in the 1 videos"):
        under("activitynet", [], videos=["empty"])


def test_unknown_protocols_suggest_the_nearest():
    with pytest.raises(UserError, match="did you mean 'seconds/212'"):
        find_protocol("second/212")
    with pytest.raises(UserError, match="known: activitynet"):
        find_protocol("qqq")


def test_every_protocol_describes_itself():
    for name, protocol in PROTOCOLS.items():
        facts = protocol.describe()
        assert facts["name"] == name and facts["unit"] in ("seconds", "snippets") and facts["video_rule"]
    assert len(PROTOCOLS) >= 6
