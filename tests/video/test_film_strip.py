"""A strip shows exactly the picture that a player shows at a time; told from pictures that say their own number."""

import cv2
import numpy as np
import pytest

from dcwtal.core.errors import SettingsError, VideoError
from dcwtal.video.film_strip import VideoIndex, film_strip, video_index
from dcwtal.video.presentation_times import PresentationTimes

CONSTANT = [number / 25 for number in range(120)]
UNEVEN = np.cumsum([0.0, *([0.04, 0.02, 0.3, 0.033] * 25)]).tolist()
LATE = [2 + number / 25 for number in range(60)]
WRITTEN = {"constant": CONSTANT, "uneven": UNEVEN, "late": LATE, "single": [0.0]}
GROUPS = {"crf": "10", "bf": "2", "g": "20"}


def picture(jpeg: bytes) -> np.ndarray:
    return cv2.cvtColor(cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)


def shown_at(seconds: list[float], asked: float) -> int:
    """The last picture presented at or before a time, by going through the list."""
    shown = 0
    for number, time in enumerate(seconds):
        if time <= asked:
            shown = number
    return shown


@pytest.mark.parametrize("suffix", [".mp4", ".mkv", ".avi", ".ts"])
@pytest.mark.parametrize("name", WRITTEN)
def test_each_picture_is_the_one_on_screen(name, suffix, clips, tmp_path):
    seconds = WRITTEN[name]
    if suffix == ".avi" and name in ("uneven", "late"):
        pytest.skip("avi holds one constant rate from zero")
    path = clips.write_numbered_clip(tmp_path / f"clip{suffix}", seconds, options=GROUPS)
    if suffix == ".ts":  # counts from its own first picture
        seconds = [time - seconds[0] for time in seconds]
    times = video_index(path).times.seconds
    assert times == pytest.approx(seconds, abs=0.002)
    dice = np.random.default_rng(5)
    asked = [-1.0, 0.0, *dice.uniform(0, seconds[-1] + 0.5, 25).tolist(), *times[[0, -1]].tolist(), 1e6]
    strip = film_strip(path, asked, 64)
    for time, (presented, jpeg) in zip(asked, strip, strict=True):
        number = shown_at(times.tolist(), time)
        assert (presented, clips.read_number(picture(jpeg))) == (pytest.approx(times[number]), number), time


@pytest.mark.parametrize("height", [24, 54, 160])
def test_height_and_shape(height, clips, tmp_path):
    path = clips.write_numbered_clip(tmp_path / "clip.mp4", [0.0, 0.04])
    ((_, jpeg),) = film_strip(path, [0.0], height)
    assert picture(jpeg).shape == (height, round(height * 96 / 64), 3)


def test_a_turned_clip_stands_upright(clips, tmp_path):
    path = clips.write_numbered_clip(tmp_path / "clip.mp4", CONSTANT[:30], display=(90, False, False))
    ((_, jpeg),) = film_strip(path, [0.5], 96)
    turned = picture(jpeg)
    assert turned.shape == (96, 64, 3)
    assert clips.read_number(np.rot90(turned, -1)) == 12


def test_a_very_flat_picture_stays_small(clips, tmp_path):
    flat = np.zeros((16, 512, 3), np.uint8)
    path = clips.write_clip(tmp_path / "clip.mp4", [flat], [0.0])
    ((_, jpeg),) = film_strip(path, [0.0], 24)
    assert picture(jpeg).shape == (24, 192, 3)


def test_an_index_that_lies_costs_time_and_no_picture(clips, tmp_path):
    """Key pictures that are none: what seeking finds is not trusted, decoding starts at the beginning."""
    path = clips.write_numbered_clip(tmp_path / "clip.mp4", CONSTANT, options=GROUPS | {"g": "60"})
    index = video_index(path)
    assert len(index.key_seconds) >= 2
    lying = VideoIndex(index.times, index.times.seconds[::7])
    asked = [0.3, 1.7, 2.35, 3.0, 4.7]
    assert film_strip(path, asked, 64, index=lying) == film_strip(path, asked, 64, index=index)


def test_pictures_are_decoded_once_and_in_any_order(clips, tmp_path):
    path = clips.write_numbered_clip(tmp_path / "clip.mp4", CONSTANT, options=GROUPS)
    strip = film_strip(path, [4.0, 0.5, 4.0, 0.51], 64)
    assert [clips.read_number(picture(jpeg)) for _, jpeg in strip] == [100, 12, 100, 12]


def test_a_slow_file_gives_one_picture_at_least(clips, tmp_path):
    path = clips.write_numbered_clip(tmp_path / "clip.mp4", CONSTANT)
    strip = film_strip(path, [2.0, 1.0, 3.0], 64, enough_seconds=0.0)
    assert [row is not None for row in strip] == [False, True, False]


def test_a_damaged_tail_gives_the_last_picture_there_is(clips, tmp_path):
    path = clips.write_numbered_clip(tmp_path / "clip.mkv", CONSTANT, options=GROUPS)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    times = video_index(path).times.seconds
    assert 10 < len(times) < 110
    ((presented, jpeg),) = film_strip(path, [4.5], 64)
    assert clips.read_number(picture(jpeg)) == round(presented * 25)
    assert times[-1] - presented < 0.2


@pytest.mark.parametrize(
    ("times", "height", "word"),
    [
        ([0.0] * 41, 54, "40"),
        ([0.0], 23, "24 to 160"),
        ([0.0], 161, "24 to 160"),
        ([float("nan")], 54, "finite"),
        ([float("inf")], 54, "finite"),
    ],
)
def test_what_may_be_asked(times, height, word):
    with pytest.raises(SettingsError, match=word):
        film_strip("nowhere.mp4", times, height)


def test_no_video(clips, tmp_path):
    (tmp_path / "text.mp4").write_text("hello")
    with pytest.raises(VideoError, match="is not a video"):
        film_strip(tmp_path / "text.mp4", [0.0], 54)
    with pytest.raises(VideoError, match="no video stream"):
        film_strip(clips.write_sound(tmp_path / "sound.mp4", 0.5), [0.0], 54)


def test_nothing_to_decode_is_explained(clips, tmp_path):
    path = clips.write_numbered_clip(tmp_path / "clip.mp4", CONSTANT[:3])
    damaged = bytearray(path.read_bytes())
    start = damaged.index(b"mdat") + 4
    damaged[start : damaged.index(b"moov") - 4] = bytes(damaged.index(b"moov") - 4 - start)
    path.write_bytes(damaged)
    index = VideoIndex(PresentationTimes(np.array(CONSTANT[:3]), 0.12), np.array([0.0]))
    with pytest.raises(VideoError, match="no picture that can be decoded"):
        film_strip(path, [0.0], 54, index=index)
