"""The recipe records what changes the numbers and leads back to the settings."""

import json
from types import SimpleNamespace

import pytest

from dcwtal.core.errors import DataError, SettingsError
from dcwtal.core.settings import build_settings
from dcwtal.features.recipe import recipes_of, settings_of_recipes
from dcwtal.features.settings import FeatureSettings

IMAGES = SimpleNamespace(
    name="images", dim=4, input_height=64, input_width=64, stride_frames=8, weights_sha256="aa"
)
WINDOWS = SimpleNamespace(
    name="windows", dim=6, input_height=32, input_width=48, stride_frames=8, weights_sha256="bb",
    window_frames=16, flow="dis", flow_working_size=(128, 96), flow_scale=10.0,
)  # fmt: skip


def test_recipe_by_hand():
    recipes = recipes_of(FeatureSettings(), IMAGES, WINDOWS)
    common = {"sampling_fps": 25.0, "stride_frames": 8}
    assert recipes["images"] == common | {
        "encoder": "images", "weights_sha256": "aa", "input_size": [64, 64], "images_per_snippet": 2
    }  # fmt: skip
    assert recipes["windows"] == common | {
        "encoder": "windows", "weights_sha256": "bb", "input_size": [48, 32], "window_frames": 16,
        "flow": "dis", "flow_working_size": [128, 96], "flow_scale": 10.0,
    }  # fmt: skip
    assert json.loads(json.dumps(recipes)) == recipes


def test_batches_change_nothing():
    assert recipes_of(FeatureSettings(image_batch=1, window_batch=1), IMAGES, WINDOWS) == recipes_of(
        FeatureSettings(), IMAGES, WINDOWS
    )


@pytest.mark.parametrize(
    "settings",
    [
        FeatureSettings(),
        FeatureSettings(stride_frames=4, flow="tvl1", images_per_snippet=3),
        FeatureSettings(sampling_fps=15, stride_frames=5),
    ],
)
def test_settings_of_recipes_give_the_same_recipes(settings):
    recipes = recipes_of(settings, IMAGES, WINDOWS)
    again = settings_of_recipes(list(recipes.values()))
    assert recipes_of(again, IMAGES, WINDOWS) == recipes


def test_recipes_that_disagree():
    recipes = recipes_of(FeatureSettings(), IMAGES, WINDOWS)
    recipes["images"]["stride_frames"] = 16
    with pytest.raises(DataError, match="disagree on stride_frames: 16 and 8"):
        settings_of_recipes(list(recipes.values()))


@pytest.mark.parametrize(
    "values", [{"stride_frames": 0}, {"flow": "farneback"}, {"sampling_fps": -1}, {"images_per_snipet": 2}]
)
def test_settings_are_checked(values):
    with pytest.raises(SettingsError, match=next(iter(values))):
        build_settings(FeatureSettings, values)
