"""Eq. 7 against a double loop: the log of the sum over positives, self left out, mean over anchors."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from dcwtal.losses.contrast import _class_balanced, foreground_background_contrast

UNLIMITED = {"max_anchors": 10_000, "max_background": 10_000}


def made_up(seed, *, videos=3, frames=7, classes=3, size=5):
    """Embeddings and ternary labels; each frame is foreground of at most one class of its video."""
    random = np.random.default_rng(seed)
    embedding = random.normal(size=(videos, frames, size)).astype(np.float32)
    labels = np.zeros((videos, classes), dtype=np.float32)
    ternary = np.zeros((videos, frames, classes), dtype=np.int8)
    for video in range(videos):
        own = random.permutation(classes)[: random.integers(1, 3)]
        labels[video, own] = 1
        for frame in range(frames):
            ternary[video, frame, own] = random.choice([-1, 0])
            if random.random() < 0.4:
                ternary[video, frame, random.choice(own)] = 1
    mask = np.arange(frames)[None] < random.integers(1, frames + 1, videos)[:, None]
    return embedding, ternary, labels, mask


def by_loops(embedding, ternary, labels, mask, temperature):
    """Eq. 7 in plain Python, averaged over the anchors that have a positive; 0 where nothing can be contrasted."""
    anchors, background = [], []
    for video in range(len(embedding)):
        for frame in range(len(embedding[video])):
            if not mask[video][frame]:
                continue
            vector = embedding[video][frame]
            length = math.sqrt(sum(x * x for x in vector))
            unit = [x / length for x in vector]
            row = ternary[video][frame]
            own = [c for c in range(len(row)) if row[c] == 1 and labels[video][c] == 1]
            if own:
                anchors.append((unit, own[0]))
            if all(value == 0 for value in row):
                background.append(unit)
    terms = []
    for i, (anchor, name) in enumerate(anchors):
        positive = negative = 0.0
        for j, (other, other_name) in enumerate(anchors):
            if i != j and name == other_name:
                positive += math.exp(sum(a * b for a, b in zip(anchor, other, strict=True)) / temperature)
        for other in background:
            negative += math.exp(sum(a * b for a, b in zip(anchor, other, strict=True)) / temperature)
        if positive:
            terms.append(-math.log(positive / (positive + negative)))
    return sum(terms) / len(terms) if terms and background else 0.0


@given(seed=st.integers(0, 2**32 - 1), temperature=st.sampled_from([0.07, 0.5]))
def test_equals_the_loops(seed, temperature):
    arrays = made_up(seed)
    found = foreground_background_contrast(
        *map(torch.from_numpy, arrays), temperature=temperature, **UNLIMITED
    ).item()
    assert found == pytest.approx(by_loops(*(a.tolist() for a in arrays), temperature), rel=1e-3, abs=1e-5)


def test_worked_by_hand_the_sum_is_inside_the_logarithm():
    """Three equal anchors, one orthogonal background frame, τ = 1: -log(2e / (2e + 1)), not a mean of two logs."""
    embedding = torch.tensor([[[2.0, 0.0], [5.0, 0.0], [1.0, 0.0], [0.0, 3.0]]])
    ternary = torch.tensor([[[1], [1], [1], [0]]], dtype=torch.int8)
    rest = torch.ones(1, 1), torch.ones(1, 4, dtype=torch.bool)
    found = foreground_background_contrast(embedding, ternary, *rest, temperature=1.0, **UNLIMITED)
    assert found.item() == pytest.approx(-math.log(2 * math.e / (2 * math.e + 1)), rel=1e-5)


def test_pairs_come_from_the_whole_batch():
    """One foreground frame a video: only the other video has its positive."""
    embedding = torch.tensor([[[1.0, 0.0], [0.0, 1.0]], [[1.0, 0.0], [0.0, 1.0]]])
    ternary = torch.tensor([[[1], [0]], [[1], [0]]], dtype=torch.int8)
    rest = torch.ones(2, 1), torch.ones(2, 2, dtype=torch.bool)
    found = foreground_background_contrast(embedding, ternary, *rest, temperature=1.0, **UNLIMITED)
    assert found.item() == pytest.approx(-math.log(math.e / (math.e + 2)), rel=1e-5)


@pytest.mark.parametrize(
    ("rows", "labels"),
    [
        ([[1], [0], [0]], [1.0]),  # one positive alone
        ([[1], [1], [-1]], [1.0]),  # no background
        ([[0], [0], [-1]], [1.0]),  # no foreground
        ([[1, 0], [0, 1], [0, 0]], [1.0, 1.0]),  # two positives of two classes
        ([[1, 0], [1, 0], [0, -1]], [1.0, 1.0]),  # background of one class, unsure of the other
        ([[1, 0], [1, 0], [0, 0]], [0.0, 1.0]),  # foreground of a class the video does not have
    ],
)
def test_nothing_to_contrast_is_a_zero_that_can_be_differentiated(rows, labels):
    embedding = torch.randn(1, len(rows), 4, generator=torch.Generator().manual_seed(0), requires_grad=True)
    loss = foreground_background_contrast(
        embedding,
        torch.tensor([rows], dtype=torch.int8),
        torch.tensor([labels]),
        torch.ones(1, len(rows), dtype=torch.bool),
        temperature=0.07,
        **UNLIMITED,
    )
    loss.backward()
    assert loss.item() == 0 and (embedding.grad == 0).all()


def test_padding_is_no_background():
    embedding, ternary = torch.randn(1, 3, 4), torch.tensor([[[1], [1], [0]]], dtype=torch.int8)
    mask = torch.tensor([[True, True, False]])
    assert (
        foreground_background_contrast(
            embedding, ternary, torch.ones(1, 1), mask, temperature=0.07, **UNLIMITED
        ).item()
        == 0
    )


def test_falls_as_foreground_gathers_and_gradients_stay_finite_for_zero_vectors():
    embedding = torch.zeros(1, 6, 4)
    embedding[0, :3] = torch.tensor([1.0, 0.2, 0.1, 0.0])
    embedding[0, 3:] = torch.tensor([0.9, 0.1, 0.3, 0.0])
    ternary = torch.tensor([[[1], [1], [1], [0], [0], [0]]], dtype=torch.int8)
    rest = torch.ones(1, 1), torch.ones(1, 6, dtype=torch.bool)
    options = {"temperature": 0.07, **UNLIMITED}
    together = foreground_background_contrast(embedding, ternary, *rest, **options)
    embedding[0, 3:] = torch.tensor([-1.0, 0.0, 0.0, 0.0])
    apart = foreground_background_contrast(embedding, ternary, *rest, **options)
    assert apart < together
    zero = torch.zeros(1, 6, 4, requires_grad=True)
    foreground_background_contrast(zero, ternary, *rest, **options).backward()
    assert torch.isfinite(zero.grad).all()


@given(
    counts=st.lists(st.integers(1, 40), min_size=1, max_size=6),
    limit=st.integers(2, 60),
    seed=st.integers(0, 2**31),
)
@settings(max_examples=60)
def test_anchors_are_shared_out_evenly_over_classes(counts, limit, seed):
    """No class gets more than one above a class that still had frames to give (water-filling)."""
    classes = torch.repeat_interleave(torch.arange(len(counts)), torch.tensor(counts))
    chosen = _class_balanced(classes, limit, torch.Generator().manual_seed(seed))
    assert len(set(chosen.tolist())) == len(chosen) == min(limit, sum(counts))
    taken = torch.bincount(classes[chosen], minlength=len(counts)).tolist()
    for count, mine in zip(counts, taken, strict=True):
        if mine < count:
            assert mine >= max(taken) - 1


def test_limits_draw_from_the_generator_and_bound_the_background():
    """With b equal background frames of which m are used, the loss names m."""
    embedding = torch.zeros(1, 22, 2)
    embedding[0, :2, 0] = 1.0
    embedding[0, 2:, 1] = 1.0
    ternary = torch.cat([torch.ones(1, 2, 1), torch.zeros(1, 20, 1)], 1).to(torch.int8)
    rest = torch.ones(1, 1), torch.ones(1, 22, dtype=torch.bool)
    found = foreground_background_contrast(
        embedding, ternary, *rest, temperature=1.0, max_anchors=2, max_background=7
    )
    assert found.item() == pytest.approx(-math.log(math.e / (math.e + 7)), rel=1e-5)
    random = torch.randn(1, 22, 5, generator=torch.Generator().manual_seed(1))
    many = (torch.rand(1, 22, 1, generator=torch.Generator().manual_seed(2)) < 0.5).to(torch.int8)

    def drawn(seed):
        return foreground_background_contrast(
            random,
            many,
            *rest,
            temperature=0.5,
            max_anchors=4,
            max_background=3,
            generator=torch.Generator().manual_seed(seed),
        ).item()

    assert drawn(3) == drawn(3) and len({drawn(seed) for seed in range(8)}) > 4
