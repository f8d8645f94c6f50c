"""Faults in settings: each is named, the nearest name is offered, all are told at once."""

import pytest

from dcwtal.core.errors import SettingsError
from dcwtal.training.presets import preset_names, preset_values, resolve_settings
from dcwtal.training.settings import RunSettings


def fault(*overrides, preset="studio"):
    with pytest.raises(SettingsError) as caught:
        resolve_settings(preset, list(overrides))
    message = str(caught.value)
    assert "\n" not in message and "pydantic" not in message
    return message


@pytest.mark.parametrize(("low", "high"), [(0.3, 0.3), (0.5, 0.2)])
def test_thresholds_in_the_wrong_order(low, high):
    message = fault(f"pseudo_labels.delta_l={low}", f"pseudo_labels.delta_h={high}")
    assert f"pseudo_labels.delta_l must be below pseudo_labels.delta_h; found {low} >= {high}" in message


def test_thresholds_that_contradict_the_presets_other_one():
    assert "delta_l must be below" in fault("pseudo_labels.delta_l=0.4")


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("train.step", ("train.b_steps", "train.f_steps", "train.warmup_steps")),
        ("train.strateegy", ("train.strategy",)),
        ("pseudo_labels.delta_hi", ("pseudo_labels.delta_h",)),
        ("delta_h", ("pseudo_labels.delta_h",)),
        ("theta_loc", ("localize.theta_loc",)),
        ("losses", ("loss.kd", "loss.fb")),
        ("model.cbp.widht", ("model.cbp.width",)),
    ],
)
def test_an_unknown_setting_suggests_the_nearest(wrong, right):
    message = fault(f"{wrong}=3")
    assert message in [f"unknown setting '{wrong}'; did you mean '{name}'?" for name in right]


def test_a_hopeless_name_lists_what_there_is():
    message = fault("zzzzqqqq=1")
    assert "unknown setting 'zzzzqqqq'; known: features.cbp" in message and "localize.theta_loc" in message


def test_all_faults_are_told_at_once():
    message = fault("train.rounds=0", "loss.kd=perhaps", "model.cbp.width=abc", "train.stratgy=x")
    for part in (
        "'train.rounds'",
        "found 0",
        "'loss.kd'",
        "'perhaps'",
        "'model.cbp.width'",
        "'train.stratgy'",
    ):
        assert part in message


@pytest.mark.parametrize(
    ("override", "parts"),
    [
        ("train.strategy=backwards", ["'train.strategy'", "alternate", "only-B", "'backwards'"]),
        ("train.selection=best", ["'train.selection'", "best-on-held-out", "'best'"]),
        ("pseudo_labels.delta_h=1.5", ["'pseudo_labels.delta_h'", "less than or equal to 1", "1.5"]),
        ("model.vlp.tau=0", ["'model.vlp.tau'", "greater than 0"]),
        ("train.batch_size=2.5", ["'train.batch_size'", "2.5"]),
        ("train=fast", ["'train'", "'fast'"]),
        ("loss.fb_tau=NaN", ["'loss.fb_tau'"]),
    ],
)
def test_values_of_the_wrong_kind(override, parts):
    message = fault(override)
    assert all(part in message for part in parts), message


@pytest.mark.parametrize("syntax", ["train.rounds", "=3", "", " =3", "train.rounds:3"])
def test_bad_syntax(syntax):
    assert f"--set expects section.key=value; found {syntax!r}" in fault(syntax)


def test_a_key_through_a_plain_value_is_a_fault_not_a_crash():
    assert "loss.kd" in fault("loss.kd.deep=1")
    assert "unknown setting" in fault("train..rounds=3")


@pytest.mark.parametrize(
    "switches", [["loss.kd=false", "loss.fb=false"], ["loss.kd=false", "loss.fb_weight=0"]]
)
def test_steps_that_would_learn_nothing(switches):
    assert "B and F steps would learn nothing" in fault(*switches)
    assert resolve_settings("studio", [*switches, "train.strategy=warmup-only"]).loss.kd is False


