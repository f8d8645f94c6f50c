"""The schedule as plain data: warm-up, then B and F steps in the order of a strategy."""

from dataclasses import dataclass
from typing import Literal

from dcwtal.training.settings import TrainSettings

Kind = Literal["warmup", "B", "F", "self"]


@dataclass(frozen=True)
class Phase:
    """``steps`` optimiser steps of one kind; ``stage`` names the model as it is afterwards.

    B: VLP learns from CBP's labels. F: CBP learns from VLP's labels. self: CBP learns from its own labels (a
    control without any VLP). ``from_vanilla``: the teacher is the untrained VLP.
    """

    kind: Kind
    steps: int
    stage: str
    from_vanilla: bool = False


def schedule(settings: TrainSettings) -> list[Phase]:
    """The phases of a strategy; all strategies spend the same number of steps on a branch that they train.

    ``only-B`` is one long B step against the warm-up CBP, ``only-F`` one long F step from vanilla VLP (paper,
    Table 4), cut at the rounds so that their stages can be compared with those of ``alternate``; as there, the
    optimiser starts anew at each cut.
    """
    phases = [Phase("warmup", settings.warmup_steps, "warmup")]
    for number in range(1, settings.rounds + 1):
        if settings.strategy in ("alternate", "only-B"):
            phases.append(Phase("B", settings.b_steps, f"B{number}"))
        if settings.strategy == "alternate":
            phases.append(Phase("F", settings.f_steps, f"F{number}"))
        if settings.strategy in ("only-F", "only-F-anchored"):
            phases.append(Phase("F", settings.f_steps, f"F{number}", from_vanilla=True))
        if settings.strategy == "self-training":
            phases.append(Phase("self", settings.f_steps, f"S{number}"))
    return phases


def anchored(settings: TrainSettings) -> bool:
    """Whether the anchored background applies; plain ``only-F`` is the paper's own row and goes without."""
    return settings.strategy != "only-F"
