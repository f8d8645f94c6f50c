"""Batches for training: which videos, which window of each, padded and masked.

Every draw depends on (seed, phase, step) alone, so a resumed run sees the batches of an unbroken one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from dcwtal.data.samples import TrainingSample


@dataclass(frozen=True)
class Batch:
    """``cbp`` (B, T, D), ``vlp`` (B, T, E), ``labels`` (B, C), ``mask`` (B, T) bool, and ``pseudo_labels``
    (B, T, C) int8, or None in warm-up. Padded rows are zero and masked out."""

    cbp: Tensor
    vlp: Tensor
    labels: Tensor
    mask: Tensor
    pseudo_labels: Tensor | None


@dataclass(frozen=True)
class Draw:
    """One row of a batch: the video's position in the list and its window ``[first, first + length)``."""

    sample: int
    first: int
    length: int


def draw_batch(
    lengths: Sequence[int], *, batch_size: int, max_snippets: int, seed: int, phase: int, step: int
) -> list[Draw]:
    """The videos and windows of one step.

    Videos are shuffled once an epoch. Four batches' worth of them is sorted by length and cut into batches of
    similar length, so that padding stays cheap; then the four come in random order. Videos longer than
    ``max_snippets`` give a random window of consecutive snippets (paper, section 4).
    """
    n = len(lengths)
    per_epoch = max(1, n // min(batch_size, n))
    epoch, position = divmod(step, per_epoch)
    order = np.random.default_rng([seed, phase, epoch, 1]).permutation(n)
    batches = _bucketed(order, lengths, min(batch_size, n), np.random.default_rng([seed, phase, epoch, 2]))
    windows = np.random.default_rng([seed, phase, step, 3])
    draws = []
    for index in batches[position]:
        length = min(lengths[index], max_snippets)
        first = int(windows.integers(lengths[index] - length + 1))
        draws.append(Draw(int(index), first, length))
    return draws


def _bucketed(
    order: np.ndarray, lengths: Sequence[int], batch_size: int, random: np.random.Generator
) -> list[np.ndarray]:
    whole = len(order) // batch_size * batch_size
    batches = []
    for begin in range(0, whole, 4 * batch_size):
        bucket = order[begin : min(begin + 4 * batch_size, whole)]
        bucket = bucket[np.argsort([lengths[i] for i in bucket], kind="stable")]
        batches += np.split(bucket, len(bucket) // batch_size)
    return [batches[i] for i in random.permutation(len(batches))]


def collate(
    samples: Sequence[TrainingSample],
    draws: Sequence[Draw],
    pseudo_labels: Sequence[np.ndarray] | None = None,
    *,
    device: torch.device | str = "cpu",
) -> Batch:
    """Stack the drawn windows, padded to the longest. ``pseudo_labels``: one (T, C) int8 array a sample."""
    length = max(draw.length for draw in draws)
    first = samples[draws[0].sample]
    n_classes = len(first.labels)
    cbp = np.zeros((len(draws), length, first.cbp.shape[1]), dtype=np.float32)
    vlp = np.zeros((len(draws), length, first.vlp.shape[1]), dtype=np.float32)
    labels = np.zeros((len(draws), n_classes), dtype=np.float32)
    mask = np.zeros((len(draws), length), dtype=bool)
    ternary = np.full((len(draws), length, n_classes), -1, dtype=np.int8)
    for row, draw in enumerate(draws):
        sample, window = samples[draw.sample], slice(draw.first, draw.first + draw.length)
        cbp[row, : draw.length], vlp[row, : draw.length] = sample.cbp[window], sample.vlp[window]
        labels[row], mask[row, : draw.length] = sample.labels, True
        if pseudo_labels is not None:
            ternary[row, : draw.length] = pseudo_labels[draw.sample][window]
    tensors = [torch.from_numpy(array).to(device) for array in (cbp, vlp, labels, mask)]
    return Batch(*tensors, torch.from_numpy(ternary).to(device) if pseudo_labels is not None else None)
