"""The trainer: phases in order, one step after the other, resumable at any point.

It never prints, draws, or chooses a device; where files go and who hears of events comes in through ``TrainingRun``.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch

from dcwtal.data.batches import collate, draw_batch
from dcwtal.data.samples import TrainingSample
from dcwtal.models.cbp.contract import StepInfo
from dcwtal.models.two_branch import TwoBranchModel
from dcwtal.training.checkpoints import (
    ModelShape,
    ResumePoint,
    delete_resume,
    load_resume,
    load_stage,
    save_resume,
    save_stage,
)
from dcwtal.training.label_file import read_labels, write_labels
from dcwtal.training.pseudo_labels import coverage
from dcwtal.training.schedule import Phase, anchored, schedule
from dcwtal.training.settings import RunSettings
from dcwtal.training.steps import descend, loss_terms, student_of
from dcwtal.training.teaching import anchored_background, teach


class Stopped(Exception):
    """Training was asked to stop; the resume point is written."""


@dataclass
class TrainingRun:
    """Everything one training needs. ``on_event(kind, **fields)``; ``on_snapshot(stage, step)`` may score probes;
    ``should_stop()`` is asked before every step."""

    model: TwoBranchModel
    shape: ModelShape
    samples: list[TrainingSample]
    settings: RunSettings
    seed: int
    checkpoints: Path
    labels: Path
    on_event: Callable[..., None]
    on_snapshot: Callable[[str, int], None] = lambda stage, step: None
    should_stop: Callable[[], bool] = lambda: False
    device: str = "cpu"
    _phases: list[Phase] = field(init=False)

    def __post_init__(self) -> None:
        self._phases = schedule(self.settings.train)

    @property
    def _resume_path(self) -> Path:
        return self.checkpoints / "resume.pt"

    def train(self) -> list[str]:
        """Run every phase that is not yet done; returns the names of all stages.

        Raises Stopped (state saved) when asked to stop. Killed at any moment, the next call goes on from the last
        resume point and ends with the weights of an unbroken run (same machine, same settings).
        """
        self.model.to(self.device)
        point, optimizer_state = self._where_to_start()
        for number in range(point.phase, len(self._phases)):
            phase = self._phases[number]
            first = point.step if number == point.phase else 0
            self._run_phase(number, phase, first, optimizer_state if first else None)
            # The snapshot first: killed in between, the phase counts as unfinished and its end is drawn again.
            self.on_snapshot(phase.stage, phase.steps)
            save_stage(
                self.checkpoints / phase.stage,
                self.model,
                self.shape,
                {"stage": phase.stage, "seed": self.seed},
            )
            self.on_event("phase_end", phase=phase.kind, stage=phase.stage)
        delete_resume(self._resume_path)
        return [phase.stage for phase in self._phases]

    def _where_to_start(self) -> tuple[ResumePoint, dict[str, Any] | None]:
        done = [(self.checkpoints / phase.stage / "meta.json").is_file() for phase in self._phases]
        finished = done.index(False) if False in done else len(done)
        resumed = load_resume(self._resume_path, self.model, self.shape, phase=finished)
        if resumed is not None:
            self.on_event("resumed", phase=self._phases[finished].stage, step=resumed[0].step)
            return resumed
        if finished:
            load_stage(self.checkpoints / self._phases[finished - 1].stage, self.model, self.shape)
            self.on_event("resumed", phase=self._phases[finished - 1].stage, step=None)
        return ResumePoint(finished, 0), None

    def _run_phase(
        self, number: int, phase: Phase, first: int, optimizer_state: dict[str, Any] | None
    ) -> None:
        labels = None if phase.kind == "warmup" else self._labels_of(phase)
        student = student_of(self.model, phase)
        self.model.eval().requires_grad_(False)
        student.train()
        trained = self._unfreeze(student)
        train = self.settings.train
        rate = {"warmup": train.lr_warmup, "B": train.lr_b}.get(phase.kind, train.lr_f)
        optimizer = torch.optim.AdamW(trained, rate, weight_decay=train.weight_decay)
        if optimizer_state is not None:
            optimizer.load_state_dict(optimizer_state)
        self.on_event(
            "phase", phase=phase.kind, stage=phase.stage, steps=phase.steps, first_step=first, lr=rate
        )
        for step in range(first, phase.steps):
            if self.should_stop():
                save_resume(self._resume_path, self.model, optimizer, ResumePoint(number, step), self.shape)
                raise Stopped
            self._one_step(number, phase, step, labels, optimizer)
            done = step + 1
            if done < phase.steps and done % train.checkpoint_every == 0:
                save_resume(self._resume_path, self.model, optimizer, ResumePoint(number, done), self.shape)
            if done < phase.steps and done % train.trace_every == 0:
                self.on_snapshot(phase.stage, done)

    def _unfreeze(self, student: torch.nn.Module) -> list[torch.nn.Parameter]:
        """The student's parameters, except the scale and offset of a VLP whose settings keep them fixed."""
        fixed, vlp = set(), self.settings.model.vlp
        if student is self.model.vlp and not vlp.learn_scale:
            fixed |= {id(student.log_scale)}
        if student is self.model.vlp and not (vlp.learn_scale and vlp.offset == "calibrated"):
            fixed |= {id(student.offset)}
        trained = [parameter for parameter in student.parameters() if id(parameter) not in fixed]
        for parameter in trained:
            parameter.requires_grad_(True)
        return trained

    def _one_step(
        self,
        number: int,
        phase: Phase,
        step: int,
        labels: list[np.ndarray] | None,
        optimizer: torch.optim.Optimizer,
    ) -> None:
        train = self.settings.train
        draws = draw_batch(
            [len(sample) for sample in self.samples],
            batch_size=train.batch_size,
            max_snippets=train.max_snippets,
            seed=self.seed,
            phase=number,
            step=step,
        )
        batch = collate(self.samples, draws, labels, device=self.device)
        # Dropout and the contrast's draws depend on (seed, phase, step) only: a resumed run repeats them.
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(int(np.random.SeedSequence([self.seed, number, step]).generate_state(1)[0]))
            info = StepInfo(progress=step / phase.steps)
            terms = loss_terms(self.model, phase, batch, self.settings.loss, info)
            norm = descend(terms, student_of(self.model, phase), optimizer, train.gradient_clip)
        self.on_event(
            "step",
            stage=phase.stage,
            step=step + 1,
            gradient_norm=norm,
            losses={name: float(term.detach()) for name, term in terms.items()},
        )

    def _labels_of(self, phase: Phase) -> list[np.ndarray]:
        path = self.labels / f"{phase.stage}.npz"
        if path.is_file():
            return read_labels(path, self.samples)
        labels = teach(self.model, self.samples, phase, self.settings.pseudo_labels, self._anchor())
        write_labels(path, self.samples, labels)
        share = coverage(labels, [sample.labels for sample in self.samples])
        self.on_event(
            "coverage", stage=phase.stage, taught_by="vlp" if phase.kind == "F" else "cbp", **asdict(share)
        )
        return labels

    def _anchor(self) -> list[np.ndarray] | None:
        """Made from the warm-up CBP at the first phase that needs it, then kept."""
        if not self.settings.pseudo_labels.anchor or not anchored(self.settings.train):
            return None
        path = self.labels / "anchor.npz"
        if not path.is_file():
            write_labels(
                path, self.samples, anchored_background(self.model, self.samples, self.settings.pseudo_labels)
            )
        return read_labels(path, self.samples)
