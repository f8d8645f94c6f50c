"""The terms of one optimiser step, in warm-up, B and F, against the loss functions called by hand."""

import numpy as np
import pytest
import torch

from dcwtal.data.batches import Draw, collate
from dcwtal.losses.classification import classification_loss, top_k_mean
from dcwtal.losses.contrast import foreground_background_contrast
from dcwtal.losses.distillation import distillation_loss
from dcwtal.models.cbp.contract import StepInfo
from dcwtal.training.schedule import Phase
from dcwtal.training.settings import LossSettings
from dcwtal.training.steps import descend, loss_terms, student_of

INFO = StepInfo(progress=0.5)
PHASES = {kind: Phase(kind, 4, "x") for kind in ("warmup", "B", "F", "self")}


@pytest.fixture
def batch(toy):
    samples, random = toy.samples(4), np.random.default_rng(0)
    ternary = [
        np.where(sample.labels > 0, random.integers(-1, 2, (len(sample), 3)), 0).astype(np.int8)
        for sample in samples
    ]
    return collate(samples, [Draw(i, 0, len(sample)) for i, sample in enumerate(samples)], ternary)


@pytest.fixture
def model(toy):
    return toy.model(toy.settings()).eval()


def test_who_learns(model):
    learns = {kind: student_of(model, phase) for kind, phase in PHASES.items()}
    assert learns["B"] is model.vlp and all(learns[kind] is model.cbp for kind in ("warmup", "F", "self"))


@pytest.mark.parametrize("kind", ["warmup", "B", "F", "self"])
def test_terms_are_the_losses_of_eqs_1_6_and_7(model, batch, kind):
    settings = LossSettings(
        fb_weight=0.2, cls_weight_in_f=0.7, fb_tau=0.3, kd_balance="present", top_k_divisor=8
    )
    found = loss_terms(model, PHASES[kind], batch, settings, INFO)
    features = batch.vlp if kind == "B" else batch.cbp
    output = (model.vlp if kind == "B" else model.cbp)(features, batch.mask)
    probabilities = output.class_logits.sigmoid()
    taught = batch.pseudo_labels, batch.labels, batch.mask
    kd = distillation_loss(probabilities, *taught, balance="present")
    fb = foreground_background_contrast(
        output.embedding, *taught, temperature=0.3, max_anchors=999, max_background=9999
    )
    cls = classification_loss(
        top_k_mean(output.class_logits, batch.mask, divisor=8), batch.labels, model.cbp.activation
    )
    expected = {"kd": kd, "fb": 0.2 * fb}
    if kind == "warmup":
        expected = {"cls": cls}
    elif kind in ("F", "self"):
        expected["cls"] = 0.7 * cls
    assert set(found) == set(expected) and fb > 0
    for name, value in expected.items():
        torch.testing.assert_close(found[name], value, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize(
    ("switches", "kind", "names"),
    [
        ({"kd": False}, "B", {"fb"}),
        ({"fb": False}, "B", {"kd"}),
        ({"fb_weight": 0.0}, "B", {"kd"}),
        ({"kd": False}, "F", {"fb", "cls"}),
        ({"cls_weight_in_f": 0.0}, "F", {"kd", "fb"}),
        ({"cls_weight_in_f": 0.0, "kd": False, "fb": False}, "warmup", {"cls"}),
    ],
)
def test_switches_drop_terms(model, batch, switches, kind, names):
    assert set(loss_terms(model, PHASES[kind], batch, LossSettings(**switches), INFO)) == names


def test_descend_is_adamw_on_the_sum_and_reports_the_norm_before_clipping():
    """loss = 3a + 4b: gradient (3, 4), norm 5, clipped to 1 → (.6, .8); SGD of rate .1 shows the step taken."""
    student = torch.nn.Linear(2, 1, bias=False)
    start = student.weight.detach().clone()
    optimizer = torch.optim.SGD(student.parameters(), 0.1)
    terms = {"a": 3 * student.weight[0, 0], "b": 4 * student.weight[0, 1]}
    assert descend(terms, student, optimizer, 1.0) == pytest.approx(5)
    torch.testing.assert_close(start - student.weight.detach(), torch.tensor([[0.06, 0.08]]))
    assert descend({"a": 0.3 * student.weight[0, 0]}, student, optimizer, 1.0) == pytest.approx(0.3)


@pytest.mark.parametrize("fault", ["loss", "gradient"])
def test_what_is_not_finite_stops_before_any_weight_is_touched(fault):
    student = torch.nn.Linear(1, 1, bias=False)
    torch.nn.init.zeros_(student.weight)
    before = student.weight.detach().clone()
    optimizer = torch.optim.AdamW(student.parameters(), 0.1)
    value = student.weight.sum()
    term = value / 0 if fault == "loss" else value.sqrt()  # sqrt(0) is 0, its slope infinite
    with pytest.raises(FloatingPointError, match="kd"):
        descend({"kd": term}, student, optimizer, 1.0)
    assert torch.equal(student.weight, before)
