"""Why an instance is missed: curves made for each reason, and every proposed change tried out by hand."""

import time
from dataclasses import replace

import pytest
from asked_why import DIVE, asked, changes_of, is_found, painted
from scored_run import CLASSES, random_scores, random_truth

from dcwtal.core.instances import ActionInstances
from dcwtal.evaluation.matching import match_detections
from dcwtal.localize.settings import LocalizeSettings
from dcwtal.pipeline.localize import localize_scores
from dcwtal.pipeline.why_missed import changes as changes_module
from dcwtal.pipeline.why_missed.explanation import explain
from dcwtal.views.detection_rows import detection_rows
from dcwtal.views.timeline_payload import instance_rows

# The length of each slider on the page; a switch is as far as from end to end.
LENGTHS = {"smoothing": 5, "closing_gap": 5, "min_length": 5, "sigma": 2, "max_per_video": 2000}
SWITCHES = ("branch", "mode", "nms", "class_scores_branch")


def size_of(change):
    """How large a change is, from its row alone."""
    key, value, now = change["key"], change["value"], change["from"]
    if key in SWITCHES:
        return 1.0
    if key == "theta_list":
        (added,) = set(value) - set(now)
        return min(abs(added - one) for one in now)
    return abs(value - now) / LENGTHS.get(key, 1)


def test_a_found_instance_needs_nothing():
    answer = explain(asked(painted((2, 6, 0.9)), [("Dive", 2, 6)]))
    assert (answer["reason"], answer["changes"], answer["searched"]) == ("found", [], "none")


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
    assert answer["searched"] == "none"


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
    assert "stays below the threshold" in answer["text"]


def test_undiscovered_because_the_run_was_dropped_as_too_short():
    answer = explain(asked(painted((5, 7, 0.9)), [("Dive", 5, 7)], min_length=3))
    assert answer["reason"] == "undiscovered" and "below" not in answer["text"]
    assert "5.00–7.00 s" in answer["text"] and "shorter than the minimum length of 3 s" in answer["text"]
    assert answer["changes"][0]["text"] == "Lower minimum length from 3 to 2"


def test_a_fitting_run_that_was_dropped_is_told_rather_than_a_poor_candidate_that_was_kept():
    scores = painted((0, 19, 0.5), (5, 7, 0.9))
    answer = explain(asked(scores, [("Dive", 5, 7)], min_length=3, mode="peer", theta_list=(0.3, 0.8)))
    assert "5.00–7.00 s (tIoU 1.00)" in answer["text"] and "minimum length of 3 s" in answer["text"]


def test_a_minimum_length_that_took_nothing_here_is_not_blamed():
    answer = explain(asked(painted((15, 17, 0.9)), [("Dive", 2, 6)], min_length=3))
    assert "stays below the threshold" in answer["text"] and "minimum" not in answer["text"]


def test_an_instance_past_the_scores_is_not_said_to_be_below_the_threshold():
    answer = explain(asked(painted((2, 6, 0.9)), [("Dive", 22, 24)]))
    assert "the scores cover only 0.00–20.00 s" in answer["text"]


def test_an_instance_past_the_video_is_not_said_to_be_below_the_threshold():
    missed = replace(asked(painted((15, 19, 0.9)), [("Dive", 15, 19)]), duration=14.5)
    assert "detections end with the video, at 14.50 s" in explain(missed)["text"]


def test_a_threshold_between_two_hundredths_is_found():
    missed = asked(painted((0, 30, 0.452), (10, 14, 0.458), (35, 37, 0.9), n=40), [("Dive", 10, 14)])
    change = changes_of(explain(missed))["theta_loc"]
    assert change["value"] == 0.455 and is_found(missed, theta_loc=0.455)
    assert not any(is_found(missed, theta_loc=step / 100) for step in range(1, 101))


def test_a_finer_threshold_is_found_where_rounding_puts_a_hundredth_on_the_curve():
    """The float32 nearest to .48 is below it: the threshold .48 does not part .48 from .485."""
    missed = asked(painted((0, 30, 0.48), (10, 14, 0.485), (35, 37, 0.9), n=40), [("Dive", 10, 14)])
    assert 0.48 < changes_of(explain(missed))["theta_loc"]["value"] <= 0.485


