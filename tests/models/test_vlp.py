"""The VLP branch: plain CLIP at the start, padding that changes nothing, hand-worked vanilla and calibration."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from dcwtal.core.errors import SettingsError
from dcwtal.losses.contrast import foreground_background_contrast
from dcwtal.losses.distillation import distillation_loss
from dcwtal.models.branch_output import class_scores
from dcwtal.models.settings import ModelSettings, VLPSettings
from dcwtal.models.two_branch import TwoBranchModel
from dcwtal.models.vlp import VLPBranch

CLASSES, SIZE = 4, 16
every_activation = pytest.mark.parametrize("activation", ["softmax", "sigmoid", "softmax+background"])


class LearnedText(nn.Module):
    """Stands in for the prompted text tower: free class features of unit length."""

    def __init__(self) -> None:
        super().__init__()
        self.features = nn.Parameter(torch.randn(CLASSES, SIZE))

    def forward(self):
        return F.normalize(self.features, dim=-1)


def branch(*, seed=0, stirred=False, **settings):
    """A branch over random class names; ``stirred``: the residual is no longer zero, as after training."""
    torch.manual_seed(seed)
    settings = {"heads": 4, **settings}
    model = VLPBranch(
        VLPSettings(**settings),
        text=LearnedText(),
        plain_text=3 * torch.randn(CLASSES, SIZE),
        snippet_seconds=0.32,
    )
    if stirred:
        nn.init.normal_(model.residual.weight, std=0.3)
    return model.eval()


def ragged(lengths, *, padding=0):
    """CLIP-like features of any length and their mask; the padding holds large, finite rubbish."""
    random = torch.Generator().manual_seed(1)
    features = 5 * torch.randn(len(lengths), max(lengths), SIZE, generator=random)
    rubbish = 40 * torch.randn(len(lengths), max(lengths) + padding, SIZE, generator=random)
    mask = torch.arange(max(lengths) + padding)[None] < torch.tensor(lengths)[:, None]
    rubbish[mask] = features[mask[:, : max(lengths)]]
    return rubbish, mask


@every_activation
def test_before_training_the_embedding_is_the_clip_feature(activation):
    features, mask = ragged([9, 5])
    output = branch(activation=activation)(features, mask)
    unit = features.numpy() / np.linalg.norm(features.numpy(), axis=-1, keepdims=True)
    np.testing.assert_allclose(output.embedding.detach().numpy(), unit, atol=1e-6)


def test_logits_are_cosines_over_tau():
    """Eq. 3 from what the branch returns: unit embeddings times unit class features, offset, temperature."""
    features, mask = ragged([6])
    model = branch(stirred=True, tau=0.05, activation="sigmoid", learn_scale=True)
    with torch.no_grad():
        model.offset.fill_(0.2)
    output = model(features, mask)
    embedding, text = output.embedding[0].detach().numpy(), model.text.features.detach().numpy()
    for t in range(6):
        for c in range(CLASSES):
            cosine = embedding[t] @ text[c] / np.linalg.norm(embedding[t]) / np.linalg.norm(text[c])
            assert output.class_logits[0, t, c].item() == pytest.approx((cosine - 0.2) / 0.05, abs=1e-4)
    assert torch.allclose(output.embedding.norm(dim=-1), torch.ones(1, 6), atol=1e-6)


def test_vanilla_is_the_hand_computation():
    features, mask = ragged([7])
    model = branch(stirred=True, vanilla_tau=0.02)  # a trained transformer and prompts must not matter
    plain = 3 * torch.randn(CLASSES, SIZE, generator=torch.Generator().manual_seed(9))
    model.plain_text.copy_(F.normalize(plain, dim=-1))
    output = model.vanilla(features, mask)
    x, names = features[0].numpy().astype(np.float64), plain.numpy().astype(np.float64)
    cosine = (x @ names.T) / np.linalg.norm(x, axis=1)[:, None] / np.linalg.norm(names, axis=1)[None]
    expected = np.exp(cosine / 0.02) / np.exp(cosine / 0.02).sum(1, keepdims=True)
    scores = class_scores(output.class_logits, None, "softmax")[0]
    np.testing.assert_allclose(scores.numpy(), expected, atol=1e-4)
    np.testing.assert_allclose(output.actionness[0].numpy(), expected.max(1), atol=1e-4)


def test_calibration_is_the_midpoint_of_own_and_other_similarity():
    model = branch(offset="calibrated", activation="sigmoid")
    random = torch.Generator().manual_seed(4)
    features = [torch.randn(n, SIZE, generator=random) * 7 for n in (5, 11)]
    labels = [torch.tensor([1.0, 0.0, 0.0, 1.0]), torch.tensor([0.0, 1.0, 0.0, 0.0])]
    own, other = [], []
    for video, label in zip(features, labels, strict=True):
        for row in video.tolist():
            length = sum(x * x for x in row) ** 0.5
            for c in range(CLASSES):
                name = model.plain_text[c].tolist()
                cosine = sum(a * b for a, b in zip(row, name, strict=True)) / length
                (own if label[c] else other).append(cosine)
    expected = (sum(own) / len(own) + sum(other) / len(other)) / 2
    model.calibrate(features, labels)
    assert model.offset.item() == pytest.approx(expected, abs=1e-5)
    assert model.vanilla_offset.item() == pytest.approx(expected, abs=1e-5)
    output = model.vanilla(features[0][None], torch.ones(1, 5, dtype=torch.bool))
    cosine = F.normalize(features[0], dim=-1) @ model.plain_text.T
    torch.testing.assert_close(output.class_logits[0], (cosine - expected) / 0.01, rtol=1e-3, atol=1e-3)


def test_calibration_is_off_by_default():
    model = branch()
    model.calibrate([torch.randn(5, SIZE)], [torch.tensor([1.0, 0, 0, 0])])
    assert model.offset.item() == 0 == model.vanilla_offset.item()


@pytest.mark.parametrize("label", [[1.0, 1.0, 1.0, 1.0], [0.0, 0.0, 0.0, 0.0]])
def test_calibration_without_other_or_own_classes_stays_finite(label):
    model = branch(offset="calibrated", activation="sigmoid")
    video = torch.randn(5, SIZE)
    model.calibrate([video], [torch.tensor(label)])
    mean = (F.normalize(video, dim=-1) @ model.plain_text.T).mean().item()
    assert model.offset.item() == pytest.approx(mean, abs=1e-6)


@every_activation
@pytest.mark.parametrize("window_seconds", [None, 0.7])
def test_padding_changes_neither_outputs_nor_losses_nor_gradients(activation, window_seconds):
    model = branch(activation=activation, window_seconds=window_seconds, stirred=True)
    lengths, results = [11, 7, 1], []
    random = torch.Generator().manual_seed(3)
    labels = torch.tensor([[1.0, 0, 0, 0], [0, 1.0, 0, 0], [1.0, 0, 0, 0]])
    ternary = torch.randint(-1, 2, (3, 11, CLASSES), generator=random, dtype=torch.int8)
    ternary = torch.where(labels[:, None] > 0, ternary, 0).to(torch.int8)
    for padding in (0, 13):
        features, mask = ragged(lengths, padding=padding)
        features.requires_grad_(True)
        padded = F.pad(ternary, (0, 0, 0, padding), value=-1).masked_fill(~mask[..., None], -1)
        output = model(features, mask)
        scores = class_scores(output.class_logits, output.background_logits, activation)
        kd = distillation_loss(scores, padded, labels, mask, balance="literal")
        fb = foreground_background_contrast(
            output.embedding, padded, labels, mask, temperature=0.07, max_anchors=999, max_background=999
        )
        model.zero_grad()
        (kd + fb).backward()
        trained = [p.grad.clone() for p in model.parameters() if p.grad is not None]
        results.append(
            [output.class_logits[mask], output.embedding[mask], kd, fb, features.grad[mask], *trained]
        )
        assert (features.grad[~mask] == 0).all() and fb > 0
    assert len(results[0]) == len(results[1])
    for one, other in zip(*results, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-3, atol=1e-5)


@every_activation
@pytest.mark.parametrize("length", [1, 7, 750])
def test_any_length_is_finite_even_with_zero_features(activation, length):
    features, mask = ragged([length, 1])
    features[0, 0] = 0
    model = branch(activation=activation, stirred=True)
    for output in (model(features, mask), model.vanilla(features, mask)):
        assert output.class_logits.shape == (2, length, CLASSES)
        assert torch.isfinite(output.class_logits).all() and torch.isfinite(output.embedding).all()
        assert (output.background_logits is not None) == ("background" in activation)
        assert output.actionness.min() >= 0 and output.actionness.max() <= 1


def test_the_order_of_the_batch_does_not_matter():
    features, mask = ragged([9, 4, 6])
    model, order = branch(stirred=True), torch.tensor([2, 0, 1])
    moved = model(features[order], mask[order]).class_logits
    torch.testing.assert_close(moved[mask[order]], model(features, mask).class_logits[order][mask[order]])


def test_a_local_window_hides_what_is_far():
    features, mask = ragged([30])
    model = branch(window_seconds=0.7, stirred=True)
    moved = features.clone()
    moved[0, 15] = torch.randn(SIZE)
    change = (model(moved, mask).class_logits - model(features, mask).class_logits).abs().amax(-1)[0]
    assert change[15] > 1e-4 and change[:11].max() == 0 and change[20:].max() == 0


@every_activation
def test_every_parameter_gets_a_finite_gradient(activation):
    features, mask = ragged([20, 9])
    model = branch(activation=activation, stirred=True, learn_scale=True).train()
    output = model(features, mask)
    scores = class_scores(output.class_logits, output.background_logits, activation)
    scores[mask].square().mean().backward()
    for name, parameter in model.named_parameters():
        assert parameter.grad is not None and torch.isfinite(parameter.grad).all(), name
        if name != "offset" or activation == "sigmoid":  # a softmax does not feel a shift of all classes
            assert parameter.grad.abs().sum() > 0, name


@pytest.mark.parametrize("activation", ["softmax", "sigmoid"])
def test_learning_from_labels_in_time_makes_the_loss_fall(activation):
    """The same CLIP feature is action in the first half of a video and background after: only time can tell."""
    features = F.normalize(torch.randn(1, 1, SIZE, generator=torch.Generator().manual_seed(0)), dim=-1)
    features = features.expand(1, 16, SIZE).contiguous()
    mask, labels = torch.ones(1, 16, dtype=torch.bool), torch.tensor([[1.0, 0.0, 0.0, 0.0]])
    ternary = torch.zeros(1, 16, CLASSES, dtype=torch.int8)
    ternary[0, :8, 0] = 1
    model = branch(activation=activation, dropout=0.0, position_scale=0.5, learn_scale=True).train()
    optimizer, values = torch.optim.Adam(model.parameters(), 1e-2), []
    for _ in range(40):
        output = model(features, mask)
        scores = class_scores(output.class_logits, output.background_logits, activation)
        loss = distillation_loss(scores, ternary, labels, mask, balance="present")
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        values.append(loss.item())
    assert values[-1] < 0.35 * values[0]


def test_heads_must_divide_the_embedding():
    with pytest.raises(
        SettingsError, match=r"model\.vlp\.heads must divide the CLIP embedding size 16; found 5"
    ):
        branch(heads=5)


def test_both_branches_save_and_load_as_one():
    settings = ModelSettings.model_validate(
        {"cbp": {"width": 16, "heads": 4}, "vlp": {"heads": 4, "activation": "softmax+background"}}
    )

    def build(seed):
        torch.manual_seed(seed)
        return TwoBranchModel(
            settings,
            cbp_dim=6,
            n_classes=CLASSES,
            text=LearnedText(),
            plain_text=torch.randn(CLASSES, SIZE),
            snippet_seconds=0.32,
            top_k_divisor=16,
        ).eval()

    one, other = build(0), build(1)
    one.cbp.standardize.fit(torch.randn(9, 6))
    one.vlp.offset.data.fill_(0.3)
    one.vlp.vanilla_offset.fill_(0.3)
    other.load_state_dict(one.state_dict(), strict=True)
    features, mask = ragged([8])
    for method in ("forward", "vanilla"):
        ours, theirs = (getattr(model.vlp, method)(features, mask) for model in (one, other))
        assert torch.equal(ours.class_logits, theirs.class_logits)
    motion = torch.randn(1, 8, 6)
    assert torch.equal(one.cbp(motion, mask).class_logits, other.cbp(motion, mask).class_logits)
    assert one.top_k_divisor == one.cbp.top_k_divisor == 16
