"""The page is sent the scores as they are stored, with the truth in order of time."""

import numpy as np

from dcwtal.views.binary_blob import unpack_blob
from dcwtal.views.stage_rates import CurveRules
from dcwtal.views.timeline_payload import instance_rows, timeline_blob

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
