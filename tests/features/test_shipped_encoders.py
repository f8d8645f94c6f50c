"""The encoders that ship with the project, through the real extraction path."""

import cv2
import numpy as np
import pytest

from dcwtal.core.errors import CheckpointError
from dcwtal.features.settings import FeatureSettings


@pytest.fixture(scope="module")
def encoders():
    from dcwtal.features.encoders import build_encoder

    try:
        return build_encoder("world-clip"), build_encoder("world-two-stream")
    except CheckpointError as error:
        pytest.skip(str(error))


def test_both_encoders_on_one_clip(encoders, clips, tmp_path):
    from dcwtal.features.extraction import extract_video

    images, windows = encoders
    path = clips.write_numbered_clip(tmp_path / "clip.mp4", [i / 25 for i in range(75)])
    got = extract_video(path, image_encoder=images, window_encoder=windows, settings=FeatureSettings())
    assert set(got) == {"world-clip", "world-two-stream"}
    for encoder in encoders:
        sequence = got[encoder.name]
        assert sequence.values.shape == (9, encoder.dim) and sequence.grid.step == 0.32
        assert sequence.values.std() > 0
        assert sequence.recipe["weights_sha256"] == encoder.weights_sha256
    again = extract_video(
        path,
        image_encoder=images,
        window_encoder=windows,
        settings=FeatureSettings(image_batch=5, window_batch=2),
    )
    for name in got:
        np.testing.assert_allclose(got[name].values, again[name].values, rtol=1e-3, atol=1e-4)


def test_image_features_are_the_mean_over_two_pictures(encoders, clips, tmp_path):
    from dcwtal.features.extraction import extract_video
    from dcwtal.video.clock_frames import ClockFrames
    from dcwtal.video.opening import open_video

    images, _ = encoders
    path = clips.write_numbered_clip(tmp_path / "clip.mp4", [i / 25 for i in range(24)])
    got = extract_video(path, image_encoder=images, window_encoder=None, settings=FeatureSettings())
    with open_video(path) as video:
        pictures = [frame.image for frame in ClockFrames(video)]
    size = (images.input_width, images.input_height)
    for snippet in range(3):
        pair = [cv2.resize(pictures[8 * snippet + k], size, interpolation=cv2.INTER_AREA) for k in (2, 6)]
        expected = images.encode_images(np.stack(pair)).mean(axis=0)
        np.testing.assert_allclose(got["world-clip"].values[snippet], expected, rtol=1e-3, atol=1e-4)
