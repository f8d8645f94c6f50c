"""What every CBP back-bone owes: shapes, padding that changes nothing, finite gradients, a loss that falls."""

import pytest
import torch

from dcwtal.core.errors import SettingsError
from dcwtal.models.cbp.backbones import BACKBONES, build_backbone
from dcwtal.models.cbp.contract import StepInfo
from dcwtal.models.settings import CBPSettings

CLASSES, FEATURES = 4, 10
INFO = StepInfo(progress=0.0)
every_backbone = pytest.mark.parametrize("name", sorted(BACKBONES))
every_activation = pytest.mark.parametrize("activation", ["softmax", "sigmoid", "softmax+background"])


def backbone(name, *, seed=0, window_seconds=None, dropout=0.0, activation="sigmoid", divisor=8, **more):
    torch.manual_seed(seed)
    settings = CBPSettings(
        backbone=name,
        activation=activation,
        width=16,
        heads=4,
        dropout=dropout,
        input_dropout=dropout,
        window_seconds=window_seconds,
        **more,
    )
    return build_backbone(
        settings, feature_dim=FEATURES, n_classes=CLASSES, snippet_seconds=0.32, top_k_divisor=divisor
    )


def ragged(lengths, *, padding=0):
    """Features, labels and mask of videos of these lengths; the padding holds large, finite rubbish."""
    random = torch.Generator().manual_seed(1)
    features = torch.randn(len(lengths), max(lengths), FEATURES, generator=random)
    rubbish = 50 * torch.randn(len(lengths), max(lengths) + padding, FEATURES, generator=random)
    mask = torch.arange(max(lengths) + padding)[None] < torch.tensor(lengths)[:, None]
    rubbish[mask] = features[mask[:, : max(lengths)]]
    labels = torch.zeros(len(lengths), CLASSES)
    labels[torch.arange(len(lengths)), torch.arange(len(lengths)) % CLASSES] = 1
    return rubbish, labels, mask


@every_backbone
@every_activation
@pytest.mark.parametrize("length", [1, 7, 750])
def test_outputs_have_their_shapes_and_ranges(name, activation, length):
    features, labels, mask = ragged([length, 1])
    model = backbone(name, activation=activation).eval()
    output = model(features, mask)
    assert output.class_logits.shape == (2, length, CLASSES)
    assert output.embedding.shape[:2] == output.actionness.shape == (2, length)
    assert (output.background_logits is not None) == (activation == "softmax+background")
    for values in (output.class_logits, output.embedding, output.actionness):
        assert torch.isfinite(values).all()
    assert output.actionness.min() >= 0 and output.actionness.max() <= 1
    terms = model.losses(output, labels, mask, INFO)
    assert terms and "total" not in terms
    assert all(term.ndim == 0 and torch.isfinite(term) and term >= 0 for term in terms.values())


@every_backbone
@every_activation
@pytest.mark.parametrize("window_seconds", [None, 0.7])
def test_padding_changes_neither_outputs_nor_losses_nor_gradients(name, activation, window_seconds):
    model = backbone(name, activation=activation, window_seconds=window_seconds).eval()
    results = []
    for padding in (0, 13):
        features, labels, mask = ragged([11, 7, 1], padding=padding)
        features.requires_grad_(True)
        output = model(features, mask)
        terms = model.losses(output, labels, mask, INFO)
        model.zero_grad()
        (sum(terms.values()) + output.embedding[mask].square().mean()).backward()
        valid = [
            output.class_logits[mask],
            output.embedding[mask],
            output.actionness[mask],
            features.grad[mask],
        ]
        trained = [p.grad.clone() for p in model.parameters() if p.grad is not None]
        results.append([*valid, *terms.values(), *trained])
        assert (features.grad[~mask] == 0).all()
    for one, other in zip(*results, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-4, atol=1e-5)


@every_backbone
def test_a_video_scores_the_same_alone_and_in_a_batch(name):
    model, lengths = backbone(name).eval(), [11, 7, 1]
    features, _, mask = ragged(lengths)
    together = model(features, mask).class_logits
    for row, length in enumerate(lengths):
        alone = model(features[row : row + 1, :length], torch.ones(1, length, dtype=torch.bool)).class_logits
        torch.testing.assert_close(alone[0], together[row, :length], rtol=1e-4, atol=1e-5)


