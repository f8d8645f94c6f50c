"""The page is sent the scores as they are stored, with the truth in order of time; large ones in parts."""

from dataclasses import replace

import numpy as np
import pytest

from dcwtal.core.class_names import ClassNames
from dcwtal.core.errors import SettingsError
from dcwtal.core.instances import ActionInstances
from dcwtal.core.timegrid import TimeGrid
from dcwtal.data.score_store import VideoScores
from dcwtal.views.binary_blob import unpack_blob
from dcwtal.views.sent_curves import MOST_VALUES, first_part
from dcwtal.views.stage_rates import CurveRules, rates_by_class
from dcwtal.views.timeline_payload import curves_blob, instance_rows, timeline_blob

TIMES = np.arange(310) / 25.0


def blob_of(scores, truth, **rules):
    return unpack_blob(
        timeline_blob(
            scores,
            frame_times=TIMES,
            duration=12.4,
            labels=("dive", "jump"),
            truth=truth,
            rules=CurveRules(**rules),
        )
    )


def test_curves_and_frame_times_arrive_unchanged(scores, truth):
    header, arrays = blob_of(scores, truth)
    for branch in ("cbp", "vlp"):
        np.testing.assert_array_equal(arrays[branch], scores.class_scores[branch])
        np.testing.assert_array_equal(arrays[f"{branch}_video"], scores.video_scores[branch])
    np.testing.assert_array_equal(arrays["frame_times"], TIMES)
    assert header["grid"] == {"start": 0.0, "step": 0.32, "n": 40}
    assert (header["stages"], header["classes"]) == (["warmup", "B1"], ["dive", "jump", "serve"])


def test_rules_arrive_as_given(scores, truth):
    header, _ = blob_of(scores, truth, high=0.4, low=0.2, minmax=True, fusion_weight=0.7)
    assert header["rules"] == {"high": 0.4, "low": 0.2, "minmax": True, "fusion_weight": 0.7}


def test_truth_is_in_order_of_time(truth):
    rows = instance_rows(truth)
    assert [row["start"] for row in rows] == [1.0, 6.1, 9.5]
    assert [row["label"] for row in rows] == ["jump", "dive", "jump"]


def test_no_annotation_is_not_the_same_as_no_action(scores, truth):
    header, _ = blob_of(scores, None)
    assert header["truth"] is None and header["rates"] == {}
    header, _ = blob_of(scores, truth[:0])
    assert header["truth"] == [] and header["rates"] == {}


def test_all_is_sent_of_a_small_video(scores, truth):
    header, _ = blob_of(scores, truth)
    assert (header["stages_sent"], header["classes_sent"]) == (["warmup", "B1"], [0, 1, 2])
    assert (header["has_video"], header["notice"]) == (True, "")


def test_without_a_video_the_notice_says_so(scores):
    header, arrays = unpack_blob(
        timeline_blob(
            scores,
            frame_times=np.zeros(0),
            duration=12.4,
            labels=(),
            truth=None,
            rules=CurveRules(),
            has_video=False,
            notice="No video file.",
        )
    )
    assert (header["has_video"], header["notice"], len(arrays["frame_times"])) == (False, "No video file.", 0)


def part_of(scores, most_values, *, stage="warmup", labels=()):
    return unpack_blob(
        timeline_blob(
            scores,
            frame_times=TIMES,
            duration=12.4,
            labels=labels,
            truth=None,
            rules=CurveRules(),
            stage=stage,
            most_values=most_values,
        )
    )


def test_of_a_larger_video_the_asked_stage_is_sent(scores):
    """All are 2 branches x 2 stages x 40 snippets x 3 classes = 480 values."""
    header, _ = part_of(scores, 480)
    assert header["stages_sent"] == ["warmup", "B1"]
    for stage, row in (("warmup", 0), ("B1", 1)):
        header, arrays = part_of(scores, 479, stage=stage)
        assert (header["stages_sent"], header["classes_sent"]) == ([stage], [0, 1, 2])
        np.testing.assert_array_equal(arrays["cbp"], scores.class_scores["cbp"][[row]])
        np.testing.assert_array_equal(arrays["cbp_video"], scores.video_scores["cbp"])


