"""Ternary pseudo-labels from class scores (paper, Eq. 4), with the options of our study."""

from dataclasses import dataclass

import numpy as np

from dcwtal.core.pseudo_label_values import BACKGROUND, FOREGROUND, UNCERTAIN
from dcwtal.training.settings import PseudoLabelSettings


def ternary_labels(
    class_scores: np.ndarray,
    labels: np.ndarray,
    settings: PseudoLabelSettings,
    *,
    anchored_background: np.ndarray | None = None,
    opposed_background: np.ndarray | None = None,
) -> np.ndarray:
    """(T, C) int8 of 1 foreground, 0 background, -1 uncertain.

    ``class_scores`` (T, C) in [0, 1]; ``labels`` (C,) the video's multi-hot: absent classes are 0 everywhere.
    ``anchored_background`` (T, C) bool: background whatever the scores say. ``opposed_background`` (T, C) bool:
    where the other branch is sure of background, foreground becomes uncertain.
    """
    scores = _minmax(class_scores) if settings.minmax else class_scores
    ternary = np.full(scores.shape, UNCERTAIN, dtype=np.int8)
    ternary[scores > settings.delta_h] = FOREGROUND
    ternary[scores < settings.delta_l] = BACKGROUND
    if settings.minimum_share:
        _fill_up(ternary, scores, settings.minimum_share)
    if settings.argmax_must_match:
        # The best class by the scores themselves: rescaled, every absent class would reach 1 somewhere.
        ternary[labels[class_scores.argmax(1)] == 0] = BACKGROUND
    if opposed_background is not None:
        ternary[opposed_background & (ternary == FOREGROUND)] = UNCERTAIN
    if anchored_background is not None:
        ternary[anchored_background] = BACKGROUND
    ternary[:, labels == 0] = BACKGROUND
    return ternary


def background_below(class_scores: np.ndarray, threshold: float, settings: PseudoLabelSettings) -> np.ndarray:
    """(T, C) bool: scores below a threshold, after the same rescaling as the labels."""
    return (_minmax(class_scores) if settings.minmax else class_scores) < threshold


def _minmax(scores: np.ndarray) -> np.ndarray:
    low, high = scores.min(0, keepdims=True), scores.max(0, keepdims=True)
    return (scores - low) / np.maximum(high - low, 1e-6)


def _fill_up(ternary: np.ndarray, scores: np.ndarray, share: float) -> None:
    """The highest scores become foreground, the lowest background, where either has less than its share."""
    if len(scores) < 2:  # one frame cannot be both
        return
    count = max(1, int(share * len(scores)))
    for column in range(scores.shape[1]):
        order = np.argsort(scores[:, column], kind="stable")
        if (ternary[:, column] == FOREGROUND).sum() < count:
            ternary[order[-count:], column] = FOREGROUND
        if (ternary[:, column] == BACKGROUND).sum() < count:
            ternary[order[:count], column] = BACKGROUND


@dataclass(frozen=True)
class Coverage:
    """Shares over all snippets of the videos' own classes; they add up to 1."""

    foreground: float
    background: float
    uncertain: float


def coverage(ternary: list[np.ndarray], labels: list[np.ndarray]) -> Coverage:
    """Coverage of a set of videos: ``ternary`` (T, C) and ``labels`` (C,) each."""
    own = np.concatenate([t[:, y > 0].ravel() for t, y in zip(ternary, labels, strict=True)])
    n = max(1, len(own))
    return Coverage(*(float((own == value).sum() / n) for value in (FOREGROUND, BACKGROUND, UNCERTAIN)))
