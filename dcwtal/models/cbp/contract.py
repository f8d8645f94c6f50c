"""What a CBP back-bone must offer: the seam where other WTAL methods plug in."""

from dataclasses import dataclass
from typing import Protocol

from torch import Tensor

from dcwtal.models.branch_output import BranchOutput


@dataclass(frozen=True)
class StepInfo:
    """Where training stands: ``progress`` in [0, 1]; ``pairs``: rows of the batch that share a class."""

    progress: float
    pairs: tuple[tuple[int, int], ...] = ()


class CBPBackbone(Protocol):
    """A module from features (B, T, D) and mask (B, T) to a BranchOutput, with its own loss terms."""

    def __call__(self, features: Tensor, mask: Tensor) -> BranchOutput:
        """Padded rows (mask False) must not change the valid ones."""

    def losses(self, output: BranchOutput, labels: Tensor, mask: Tensor, step: StepInfo) -> dict[str, Tensor]:
        """Weighted terms under fixed names; the trainer sums and logs them. No ``total`` key."""
