"""Read stored features of videos as samples for training and scoring."""

from collections.abc import Sequence

import numpy as np

from dcwtal.core.errors import DataError
from dcwtal.core.video_info import VideoInfo
from dcwtal.data.dataset import Dataset
from dcwtal.data.samples import TrainingSample
from dcwtal.training.settings import FeatureChoice


def load_samples(
    dataset: Dataset, videos: Sequence[VideoInfo], features: FeatureChoice
) -> list[TrainingSample]:
    """One sample a video; features that are missing, or lie on different grids, are a DataError."""
    from dcwtal.features.store import FeatureStore

    store = FeatureStore(dataset.root)
    samples = []
    for video in videos:
        cbp, vlp = store.read(features.cbp, video.id), store.read(features.vlp, video.id)
        if cbp.grid != vlp.grid:
            raise DataError(
                f"video {video.id!r}: {features.cbp} has the grid {cbp.grid}, {features.vlp} has {vlp.grid}; "
                "extract both with one stride"
            )
        samples.append(
            TrainingSample(
                video.id,
                np.asarray(cbp.values, dtype=np.float32),
                np.asarray(vlp.values, dtype=np.float32),
                dataset.classes.multi_hot(video.labels),
                cbp.grid,
            )
        )
    return samples
