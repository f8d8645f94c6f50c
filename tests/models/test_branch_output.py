"""Frame probabilities from logits, worked by hand for each activation."""

import math

import numpy as np
import pytest
import torch

from dcwtal.models.branch_output import BranchOutput, class_scores


def test_softmax_is_over_the_action_classes():
    logits = torch.tensor([[[1.0, 2.0, 5.0]]]).log()
    assert torch.allclose(class_scores(logits, None, "softmax"), torch.tensor([[[1 / 8, 2 / 8, 5 / 8]]]))
    assert class_scores(torch.zeros(2, 3, 4), None, "softmax").tolist() == [[[0.25] * 4] * 3] * 2


def test_sigmoid_treats_classes_apart():
    logits = torch.tensor([[[0.0, math.log(3), -math.log(9)]]])
    assert torch.allclose(class_scores(logits, None, "sigmoid"), torch.tensor([[[0.5, 0.75, 0.1]]]))


def test_background_is_one_more_class_whose_column_is_dropped():
    logits = torch.tensor([[[1.0, 3.0], [1.0, 1.0]]]).log()
    background = torch.tensor([[6.0, 2.0]]).log()
    expected = torch.tensor([[[0.1, 0.3], [0.25, 0.25]]])
    assert torch.allclose(class_scores(logits, background, "softmax+background"), expected)


def test_background_activation_needs_background_logits():
    with pytest.raises(ValueError, match="needs background_logits"):
        class_scores(torch.zeros(1, 1, 2), None, "softmax+background")


@pytest.mark.parametrize("activation", ["softmax", "sigmoid", "softmax+background"])
def test_scores_stay_in_the_unit_interval_for_extreme_logits(activation):
    logits = torch.tensor(np.random.default_rng(0).choice([-1e4, -30.0, 0.0, 30.0, 1e4], (4, 50, 6))).float()
    scores = class_scores(logits, logits.mean(-1), activation)
    assert torch.isfinite(scores).all() and scores.min() >= 0 and scores.max() <= 1


def test_each_output_has_its_own_extras():
    one, other = (BranchOutput(*[torch.zeros(1)] * 4) for _ in range(2))
    one.extras["attention"] = torch.zeros(1)
    assert other.extras == {}
