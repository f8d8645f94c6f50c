"""Read stored features of videos as samples for training and scoring."""

from collections.abc import Sequence

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
        found = store.read_aligned((features.cbp, features.vlp), video.id)
        cbp, vlp = found[features.cbp], found[features.vlp]
        samples.append(
            TrainingSample(
                video.id,
                cbp.values,
                vlp.values,
                dataset.classes.multi_hot(video.labels),
                cbp.grid,
            )
        )
    return samples


def read_recipes(dataset: Dataset, videos: Sequence[VideoInfo], features: FeatureChoice) -> dict[str, dict]:
    """How the features of both branches were made, by encoder; videos made differently are a DataError."""
    from dcwtal.features.store import FeatureStore

    store = FeatureStore(dataset.root)
    recipes: dict[str, dict] = {}
    for encoder in (features.cbp, features.vlp):
        for video in videos:
            recipe = store.read_origin(encoder, video.id)["recipe"]
            if recipe != recipes.setdefault(encoder, recipe):
                raise DataError(
                    f"{encoder} features of {video.id!r} were made with other settings than those of "
                    f"{videos[0].id!r}; run 'dcwtal extract {dataset.root}' again"
                )
    return recipes
