"""LocalizeSettings: defaults are the paper's, bounds hold, messages say what was expected."""

import pytest

from dcwtal.core.errors import SettingsError
from dcwtal.core.settings import build_settings
from dcwtal.localize.settings import LocalizeSettings


def test_defaults_are_the_papers():
    settings = LocalizeSettings()
    assert (settings.branch, settings.mode, settings.theta_cls, settings.theta_loc) == (
        "cbp",
        "paper",
        0.85,
        0.45,
    )
    assert (settings.nms, settings.sigma, settings.max_per_video) == ("gaussian", 0.3, 200)
    assert not settings.minmax and settings.relative_cls is None and settings.tie_break_weight == 0
    assert settings.smoothing == settings.closing_gap == settings.min_length == 0
    assert settings.score_rule == "mode"


def test_json_values_build_the_same_settings():
    settings = LocalizeSettings(mode="peer", theta_list=(0.2, 0.5), relative_cls=0.5)
    assert build_settings(LocalizeSettings, settings.model_dump(mode="json")) == settings


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"theta_loc": 1.5}, "'theta_loc': input should be less than or equal to 1, found 1.5"),
        ({"theta_loc": 0}, "greater than 0"),  # every snippet would be foreground
        ({"fusion_weight": -0.1}, "'fusion_weight'"),
        ({"sigma": 0}, "'sigma'"),  # a division by zero
        ({"sigma": float("nan")}, "'sigma'"),
        ({"max_per_video": 0}, "'max_per_video'"),
        ({"branch": "clip"}, "'cbp', 'vlp' or 'fused'"),
        ({"relative_cls": 2}, "'relative_cls'"),
        ({"theta_list": []}, "rising thresholds in (0, 1], at least one"),
        ({"theta_list": [0.5, 0.5]}, "rising thresholds"),
        ({"theta_list": [0.0, 0.5]}, "in (0, 1]"),
        ({"smoothing": -0.1}, "'smoothing'"),
        ({"smoothing": 30.5}, "less than or equal to 30"),
        ({"closing_gap": -1}, "'closing_gap'"),
        ({"closing_gap": float("inf")}, "'closing_gap'"),
        ({"min_length": -1}, "'min_length'"),
        ({"score_rule": "max"}, "'mode', 'maximum', 'mean' or 'contrast'"),
        ({"theta_lock": 0.4}, "did you mean 'theta_loc'"),
    ],
)
def test_faults_say_what_was_expected(values, said):
    with pytest.raises(SettingsError) as caught:
        build_settings(LocalizeSettings, values)
    assert said in str(caught.value)


def test_every_setting_explains_itself():
    assert all(field.description for field in LocalizeSettings.model_fields.values())


def test_a_list_of_thresholds_has_an_end():
    many = [step / 1000 for step in range(1, 102)]
    with pytest.raises(SettingsError, match="at most 100"):
        build_settings(LocalizeSettings, {"theta_list": many})
    assert len(build_settings(LocalizeSettings, {"theta_list": many[:100]}).theta_list) == 100