def test_of_a_huge_video_own_labels_then_probable_classes_are_sent(scores):
    videos = {"cbp": np.float32([[0.1, 0.2, 0.9]] * 2), "vlp": np.float32([[0.5, 0.1, 0.1]] * 2)}
    scores = replace(scores, video_scores=videos)
    for most, labels, sent in (
        (160, (), [0, 2]),
        (80, (), [2]),
        (160, ("jump",), [1, 2]),
        (1, ("dive",), [0]),
    ):
        header, arrays = part_of(scores, most, labels=labels)
        assert header["classes_sent"] == sent
        np.testing.assert_array_equal(arrays["vlp"], scores.class_scores["vlp"][:1][:, :, sent])


def test_the_rest_can_be_asked_for(scores):
    header, arrays = unpack_blob(curves_blob(scores, stage="B1", classes=[2, 0]))
    assert (header["stages_sent"], header["classes_sent"]) == (["B1"], [2, 0])
    for branch in ("cbp", "vlp"):
        np.testing.assert_array_equal(arrays[branch][0], scores.class_scores[branch][1][:, [2, 0]])
    assert unpack_blob(curves_blob(scores, stage="B1"))[1]["cbp"].shape == (1, 40, 3)


@pytest.mark.parametrize(
    ("asked", "word"),
    [
        ({"stage": "F9"}, "F9"),
        ({"stage": "B1", "classes": [3]}, "0 to 2"),
        ({"stage": "B1", "classes": [-1]}, "found -1"),
        ({"stage": "B1", "classes": []}, "none"),
        ({"stage": "B1", "classes": [0, 0], "most_values": 80}, "at most 1"),
    ],
)
def test_what_cannot_be_sent_is_explained(scores, asked, word):
    with pytest.raises(SettingsError, match=word):
        curves_blob(scores, **asked)


def test_the_largest_videos_stay_below_twenty_megabytes():
    """100 classes, 20,000 snippets, 7 stages: broadcast views, so that nothing this large is made here."""
    shape = (7, 20_000, 100)
    scores = VideoScores(
        "v",
        tuple(f"s{number}" for number in range(7)),
        {branch: np.broadcast_to(np.float32(0.5), shape) for branch in ("cbp", "vlp")},
        {branch: np.broadcast_to(np.float32(0.5), shape[::2]) for branch in ("cbp", "vlp")},
        TimeGrid(0.0, 0.64, 20_000),
        ClassNames(tuple(f"c{number:03d}" for number in range(100))),
    )
    part = first_part(scores, stage="s6")
    assert (part.stages, len(part.classes)) == ((6,), 100)
    assert 4 * part.values(20_000) <= 4 * MOST_VALUES <= 20_000_000


def test_rates_are_those_of_the_whole_scores_or_left_out(scores, truth):
    rules = CurveRules()
    header, _ = blob_of(scores, truth)
    assert header["rates"] == rates_by_class(scores, truth, rules=rules, duration=12.4)
    many = replace(
        scores,
        stages=tuple(f"s{number}" for number in range(31)),
        class_scores={b: np.repeat(v[:1], 31, axis=0) for b, v in scores.class_scores.items()},
        video_scores={b: np.repeat(v[:1], 31, axis=0) for b, v in scores.video_scores.items()},
    )
    header, _ = blob_of(many, truth)
    assert header["rates"] == {}  # 31 stages x 2 labels are more than 60


def test_a_label_that_the_run_does_not_know_is_truth_without_rates(scores):
    truth = ActionInstances.of([("v", 1.0, 2.0, "chess"), ("v", 3.0, 4.0, "jump")])
    header, _ = blob_of(scores, truth)
    assert [row["label"] for row in header["truth"]] == ["chess", "jump"]
    assert list(header["rates"]) == ["jump"]
