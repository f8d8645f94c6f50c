"""Which videos and windows a step sees, and how they are padded."""

from collections import Counter

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from dcwtal.core.timegrid import TimeGrid
from dcwtal.data.batches import Draw, collate, draw_batch
from dcwtal.data.samples import TrainingSample

LENGTHS = st.lists(st.integers(1, 60), min_size=1, max_size=30)


def sample(name, length, *, seed=0, labels=(1, 0, 0)):
    random = np.random.default_rng([seed, length])
    return TrainingSample(
        name,
        random.normal(size=(length, 4)).astype(np.float32),
        random.normal(size=(length, 6)).astype(np.float32),
        np.array(labels, dtype=np.float32),
        TimeGrid(0.0, 0.32, length),
    )


@given(LENGTHS, st.integers(1, 12), st.integers(1, 40), st.integers(0, 9), st.integers(0, 3))
@settings(max_examples=80)
def test_an_epoch_shows_every_video_once_up_to_the_remainder(lengths, batch_size, max_snippets, seed, epoch):
    size = min(batch_size, len(lengths))
    steps = len(lengths) // size
    seen = Counter()
    for step in range(epoch * steps, (epoch + 1) * steps):
        draws = draw_batch(
            lengths, batch_size=batch_size, max_snippets=max_snippets, seed=seed, phase=1, step=step
        )
        assert len(draws) == size
        for draw in draws:
            seen[draw.sample] += 1
            assert draw.length == min(lengths[draw.sample], max_snippets)
            assert 0 <= draw.first <= lengths[draw.sample] - draw.length
    assert set(seen.values()) == {1} and len(seen) == steps * size


@given(LENGTHS, st.integers(0, 2**31), st.integers(0, 9), st.integers(0, 500))
@settings(max_examples=40)
def test_a_draw_depends_on_seed_phase_and_step_alone(lengths, seed, phase, step):
    where = {"batch_size": 4, "max_snippets": 20, "seed": seed, "phase": phase, "step": step}
    first = draw_batch(lengths, **where)
    np.random.default_rng().normal()
    torch.manual_seed(step)
    assert draw_batch(lengths, **where) == first


def test_seed_phase_and_step_each_change_the_draw():
    lengths = [50] * 24
    where = {"batch_size": 4, "max_snippets": 10, "seed": 1, "phase": 1, "step": 1}
    base = draw_batch(lengths, **where)
    assert all(draw_batch(lengths, **where | {key: 2}) != base for key in ("seed", "phase", "step"))
    epochs = [[d.sample for d in draw_batch(lengths, **where | {"step": 6 * epoch})] for epoch in range(5)]
    assert len({tuple(epoch) for epoch in epochs}) == 5


def test_windows_reach_both_ends_of_a_long_video():
    firsts = {
        draw_batch([12], batch_size=1, max_snippets=10, seed=0, phase=0, step=step)[0].first
        for step in range(60)
    }
    assert firsts == {0, 1, 2}


def test_batches_of_similar_length_need_less_padding_than_a_plain_shuffle():
    random = np.random.default_rng(0)
    lengths = random.integers(10, 400, 96).tolist()

    def padded(batches):
        return sum(len(batch) * max(lengths[i] for i in batch) for batch in batches) / sum(lengths) - 1

    ours = [
        [d.sample for d in draw_batch(lengths, batch_size=8, max_snippets=999, seed=0, phase=0, step=step)]
        for step in range(12)
    ]
    assert padded(ours) < 0.4 * padded(np.split(random.permutation(96), 12))


def test_short_and_long_batches_come_in_no_order_of_length():
    """Four batches of eight videos an epoch: short, longer, long, longest, in every order over the epochs."""
    where = {"batch_size": 8, "max_snippets": 99, "seed": 0, "phase": 0}
    longest = [
        max(d.length for d in draw_batch(list(range(1, 33)), **where, step=step)) for step in range(160)
    ]
    orders = {tuple(longest[epoch * 4 : epoch * 4 + 4]) for epoch in range(40)}
    assert len(orders) > 12 and all(sorted(order) == [8, 16, 24, 32] for order in orders)


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(0, 4)), min_size=1, max_size=4), st.booleans())
def test_collate_by_brute_force(windows, taught):
    """Each entry of each tensor is the sample's own, or padding: zero, masked, uncertain."""
    samples = [
        sample(f"v{i}", first + length + 2, seed=i, labels=(1, i % 2, 0))
        for i, (length, first) in enumerate(windows)
    ]
    random = np.random.default_rng(1)
    ternary = [random.integers(-1, 2, (len(s), 3)).astype(np.int8) for s in samples] if taught else None
    draws = [Draw(i, first, length) for i, (length, first) in reversed(list(enumerate(windows)))]
    batch = collate(samples, draws, ternary)
    longest = max(length for length, _ in windows)
    assert batch.cbp.shape == (len(draws), longest, 4) and batch.vlp.shape == (len(draws), longest, 6)
    assert (batch.pseudo_labels is not None) == taught
    assert batch.mask.dtype == torch.bool and batch.cbp.dtype == batch.labels.dtype == torch.float32
    for row, draw in enumerate(draws):
        source = samples[draw.sample]
        assert batch.labels[row].tolist() == source.labels.tolist()
        for t in range(longest):
            inside = t < draw.length
            assert bool(batch.mask[row, t]) == inside
            assert batch.cbp[row, t].tolist() == (source.cbp[draw.first + t].tolist() if inside else [0] * 4)
            assert batch.vlp[row, t].tolist() == (source.vlp[draw.first + t].tolist() if inside else [0] * 6)
            if taught:
                expected = ternary[draw.sample][draw.first + t].tolist() if inside else [-1] * 3
                assert batch.pseudo_labels[row, t].tolist() == expected


def test_a_batch_is_a_copy():
    one = sample("v", 5)
    before = one.cbp.copy()
    collate([one], [Draw(0, 0, 5)]).cbp.zero_()
    assert (one.cbp == before).all()


def test_a_draw_is_plain_and_frozen():
    with pytest.raises(AttributeError):
        Draw(0, 0, 1).first = 2
