"""Evaluating files: the JSON contract, the choice of the subset, the Table-3 block, the text."""

import json

import numpy as np
import pytest

from dcwtal.core.class_names import ClassNames
from dcwtal.core.errors import DataError, UserError
from dcwtal.core.files import write_json_atomic
from dcwtal.core.instances import ActionInstances
from dcwtal.core.timegrid import TimeGrid
from dcwtal.data.score_store import VideoScores, write_scores
from dcwtal.jobs.run_folder import RunFolder
from dcwtal.localize.settings import LocalizeSettings
from dcwtal.pipeline.evaluate import evaluate_detections, format_report, write_report
from dcwtal.pipeline.localize import localize_run
from dcwtal.pipeline.rate_stages import rates_of_stage, selection_metric

CLASSES = ClassNames.of(["Dive", "Jump"])
CONTRACT = ["protocol", "tiou", "map", "average", "videos", "instances", "detections"]


def truth_document(version="dcwtal sports world 1"):
    def entry(subset, start, end):
        annotations = [{"label": "Dive", "segment": [start, end]}]
        return {"subset": subset, "duration": 10.0, "labels": ["Dive"], "annotations": annotations}

    database = {"v": entry("test", 2, 6), "w": entry("test", 4, 8), "h": entry("validation", 0, 4)}
    return {"version": version, "classes": list(CLASSES), "database": database}


def scores_of(video: str, first: int, past: int) -> VideoScores:
    """10 snippets of 1 s. CBP: incomplete at the warm-up, exact at F1. VLP: everywhere at first."""
    cbp, vlp = np.zeros((2, 10, 2)), np.zeros((2, 10, 2))
    cbp[0, first : first + 1, 0], cbp[1, first:past, 0] = 0.9, 0.9
    vlp[0, :, 0], vlp[1, first : past + 1, 0] = 0.9, 0.9
    video_scores = np.tile([0.9, 0.1], (2, 1))
    return VideoScores(
        video,
        ("warmup", "F1"),
        {"cbp": cbp, "vlp": vlp},
        {"cbp": video_scores, "vlp": video_scores},
        TimeGrid(0.0, 1.0, 10),
        CLASSES,
    )


SCORES = [scores_of("v", 2, 6), scores_of("w", 4, 8), scores_of("h", 0, 4)]


@pytest.fixture
def truth(tmp_path):
    path = tmp_path / "data" / "annotations.json"
    write_json_atomic(path, truth_document())
    return path


@pytest.fixture
def run(tmp_path, truth):
    folder = RunFolder(tmp_path / "run")
    for scores in SCORES:
        write_scores(folder.scores_of(scores.video), scores)
    write_json_atomic(folder.settings, {"localize": {}, "pseudo_labels": {"delta_h": 0.4, "delta_l": 0.2}})
    selection = {"rule": "best-on-held-out", "subset": "validation", "text": "best of 2 stages on validation"}
    write_json_atomic(
        folder.info,
        {"dataset": "../data", "stages": ["warmup", "F1"], "final_stage": "F1", "selection": selection},
    )
    localize_run(folder.path, overrides=[])
    return folder


def detection_file(tmp_path, results, **extra):
    path = tmp_path / "detections.json"
    write_json_atomic(path, {"version": "x", "results": results, **extra})
    return path


def detection(start, end, score=0.5, label="Dive"):
    return {"label": label, "segment": [start, end], "score": score}


def test_a_run_gives_the_contract_and_more(run, truth):
    report = evaluate_detections(run.detections, truth, subset="test")
    assert list(report)[:7] == CONTRACT
    assert report["map"] == [1.0] * 7 and set(report["average"]) == {"0.1:0.5", "0.3:0.7", "0.1:0.7"}
    assert (report["videos"], report["instances"], report["detections"]) == (2, 2, 2)
    protocol = report["protocol"]
    assert (protocol["name"], protocol["unit"], protocol["subset"]) == ("activitynet", "seconds", "test")
    assert protocol["left_out"] == {"videos_of_other_subsets": 1}
    assert protocol["selection"]["rule"] == "best-on-held-out" and protocol["teaching_set"] is True
    assert report["per_class"] == {"Dive": [1.0] * 7}
    assert report["trivial_whole_video"]["map"] == [1.0] * 4 + [0.0] * 3  # tIoU .4 with a tenth of 4 s each
    json.dumps(report, allow_nan=False)


