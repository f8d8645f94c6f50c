"""What ``train_run`` refuses: one message, and no run folder that would block the mended command."""

import pytest

from dcwtal.core.errors import CheckpointError, DataError, SettingsError, UserError

pytestmark = pytest.mark.usefixtures("with_tiny_weights", "one_thread")


def refused(train, kind, match, data, run, **options):
    """Training fails with one message and leaves no run folder that would block the mended command."""
    with pytest.raises(kind, match=match) as caught:
        train(data, run, **options)
    assert "\n" not in str(caught.value)
    assert not run.exists(), [str(path) for path in run.rglob("*")]


def test_no_data_set(tmp_path, train):
    refused(
        train,
        DataError,
        r"no data set folder at .*nowhere; make one with",
        tmp_path / "nowhere",
        tmp_path / "R",
    )


def test_features_that_are_missing(tiny, tmp_path, train):
    data = tiny.write_data_set(tmp_path / "data", drop=["train_3"])
    refused(
        train, DataError, r"no features at .*train_3\.npz; run 'dcwtal extract' first", data, tmp_path / "R"
    )


def test_features_of_another_width(tiny, tmp_path, train):
    data = tiny.write_data_set(tmp_path / "data", width={"train_2": 7})
    match = "cbp features of 'train_2' are 7 wide; expected 6 as in 'train_0'"
    refused(train, DataError, match, data, tmp_path / "R")


def test_test_features_of_another_width(tiny, tmp_path, train):
    data = tiny.write_data_set(tmp_path / "data", width={"test_1": 7})
    refused(train, DataError, "'test_1' are 7 wide; expected 6", data, tmp_path / "R")


def test_clip_features_of_another_tower(tiny, tmp_path, train):
    data = tiny.write_data_set(tmp_path / "data", clip_width=9)
    refused(
        train,
        DataError,
        "world-clip features are 9 wide; its text tower gives 8; extract",
        data,
        tmp_path / "R",
    )


def test_a_class_without_a_training_video(tiny, tmp_path, train):
    data = tiny.write_data_set(tmp_path / "data", classes=["Diving", "Javelin", "Shotput"])
    refused(train, DataError, "no training video has the label 'Javelin'", data, tmp_path / "R")


def test_a_foreign_label(tiny, tmp_path, train):
    data = tiny.write_data_set(tmp_path / "data", labels={"train_1": ["Shotputt"]})
    refused(
        train,
        DataError,
        r"video 'train_1': unknown class 'Shotputt'; did you mean 'Shotput'",
        data,
        tmp_path / "R",
    )


@pytest.mark.parametrize(
    ("override", "kind", "match"),
    [
        (
            "train.train_subset=training",
            DataError,
            "no videos in subset 'training' of .*; found: train, validation, test",
        ),
        ("features.cbp=i3d", DataError, r"no features at .*i3d.train_0\.npz"),
        ("model.cbp.heads=5", SettingsError, r"model\.cbp\.heads must divide"),
        ("model.vlp.heads=3", SettingsError, r"model\.vlp\.heads must divide the CLIP embedding size 8"),
        ("model.vlp.n_prompt=40", DataError, "needs .* token places; this CLIP's text tower has 48"),
        ("train.step=3", SettingsError, r"unknown setting 'train\.step'; did you mean"),
        ("pseudo_labels.delta_l=0.9", SettingsError, "delta_l must be below"),
    ],
)
def test_settings_that_do_not_fit(data, tmp_path, override, kind, match, train):
    refused(train, kind, match, data, tmp_path / "R", overrides=[override])


def test_held_out_selection_without_held_out_videos(data, tmp_path, train):
    overrides = ["train.selection=best-on-held-out", "train.held_out_subset=dev"]
    refused(train, DataError, "no videos in subset 'dev'", data, tmp_path / "R", overrides=overrides)


def test_no_weights(data, tmp_path, monkeypatch, train):
    import dcwtal.features.weights_registry as registry

    monkeypatch.setattr(registry, "weights_folders", lambda: (tmp_path / "none",))
    refused(
        train, CheckpointError, "no weights 'world-clip'; expected model.safetensors", data, tmp_path / "R"
    )


def test_a_folder_with_something_else_in_it(data, tmp_path, train):
    (tmp_path / "R").mkdir()
    (tmp_path / "R" / "holiday.jpg").touch()
    with pytest.raises(DataError, match="is not empty and not a run; choose another --run"):
        train(data, tmp_path / "R")
    assert [path.name for path in (tmp_path / "R").iterdir()] == ["holiday.jpg"]


def test_a_file_in_the_place_of_the_run(data, tmp_path, train):
    (tmp_path / "R").write_text("hello")
    with pytest.raises(UserError, match=r"R "):
        train(data, tmp_path / "R")
    assert (tmp_path / "R").read_text() == "hello"


def test_a_good_request_after_faults_gives_what_it_gave_before(data, tiny, tmp_path, train):
    train(data, tmp_path / "before")
    for match, options in (("unknown setting", ["train.step=1"]), ("must divide", ["model.cbp.heads=5"])):
        with pytest.raises(SettingsError, match=match):
            train(data, tmp_path / "bad", overrides=options)
    train(data, tmp_path / "after")
    assert tiny.stage_weights(tmp_path / "after") == tiny.stage_weights(tmp_path / "before")
