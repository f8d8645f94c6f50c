"""The copy plays in browsers, keeps every time, and is whole or absent."""

import errno
import os

import numpy as np
import pytest

from dcwtal.core.errors import DiskError, VideoError
from dcwtal.video.browser_copy import needs_browser_copy, write_browser_copy
from dcwtal.video.clock_frames import ClockFrames
from dcwtal.video.opening import open_video
from dcwtal.video.presentation_times import presentation_times
from dcwtal.video.probe import probe_video


def numbers_on_clock(path, clips):
    with open_video(path) as video:
        return [clips.read_number(frame.image) for frame in ClockFrames(video)]


@pytest.mark.parametrize(
    "name,options,expected",
    [
        ("a.mp4", {}, False),
        ("a.mov", {}, False),
        ("a.webm", {"codec": "libvpx-vp9"}, False),
        ("a.mkv", {}, True),
        ("a.avi", {}, True),
        ("a.ts", {}, True),
        ("a.mp4", {"codec": "mpeg4"}, True),
        ("a.mp4", {"pixel_format": "yuv444p"}, True),
    ],
)
def test_who_needs_a_copy(name, options, expected, clips, tmp_path):
    path = clips.write_numbered_clip(tmp_path / name, [i / 25 for i in range(10)], **options)
    assert needs_browser_copy(probe_video(path)) is expected


def test_very_late_start_needs_a_copy(clips, tmp_path):
    path = clips.write_numbered_clip(tmp_path / "a.mp4", [30 + i / 25 for i in range(10)])
    assert needs_browser_copy(probe_video(path))


def test_times_and_pictures_are_kept(clips, tmp_path):
    seconds = np.cumsum([0.0, *([0.04, 0.033, 0.2, 0.05] * 10)])
    source = clips.write_numbered_clip(tmp_path / "a.mkv", seconds, codec="mpeg4", display=(0, False, False))
    heard = []
    copy = write_browser_copy(source, tmp_path / "copy.mp4", on_progress=lambda *news: heard.append(news))
    assert not needs_browser_copy(probe_video(copy))
    old, new = presentation_times(source), presentation_times(copy)
    assert new.seconds == pytest.approx(old.seconds, abs=2e-5)
    assert new.end == pytest.approx(old.end, abs=2e-5)
    assert numbers_on_clock(copy, clips) == numbers_on_clock(source, clips)
    content = copy.read_bytes()
    assert content.find(b"moov") < content.find(b"mdat")
    assert [news[0] for news in heard] == pytest.approx(old.seconds)


def test_late_start_shows_its_first_picture_from_zero(clips, tmp_path):
    source = clips.write_numbered_clip(tmp_path / "a.mkv", [0.8 + i / 25 for i in range(20)])
    copy = write_browser_copy(source, tmp_path / "copy.mp4")
    assert presentation_times(copy).seconds[:2] == pytest.approx([0.0, 0.8], abs=1e-4)
    assert numbers_on_clock(copy, clips) == numbers_on_clock(source, clips)


def test_turned_and_scaled(clips, tmp_path):
    stored = np.ascontiguousarray(np.rot90(clips.numbered_picture(1234, 192, 128), -1))
    source = clips.write_clip(tmp_path / "a.mp4", [stored] * 3, [0, 0.04, 0.08], display=(90, False, False))
    copy = write_browser_copy(source, tmp_path / "copy.mp4", largest_height=64)
    probe = probe_video(copy)
    assert (probe.width, probe.height, probe.orientation.quarter_turns) == (96, 64, 0)
    assert numbers_on_clock(copy, clips) == [1234] * 3


def test_odd_sizes_become_even(clips, tmp_path):
    picture = np.full((35, 51, 3), 90, np.uint8)
    source = clips.write_clip(tmp_path / "a.mkv", [picture] * 3, [0, 0.04, 0.08], pixel_format="yuv444p")
    probe = probe_video(write_browser_copy(source, tmp_path / "copy.mp4"))
    assert probe.width % 2 == 0 and probe.height % 2 == 0
    assert abs(probe.width - 51) <= 1 and abs(probe.height - 35) <= 1


def test_a_bad_source_leaves_nothing(clips, tmp_path):
    source = clips.write_sound(tmp_path / "sound.mp4", 0.5)
    with pytest.raises(VideoError):
        write_browser_copy(source, tmp_path / "out" / "copy.mp4")
    assert not list(tmp_path.glob("out/*"))


def test_a_full_disk_leaves_nothing(clips, tmp_path, monkeypatch):
    source = clips.write_numbered_clip(tmp_path / "a.mkv", [0, 0.04, 0.08])

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(DiskError, match="disk is full"):
        write_browser_copy(source, tmp_path / "out" / "copy.mp4")
    assert not list((tmp_path / "out").iterdir())


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
def test_a_disk_that_fills_while_writing(clips, tmp_path, monkeypatch):
    source = clips.write_numbered_clip(tmp_path / "a.mkv", [i / 25 for i in range(50)])
    original = __import__("av").open

    def onto_full_disk(file, mode="r", **options):
        return original("/dev/full" if mode == "w" else file, mode, **options)

    monkeypatch.setattr("dcwtal.video.browser_copy.av.open", onto_full_disk)
    with pytest.raises(DiskError, match="disk is full"):
        write_browser_copy(source, tmp_path / "out" / "copy.mp4")
    assert not list((tmp_path / "out").iterdir())
