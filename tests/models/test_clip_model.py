"""A CLIP on disk: what is saved comes back, everything else is refused with one message."""

import copy
import json

import pytest
import torch
from safetensors.torch import load_file, save_file

from dcwtal.core.errors import CheckpointError
from dcwtal.models.clip_model import build_clip, load_clip, prepare_images, save_clip
from dcwtal.models.clip_text import encode_texts, tokenize

CONFIG = {
    "model_cfg": {
        "embed_dim": 16,
        "vision_cfg": {"image_size": 20, "layers": 1, "width": 16, "head_width": 8, "patch_size": 10},
        "text_cfg": {"context_length": 16, "vocab_size": 49408, "width": 16, "heads": 2, "layers": 1},
    },
    "preprocess_cfg": {"size": 20, "mean": [0.5, 0.4, 0.3], "std": [0.25, 0.5, 0.2]},
}
WORDS = ["pole vault", "golf swing"]


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    torch.manual_seed(0)
    folder = tmp_path_factory.mktemp("clip")
    model = build_clip(CONFIG)
    seen = tokenize(WORDS, 16).unique().tolist()
    save_clip(folder, model, CONFIG, seen_tokens=seen)
    return folder, model.eval(), seen


def copied(folder, target):
    target.mkdir()
    for file in folder.iterdir():
        (target / file.name).write_bytes(file.read_bytes())
    return target


def test_what_is_saved_comes_back_as_float32_within_float16_rounding(saved):
    folder, model, _ = saved
    loaded = load_clip(folder)
    assert not loaded.training
    for (name, ours), theirs in zip(loaded.state_dict().items(), model.state_dict().values(), strict=True):
        assert ours.dtype == torch.float32
        if name != "token_embedding.weight":
            assert torch.equal(ours, theirs.half().float()), name
    images = torch.randn(2, 3, 20, 20)
    assert torch.allclose(loaded.encode_image(images), model.encode_image(images), atol=5e-3)
    assert torch.allclose(encode_texts(loaded, WORDS), encode_texts(model, WORDS), atol=5e-3)


def test_only_seen_tokens_are_stored_and_the_others_are_zero(saved):
    folder, model, seen = saved
    stored = load_file(folder / "model.safetensors")
    assert stored["token_embedding.rows"].shape == (len(seen), 16)
    assert (folder / "model.safetensors").stat().st_size < 100_000  # the whole table alone is 1.6 MB
    table = load_clip(folder).token_embedding.weight
    assert torch.equal(table[seen], model.token_embedding.weight[seen].half().float())
    unseen = torch.ones(len(table), dtype=torch.bool)
    unseen[seen] = False
    assert (table[unseen] == 0).all()


def test_a_file_with_the_whole_table_loads_too(saved, tmp_path):
    _, model, _ = saved
    save_clip(tmp_path, model, CONFIG)
    assert torch.equal(
        load_clip(tmp_path).token_embedding.weight, model.token_embedding.weight.half().float()
    )


def test_a_second_save_gives_the_same_bytes(saved, tmp_path):
    folder, _, seen = saved
    save_clip(tmp_path, load_clip(folder), CONFIG, seen_tokens=seen)
    assert (tmp_path / "model.safetensors").read_bytes() == (folder / "model.safetensors").read_bytes()


def test_another_models_weights_are_refused(saved, tmp_path):
    folder = copied(saved[0], tmp_path / "wide")
    config = copy.deepcopy(CONFIG)
    config["model_cfg"]["embed_dim"] = 24
    (folder / "config.json").write_text(json.dumps(config))
    with pytest.raises(CheckpointError, match="does not belong to the model"):
        load_clip(folder)


@pytest.mark.parametrize("change", ["missing", "extra", "nan", "ids outside", "ids twice"])
def test_changed_weights_are_refused(saved, tmp_path, change):
    folder = copied(saved[0], tmp_path / "changed")
    path = folder / "model.safetensors"
    state = load_file(path)
    if change == "missing":
        del state["ln_final.weight"]
    elif change == "extra":
        state["surplus"] = torch.zeros(1)
    elif change == "nan":
        state["ln_final.weight"][0] = torch.nan
    else:
        state["token_embedding.ids"][1] = (
            60000 if change == "ids outside" else state["token_embedding.ids"][0]
        )
    save_file(state, path)
    with pytest.raises(CheckpointError):
        load_clip(folder)


@pytest.mark.parametrize("content", [b"", b"not weights at all", b"\xff" * 64])
def test_a_file_that_is_not_safetensors_is_refused(saved, tmp_path, content):
    folder = copied(saved[0], tmp_path / "damaged")
    (folder / "model.safetensors").write_bytes(content)
    with pytest.raises(CheckpointError, match="cannot read weights"):
        load_clip(folder)


@pytest.mark.parametrize(
    "text", ["[]", "{}", "not json", '{"model_cfg": {"embed_dim": 16}}', '{"model_cfg": 3}']
)
def test_a_broken_configuration_is_refused(saved, tmp_path, text):
    folder = copied(saved[0], tmp_path / "config")
    (folder / "config.json").write_text(text)
    with pytest.raises(CheckpointError):
        load_clip(folder)


def test_an_empty_folder_is_refused(tmp_path):
    with pytest.raises(CheckpointError, match=r"config\.json"):
        load_clip(tmp_path)


def test_pictures_are_normalised_by_hand_worked_numbers(saved):
    picture = torch.tensor([255, 102, 0], dtype=torch.uint8).expand(1, 20, 20, 3).numpy()
    prepared = prepare_images(picture, saved[1])
    assert prepared.shape == (1, 3, 20, 20)
    assert torch.allclose(prepared[0, :, 3, 7], torch.tensor([2.0, 0.0, -1.5]), atol=1e-6)
