"""Eq. 1: the top-k mean over valid snippets only, a sum over classes, a mean over the batch."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from dcwtal.losses.classification import classification_loss, top_k_mean, video_scores


def test_k_is_an_eighth_of_the_valid_snippets_worked_by_hand():
    logits = torch.arange(20.0).reshape(1, 20, 1)
    full = torch.ones(1, 20, dtype=torch.bool)
    assert top_k_mean(logits, full, divisor=8).item() == (19 + 18) / 2  # k = 20 // 8 = 2
    valid = full.clone()
    valid[0, 15:] = False  # 15 valid: k = 1; the largest values are padding
    assert top_k_mean(logits, valid, divisor=8).item() == 14
    valid[0, 7:] = False  # fewer than 8: k is still 1
    assert top_k_mean(logits, valid, divisor=8).item() == 6


@given(
    seed=st.integers(0, 2**32 - 1),
    lengths=st.lists(st.integers(1, 40), min_size=1, max_size=4),
    divisor=st.sampled_from([1, 2, 8, 16]),
)
def test_top_k_mean_is_the_sorted_mean_of_each_video(seed, lengths, divisor):
    random = np.random.default_rng(seed)
    logits = random.normal(size=(len(lengths), max(lengths) + 3, 3)).astype(np.float32)
    mask = np.zeros(logits.shape[:2], dtype=bool)
    expected = np.zeros((len(lengths), 3))
    for row, length in enumerate(lengths):
        places = np.sort(random.permutation(logits.shape[1])[:length])  # valid snippets need not come first
        mask[row, places] = True
        for column in range(3):
            best = sorted(logits[row, places, column].tolist(), reverse=True)[: max(1, length // divisor)]
            expected[row, column] = sum(best) / len(best)
    found = top_k_mean(torch.from_numpy(logits), torch.from_numpy(mask), divisor=divisor)
    np.testing.assert_allclose(found.numpy(), expected, rtol=1e-5, atol=1e-6)


def test_gradient_reaches_the_top_snippets_alone():
    logits = torch.tensor([[[1.0], [5.0], [3.0], [9.0]]], requires_grad=True)
    mask = torch.tensor([[True, True, True, False]])
    top_k_mean(logits, mask, divisor=1).sum().backward()
    assert torch.allclose(logits.grad.flatten(), torch.tensor([1 / 3, 1 / 3, 1 / 3, 0.0]))
    logits.grad = None
    top_k_mean(logits, mask, divisor=3).sum().backward()
    assert logits.grad.flatten().tolist() == [0, 1, 0, 0]


@pytest.mark.parametrize("activation", ["softmax", "softmax+background"])
def test_softmax_loss_by_hand(activation):
    """ŷ = (1/2, 1/4, 1/4) and (1/6, 2/6, 3/6); labels {0, 2} and {1}: sums 3 log 2 and log 3, then the mean."""
    pooled = torch.tensor([[2.0, 1.0, 1.0], [1.0, 2.0, 3.0]]).log()
    labels = torch.tensor([[1.0, 0.0, 1.0], [0.0, 1.0, 0.0]])
    assert torch.allclose(video_scores(pooled, activation)[0], torch.tensor([0.5, 0.25, 0.25]))
    expected = ((math.log(2) + math.log(4)) + math.log(3)) / 2
    assert classification_loss(pooled, labels, activation).item() == pytest.approx(expected, rel=1e-6)


def test_sigmoid_loss_by_hand():
    """ŷ = (3/4, 1/2, 1/5), labels (1, 0, 0): log(4/3) + log 2 + log(5/4), summed over classes."""
    pooled = torch.tensor([[math.log(3), 0.0, -math.log(4)]])
    labels = torch.tensor([[1.0, 0.0, 0.0]])
    assert torch.allclose(video_scores(pooled, "sigmoid"), torch.tensor([[0.75, 0.5, 0.2]]))
    expected = math.log(4 / 3) + math.log(2) + math.log(5 / 4)
    assert classification_loss(pooled, labels, "sigmoid").item() == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("activation", ["softmax", "sigmoid"])
def test_it_is_a_mean_over_the_batch_and_finite_for_extreme_logits(activation):
    pooled = torch.tensor([[200.0, -200.0], [-200.0, 200.0]], requires_grad=True)
    labels = torch.tensor([[0.0, 1.0], [0.0, 1.0]])
    loss = classification_loss(pooled, labels, activation)
    twice = classification_loss(pooled.repeat(2, 1), labels.repeat(2, 1), activation)
    assert loss.item() == pytest.approx(200) and twice.item() == pytest.approx(200)  # (400 + 0) / 2
    loss.backward()
    assert torch.isfinite(pooled.grad).all() and pooled.grad[0].abs().sum() > 0
