"""ActivityNet-style JSON: what is read, what is counted, and one clear message for every fault."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dcwtal.core.detections import Detections
from dcwtal.core.errors import DataError
from dcwtal.formats.activitynet import (
    read_detection_file,
    read_detections,
    read_ground_truth,
    write_detections,
)


@pytest.fixture
def written(tmp_path):
    """Write text or a JSON value to a file."""

    def write(content):
        path = tmp_path / "file.json"
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        return path

    return write


def truth_of(**entry):
    return {"database": {"v": {"subset": "test", "duration": 10, "annotations": [], **entry}}}


def result_of(**detection):
    return {"results": {"v": [{"label": "a", "segment": [1, 2], "score": 0.5, **detection}]}}


def annotation(segment, label="a"):
    return truth_of(annotations=[{"label": label, "segment": segment}])


def test_segments_may_be_text_and_durations_absent(written):
    """BaS-Net's gt.json."""
    truth = read_ground_truth(
        written(
            {
                "database": {
                    "v": {
                        "subset": "test",
                        "annotations": [{"segment": ["67.5", "75.9"], "label": "Billiards"}],
                    }
                }
            }
        )
    )
    assert truth.instances.segments.tolist() == [[67.5, 75.9]]
    assert truth.videos[0].duration is None and truth.videos[0].labels == ("Billiards",)


def test_the_real_gt_json(shared_data):
    truth = read_ground_truth(shared_data / "thumos14" / "basnet" / "gt.json")
    assert sorted(truth.subsets()) == ["test", "train"]
    test = {video.id for video in truth.videos if video.subset == "test"}
    assert len(test) == 210 and sum(video in test for video in truth.instances.video) == 3311


def test_activitynets_zero_length_rows_are_counted_not_kept(shared_data):
    truth = read_ground_truth(shared_data / "activitynet12" / "activity_net.v1-2.min-missing-removed.json")
    assert len(truth.videos) == 8907 and sum(truth.dropped.values()) == 9
    assert (truth.instances.start < truth.instances.end).all()


def test_weak_labels_may_say_more_than_the_annotations(written):
    truth = read_ground_truth(written(truth_of(labels=["b", "a", "b"])))
    assert truth.videos[0].labels == ("b", "a") and len(truth.instances) == 0


def test_rows_without_length_are_counted_per_video(written):
    truth = read_ground_truth(written(annotation([3, 3])))
    assert truth.dropped == {"v": 1} and len(truth.instances) == 0
    found = read_detection_file(written(result_of(segment=[3, 2])))
    assert found.dropped == {"v": 1} and len(found.detections) == 0


def test_a_byte_order_mark_does_no_harm(tmp_path):
    path = tmp_path / "file.json"
    path.write_text("\ufeff" + json.dumps(result_of()), encoding="utf-8")
    assert len(read_detections(path)) == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "is not the JSON of an ActivityNet-style ground truth"),
        ("{", "is not the JSON"),
        ("[" * 100_000, "is not the JSON"),  # nesting past all bounds
        ('{"database": ' + "9" * 5000 + "}", "is not the JSON"),  # an integer Python refuses to parse
        ("[]", "no 'database' object"),
        ({"database": []}, "no 'database' object"),
        ({"results": {}}, "no 'database' object"),
        ({"database": {"v": 3}}, "video 'v': expected an object; found int"),
        (truth_of(annotations=3), "expected 'annotations' to be a list; found int"),
        (truth_of(annotations=[3]), "annotation 0: expected 'segment': [start, end] in seconds; found None"),
        (annotation([1]), "expected 'segment': [start, end] in seconds; found [1]"),
        (annotation("1-2"), "expected 'segment'"),
        (annotation([None, 2]), "annotation 0, segment: expected a finite number; found 'None'"),
        (annotation(["a", 2]), "expected a finite number; found 'a'"),
        (annotation([True, 2]), "expected a finite number; found 'True'"),
        ('{"database": {"v": {"annotations": [{"label": "a", "segment": [NaN, 2]}]}}}', "found 'nan'"),
        ('{"database": {"v": {"annotations": [{"label": "a", "segment": [0, 1e999]}]}}}', "found 'inf'"),
        (
            '{"database": {"v": {"annotations": [{"label": "a", "segment": [0, ' + "9" * 400 + "]}]}}}",
            "'9999",
        ),
        (annotation([1, 2], label=""), "expected a text 'label'; found ''"),
        (annotation([1, 2], label=7), "expected a text 'label'; found 7"),
        (truth_of(duration=-1), "video 'v': expected a duration > 0 s; found -1"),
        (truth_of(duration="long"), "duration: expected a finite number; found 'long'"),
        (truth_of(labels="abc"), "expected 'labels' to be a list of class names; found 'abc'"),
        (truth_of(labels=[None]), "expected 'labels' to be a list of class names"),
    ],
)
def test_faults_of_a_ground_truth(written, content, said):
    with pytest.raises(DataError) as caught:
        read_ground_truth(written(content))
    assert said in str(caught.value) and "file.json" in str(caught.value)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({"database": {}}, "no 'results' object; expected ActivityNet-style detections"),
        ({"results": [1]}, "no 'results' object"),
        ({"results": {"v": {}}}, "video 'v': expected a list of detections"),
        ({"results": {"v": [[]]}}, "detection 0: expected a text 'label'; found None"),
        (result_of(score=None), "detection 0, score: expected a finite number; found 'None'"),
        (result_of(score="high"), "found 'high'"),
        (result_of(segment=[1, 2, 3]), "expected 'segment': [start, end] in seconds"),
        (result_of(label=None), "expected a text 'label'"),
    ],
)
def test_faults_of_detections(written, content, said):
    with pytest.raises(DataError) as caught:
        read_detections(written(content))
    assert said in str(caught.value) and "file.json" in str(caught.value)


def test_missing_files_and_folders(tmp_path):
    with pytest.raises(DataError, match="no ActivityNet-style detections at"):
        read_detections(tmp_path / "nowhere.json")
    with pytest.raises(DataError, match="is a folder"):
        read_ground_truth(tmp_path)


ROWS = st.lists(
    st.tuples(
        st.text(min_size=1, max_size=5),
        st.floats(-5, 100),
        st.floats(0.01, 50),
        st.text(min_size=1, max_size=5),
        st.floats(-2, 2),
    ).map(lambda row: (row[0], row[1], row[1] + row[2], row[3], row[4])),
    max_size=8,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(ROWS)
def test_what_is_written_is_read_again(tmp_path, rows):
    """Any text may be a name; grouping by video is the only change."""
    path = tmp_path / "detections.json"
    before = Detections.of(rows)
    write_detections(path, before, videos=["quiet"], external_data={"stage": "F2"})
    after = read_detection_file(path)
    columns = ("video", "start", "end", "label", "score")
    triples = [
        sorted(zip(*(getattr(table, name) for name in columns), strict=True))
        for table in (before, after.detections)
    ]
    assert triples[0] == triples[1]
    assert set(after.videos) == {"quiet", *before.video} and after.external_data == {"stage": "F2"}


def test_detections_of_one_video_keep_their_order(tmp_path):
    rows = [("v", 0, 1, "a", 0.1), ("w", 0, 1, "a", 0.9), ("v", 2, 3, "a", 0.9), ("v", 1, 2, "b", 0.5)]
    write_detections(tmp_path / "d.json", Detections.of(rows))
    assert read_detections(tmp_path / "d.json").of_video("v").start.tolist() == [0, 2, 1]
