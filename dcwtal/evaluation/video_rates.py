"""How well maps tell action from the rest within each video: the columns of a table of videos."""

from dataclasses import dataclass

import numpy as np

from dcwtal.evaluation.frame_counts import FrameThresholds, PreparedFrames
from dcwtal.evaluation.frame_rates import metrics_of


@dataclass(frozen=True)
class VideoRates:
    """Rates of V videos, each (V,) float64 in [0, 1]: the mean over the video's labels; NaN where no label has such
    frames. All frames, but ``confident_share``: how much of the frames is confident."""

    videos: tuple[str, ...]
    foreground_iou: np.ndarray
    background_iou: np.ndarray
    true_positive_rate: np.ndarray
    true_negative_rate: np.ndarray
    confident_share: np.ndarray


def rates_by_video(
    prepared: PreparedFrames, flat: np.ndarray, *, thresholds: FrameThresholds | None = None
) -> VideoRates:
    """Rates of curves ``flat`` (L,) float32, as ``prepared.flat(scores)`` lays them out, video by video."""
    tables = prepared.count(flat, thresholds or FrameThresholds())
    share = tables.confident.sum(axis=(1, 2)) / tables.all.sum(axis=(1, 2))
    return VideoRates(
        prepared.videos,
        *(_mean_over_labels(values, prepared) for values in (*metrics_of(tables.all), share)),
    )


def _mean_over_labels(values: np.ndarray, prepared: PreparedFrames) -> np.ndarray:
    """Values of the pairs (P,) as means of their videos (V,), NaN left out."""
    known = ~np.isnan(values)
    videos, many = prepared.video[known], len(prepared.videos)
    count = np.bincount(videos, minlength=many)
    total = np.bincount(videos, weights=values[known], minlength=many)
    return np.divide(total, count, out=np.full(many, np.nan), where=count > 0)
