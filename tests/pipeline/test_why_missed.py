"""Why an instance is missed: curves made for each reason, and every proposed change tried out by hand."""

import time

import numpy as np
import pytest
from scored_run import CLASSES, flat_scores, random_scores, random_truth

from dcwtal.core.instances import ActionInstances
from dcwtal.evaluation.matching import match_detections
from dcwtal.localize.settings import LocalizeSettings
from dcwtal.pipeline.localize import localize_scores
from dcwtal.pipeline.why_missed.explanation import explain, missed_instance

DIVE = CLASSES.index("Dive")


def painted(*plateaus, branch="cbp", n=20):
    """Scores of 1-s snippets; each plateau is (first, past, height) of Dive in all stages."""
    scores = flat_scores("v", n=n)
    for first, past, height in plateaus:
        scores.class_scores[branch][:, first:past, DIVE] = height
    return scores


def asked(scores, truth, row=0, *, tiou=0.5, **settings):
    instances = ActionInstances.of([("v", start, end, label) for label, start, end in truth])
    return missed_instance(
        scores,
        instances,
        row,
        stage="F1",
        settings=LocalizeSettings(**settings),
        tiou=tiou,
        duration=None,
    )


def is_found(missed, **changes):
    settings = LocalizeSettings(**missed.settings.model_dump() | changes)
    detections = localize_scores(missed.scores, "F1", settings, duration=missed.duration)
    return missed.row in match_detections(detections, missed.truth, [missed.tiou])[0]


def changes_of(answer):
    return {change["key"]: change for change in answer["changes"]}


def test_a_found_instance_needs_nothing():
    answer = explain(asked(painted((2, 6, 0.9)), [("Dive", 2, 6)]))
    assert (answer["reason"], answer["changes"]) == ("found", [])


def test_class_missed_names_the_score_and_lowers_the_threshold_to_it():
    scores = painted((2, 6, 0.9))
    scores.video_scores["cbp"][:, DIVE] = 0.4567
    scores.video_scores["cbp"][:, CLASSES.index("Jump")] = 0.95
    answer = explain(asked(scores, [("Dive", 2, 6)]))
    assert answer["reason"] == "class missed" and "0.457" in answer["text"] and "0.85" in answer["text"]
    change = changes_of(answer)["theta_cls"]
    assert (change["value"], change["from"], change["hits"]) == (0.456, 0.85, 1)
    others = {change["value"] for change in answer["changes"] if change["key"] == "class_scores_branch"}
    assert others == {"vlp", "fused"}


def test_a_class_that_the_run_does_not_know():
    answer = explain(asked(painted((2, 6, 0.9)), [("Chess", 2, 6)]))
    assert (
        answer["reason"] == "class missed" and "does not know" in answer["text"] and answer["changes"] == []
    )


def test_undiscovered_because_incomplete():
    """The peak alone passes .45; the whole action is above .3."""
    missed = asked(painted((2, 10, 0.3), (5, 7, 0.9)), [("Dive", 2, 10)])
    answer = explain(missed)
    assert answer["reason"] == "undiscovered" and "incomplete" in answer["text"]
    assert "0.25" in answer["text"] and "25%" in answer["text"] and "100%" in answer["text"]
    change = changes_of(answer)["theta_loc"]
    assert change["value"] == 0.3 and (change["hits"], change["wrong"]) == (1, -1)
    assert is_found(missed, theta_loc=0.3) and not is_found(missed, theta_loc=0.31)


def test_undiscovered_because_over_complete():
    missed = asked(painted((0, 12, 0.5), (4, 8, 0.9)), [("Dive", 4, 8)], tiou=0.6)
    answer = explain(missed)
    assert answer["reason"] == "undiscovered" and "over-complete" in answer["text"]
    assert changes_of(answer)["theta_loc"]["value"] == 0.51


def test_undiscovered_because_the_curve_never_rises():
    answer = explain(asked(painted((15, 18, 0.9)), [("Dive", 2, 6)]))
    assert answer["reason"] == "undiscovered" and "none of 1 candidates" in answer["text"]


def test_undiscovered_where_the_other_branch_sees_it():
    scores = painted((2, 10, 0.8), branch="vlp")
    answer = explain(asked(scores, [("Dive", 2, 10)]))
    others = [change["value"] for change in answer["changes"] if change["key"] == "branch"]
    assert others == ["vlp", "fused"]


def test_undiscovered_in_peer_mode_takes_one_more_threshold():
    missed = asked(painted((2, 10, 0.42), (4, 6, 0.9)), [("Dive", 2, 10)], mode="peer", theta_list=(0.5, 0.6))
    change = changes_of(explain(missed))["theta_list"]
    assert len(change["value"]) == 3 and is_found(missed, theta_list=tuple(change["value"]))
    assert change["text"].startswith("Add the threshold 0.4")


