"""The trainer: who changes in which phase, who teaches, what is told, and that chance stays its own."""

import random
from itertools import pairwise

import numpy as np
import pytest
import torch

from dcwtal.training import trainer
from dcwtal.training.branch_scores import branch_scores
from dcwtal.training.checkpoints import load_stage
from dcwtal.training.label_file import read_labels
from dcwtal.training.pseudo_labels import ternary_labels
from dcwtal.training.schedule import schedule
from dcwtal.training.settings import Strategy

STRATEGIES = Strategy.__args__


def weights(model):
    return {name: value.detach().clone() for name, value in model.state_dict().items()}


def changed(before, after):
    """Names of the tensors that are not bit-equal."""
    assert before.keys() == after.keys()
    return {name for name in before if not torch.equal(before[name], after[name])}


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_only_the_student_changes_in_each_phase(toy, strategy):
    settings = toy.settings(train={"strategy": strategy})
    states = []
    run = toy.run(
        settings, on_event=lambda kind, **_: kind == "phase_end" and states.append(weights(run.model))
    )
    states.append(weights(run.model))
    stages = run.train()
    phases = schedule(settings.train)
    assert stages == [phase.stage for phase in phases] and len(states) == len(phases) + 1
    buffers = {name for name, _ in run.model.named_buffers()}
    for phase, before, after in zip(phases, states[:-1], states[1:], strict=True):
        moved, student = changed(before, after), "vlp" if phase.kind == "B" else "cbp"
        trained = {name for name, _ in run.model.named_parameters() if name.startswith(f"{student}.")}
        assert moved <= trained and moved.isdisjoint(buffers)
        assert len(moved) > 0.7 * len(trained), trained - moved


@pytest.mark.parametrize(
    ("vlp", "free"),
    [
        ({"learn_scale": True, "offset": "calibrated"}, {"log_scale", "offset"}),
        ({"learn_scale": True, "offset": "none"}, {"log_scale"}),
        ({"learn_scale": False, "offset": "calibrated"}, set()),
    ],
)
def test_scale_and_offset_are_trained_only_where_the_settings_say_so(toy, vlp, free):
    run = toy.run(toy.settings(model={"vlp": vlp}, train={"strategy": "only-B"}))
    before = weights(run.model.vlp)
    run.train()
    assert changed(before, weights(run.model.vlp)) & {"log_scale", "offset"} == free


def test_stages_on_disk_are_the_weights_at_the_phase_ends(toy):
    ends = {}
    run = toy.run(
        toy.settings(),
        on_event=lambda kind, **told: (
            kind == "phase_end" and ends.update({told["stage"]: weights(run.model)})
        ),
    )
    assert run.train() == ["warmup", "B1", "F1", "B2", "F2"] == list(ends)
    other = toy.model(toy.settings(), seed=99)
    for stage, expected in ends.items():
        load_stage(toy.folder / "checkpoints" / stage, other, run.shape)
        assert not changed(expected, weights(other))
    assert sorted(path.name for path in (toy.folder / "checkpoints").iterdir()) == sorted(ends)


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_labels_are_made_once_a_phase_by_the_teacher_as_it_then_is(toy, monkeypatch, strategy):
    """Recomputed afterwards from the checkpoints: the stage before the phase, full length, eval mode."""
    calls, teach = [], trainer.teach

    def counted(model, samples, phase, *args):
        calls.append(phase.stage)
        return teach(model, samples, phase, *args)

    monkeypatch.setattr(trainer, "teach", counted)
    settings = toy.settings(
        train={"strategy": strategy}, pseudo_labels={"anchor": 0.3, "delta_l": 0.35, "delta_h": 0.5}
    )
    run = toy.run(settings)
    run.train()
    phases = schedule(settings.train)
    assert calls == [phase.stage for phase in phases[1:]]
    model = toy.model(settings, seed=99)
    load_stage(toy.folder / "checkpoints" / "warmup", model, run.shape)
    anchor = [branch_scores(model, sample, "cbp")[0] < 0.3 for sample in run.samples]
    assert 0 < np.concatenate(anchor).mean() < 1
    if strategy in ("only-F", "warmup-only"):
        anchor = [None] * len(anchor)
    for earlier, phase in pairwise(phases):
        load_stage(toy.folder / "checkpoints" / earlier.stage, model, run.shape)
        stored = read_labels(toy.folder / "pseudo_labels" / f"{phase.stage}.npz", run.samples)
        for sample, labels, held in zip(run.samples, stored, anchor, strict=True):
            branch = "vlp" if phase.kind == "F" else "cbp"
            scores, _ = branch_scores(model, sample, branch, vanilla=strategy.startswith("only-F"))
            expected = ternary_labels(scores, sample.labels, settings.pseudo_labels, anchored_background=held)
            assert (labels == expected).all()