def test_a_finer_threshold_is_added_to_the_list_in_peer_mode():
    """Stretched from .05 … .9, the two plateaus are .476 and .480, between the fortieths .475 and .5."""
    scores = painted((0, 30, 0.4545), (10, 14, 0.458), (35, 37, 0.9), n=40)
    missed = asked(scores, [("Dive", 10, 14)], mode="peer")
    change = changes_of(explain(missed))["theta_list"]
    (added,) = set(change["value"]) - set(change["from"])
    assert 0.4759 < added < 0.48 and is_found(missed, theta_list=tuple(change["value"]))


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
    assert (
        answer["reason"] == "suppressed" and "decayed" in answer["text"] and "3.00–8.00 s" in answer["text"]
    )
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
    assert "fits better" in answer["text"]
    assert (answer["changes"], answer["searched"]) == ([], "all")


def test_equal_overlap_is_matched_in_stored_order_as_in_the_answer():
    """One detection, 5-15, a third of each of two instances; the one stored first is found, the earlier one missed."""
    scores, truth = painted((5, 15, 0.9)), [("Dive", 10, 20), ("Dive", 0, 10)]
    stored = ActionInstances.of([("v", start, end, label) for label, start, end in truth])
    early, late = asked(scores, truth, 0, tiou=0.3), asked(scores, truth, 1, tiou=0.3)
    detections = localize_scores(scores, "F1", early.settings)
    found = detection_rows(detections, stored, tiou=0.3)["instances"]
    assert [row["start"] for row in instance_rows(stored)] == [0, 10]
    assert [row["found"] for row in found] == [False, True]
    answer = explain(early)
    assert answer["reason"] == "out-ranked" and "stored first" in answer["text"]
    assert explain(late)["reason"] == "found"


def test_rows_are_in_order_of_time():
    scores, truth = painted((10, 14, 0.9)), [("Dive", 10, 14), ("Dive", 1, 4)]
    assert explain(asked(scores, truth, row=1))["reason"] == "found"
    assert explain(asked(scores, truth, row=0))["reason"] == "undiscovered"


@pytest.mark.parametrize("mode", ["paper", "peer"])
@pytest.mark.parametrize("nms", ["gaussian", "hard"])
def test_every_proposed_change_is_true(mode, nms):
    """On random curves: each change recovers the instance, tells its cost exactly, and they come smallest first."""
    told = unordered = 0
    for seed in range(6):
        scores = random_scores("v", seed)
        truth = random_truth(seed, end=scores.grid.end)
        for row in range(len(truth)):
            missed = asked(scores, truth, row, mode=mode, nms=nms, branch="fused")
            answer = explain(missed)
            before = match_detections(localize_scores(scores, "F1", missed.settings), missed.truth, [0.5])[0]
            assert (answer["reason"] == "found") == (missed.row in before)
            assert len(answer["changes"]) <= 4
            sizes = [size_of(change) for change in answer["changes"]]
            assert sizes == pytest.approx(sorted(sizes))
            unordered += len(set(sizes)) > 1
            for change in answer["changes"]:
                assert is_found(missed, **{change["key"]: change["value"]}), change
                settings = LocalizeSettings(**missed.settings.model_dump() | {change["key"]: change["value"]})
                after = match_detections(localize_scores(scores, "F1", settings), missed.truth, [0.5])[0]
                assert change["hits"] == (after >= 0).sum() - (before >= 0).sum()
                assert change["wrong"] == (after < 0).sum() - (before < 0).sum()
                told += 1
    assert told >= 5 and unordered >= 1


def test_a_long_video_is_answered_in_time():
    scores = random_scores("v", 5, n=4000)
    truth = random_truth(5, end=scores.grid.end, count=3)
    begin = time.perf_counter()
    missed = asked(scores, truth, 0, tiou=0.95, mode="peer", theta_cls=0.0)
    answer = explain(missed)
    assert time.perf_counter() - begin < 6  # 3 s on an idle machine
    assert answer["reason"] != "found" and not is_found(missed)
    assert answer["searched"] in ("all", "part") and answer["seconds"] == 2.1
    assert all(is_found(missed, **{change["key"]: change["value"]}) for change in answer["changes"])


def test_a_search_that_was_stopped_says_so(monkeypatch):
    missed = asked(painted((2, 10, 0.3), (5, 7, 0.9)), [("Dive", 2, 10)])
    assert explain(missed)["searched"] == "all"
    monkeypatch.setattr(changes_module, "SECONDS", -1.0)
    answer = explain(missed)
    assert (answer["changes"], answer["searched"]) == ([], "part")
