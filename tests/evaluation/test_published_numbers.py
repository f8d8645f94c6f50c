"""Real detections against real truth: the numbers that the original evaluators give."""

import json

import numpy as np
import pytest

from dcwtal.core.instances import ActionInstances
from dcwtal.evaluation.evaluate_under import evaluate_under
from dcwtal.evaluation.mean_average_precision import mean_average_precision
from dcwtal.evaluation.protocols import PROTOCOLS
from dcwtal.evaluation.trivial import whole_video_detections
from dcwtal.formats.activitynet import read_detections, read_ground_truth

# UM's own evaluator on P-MIL's released proposals and BaS-Net's gt.json, 210 videos.
ORIGINAL = [69.69, 63.74, 54.63, 44.89, 34.10, 23.39, 12.47]
# The same proposals under the protocols of the literature; mAP@.1-.7, then .1-.5, .3-.7, .1-.7.
LITERATURE = {
    "seconds/212": [68.3, 62.4, 53.6, 44.0, 33.5, 22.9, 12.2, 52.4, 33.3, 42.4],
    "snippet/212": [68.0, 62.8, 54.0, 45.5, 36.3, 24.7, 12.3, 53.3, 34.6, 43.4],
    "seconds/210": [69.7, 63.7, 54.6, 44.9, 34.1, 23.4, 12.5, 53.4, 33.9, 43.3],
}


@pytest.fixture(scope="module")
def proposals(shared_data):
    return read_detections(shared_data / "detections" / "pmil_base_thumos14_test.json")


@pytest.fixture(scope="module")
def thumos(shared_data):
    """Test truth of the W-TALC layout (trusted object arrays): instances, video ids, durations."""
    folder = shared_data / "thumos14" / "wtalc"
    names = ("segments", "labels", "videoname", "subset", "duration")
    load = {n: np.load(folder / f"{n}.npy", allow_pickle=True, encoding="bytes") for n in names}
    test = [i for i, subset in enumerate(load["subset"]) if subset == b"test"]
    rows = [
        (load["videoname"][i].decode(), float(start), float(end), label.decode())
        for i in test
        for (start, end), label in zip(load["segments"][i], load["labels"][i], strict=True)
    ]
    videos = [load["videoname"][i].decode() for i in test]
    durations = {load["videoname"][i].decode(): float(load["duration"][i, 0]) for i in test}
    return ActionInstances.of(rows), videos, durations


def test_agrees_with_the_original_evaluator(shared_data, proposals):
    truth = read_ground_truth(shared_data / "thumos14" / "basnet" / "gt.json")
    videos = [video.id for video in truth.videos if video.subset == "test"]
    report = evaluate_under(PROTOCOLS["activitynet"], proposals, truth.instances, videos=videos)
    assert (report.videos, report.instances, report.detections) == (210, 3311, 31389)
    assert 100 * np.array(report.map) == pytest.approx(ORIGINAL, abs=0.02)
    assert 100 * report.averages["0.1:0.7"] == pytest.approx(43.27, abs=0.02)
    assert report.protocol["left_out"] == {"unknown_videos": 31587 - 31389}


@pytest.mark.parametrize("name", LITERATURE)
def test_the_same_proposals_under_each_protocol(name, proposals, thumos):
    instances, videos, _ = thumos
    report = evaluate_under(PROTOCOLS[name], proposals, instances, videos=videos)
    found = [*report.map, *(report.averages[key] for key in ("0.1:0.5", "0.3:0.7", "0.1:0.7"))]
    assert 100 * np.array(found) == pytest.approx(LITERATURE[name], abs=0.051)
    assert report.videos == PROTOCOLS[name].expected_videos and "note" not in report.protocol


def test_rounding_error_of_borders_is_worth_most_of_a_point_at_one_half(proposals, thumos):
    instances, videos, _ = thumos
    literal, exact = (
        evaluate_under(PROTOCOLS[name], proposals, instances, videos=videos, tious=(0.5,)).map[0]
        for name in ("snippet/212", "snippet/212/exact")
    )
    assert 0.005 < exact - literal < 0.012


def test_whole_video_baselines(shared_data, thumos):
    instances, _, durations = thumos
    found = mean_average_precision(whole_video_detections(instances, durations), instances)
    assert 100 * np.array(found.map[:3]) == pytest.approx([1.6, 0.6, 0.3], abs=0.06)
    path = shared_data / "activitynet12" / "activity_net.v1-2.min-missing-removed.json"
    truth = read_ground_truth(path)
    validation = {video.id: video.duration for video in truth.videos if video.subset == "validation"}
    instances = truth.instances[[video in validation for video in truth.instances.video]]
    report = evaluate_under(
        PROTOCOLS["activitynet/tight"],
        whole_video_detections(instances, validation),
        instances,
        videos=list(validation),
    )
    assert 100 * report.averages["0.5:0.95"] == pytest.approx(20.3, abs=0.1)
    assert 100 * report.map[0] == pytest.approx(36.1, abs=0.2)  # every score ties: the file's order decides


def test_the_order_of_the_file_hardly_matters(shared_data, proposals, thumos):
    """Only detections of exactly equal scores could change places."""
    instances, videos, _ = thumos
    order = np.random.default_rng(0).permutation(len(proposals))
    reports = [
        evaluate_under(PROTOCOLS["seconds/212"], found, instances, videos=videos)
        for found in (proposals, proposals[order])
    ]
    assert reports[0].map == pytest.approx(reports[1].map, abs=2e-4)


def test_the_fixture_is_what_it_was(shared_data):
    """A changed file would make the numbers above meaningless."""
    document = json.loads((shared_data / "detections" / "pmil_base_thumos14_test.json").read_text())
    assert sum(len(rows) for rows in document["results"].values()) == 31587
