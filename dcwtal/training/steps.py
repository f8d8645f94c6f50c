"""The loss terms of one optimiser step, warm-up, B and F side by side."""

import torch
from torch import Tensor, nn

from dcwtal.data.batches import Batch
from dcwtal.losses.contrast import foreground_background_contrast
from dcwtal.losses.distillation import distillation_loss
from dcwtal.models.branch_output import BranchOutput, class_scores
from dcwtal.models.cbp.contract import StepInfo
from dcwtal.models.two_branch import TwoBranchModel
from dcwtal.training.schedule import Phase
from dcwtal.training.settings import LossSettings


def student_of(model: TwoBranchModel, phase: Phase) -> nn.Module:
    """The branch that a phase trains; the other one is frozen."""
    return model.vlp if phase.kind == "B" else model.cbp


def loss_terms(
    model: TwoBranchModel, phase: Phase, batch: Batch, settings: LossSettings, info: StepInfo
) -> dict[str, Tensor]:
    """Weighted, named terms; their sum is what is minimised.

    warm-up: L_cls (Eq. 1). B: L_kd + λ L_fb on VLP. F and self: L_kd + λ L_fb + w L_cls on CBP (Eq. 5; the paper
    writes no L_cls there, ``cls_weight_in_f = 0`` is its literal reading).
    """
    if phase.kind == "B":
        output = model.vlp(batch.vlp, batch.mask)
        return _taught(output, model.vlp.activation, batch, settings)
    output = model.cbp(batch.cbp, batch.mask)
    own = model.cbp.losses(output, batch.labels, batch.mask, info)
    if phase.kind == "warmup":
        return own
    kept = (
        {name: term * settings.cls_weight_in_f for name, term in own.items()}
        if settings.cls_weight_in_f
        else {}
    )
    return kept | _taught(output, model.cbp.activation, batch, settings)


def _taught(output: BranchOutput, activation: str, batch: Batch, settings: LossSettings) -> dict[str, Tensor]:
    terms = {}
    if settings.kd:
        probabilities = class_scores(output.class_logits, output.background_logits, activation)
        terms["kd"] = distillation_loss(
            probabilities, batch.pseudo_labels, batch.labels, batch.mask, balance=settings.kd_balance
        )
    if settings.fb and settings.fb_weight:
        terms["fb"] = settings.fb_weight * foreground_background_contrast(
            output.embedding,
            batch.pseudo_labels,
            batch.labels,
            batch.mask,
            temperature=settings.fb_tau,
            max_anchors=settings.fb_max_anchors,
            max_background=settings.fb_max_background,
        )
    return terms


def descend(
    terms: dict[str, Tensor], student: nn.Module, optimizer: torch.optim.Optimizer, clip: float
) -> float:
    """One optimiser step on the sum of the terms; returns the gradient norm before clipping.

    Raises FloatingPointError when the sum or a gradient is not finite, before any weight is touched.
    """
    total = sum(terms.values())
    if not torch.isfinite(total):
        raise FloatingPointError(f"loss is not finite: {_values(terms)}")
    optimizer.zero_grad(set_to_none=True)
    total.backward()
    norm = nn.utils.clip_grad_norm_([p for p in student.parameters() if p.requires_grad], clip)
    if not torch.isfinite(norm):
        raise FloatingPointError(f"gradient norm is {float(norm)} for the losses {_values(terms)}")
    optimizer.step()
    return float(norm)


def _values(terms: dict[str, Tensor]) -> dict[str, float]:
    return {name: float(term.detach()) for name, term in terms.items()}