def test_table3_by_hand(run, truth):
    table3 = evaluate_detections(run.detections, truth, subset="test")["table3"]
    rows = {(row["stage"], row["branch"]): row for row in table3["rows"]}
    assert list(rows) == [
        ("warmup", "cbp"),
        ("warmup", "vlp"),
        ("F1", "cbp"),
        ("F1", "vlp"),
        (None, "all-foreground"),
        (None, "all-background"),
    ]
    numbers = {
        key: [round(row["all_frames"][name], 4) for name in list(row["all_frames"])[:4]]
        for key, row in rows.items()
    }
    assert numbers[("warmup", "cbp")] == [0.25, round(6 / 9, 4), 0.25, 1.0]  # incomplete
    assert numbers[("warmup", "vlp")] == [0.4, 0.0, 1.0, 0.0]  # over-complete
    assert numbers[("F1", "cbp")] == [1.0] * 4
    assert numbers[("F1", "vlp")] == [0.8, round(5 / 6, 4), 1.0, round(5 / 6, 4)]
    assert numbers[(None, "all-background")] == [0.0, 0.6, 0.0, 1.0]
    assert table3["thresholds"]["confident_frames"] == "foreground: p > 0.4, background: p < 0.2"
    assert (table3["videos"], table3["frames"]) == (2, 500)


def test_the_text_says_everything(run, truth):
    text = format_report(evaluate_detections(run.detections, truth, subset="test"))
    for part in (
        "mAP in %",
        "whole video (trivial)",
        "activitynet: ActivityNet evaluator, seconds",
        "split      test (as asked for)",
        "2 videos, 2 instances, 2 detections; left out: 1 videos of other subsets",
        "best of 2 stages on validation; stage F1",
        "Table 3",
        "all-foreground",
        "confident frames: foreground: p > 0.4",
        "unit frames at 25 a second; 2 videos, 500 frames, true foreground 40.0 %",
        "teaching set",
    ):
        assert part in text, part
    assert max(len(line) for line in text.splitlines()) < 160


def test_foreign_detections_have_no_table3_and_say_so_little(tmp_path, truth):
    write_json_atomic(truth, truth_document(version="1.3"))
    path = detection_file(tmp_path, {"v": [detection(2, 6)], "w": []})
    report = evaluate_detections(path, truth)
    assert "table3" not in report and report["map"][0] == 0.5
    text = format_report(report)
    assert "not stated by the detection file" in text and "teaching set" not in text
    assert report["protocol"]["subset_rule"] == "the only one that holds the detections' videos"


def test_the_subset_must_be_clear(run, tmp_path, truth):
    with pytest.raises(DataError, match=r"choose one with --subset: test \(2 of .*validation \(1 of"):
        evaluate_detections(run.detections, truth)
    with pytest.raises(DataError, match=r"no subset 'tset' in .*; found: test, validation"):
        evaluate_detections(run.detections, truth, subset="tset")
    document = truth_document()
    for entry in document["database"].values():
        del entry["subset"]
    write_json_atomic(truth, document)
    report = evaluate_detections(run.detections, truth)
    assert report["protocol"]["subset"] is None and report["videos"] == 3


def test_left_out_rows_are_told(tmp_path, truth):
    results = {
        "v": [detection(2, 6), detection(2, 6, label="Golf"), detection(3, 3)],
        "h": [detection(0, 4)],
        "nobody": [detection(0, 4)],
    }
    report = evaluate_detections(detection_file(tmp_path, results), truth, subset="test")
    assert report["protocol"]["left_out"] == {
        "videos_of_other_subsets": 1,
        "unknown_videos": 1,
        "labels_without_instances": 1,
    }
    assert report["protocol"]["zero_length_detections"] == 1 and report["detections"] == 1
    assert "no instance has the label Golf" in format_report(report)


def test_other_thresholds_and_protocols(tmp_path, truth):
    path = detection_file(tmp_path, {"v": [detection(2, 6)], "w": [detection(4, 8)]})
    report = evaluate_detections(path, truth, tiou="0.5:0.95:0.05")
    assert list(report["average"]) == ["0.5:0.95"] and len(report["tiou"]) == 10
    report = evaluate_detections(path, truth, tiou=None, protocol="seconds/210")
    assert report["protocol"]["note"] == "expected 210 videos of this protocol; found 2"
    assert "expected 210 videos" in format_report(report)
    for options in ({"tiou": "0.7:0.1:0.1"}, {"protocol": "thumos"}):
        with pytest.raises(UserError):
            evaluate_detections(path, truth, **options)


def test_truth_without_durations_has_no_trivial_baseline(tmp_path):
    """BaS-Net's gt.json: segments as text, no durations."""
    entry = {"subset": "test", "annotations": [{"label": "Dive", "segment": ["2.0", "6.0"]}]}
    path = tmp_path / "gt.json"
    write_json_atomic(path, {"database": {"v": entry}})
    report = evaluate_detections(detection_file(tmp_path, {"v": [detection(2, 6)]}), path)
    assert report["map"] == [1.0] * 7
    assert report["trivial_whole_video"] == {"note": "the ground truth states no duration of 1 videos"}
    assert "states no duration" in format_report(report)


def test_the_published_fixture_through_the_same_door(shared_data):
    report = evaluate_detections(
        shared_data / "detections" / "pmil_base_thumos14_test.json",
        shared_data / "thumos14" / "basnet" / "gt.json",
        subset="test",
    )
    found = [*report["map"], report["average"]["0.1:0.7"]]
    expected = [69.69, 63.74, 54.63, 44.89, 34.10, 23.39, 12.47, 43.27]
    assert 100 * np.array(found) == pytest.approx(expected, abs=0.02)
    assert report["videos"] == 210