def test_events_tell_phases_steps_terms_and_coverage(toy):
    settings = toy.settings()
    toy.run(settings).train()
    assert toy.told("resumed") == []
    assert [
        (told["phase"], told["stage"], told["steps"], told["first_step"]) for told in toy.told("phase")
    ] == [
        ("warmup", "warmup", 5, 0),
        ("B", "B1", 4, 0),
        ("F", "F1", 4, 0),
        ("B", "B2", 4, 0),
        ("F", "F2", 4, 0),
    ]
    steps = [(told["stage"], told["step"]) for told in toy.told("step")]
    assert steps == [(phase.stage, n + 1) for phase in schedule(settings.train) for n in range(phase.steps)]
    terms = {"warmup": {"cls"}, "B": {"kd", "fb"}, "F": {"cls", "kd", "fb"}}
    for told in toy.told("step"):
        assert set(told["losses"]) == terms[told["stage"].rstrip("12")]
        assert all(np.isfinite(value) for value in [*told["losses"].values(), told["gradient_norm"]])
    shares = toy.told("coverage")
    assert [(told["stage"], told["taught_by"]) for told in shares] == [
        ("B1", "cbp"),
        ("F1", "vlp"),
        ("B2", "cbp"),
        ("F2", "vlp"),
    ]
    for told in shares:
        assert told["foreground"] + told["background"] + told["uncertain"] == pytest.approx(1)


def test_snapshots_come_every_n_steps_and_at_every_phase_end(toy):
    toy.run(toy.settings(train={"rounds": 1})).train()
    assert toy.snapshots == [
        ("warmup", 2),
        ("warmup", 4),
        ("warmup", 5),
        ("B1", 2),
        ("B1", 4),
        ("F1", 2),
        ("F1", 4),
    ]


def test_each_phase_has_its_own_rate(toy):
    rates = {"lr_warmup": 0.001, "lr_b": 0.002, "lr_f": 0.003}
    toy.run(toy.settings(train={"rounds": 1, **rates})).train()
    assert [told["lr"] for told in toy.told("phase")] == [0.001, 0.002, 0.003]


def test_training_learns(toy):
    """Twice thirty steps: the video-level loss of the warm-up and the distillation of the B step both fall."""
    long = {"warmup_steps": 30, "b_steps": 30, "rounds": 1, "strategy": "only-B", "trace_every": 99}
    toy.run(toy.settings(train=long | {"checkpoint_every": 99})).train()
    for stage, term in (("warmup", "cls"), ("B1", "kd")):
        values = [told["losses"][term] for told in toy.told("step") if told["stage"] == stage]
        assert np.mean(values[-5:]) < 0.75 * np.mean(values[:5])


def test_the_seed_decides_and_nothing_else(toys):
    settings = toys("a").settings(train={"rounds": 1})
    torch.manual_seed(1)
    first, second = toys("a").run(settings), toys("b").run(settings)
    first.train()
    torch.manual_seed(2)
    np.random.seed(5)
    second.train()
    other = toys("c").run(settings, seed=4)
    other.train()
    assert not changed(weights(first.model), weights(second.model))
    assert changed(weights(first.model), weights(other.model))


def test_batches_and_chance_depend_on_seed_phase_and_step(toy, monkeypatch):
    """Every step of every phase has its own batch and its own dropout; a resumed run repeats them."""
    draws, chance = [], []
    draw_batch, loss_terms = trainer.draw_batch, trainer.loss_terms

    def drawn(lengths, **where):
        draws.append((where["seed"], where["phase"], where["step"]))
        return draw_batch(lengths, **where)

    def rolled(*args):
        with torch.random.fork_rng(devices=[]):
            chance.append(torch.rand(1).item())
        return loss_terms(*args)

    monkeypatch.setattr(trainer, "draw_batch", drawn)
    monkeypatch.setattr(trainer, "loss_terms", rolled)
    settings = toy.settings(train={"rounds": 1})
    toy.run(settings, seed=3).train()
    lengths = [phase.steps for phase in schedule(settings.train)]
    assert draws == [(3, phase, step) for phase, steps in enumerate(lengths) for step in range(steps)]
    assert len(set(chance)) == len(chance) == sum(lengths)


def test_nobody_elses_chance_is_disturbed(toy):
    run = toy.run(toy.settings(train={"rounds": 1}))
    before = torch.get_rng_state(), np.random.get_state()[1].copy(), random.getstate()
    run.train()
    assert torch.equal(torch.get_rng_state(), before[0])
    assert (np.random.get_state()[1] == before[1]).all() and random.getstate() == before[2]


@pytest.mark.parametrize(
    "sections",
    [
        {"loss": {"kd": False}, "pseudo_labels": {"minimum_share": 0.3, "anchor": 0.0}},
        {"loss": {"fb": False, "kd_balance": "present"}},
        {"loss": {"cls_weight_in_f": 0.0, "kd_balance": "balanced"}},
        {"train": {"batch_size": 1, "max_snippets": 1}},
        {"train": {"batch_size": 99}},
        {"model": {"cbp": {"activation": "softmax"}, "vlp": {"activation": "softmax", "offset": "none"}}},
        {"model": {"cbp": {"activation": "softmax+background"}, "vlp": {"activation": "softmax+background"}}},
        {"pseudo_labels": {"minmax": True, "argmax_must_match": True, "minimum_share": 0.2}},
        {"pseudo_labels": {"conflict_is_uncertain": True, "anchor": 0.0}},
    ],
    ids=str,
)
def test_every_option_trains_to_finite_weights(toy, sections):
    run = toy.run(toy.settings(**sections | {"train": {"rounds": 1, **sections.get("train", {})}}))
    before = weights(run.model)
    run.train()
    assert all(torch.isfinite(value).all() for value in weights(run.model).values())
    moved = changed(before, weights(run.model))
    assert any(name.startswith("cbp.") for name in moved) and any(name.startswith("vlp.") for name in moved)


def test_one_video_is_enough(toy):
    run = toy.run(toy.settings(train={"rounds": 1}), samples=toy.samples(1))
    run.train()
    assert all(torch.isfinite(value).all() for value in weights(run.model).values())
