"""The form shows every field of the settings, with bounds that the settings accept."""

import pytest

from dcwtal.core.errors import SettingsError
from dcwtal.core.settings import build_settings
from dcwtal.localize.settings import LocalizeSettings
from dcwtal.ui.settings_form import settings_form

FORM = settings_form()


def test_every_setting_is_in_the_form_once():
    assert sorted(row["key"] for row in FORM) == sorted(LocalizeSettings.model_fields)


@pytest.mark.parametrize("row", FORM, ids=lambda row: row["key"])
def test_a_row_says_what_it_is(row):
    assert row["title"] and len(row["help"]) > 10 and row["group"]
    default = LocalizeSettings().model_dump(mode="json")[row["key"]]
    assert row["default"] == default


@pytest.mark.parametrize("row", [row for row in FORM if row["kind"] == "number"], ids=lambda row: row["key"])
def test_both_ends_of_a_slider_are_accepted(row):
    for value in (row["min"], row["max"]):
        assert getattr(build_settings(LocalizeSettings, {row["key"]: value}), row["key"]) == value
    if row["min"] == 0:
        with pytest.raises(SettingsError):
            build_settings(LocalizeSettings, {row["key"]: -0.1})


@pytest.mark.parametrize("row", [row for row in FORM if row["kind"] == "choice"], ids=lambda row: row["key"])
def test_every_choice_is_accepted(row):
    for value in row["choices"]:
        assert getattr(build_settings(LocalizeSettings, {row["key"]: value}), row["key"]) == value


@pytest.mark.parametrize("row", [row for row in FORM if row["only"]], ids=lambda row: row["key"])
def test_what_switches_a_row_off_is_a_choice_of_another_row(row):
    rows = {other["key"]: other for other in FORM}
    for key, values in row["only"].items():
        assert set(values) < set(rows[key]["choices"])