def test_reports_are_written_whole(run, truth):
    report = evaluate_detections(run.detections, truth, subset="test")
    path = write_report(run.path, report)
    assert path == run.report and json.loads(path.read_text()) == report


def test_a_run_without_scores_of_the_subset(run, truth):
    for video in ("v", "w"):
        run.scores_of(video).unlink()
    table3 = evaluate_detections(run.detections, truth, subset="test")["table3"]
    assert table3 == {"note": "the run has no scores of these videos"}


def test_broken_thresholds_of_a_run_are_told(run, truth):
    for section, said in (
        ({"delta_h": 0.1, "delta_l": 0.2}, "background < foreground"),
        ({"delta_h": []}, "numbers"),
    ):
        write_json_atomic(run.settings, {"pseudo_labels": section})
        with pytest.raises(DataError, match=said):
            evaluate_detections(run.detections, truth, subset="test")


TRUTH = ActionInstances.of([("v", 2, 6, "Dive"), ("w", 4, 8, "Dive"), ("h", 0, 4, "Dive")])


def test_selection_metric_looks_at_the_given_videos_only():
    options = {"settings": LocalizeSettings(), "truth": TRUTH}
    assert selection_metric(SCORES, "F1", **options) == 1.0
    assert selection_metric(SCORES[:2], "warmup", **options) == 0.0  # 1 s of 4 s: tIoU .25
    vlp = LocalizeSettings(branch="vlp")
    assert selection_metric(SCORES[:2], "warmup", settings=vlp, truth=TRUTH) == pytest.approx(
        2 / 5
    )  # .3 and .4
    with pytest.raises(DataError, match="no true instances in the 1 videos"):
        selection_metric(SCORES[:1], "F1", settings=LocalizeSettings(), truth=ActionInstances.empty())
    with pytest.raises(DataError, match="no stage 'F2'"):
        selection_metric(SCORES, "F2", **options)


def test_rates_of_a_stage_cover_both_branches():
    rates = rates_of_stage(SCORES, "warmup", truth=TRUTH, labels={video: ["Dive"] for video in "vwh"})
    assert rates["cbp"].all_frames.true_negative_rate == 1 and rates["vlp"].all_frames.true_positive_rate == 1
    assert rates["cbp"].all_frames.true_positive_rate == pytest.approx(0.25)


def test_detections_elsewhere_name_their_run(run, truth, tmp_path):
    (elsewhere := tmp_path / "elsewhere.json").write_bytes(run.detections.read_bytes())
    assert "table3" not in evaluate_detections(elsewhere, truth, subset="test")
    named = evaluate_detections(elsewhere, truth, subset="test", run=run.path)
    assert named == evaluate_detections(run.detections, truth, subset="test")
    with pytest.raises(DataError, match="no run folder at"):
        evaluate_detections(elsewhere, truth, subset="test", run=tmp_path / "nowhere")
    with pytest.raises(UserError, match="name the run with --run RUN"):
        evaluate_detections(elsewhere, truth, subset="test", overrides=["pseudo_labels.delta_h=0.5"])


def test_other_thresholds_of_the_table3_block(run, truth, tmp_path):
    def thresholds(**options):
        table3 = evaluate_detections(run.detections, truth, subset="test", **options)["table3"]
        return table3["thresholds"]["confident_frames"]

    assert thresholds() == "foreground: p > 0.4, background: p < 0.2"
    assert thresholds(overrides=["pseudo_labels.delta_h=0.95"]) == "foreground: p > 0.95, background: p < 0.2"
    config = tmp_path / "c.toml"
    config.write_text("[localize]\ntheta_loc = 0.3\n[pseudo_labels]\ndelta_h = 0.7\ndelta_l = 0.3\n")
    changed = thresholds(config=config, overrides=["pseudo_labels.delta_l=0.1"])
    assert changed == "foreground: p > 0.7, background: p < 0.1"
    asked = ["pseudo_labels.delta_h=0.95"]
    above = evaluate_detections(run.detections, truth, subset="test", overrides=asked)["table3"]["rows"]
    assert above[2]["all_frames"]["true_positive_rate"] == 0.0  # CBP at F1, whose scores are .9


@pytest.mark.parametrize(
    ("override", "said"),
    [
        ("pseudo_labels.delta_hi=0.5", "did you mean 'pseudo_labels.delta_h'"),
        ("pseudo_labels.minmax=true", "unknown setting 'pseudo_labels.minmax'"),
        ("localize.theta_loc=0.3", "unknown setting 'localize'"),
        ("pseudo_labels.delta_h=0.1", "background < foreground"),
    ],
)
def test_faults_of_the_thresholds(run, truth, override, said):
    with pytest.raises(UserError) as caught:
        evaluate_detections(run.detections, truth, subset="test", overrides=[override])
    assert said in str(caught.value)
