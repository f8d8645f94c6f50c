"""Prompts around class names: CLIP's own text encoder where they can be, frozen where they must be."""

import copy

import open_clip
import pytest
import torch

from dcwtal.core.errors import CheckpointError, DataError
from dcwtal.models.clip_text import PromptedClassNames, encode_texts, tokenize

NAMES = ["clean and jerk", "diving", "golf swing", "pole vault"]


def build(width: int = 32, layers: int = 2, context_length: int = 48, seed: int = 0, **text):
    torch.manual_seed(seed)
    model = open_clip.model.CLIP(
        embed_dim=24,
        vision_cfg={"image_size": 20, "layers": 1, "width": 16, "head_width": 8, "patch_size": 10},
        text_cfg={
            "context_length": context_length,
            "vocab_size": 49408,
            "width": width,
            "heads": 4,
            "layers": layers,
        }
        | text,
    )
    return model.eval()


@pytest.fixture(scope="module")
def clip():
    return build()


@pytest.mark.parametrize(
    "shape", [{}, {"width": 48, "layers": 3, "context_length": 77, "seed": 5}, {"proj_bias": True}]
)
def test_without_learned_vectors_it_is_the_models_own_text_encoder(shape):
    model = build(**shape)
    ours = PromptedClassNames(model, NAMES, n_prompt=0)()
    padded = torch.zeros(len(NAMES), model.context_length, dtype=torch.long)
    theirs = open_clip.SimpleTokenizer(context_length=model.context_length)(NAMES)
    padded[:, : theirs.shape[1]] = theirs
    assert torch.allclose(ours, model.encode_text(padded, normalize=True), atol=1e-6)


def test_with_vectors_it_is_the_text_encoder_of_a_vocabulary_that_has_them(clip):
    """Independent route: unused vocabulary rows take the learned vectors; the model's own encode_text."""
    prompts = PromptedClassNames(clip, NAMES, n_prompt=3)
    with torch.no_grad():
        prompts.before.normal_()
        prompts.after.normal_()
    model, plain = copy.deepcopy(clip), tokenize(NAMES, clip.context_length)
    spare = torch.arange(40000, 40006)
    with torch.no_grad():
        model.token_embedding.weight[spare] = torch.cat([prompts.before, prompts.after])
    rows = torch.zeros_like(plain)
    for row, ids in zip(rows, plain, strict=True):
        end = int(ids.argmax())
        wrapped = torch.cat([ids[:1], spare[:3], ids[1:end], spare[3:], ids[end : end + 1]])
        row[: len(wrapped)] = wrapped
    assert torch.allclose(prompts(), model.encode_text(rows, normalize=True), atol=1e-6)


def test_gradient_reaches_the_prompts_and_nothing_of_the_tower(clip):
    prompts = PromptedClassNames(clip, NAMES, n_prompt=4)
    prompts()[:, 0].sum().backward()
    assert prompts.before.grad.abs().sum() > 0 and prompts.after.grad.abs().sum() > 0
    text = [
        clip.positional_embedding,
        clip.text_projection,
        *clip.transformer.parameters(),
        *clip.ln_final.parameters(),
    ]
    assert all(p.grad is None and not p.requires_grad for p in text)
    assert clip.token_embedding.weight.grad is None


def test_only_the_vectors_are_parameters_and_saved(clip):
    prompts = PromptedClassNames(clip, NAMES, n_prompt=16)
    assert set(prompts.state_dict()) == {"before", "after"}
    assert {name for name, _ in prompts.named_parameters()} == {"before", "after"}
    assert prompts.before.shape == (16, 32) and abs(prompts.before.std().item() - 0.01) < 0.002


def test_classes_may_be_permuted(clip):
    torch.manual_seed(1)
    prompts = PromptedClassNames(clip, NAMES, n_prompt=2)
    order = [2, 0, 3, 1]
    permuted = PromptedClassNames(clip, [NAMES[i] for i in order], n_prompt=2)
    permuted.load_state_dict(prompts.state_dict())
    assert torch.allclose(permuted(), prompts()[order], atol=1e-6)


def test_copies_learn_apart_and_share_the_tower(clip):
    prompts = PromptedClassNames(clip, NAMES, n_prompt=2)
    other = copy.deepcopy(prompts)
    assert other._tower.module.transformer is clip.transformer
    before = prompts().detach().clone()
    with torch.no_grad():
        other.before.add_(1.0)
    assert torch.equal(prompts(), before) and not torch.allclose(other(), before)


def test_moving_it_moves_the_tower():
    prompts = PromptedClassNames(build(), NAMES, n_prompt=2).to(torch.float64)
    assert prompts().dtype == torch.float64


def test_features_have_unit_length(clip):
    assert torch.allclose(encode_texts(clip, ["a", "b c"]).norm(dim=1), torch.ones(2), atol=1e-6)
    assert torch.allclose(PromptedClassNames(clip, NAMES)().norm(dim=1), torch.ones(4), atol=1e-6)


def test_tokens_are_open_clips_own():
    texts = ["a photo of the pole vault", "Clean & Jerk !", "été"]
    assert torch.equal(tokenize(texts, 77), open_clip.SimpleTokenizer(context_length=77)(texts))


def test_names_that_do_not_fit_are_refused(clip):
    fits = "jump " * 14  # 14 + start + end + 32 = 48
    PromptedClassNames(clip, [fits.strip()], n_prompt=16)
    with pytest.raises(DataError, match=r"needs 49 token places; this CLIP's text tower has 48"):
        PromptedClassNames(clip, ["diving", "jump " * 15], n_prompt=16)
    with pytest.raises(DataError, match="needs 102"):
        encode_texts(clip, ["jump " * 100])
    with pytest.raises(DataError, match="empty"):
        encode_texts(clip, ["  "])


def test_other_text_towers_are_refused():
    with pytest.raises(CheckpointError, match="pools by 'last'"):
        PromptedClassNames(build(pool_type="last"), NAMES)
    with pytest.raises(CheckpointError, match="not causal"):
        PromptedClassNames(build(no_causal_mask=True), NAMES)
    with pytest.raises(CheckpointError, match="found Linear"):
        PromptedClassNames(torch.nn.Linear(2, 2), NAMES)
