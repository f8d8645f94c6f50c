"""A data set knows its splits, its classes and where its videos lie."""

import pytest

from dcwtal.core.class_names import ClassNames
from dcwtal.core.errors import DataError
from dcwtal.core.instances import ActionInstances
from dcwtal.core.video_info import VideoInfo
from dcwtal.data.dataset import Dataset


@pytest.fixture
def dataset(tmp_path):
    videos = (
        VideoInfo("a", "train", 10.0, ("Diving",)),
        VideoInfo("b", "test", 10.0, ("Diving", "Shotput")),
        VideoInfo("c", "train", 10.0, ()),
    )
    return Dataset(tmp_path, videos, ClassNames.of(["Shotput", "Diving"]), ActionInstances.empty())


def test_splits_in_order_of_first_appearance(dataset):
    assert dataset.subsets() == ["train", "test"]
    assert [video.id for video in dataset.of_subset("train")] == ["a", "c"]
    with pytest.raises(DataError, match=r"no videos in subset 'validation' of .*; found: train, test"):
        dataset.of_subset("validation")


def test_a_foreign_label_names_the_video_and_the_nearest_class(dataset):
    with pytest.raises(DataError, match=r"video 'x': unknown class 'Divng'; did you mean 'Diving'\?"):
        Dataset(dataset.root, (VideoInfo("x", labels=("Divng",)),), dataset.classes, dataset.instances)


def test_video_files_of_any_known_suffix(dataset):
    folder = dataset.root / "videos"
    folder.mkdir()
    (folder / "b.webm").touch()
    assert dataset.video_path("b") == folder / "b.webm"
    with pytest.raises(DataError, match=r"no video file for 'a' in .*videos; expected a with one of \.mp4"):
        dataset.video_path("a")
    with pytest.raises(DataError, match=r"no video '\.\./etc/passwd'"):
        dataset.video_path("../etc/passwd")