def test_a_gap_is_closed():
    missed = asked(painted((2, 5, 0.9), (6, 9, 0.9)), [("Dive", 2, 9)])
    change = changes_of(explain(missed))["closing_gap"]
    assert change["value"] == 1.0 and (change["hits"], change["wrong"]) == (1, -2)


def test_suppressed_by_hard_nms_names_the_detection():
    """Two nested candidates; the short one scores higher and removes the long one, which fits."""
    missed = asked(
        painted((2, 10, 0.5), (3, 8, 0.9)),
        [("Dive", 2, 10)],
        tiou=0.8,
        mode="peer",
        score_rule="mean",
        nms="hard",
        nms_tiou=0.3,
    )
    answer = explain(missed)
    assert answer["reason"] == "suppressed" and "3.00–8.00 s" in answer["text"]
    keys = changes_of(answer)
    assert keys["nms_tiou"]["value"] == 0.65 and is_found(missed, nms_tiou=0.65)
    assert not is_found(missed, nms_tiou=0.6)
    assert {change["value"] for change in answer["changes"] if change["key"] == "nms"} == {"gaussian", "none"}


def test_suppressed_by_decay():
    missed = asked(
        painted((2, 10, 0.5), (3, 8, 0.9)),
        [("Dive", 2, 10)],
        tiou=0.8,
        mode="peer",
        score_rule="mean",
        sigma=0.05,
        min_score=0.2,
    )
    answer = explain(missed)
    assert answer["reason"] == "suppressed" and "decayed" in answer["text"]
    assert all(is_found(missed, **{change["key"]: change["value"]}) for change in answer["changes"])
    assert {"min_score", "sigma"} & set(changes_of(answer))


def test_suppressed_by_min_score():
    answer = explain(asked(painted((2, 6, 0.5), (10, 12, 0.9)), [("Dive", 2, 6)], min_score=0.6))
    assert answer["reason"] == "suppressed" and "below min_score 0.6" in answer["text"]
    assert changes_of(answer)["min_score"]["value"] == 0.3


def test_out_ranked_by_the_limit():
    scores = painted((1, 3, 0.95), (5, 7, 0.9), (9, 13, 0.6))
    answer = explain(asked(scores, [("Dive", 9, 13)], max_per_video=2))
    assert answer["reason"] == "out-ranked" and "number 3" in answer["text"]
    assert changes_of(answer)["max_per_video"]["value"] == 3
    keys = [change["key"] for change in answer["changes"] if change["key"] == "max_per_video"]
    assert len(keys) == 1


def test_out_ranked_by_another_instance():
    """One detection, two instances that overlap: it goes to the one that it fits better."""
    missed = asked(painted((2, 8, 0.9)), [("Dive", 2, 8), ("Dive", 3, 8)], row=1)
    answer = explain(missed)
    assert answer["reason"] == "out-ranked" and "2.00–8.00 s" in answer["text"]


def test_rows_are_in_order_of_time():
    scores, truth = painted((10, 14, 0.9)), [("Dive", 10, 14), ("Dive", 1, 4)]
    assert explain(asked(scores, truth, row=1))["reason"] == "found"
    assert explain(asked(scores, truth, row=0))["reason"] == "undiscovered"


@pytest.mark.parametrize("mode", ["paper", "peer"])
@pytest.mark.parametrize("nms", ["gaussian", "hard"])
def test_every_proposed_change_is_true(mode, nms):
    """On random curves: each change recovers the instance, tells its cost exactly, and they come smallest first."""
    told = 0
    for seed in range(6):
        scores = random_scores("v", seed)
        truth = random_truth(seed, end=scores.grid.end)
        for row in range(len(truth)):
            missed = asked(scores, truth, row, mode=mode, nms=nms, branch="fused")
            answer = explain(missed)
            before = match_detections(localize_scores(scores, "F1", missed.settings), missed.truth, [0.5])[0]
            assert (answer["reason"] == "found") == (row in before)
            assert len(answer["changes"]) <= 4
            for change in answer["changes"]:
                assert is_found(missed, **{change["key"]: change["value"]}), change
                settings = LocalizeSettings(**missed.settings.model_dump() | {change["key"]: change["value"]})
                after = match_detections(localize_scores(scores, "F1", settings), missed.truth, [0.5])[0]
                assert change["hits"] == (after >= 0).sum() - (before >= 0).sum()
                assert change["wrong"] == (after < 0).sum() - (before < 0).sum()
                told += 1
    assert told >= 5


def test_a_long_video_is_answered_in_time():
    scores = random_scores("v", 5, n=4000)
    truth = random_truth(5, end=scores.grid.end, count=3)
    begin = time.perf_counter()
    explain(asked(scores, truth, 0, tiou=0.95, mode="peer", theta_cls=0.0))
    assert time.perf_counter() - begin < 6  # 3 s on an idle machine
    assert np.isfinite(scores.class_scores["cbp"]).all()