def test_values_are_json_or_text_and_the_last_one_wins():
    overrides = ["model.cbp.window_seconds=null", "train.rounds=2", "train.rounds=4", "loss.kd=false"]
    found = resolve_settings("studio", [*overrides, "features.vlp=my encoder=x"])
    assert found.model.cbp.window_seconds is None and found.train.rounds == 4 and found.loss.kd is False
    assert found.features.vlp == "my encoder=x"


@pytest.mark.parametrize("name", preset_names())
def test_every_preset_loads_and_survives_its_own_json(name):
    found = resolve_settings(name, [])
    assert RunSettings.model_validate(found.model_dump()) == found
    assert RunSettings.model_validate_json(found.model_dump_json()) == found
    if name == "smoke":
        assert found.train.warmup_steps + found.train.b_steps + found.train.f_steps < 100


def test_the_shipped_presets():
    assert {"paper", "studio", "smoke"} <= set(preset_names())


def test_preset_paper_holds_the_literal_values():
    """Design, section 5: what the paper prints, and the literal reading of what it leaves open."""
    paper = resolve_settings("paper", [])
    assert (paper.pseudo_labels.delta_h, paper.pseudo_labels.delta_l) == (0.3, 0.1)
    assert paper.pseudo_labels.anchor == paper.pseudo_labels.minimum_share == 0
    assert not (paper.pseudo_labels.minmax or paper.pseudo_labels.conflict_is_uncertain)
    assert (paper.loss.fb_weight, paper.loss.fb_tau, paper.loss.top_k_divisor) == (0.05, 0.07, 8)
    assert (paper.loss.fb_max_anchors, paper.loss.fb_max_background) == (256, 1024)
    assert (paper.loss.kd, paper.loss.fb, paper.loss.kd_balance) == (True, True, "literal")
    vlp = paper.model.vlp
    assert (vlp.tau, vlp.vanilla_tau, vlp.n_prompt, vlp.layers) == (0.07, 0.01, 16, 2)
    assert (vlp.activation, vlp.offset, vlp.learn_scale) == ("softmax", "none", False)
    assert (paper.model.cbp.activation, paper.model.cbp.window_seconds) == ("softmax", None)
    train = paper.train
    assert (train.strategy, train.max_snippets, train.selection) == ("alternate", 1000, "last")
    assert train.lr_warmup == train.lr_b == train.lr_f == 1e-4 and train.weight_decay == 0
    localize = paper.localize
    assert (localize.branch, localize.mode, localize.theta_cls, localize.theta_loc) == (
        "cbp",
        "paper",
        0.85,
        0.45,
    )
    assert localize.nms == "gaussian" and not localize.minmax and localize.tie_break_weight == 0


def test_preset_studio_holds_the_background_of_the_warm_up():
    studio = resolve_settings("studio", [])
    assert studio.pseudo_labels.anchor > 0 and studio.train.selection != "best-on-test"


def test_a_preset_of_ones_own(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text("[train]\nrounds = 7\n")
    assert resolve_settings(str(path), ["train.b_steps=2"]).train.model_dump()["rounds"] == 7
    path.write_text("[train\n")
    assert "is not TOML" in fault(preset=str(path))
    assert "no settings file" in fault(preset=str(tmp_path / "none.toml"))
    message = fault(preset="studoi")
    assert message.startswith("unknown preset 'studoi'; known: ") and "studio" in message
    assert "unknown preset '../studio'" in fault(preset="../studio")


def test_settings_cannot_be_changed_after_they_are_built():
    with pytest.raises(Exception, match="frozen"):
        resolve_settings("paper", []).train.rounds = 4


def test_preset_values_are_the_files_own():
    assert preset_values("smoke")["train"]["rounds"] == 1
