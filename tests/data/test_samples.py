"""What training may see of a video: features and video-level labels, never the true instances."""

import dataclasses

import numpy as np
import pytest

from dcwtal.core.errors import DataError
from dcwtal.core.timegrid import TimeGrid
from dcwtal.data.samples import TrainingSample, check_training_samples


def sample(name="a", *, cbp=(5, 4), vlp=(5, 6), labels=(1, 0), n=5):
    return TrainingSample(
        name,
        np.zeros(cbp, np.float32),
        np.zeros(vlp, np.float32),
        np.array(labels, np.float32),
        TimeGrid(0.0, 0.64, n),
    )


def test_there_is_no_place_for_true_instances():
    """A new field here may let ground truth into training: think before changing this list."""
    assert {field.name for field in dataclasses.fields(TrainingSample)} == {
        "video",
        "cbp",
        "vlp",
        "labels",
        "grid",
    }
    with pytest.raises(AttributeError):
        sample().instances = []
    with pytest.raises(TypeError):
        TrainingSample("a", *[None] * 4, instances=[])


@pytest.mark.parametrize("shape", [{"cbp": (4, 4)}, {"vlp": (6, 6)}, {"n": 4}])
def test_lengths_must_agree(shape):
    with pytest.raises(
        DataError, match=r"video 'a': features and grid must have one length; found cbp .* extract"
    ):
        sample(**shape)


def test_a_video_without_snippets_is_refused():
    with pytest.raises(DataError, match="video 'a' has no snippet"):
        sample(cbp=(0, 4), vlp=(0, 6), n=0)


@pytest.mark.parametrize("branch", ["cbp", "vlp"])
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_features_that_are_not_finite_are_refused(branch, value):
    features = {"cbp": np.zeros((5, 4), np.float32), "vlp": np.zeros((5, 6), np.float32)}
    features[branch][3, 1] = value
    with pytest.raises(
        DataError, match=f"{branch} features of video 'a' are not finite in snippet 3; extract"
    ):
        TrainingSample("a", **features, labels=np.ones(2, np.float32), grid=TimeGrid(0.0, 0.64, 5))


def test_good_samples_pass():
    check_training_samples([sample("a"), sample("b", labels=(0, 1))], ("Diving", "Shotput"))


def test_a_class_without_a_training_video_is_named():
    with pytest.raises(
        DataError, match=r"no training video has the label 'Shotput'; label one, or take the class out"
    ):
        check_training_samples([sample("a"), sample("b")], ("Diving", "Shotput"))
    with pytest.raises(DataError, match="'Diving', 'Shotput'"):
        check_training_samples([sample(labels=(0, 0))], ("Diving", "Shotput"))


@pytest.mark.parametrize(("branch", "shape"), [("cbp", (5, 7)), ("vlp", (5, 7))])
def test_features_of_another_width_name_the_video_and_both_widths(branch, shape):
    other = sample("b", labels=(0, 1), **{branch: shape})
    width = 4 if branch == "cbp" else 6
    with pytest.raises(DataError, match=rf"{branch} features of 'b' are 7 wide; expected {width} as in 'a'"):
        check_training_samples([sample("a"), other], ("Diving", "Shotput"))


def test_no_training_video_at_all():
    with pytest.raises(DataError, match="no training videos"):
        check_training_samples([], ("Diving",))
