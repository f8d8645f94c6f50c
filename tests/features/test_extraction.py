"""Streaming extraction equals brute force over all pictures in memory, on clips that say their own number."""

from dataclasses import dataclass, field
from itertools import pairwise

import cv2
import numpy as np
import pytest

from dcwtal.core.errors import SettingsError, VideoError
from dcwtal.core.files import sha256_of
from dcwtal.features.extraction import extract_video
from dcwtal.features.settings import FeatureSettings
from dcwtal.video.clock_frames import ClockFrames
from dcwtal.video.opening import open_video


@dataclass
class NumberReader:
    """An image encoder that reads the number in each picture: features (number, number squared, mean grey)."""

    read: object
    name: str = "reader"
    dim: int = 3
    input_height: int = 32
    input_width: int = 32
    stride_frames: int = 8
    weights_sha256: str = "a" * 64
    batches: list[int] = field(default_factory=list)

    def encode_images(self, images):
        assert images.dtype == np.uint8 and images.shape[1:] == (32, 32, 3)
        self.batches.append(len(images))
        numbers = np.array([self.read(image) for image in images], np.float32)
        return np.stack([numbers, numbers**2, images.mean(axis=(1, 2, 3))], axis=1).astype(np.float32)


@dataclass
class WindowReader:
    """A window encoder whose features are the 16 numbers of its pictures, then 32 mean flow bytes."""

    read: object
    name: str = "windows"
    dim: int = 48
    window_frames: int = 16
    input_height: int = 32
    input_width: int = 32
    stride_frames: int = 8
    flow: str = "dis"
    flow_working_size: tuple[int, int] = (64, 48)
    flow_scale: float = 10.0
    weights_sha256: str = "b" * 64
    batches: list[int] = field(default_factory=list)

    def encode_windows(self, rgb, flow):
        assert rgb.dtype == flow.dtype == np.uint8
        assert rgb.shape[1:] == (16, 32, 32, 3) and flow.shape[1:] == (16, 32, 32, 2)
        self.batches.append(len(rgb))
        numbers = np.array([[self.read(image) for image in window] for window in rgb], np.float32)
        means = flow.mean(axis=(2, 3)).reshape(len(flow), -1)
        return np.concatenate([numbers, means], axis=1).astype(np.float32)


def all_pictures(path, fps=25.0):
    with open_video(path) as video:
        return [frame.image for frame in ClockFrames(video, fps=fps)]


def brute_force_windows(pictures, n_snippets, stride):
    """The prototype's way: everything in memory, indices limited to the video."""
    small = np.stack([cv2.resize(p, (32, 32), interpolation=cv2.INTER_AREA) for p in pictures])
    greys = [
        cv2.cvtColor(cv2.resize(p, (64, 48), interpolation=cv2.INTER_AREA), cv2.COLOR_RGB2GRAY)
        for p in pictures
    ]
    method = cv2.DISOpticalFlow_create(cv2.DISOPTICAL_FLOW_PRESET_ULTRAFAST)
    flows = []
    for first, second in pairwise(greys):
        flow = (
            np.zeros((48, 64, 2), np.float32) if (first == second).all() else method.calc(first, second, None)
        )
        flows.append(cv2.resize(flow, (32, 32), interpolation=cv2.INTER_AREA))
    flows.append(flows[-1])
    flows = np.clip(np.stack(flows) * 10 + 128, 0, 255).astype(np.uint8)
    centres = np.arange(n_snippets) * stride + stride // 2
    ticks = np.clip(centres[:, None] + np.arange(-8, 8)[None], 0, len(pictures) - 1)
    return small[ticks], flows[ticks]


SECONDS = {
    "constant": [i / 25 for i in range(130)],
    "slow": [i / 10 for i in range(40)],
    "fast, 29.97": [i * 1001 / 30_000 for i in range(150)],
    "variable": np.cumsum([0.0, *([0.04, 0.02, 0.3, 0.033, 0.01, 0.07] * 12)]).tolist(),
    "late": [0.7 + i / 25 for i in range(60)],
}


