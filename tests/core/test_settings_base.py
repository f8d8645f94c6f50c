"""Settings: strict, merged section by section, every fault at once."""

import pytest
from pydantic import Field, model_validator

from dcwtal.core.errors import SettingsError
from dcwtal.core.settings import (
    SettingsBase,
    build_settings,
    merge,
    parse_overrides,
    read_toml,
    setting_names,
)


class Loss(SettingsBase):
    kd: bool = True
    weight: float = Field(0.05, ge=0)
    low: float = 0.1
    high: float = 0.3

    @model_validator(mode="after")
    def _ordered(self):
        if self.low >= self.high:
            raise ValueError(f"loss.low must be below loss.high; found {self.low} >= {self.high}")
        return self


class Tree(SettingsBase):
    loss: Loss = Loss()
    seed: int = 0
    share: float | None = Field(None, ge=0, le=1)


def test_names_are_dotted_in_order():
    assert setting_names(Tree) == ["loss.kd", "loss.weight", "loss.low", "loss.high", "seed", "share"]


def test_settings_are_frozen():
    with pytest.raises(Exception, match="frozen"):
        Tree().seed = 1


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"loss": {"wieght": 1}}, ["unknown setting 'loss.wieght'; did you mean 'loss.weight'?"]),
        ({"sed": 1}, ["did you mean 'seed'?"]),
        ({"zzzzzz": 1}, ["known: loss.kd, loss.weight"]),
        ({"weight": 1}, ["did you mean 'loss.weight'?"]),  # right name, section forgotten
        ({"seed": "one"}, ["setting 'seed': input should be a valid integer", "found 'one'"]),
        ({"loss": {"weight": -1}, "seed": 0.5}, ["'loss.weight'", "'seed'"]),  # both at once
        ({"loss": {"low": 0.5}}, ["loss.low must be below loss.high; found 0.5 >= 0.3"]),
        ({"share": "half"}, ["'share'"]),
        ({"loss": {"high": float("nan")}}, ["'loss.high': input should be a finite number"]),
    ],
)
def test_every_fault_is_told(values, said):
    with pytest.raises(SettingsError) as caught:
        build_settings(Tree, values)
    for part in said:
        assert part in str(caught.value)


@pytest.mark.parametrize(
    ("items", "values"),
    [
        (["loss.kd=false"], {"loss": {"kd": False}}),
        (["loss.weight=1e-3", "loss.kd=true"], {"loss": {"weight": 0.001, "kd": True}}),
        (["a.b=null"], {"a": {"b": None}}),
        (["a.b=[1, 2]"], {"a": {"b": [1, 2]}}),
        (["a.b=text with = sign"], {"a": {"b": "text with = sign"}}),
        (["a.b="], {"a": {"b": ""}}),
        (["a.b=1", "a.b=2"], {"a": {"b": 2}}),  # the last one wins
        (["a.b=" + "[" * 100_000], {"a": {"b": "[" * 100_000}}),
    ],
)
def test_overrides_are_json_else_text(items, values):
    assert parse_overrides(items) == values


@pytest.mark.parametrize("item", ["loss.kd", "=1", " =1"])
def test_overrides_need_a_key_and_a_value(item):
    with pytest.raises(SettingsError, match=r"expects section\.key=value"):
        parse_overrides([item])


def test_merging_changes_neither_side():
    base, over = {"a": {"x": 1, "y": 2}, "b": 3}, {"a": {"y": 5}, "b": {"z": 1}}
    assert merge(base, over) == {"a": {"x": 1, "y": 5}, "b": {"z": 1}}
    assert base == {"a": {"x": 1, "y": 2}, "b": 3} and over == {"a": {"y": 5}, "b": {"z": 1}}


def test_toml_files(tmp_path):
    path = tmp_path / "preset.toml"
    path.write_text("seed = 3\n[loss]\nkd = false\n", encoding="utf-8")
    assert build_settings(Tree, read_toml(path)) == Tree(seed=3, loss=Loss(kd=False))
    path.write_text("seed = = 3", encoding="utf-8")
    with pytest.raises(SettingsError, match="is not TOML"):
        read_toml(path)
    with pytest.raises(SettingsError, match="no settings file"):
        read_toml(tmp_path / "nowhere.toml")
