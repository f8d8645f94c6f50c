"""The temporal transformer: masks by brute force, blocks against PyTorch's own, padding and the local window."""

import math

import pytest
import torch
from torch import nn

from dcwtal.models.temporal_transformer import (
    Block,
    TemporalTransformer,
    attention_mask,
    sinusoidal_positions,
)


def transformer(width=16, *, layers=2, window=None, position_scale=0.5, seed=0):
    torch.manual_seed(seed)
    return TemporalTransformer(
        width,
        layers=layers,
        heads=4,
        expansion=2,
        dropout=0.0,
        window_snippets=window,
        position_scale=position_scale,
    ).eval()


@pytest.mark.parametrize("width", [1, 2, 7, 16])
def test_positions_are_those_of_vaswani(width):
    found = sinusoidal_positions(9, width)
    for t in range(9):
        for d in range(width):
            angle = t / 10000 ** (2 * (d // 2) / width)
            expected = math.sin(angle) if d % 2 == 0 else math.cos(angle)
            assert found[t, d].item() == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize("window", [None, 1, 3])
def test_attention_mask_by_brute_force(window):
    mask = torch.tensor([[True] * 6, [True, True, False, False, False, False], [False] * 6])
    allowed = attention_mask(mask, window)
    assert allowed.shape == (3, 1, 6, 6)
    for video in range(3):
        for query in range(6):
            for key in range(6):
                near = window is None or abs(query - key) <= window
                expected = query == key or (near and bool(mask[video, key]))
                assert bool(allowed[video, 0, query, key]) == expected


def test_a_block_is_pytorchs_pre_norm_layer():
    torch.manual_seed(3)
    block = Block(16, heads=4, expansion=3, dropout=0.0).eval()
    other = nn.TransformerEncoderLayer(
        16, 4, dim_feedforward=48, dropout=0.0, activation="gelu", batch_first=True, norm_first=True
    ).eval()
    pairs = [
        (other.self_attn.in_proj_weight, block.query_key_value.weight),
        (other.self_attn.in_proj_bias, block.query_key_value.bias),
        (other.self_attn.out_proj.weight, block.project.weight),
        (other.self_attn.out_proj.bias, block.project.bias),
        (other.linear1.weight, block.mlp[0].weight),
        (other.linear1.bias, block.mlp[0].bias),
        (other.linear2.weight, block.mlp[3].weight),
        (other.linear2.bias, block.mlp[3].bias),
    ]
    with torch.no_grad():
        for theirs, ours in pairs:
            theirs.copy_(ours)
        for theirs, ours in ((other.norm1, block.norm_attention), (other.norm2, block.norm_mlp)):
            theirs.weight.copy_(ours.weight.normal_())
            theirs.bias.copy_(ours.bias.normal_())
    x = torch.randn(2, 9, 16)
    mask = torch.arange(9)[None] < torch.tensor([[9], [5]])
    ours = block(x, attention_mask(mask, None))
    theirs = other(x, src_key_padding_mask=torch.where(mask, 0.0, float("-inf")))
    assert torch.allclose(ours[mask], theirs[mask], atol=1e-5)


@pytest.mark.parametrize("window", [None, 2])
@pytest.mark.parametrize("position_scale", [0.0, 0.5])
def test_padding_changes_nothing(window, position_scale):
    model = transformer(window=window, position_scale=position_scale)
    x = torch.randn(1, 7, 16, generator=torch.Generator().manual_seed(1))
    padded = torch.cat([x, 1e3 * torch.ones(1, 12, 16)], 1)
    mask = torch.arange(19)[None] < 7
    alone = model(x, torch.ones(1, 7, dtype=torch.bool))
    assert torch.allclose(model(padded, mask)[:, :7], alone, atol=1e-5)


def test_a_far_perturbation_changes_nothing_and_a_near_one_does():
    """Two layers that each look two snippets away see exactly four snippets to either side."""
    model = transformer(window=2, layers=2)
    x = torch.randn(1, 21, 16, generator=torch.Generator().manual_seed(2))
    mask = torch.ones(1, 21, dtype=torch.bool)
    moved = x.clone()
    moved[0, 10] += 5 * torch.randn(16, generator=torch.Generator().manual_seed(3))
    change = (model(moved, mask) - model(x, mask)).abs().amax(-1)[0]
    assert [t for t in range(21) if change[t] > 1e-6] == list(range(6, 15))
    assert change[:6].max() == 0 and change[15:].max() == 0


def test_without_a_window_everything_is_seen():
    model = transformer(layers=1)
    x = torch.randn(1, 30, 16, generator=torch.Generator().manual_seed(2))
    moved = x.clone()
    moved[0, 29, 3] += 5  # LayerNorm would hide the same shift of all columns
    mask = torch.ones(1, 30, dtype=torch.bool)
    assert (model(moved, mask) - model(x, mask)).abs().amax(-1).min() > 1e-6


def test_without_positions_order_does_not_matter_and_with_them_it_does():
    x = torch.randn(1, 12, 16, generator=torch.Generator().manual_seed(4))
    mask, order = torch.ones(1, 12, dtype=torch.bool), torch.randperm(12)
    blind, sighted = transformer(position_scale=0.0), transformer(position_scale=0.5)
    assert torch.allclose(blind(x[:, order], mask), blind(x, mask)[:, order], atol=1e-5)
    assert not torch.allclose(sighted(x[:, order], mask), sighted(x, mask)[:, order], atol=1e-2)


@pytest.mark.parametrize("length", [1, 7, 750])
@pytest.mark.parametrize("window", [None, 3])
def test_any_length_and_rows_of_one_valid_snippet_are_finite(length, window):
    model = transformer(window=window)
    x = torch.randn(2, length, 16)
    mask = torch.ones(2, length, dtype=torch.bool)
    mask[1, 1:] = False
    out = model(x, mask)
    out.sum().backward()
    assert out.shape == x.shape and torch.isfinite(out).all()
    assert all(torch.isfinite(p.grad).all() for p in model.parameters())


def test_dropout_acts_in_training_only():
    torch.manual_seed(0)
    options = {"heads": 4, "expansion": 2, "window_snippets": None, "position_scale": 0.0, "layers": 1}
    model = TemporalTransformer(16, dropout=0.5, **options)
    x, mask = torch.randn(1, 8, 16), torch.ones(1, 8, dtype=torch.bool)
    assert not torch.equal(model(x, mask), model(x, mask))
    model.eval()
    assert torch.equal(model(x, mask), model(x, mask))