@every_backbone
def test_the_order_of_the_batch_does_not_matter(name):
    features, labels, mask = ragged([9, 4, 6])
    model, order = backbone(name).eval(), torch.tensor([2, 0, 1])
    output, moved = model(features, mask), model(features[order], mask[order])
    torch.testing.assert_close(moved.class_logits[mask[order]], output.class_logits[order][mask[order]])
    before = model.losses(output, labels, mask, INFO)
    after = model.losses(moved, labels[order], mask[order], INFO)
    for key, value in before.items():
        torch.testing.assert_close(after[key], value)


@every_backbone
def test_a_local_window_hides_what_is_far(name):
    """0.7 s of 0.32 s snippets are 2 to either side; two layers reach 4 and no further."""
    features, _, mask = ragged([30])
    model = backbone(name, window_seconds=0.7).eval()
    moved = features.clone()
    moved[0, 15] += 10 * torch.randn(FEATURES)
    change = (model(moved, mask).class_logits - model(features, mask).class_logits).abs().amax(-1)[0]
    assert change[15] > 1e-4 and change[:11].max() == 0 and change[20:].max() == 0


@every_backbone
@every_activation
def test_every_trained_parameter_gets_a_finite_gradient(name, activation):
    features, labels, mask = ragged([40, 23, 1])
    model = backbone(name, activation=activation).train()
    output = model(features, mask)
    extra = 0 if output.background_logits is None else output.background_logits[mask].square().mean()
    (sum(model.losses(output, labels, mask, INFO).values()) + extra).backward()
    for parameter_name, parameter in model.named_parameters():
        assert parameter.grad is not None, parameter_name
        assert torch.isfinite(parameter.grad).all() and parameter.grad.abs().sum() > 0, parameter_name


@every_backbone
@every_activation
def test_the_loss_falls_on_a_toy_and_its_peaks_are_found(name, activation):
    """Videos whose class shows in five of twenty snippets; sixty steps learn it from video labels alone."""
    random = torch.Generator().manual_seed(5)
    features = torch.randn(16, 20, FEATURES, generator=random) * 0.3
    labels = torch.nn.functional.one_hot(torch.arange(16) % CLASSES, CLASSES).float()
    for video in range(16):
        features[video, 5:10, video % CLASSES] += 4
    mask = torch.ones(16, 20, dtype=torch.bool)
    model = backbone(name, activation=activation, window_seconds=0.4).train()
    optimizer = torch.optim.Adam(model.parameters(), 1e-2)
    values = []
    for _ in range(60):
        output = model(features, mask)
        loss = sum(model.losses(output, labels, mask, INFO).values())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        values.append(loss.item())
    assert values[-1] < 0.2 * values[0]
    if activation != "sigmoid":  # a softmax may also tell a class by the silence of the others
        return
    logits = model.eval()(features, mask).class_logits
    own = logits[torch.arange(16), :, torch.arange(16) % CLASSES]
    assert (own[:, 5:10].mean(1) > own[:, 12:].mean(1)).all()


@every_backbone
def test_head_bias_starts_the_scores_quietly(name):
    features, _, mask = ragged([30])
    quiet = backbone(name, head_bias=-4.0).eval()(features, mask).actionness.mean()
    loud = backbone(name, head_bias=0.0).eval()(features, mask).actionness.mean()
    assert quiet < 0.15 < loud


@every_backbone
def test_heads_must_divide_the_width(name):
    with pytest.raises(
        SettingsError, match=r"model\.cbp\.heads must divide model\.cbp\.width.*heads=5, width=16"
    ):
        build_backbone(
            CBPSettings(backbone=name, width=16, heads=5),
            feature_dim=FEATURES,
            n_classes=CLASSES,
            snippet_seconds=0.32,
            top_k_divisor=8,
        )


def test_the_settings_offer_exactly_the_listed_backbones():
    assert set(CBPSettings.model_fields["backbone"].annotation.__args__) == set(BACKBONES)
