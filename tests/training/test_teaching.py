"""Who teaches which phase, by full-length passes in eval mode."""

import numpy as np
import pytest
import torch

from dcwtal.training.branch_scores import branch_scores
from dcwtal.training.label_file import read_labels, write_labels
from dcwtal.training.pseudo_labels import ternary_labels
from dcwtal.training.schedule import Phase
from dcwtal.training.settings import PseudoLabelSettings
from dcwtal.training.teaching import anchored_background, teach

SETTINGS = PseudoLabelSettings(delta_h=0.5, delta_l=0.3)


@pytest.fixture
def model(toy):
    model = toy.model(toy.settings())
    torch.nn.init.normal_(model.vlp.residual.weight, generator=torch.Generator().manual_seed(0))
    return model.train()


def test_scores_are_those_of_a_plain_full_length_pass(toy, model):
    sample = toy.samples()[1]
    mask = torch.ones(1, len(sample), dtype=torch.bool)
    for branch in ("cbp", "vlp"):
        scores, whole = branch_scores(model, sample, branch)
        module = getattr(model.eval(), branch)
        logits = (
            module(torch.from_numpy(getattr(sample, branch))[None], mask).class_logits[0].detach().numpy()
        )
        np.testing.assert_allclose(scores, 1 / (1 + np.exp(-logits)), rtol=1e-4, atol=1e-6)
        k = max(1, len(sample) // model.top_k_divisor)
        top = np.sort(logits, axis=0)[::-1][:k].mean(0)
        np.testing.assert_allclose(whole, 1 / (1 + np.exp(-top)), rtol=1e-4, atol=1e-6)
        assert scores.dtype == whole.dtype == np.float32


def test_scoring_is_deterministic_and_leaves_the_mode_as_it_was(toy, model):
    sample = toy.samples()[0]
    model.cbp.train()
    model.vlp.eval()
    first, second = (branch_scores(model, sample, "cbp")[0] for _ in range(2))
    branch_scores(model, sample, "vlp", vanilla=True)
    assert (first == second).all() and model.cbp.training and not model.vlp.training


def test_vanilla_is_not_the_trained_branch(toy, model):
    sample = toy.samples()[0]
    assert not np.allclose(
        branch_scores(model, sample, "vlp")[0],
        branch_scores(model, sample, "vlp", vanilla=True)[0],
        atol=1e-3,
    )


@pytest.mark.parametrize(
    ("phase", "branch", "vanilla"),
    [
        (Phase("B", 1, "B1"), "cbp", False),
        (Phase("self", 1, "S1"), "cbp", False),
        (Phase("F", 1, "F1"), "vlp", False),
        (Phase("F", 1, "F1", from_vanilla=True), "vlp", True),
    ],
)
def test_the_teacher_of_each_phase(toy, model, phase, branch, vanilla):
    samples = toy.samples()
    found = teach(model, samples, phase, SETTINGS, None)
    for sample, labels in zip(samples, found, strict=True):
        scores, _ = branch_scores(model, sample, branch, vanilla=vanilla)
        assert (labels == ternary_labels(scores, sample.labels, SETTINGS)).all()


def test_the_anchor_is_background_whatever_the_teacher_says(toy, model):
    samples = toy.samples()
    settings = SETTINGS.model_copy(update={"anchor": 0.45})
    anchor = anchored_background(model, samples, settings)
    assert 0 < np.concatenate(anchor).mean() < 1
    for sample, labels, free, held in zip(
        samples,
        teach(model, samples, Phase("F", 1, "F1"), settings, anchor),
        teach(model, samples, Phase("F", 1, "F1"), settings, None),
        anchor,
        strict=True,
    ):
        assert (held == (branch_scores(model, sample, "cbp")[0] < 0.45)).all()
        assert (labels[held] == 0).all() and (labels[~held] == free[~held]).all()


def test_conflicts_of_the_f_step_are_uncertain(toy, model):
    """Where VLP says foreground and CBP scores below δ_l: uncertain. Everything else as without the option."""
    samples, phase = toy.samples(), Phase("F", 1, "F1")
    settings = PseudoLabelSettings(delta_h=0.5, delta_l=0.45)
    careful = settings.model_copy(update={"conflict_is_uncertain": True})
    met = 0
    for sample, plain, found in zip(
        samples,
        teach(model, samples, phase, settings, None),
        teach(model, samples, phase, careful, None),
        strict=True,
    ):
        conflict = (plain == 1) & (branch_scores(model, sample, "cbp")[0] < 0.45)
        met += conflict.sum()
        assert (found[conflict] == -1).all() and (found[~conflict] == plain[~conflict]).all()
    assert met > 0
    b_step = Phase("B", 1, "B1")
    for plain, found in zip(
        teach(model, samples, b_step, settings, None),
        teach(model, samples, b_step, careful, None),
        strict=True,
    ):
        assert (plain == found).all()


def test_label_files(toy, tmp_path):
    from dcwtal.core.errors import DataError

    samples = toy.samples()
    random = np.random.default_rng(0)
    labels = [random.integers(-1, 2, (len(sample), 3)).astype(np.int8) for sample in samples]
    path = tmp_path / "labels" / "B1.npz"
    write_labels(path, samples, labels)
    order = [3, 0, 2]
    for index, found in zip(order, read_labels(path, [samples[i] for i in order]), strict=True):
        assert found.dtype == np.int8 and (found == labels[index]).all()
    with pytest.raises(
        DataError, match=r"labels of none for video 'video_7'.*the data set changed.*start a new run"
    ):
        read_labels(path, toy.samples(8))
    other = toy.samples(7, seed=5)
    with pytest.raises(DataError, match=r"labels of \d+ snippets for video 'video_\d'; expected \d+"):
        read_labels(path, other)
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(DataError, match=r"B1\.npz is damaged .*; delete it and run the same command again"):
        read_labels(path, samples)