@pytest.mark.parametrize("stride", [8, 16, 5, 24])
@pytest.mark.parametrize("name", SECONDS)
def test_equals_brute_force(name, stride, clips, tmp_path):
    path = clips.write_numbered_clip(tmp_path / "clip.mp4", SECONDS[name])
    reader, windows = NumberReader(clips.read_number), WindowReader(clips.read_number)
    settings = FeatureSettings(stride_frames=stride, image_batch=7, window_batch=3)
    got = extract_video(path, image_encoder=reader, window_encoder=windows, settings=settings)

    pictures = all_pictures(path)
    n = int(len(pictures) / stride + 0.5)
    numbers = [clips.read_number(picture) for picture in pictures]
    assert -1 not in numbers
    chosen = [
        [min(i * stride + int((k + 0.5) * stride / 2), len(pictures) - 1) for k in range(2)] for i in range(n)
    ]
    expected = np.array([[numbers[tick] for tick in pair] for pair in chosen], np.float64)
    assert got["reader"].values[:, 0] == pytest.approx(expected.mean(axis=1))
    assert got["reader"].values[:, 1] == pytest.approx((expected**2).mean(axis=1))

    rgb, flow = brute_force_windows(pictures, n, stride)
    brute = WindowReader(clips.read_number).encode_windows(rgb, flow)
    np.testing.assert_array_equal(got["windows"].values, brute)
    for sequence in got.values():
        assert (sequence.grid.start, sequence.grid.step, sequence.grid.n) == (0.0, stride / 25, n)
        assert sequence.duration == pytest.approx(max(SECONDS[name]) + 0.04, abs=0.11)
        assert sequence.source_sha256 == sha256_of(path)
    assert max(reader.batches) <= 7 and max(windows.batches) <= 3


def test_field_stride_gives_each_snippet_its_own_16_frames(clips, tmp_path):
    path = clips.write_numbered_clip(tmp_path / "clip.mp4", [i / 25 for i in range(64)])
    windows = WindowReader(clips.read_number, stride_frames=16)
    got = extract_video(path, image_encoder=None, window_encoder=windows, settings=FeatureSettings())
    assert list(got) == ["windows"]
    np.testing.assert_array_equal(got["windows"].values[:, :16], np.arange(64).reshape(4, 16))


def test_images_alone_and_their_number(clips, tmp_path):
    path = clips.write_numbered_clip(tmp_path / "clip.mp4", [i / 25 for i in range(40)])
    reader = NumberReader(clips.read_number)
    got = extract_video(
        path, image_encoder=reader, window_encoder=None, settings=FeatureSettings(images_per_snippet=1)
    )
    assert got["reader"].values[:, 0].tolist() == [4, 12, 20, 28, 36]
    assert got["reader"].recipe["images_per_snippet"] == 1


@pytest.mark.parametrize("n,fits", [(1, False), (7, False), (8, True), (9, True)])
def test_shorter_than_one_snippet(n, fits, clips, tmp_path):
    path = clips.write_numbered_clip(tmp_path / "clip.mp4", [i / 25 for i in range(n)])

    def extract():
        return extract_video(
            path,
            image_encoder=NumberReader(clips.read_number),
            window_encoder=WindowReader(clips.read_number),
            settings=FeatureSettings(),
        )

    if fits:
        assert extract()["windows"].grid.n == 1
    else:
        with pytest.raises(VideoError, match=r"expected at least one snippet of 0\.32 s"):
            extract()


def test_memory_does_not_grow_with_the_video(clips, tmp_path):
    """The window track never holds more pictures than one window and a stride."""
    from dcwtal.features.snippet_plan import SnippetPlan
    from dcwtal.features.window_track import WindowTrack

    path = clips.write_numbered_clip(tmp_path / "clip.mp4", [i / 25 for i in range(400)])
    track = WindowTrack(WindowReader(clips.read_number), SnippetPlan(8, 16, 2), 4, "dis")
    most = 0
    with open_video(path) as video:
        for frame in ClockFrames(video):
            track.push(frame)
            most = max(most, len(track._rgb), len(track._flow))
    assert most <= 16 + 8 + 1


def test_progress_is_told(clips, tmp_path):
    path = clips.write_numbered_clip(tmp_path / "clip.mp4", [i / 25 for i in range(100)])
    heard = []
    extract_video(
        path,
        image_encoder=NumberReader(clips.read_number),
        window_encoder=None,
        settings=FeatureSettings(),
        on_progress=lambda *news: heard.append(news),
    )
    assert [done for done, _ in heard] == [0, 1, 2, 3]
    assert all(stated == pytest.approx(4.0) for _, stated in heard)


def test_what_does_not_fit_together(clips, tmp_path):
    path = clips.write_numbered_clip(tmp_path / "clip.mp4", [i / 25 for i in range(30)])
    reader = NumberReader(clips.read_number)
    faults = [
        (None, None, FeatureSettings(), "at least one encoder"),
        (
            reader,
            WindowReader(clips.read_number, stride_frames=16),
            FeatureSettings(),
            "reader: 8, windows: 16",
        ),
        (None, WindowReader(clips.read_number), FeatureSettings(window_frames=8), "takes 16"),
    ]
    for image_encoder, window_encoder, settings, message in faults:
        with pytest.raises(SettingsError, match=message):
            extract_video(path, image_encoder=image_encoder, window_encoder=window_encoder, settings=settings)
