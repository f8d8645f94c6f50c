"""Eq. 6 against triple loops in plain Python: which entries count, and what they are divided by."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from dcwtal.losses.distillation import confident_frames, distillation_loss

BALANCES = ["literal", "balanced", "present"]


def bernoulli_kl(label: int, p: float) -> float:
    """KL(Bernoulli(label) ‖ Bernoulli(p)) for a hard label."""
    return -math.log(p) if label == 1 else -math.log(1 - p)


def by_loops(probabilities, ternary, labels, mask):
    """(sum over entries, number of confident frames, entries by kind) in plain Python."""
    total, confident = 0.0, 0
    kinds = {"foreground": [], "background": [], "absent": []}
    for video in range(len(probabilities)):
        for frame in range(len(probabilities[video])):
            if not mask[video][frame]:
                continue
            sure = False
            for c in range(len(labels[video])):
                sure = sure or (labels[video][c] == 1 and ternary[video][frame][c] != -1)
            if not sure:
                continue
            confident += 1
            for c in range(len(labels[video])):
                if ternary[video][frame][c] == -1:
                    continue
                value = bernoulli_kl(ternary[video][frame][c], probabilities[video][frame][c])
                total += value
                present = "foreground" if ternary[video][frame][c] == 1 else "background"
                kinds[present if labels[video][c] == 1 else "absent"].append(value)
    return total, confident, kinds


def mean(values):
    return sum(values) / len(values) if values else 0.0


def expected_loss(balance, probabilities, ternary, labels, mask):
    total, confident, kinds = by_loops(probabilities, ternary, labels, mask)
    if balance == "literal":
        return total / max(1, confident)
    if balance == "present":
        return mean(kinds["foreground"] + kinds["background"]) + mean(kinds["absent"])
    return mean(kinds["foreground"]) + mean(kinds["background"]) + mean(kinds["absent"])


def made_up(seed, *, videos=3, frames=9, classes=4, uncertain=0.4):
    """Probabilities, ternary labels (absent classes 0 everywhere), multi-hot labels, mask of ragged videos."""
    random = np.random.default_rng(seed)
    probabilities = random.uniform(0.01, 0.99, (videos, frames, classes)).astype(np.float32)
    labels = (random.random((videos, classes)) < 0.5).astype(np.float32)
    rest = (1 - uncertain) / 2
    ternary = random.choice(
        np.array([-1, 0, 1], dtype=np.int8), (videos, frames, classes), p=[uncertain, rest, rest]
    )
    ternary = np.where(labels[:, None] > 0, ternary, 0).astype(np.int8)
    mask = np.arange(frames)[None] < random.integers(1, frames + 1, videos)[:, None]
    ternary[~mask] = -1  # as collate pads
    return probabilities, ternary, labels, mask


@pytest.mark.parametrize("balance", BALANCES)
@given(seed=st.integers(0, 2**32 - 1), uncertain=st.sampled_from([0.0, 0.4, 0.9, 1.0]))
def test_equals_the_loops(balance, seed, uncertain):
    arrays = made_up(seed, uncertain=uncertain)
    found = distillation_loss(*map(torch.from_numpy, arrays), balance=balance).item()
    assert found == pytest.approx(expected_loss(balance, *(a.tolist() for a in arrays)), rel=1e-4, abs=1e-6)


def test_literal_worked_by_hand():
    """One video of class 0 (class 1 absent), four frames: foreground, background, uncertain, padding.

    Frames 0 and 1 are confident, O = 2. Entries: -ln .5, -ln(1-.2), -ln(1-.1), -ln(1-.4). The absent class on the
    uncertain frame does not count, nor does anything on the padded one.
    """
    p = torch.tensor([[[0.5, 0.1], [0.2, 0.4], [0.9, 0.9], [0.9, 0.9]]])
    ternary = torch.tensor([[[1, 0], [0, 0], [-1, 0], [1, 0]]], dtype=torch.int8)
    labels, mask = torch.tensor([[1.0, 0.0]]), torch.tensor([[True, True, True, False]])
    assert confident_frames(ternary, labels, mask).tolist() == [[True, True, False, False]]
    foreground, background = -math.log(0.5), -math.log(0.8)
    absent = [-math.log(0.9), -math.log(0.6)]
    found = {b: distillation_loss(p, ternary, labels, mask, balance=b).item() for b in BALANCES}
    assert found["literal"] == pytest.approx((foreground + background + sum(absent)) / 2, rel=1e-5)
    assert found["balanced"] == pytest.approx(foreground + background + sum(absent) / 2, rel=1e-5)
    assert found["present"] == pytest.approx((foreground + background + sum(absent)) / 2, rel=1e-5)


def test_balanced_does_not_let_the_many_backgrounds_drown_the_foreground():
    p = torch.full((1, 100, 1), 0.1)
    ternary = torch.zeros(1, 100, 1, dtype=torch.int8)
    ternary[0, 0] = 1
    rest = torch.ones(1, 1), torch.ones(1, 100, dtype=torch.bool)
    foreground, background = -math.log(0.1), -math.log(0.9)
    found = {b: distillation_loss(p, ternary, *rest, balance=b).item() for b in BALANCES}
    assert found["balanced"] == pytest.approx(foreground + background, rel=1e-4)
    assert found["literal"] == pytest.approx((foreground + 99 * background) / 100, rel=1e-4)
    assert found["present"] == pytest.approx(found["literal"], rel=1e-4)


@pytest.mark.parametrize("balance", BALANCES)
def test_no_confident_frame_is_a_zero_that_can_be_differentiated(balance):
    p = torch.full((2, 5, 3), 0.5, requires_grad=True)
    labels = torch.tensor([[1.0, 0.0, 0.0], [0.0, 1.0, 1.0]])
    ternary = torch.where(labels[:, None] > 0, -1, 0).expand(2, 5, 3)
    loss = distillation_loss(p, ternary, labels, torch.ones(2, 5, dtype=torch.bool), balance=balance)
    loss.backward()
    assert loss.item() == 0 and (p.grad == 0).all()


@pytest.mark.parametrize("balance", BALANCES)
def test_gradients_are_finite_at_zero_and_one(balance):
    p = torch.tensor([[[0.0], [1.0], [0.0], [1.0]]], requires_grad=True)
    ternary = torch.tensor([[[1], [0], [0], [1]]], dtype=torch.int8)
    loss = distillation_loss(
        p, ternary, torch.ones(1, 1), torch.ones(1, 4, dtype=torch.bool), balance=balance
    )
    loss.backward()
    assert torch.isfinite(loss) and loss > 1 and torch.isfinite(p.grad).all()
    p = torch.tensor([[[0.0], [1.0]]])
    agree = torch.tensor([[[0], [1]]], dtype=torch.int8)
    loss = distillation_loss(p, agree, torch.ones(1, 1), torch.ones(1, 2, dtype=torch.bool), balance=balance)
    assert loss.item() == pytest.approx(0, abs=1e-4)


def test_a_foreground_label_still_pulls_where_the_student_is_almost_sure_of_the_opposite():
    """A foreground frame with p = 1e-8 has the gradient p - 1 with respect to its logit, as at any other p."""
    logits = torch.tensor([[[-18.4], [-10.0], [0.0]]], requires_grad=True)
    ternary = torch.ones(1, 3, 1, dtype=torch.int8)
    mask = torch.ones(1, 3, dtype=torch.bool)
    distillation_loss(logits.sigmoid(), ternary, torch.ones(1, 1), mask, balance="literal").backward()
    torch.testing.assert_close(logits.grad.flatten() * 3, torch.tensor([-1.0, -1.0, -0.5]), rtol=1e-3, atol=0)


def test_half_precision_probabilities_are_widened_first():
    p = torch.full((1, 1, 1), 0.25, dtype=torch.bfloat16)
    ternary = torch.ones(1, 1, 1, dtype=torch.int8)
    loss = distillation_loss(
        p, ternary, torch.ones(1, 1), torch.ones(1, 1, dtype=torch.bool), balance="literal"
    )
    assert loss.dtype == torch.float32 and loss.item() == pytest.approx(math.log(4), rel=1e-6)
