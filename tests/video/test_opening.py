"""Files that cannot be analysed: each gives one VideoError that says what was found and what to do."""

import os
import shutil

import pytest

from dcwtal.core.errors import VideoError
from dcwtal.video import limits
from dcwtal.video.opening import open_video
from dcwtal.video.probe import probe_video

TEXTS = {
    "words.mp4": (b"these are only words\n" * 50, "not a video"),
    "page.mp4": (b"<!doctype html><html><body>404</body></html>", "not a video"),
    "picture.mp4": (b"\x89PNG\r\n\x1a\n" + b"\0" * 200, "single picture"),
    "list.mp4": (b"#EXTM3U\n#EXT-X-VERSION:3\n#EXTINF:2,\nother.mp4\n#EXT-X-ENDLIST\n", "playlist"),
    "concat.mp4": (b"ffconcat version 1.0\nfile other.mp4\n", "list of other files"),
    "remote.mp4": (b"#EXTM3U\nhttp://169.254.169.254/latest/meta-data\n", "playlist"),
    "session.sdp": (b"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nm=video 5004 RTP/AVP 96\n", "playlist"),
    "pointer.mp4": (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n", "git lfs pull"),
    "noise.mp4": (bytes(range(256)) * 40, "not a video"),
    "empty.mp4": (b"", r"empty \(0 bytes\)"),
}


def refusal(path) -> str:
    with pytest.raises(VideoError) as caught:
        probe_video(path)
    message = str(caught.value)
    assert "\n" not in message
    return message


@pytest.mark.parametrize("name", TEXTS)
def test_files_that_are_no_videos(name, tmp_path):
    content, expected = TEXTS[name]
    (tmp_path / name).write_bytes(content)
    with pytest.raises(VideoError, match=expected):
        probe_video(tmp_path / name)


def test_missing_folder_and_strange_paths(tmp_path):
    assert "no video file at" in refusal(tmp_path / "absent.mp4")
    assert "folder" in refusal(tmp_path)
    assert "no video file at" in refusal("bad\0name.mp4")
    assert "cannot read" in refusal("x" * 5000)
    os.mkfifo(tmp_path / "pipe.mp4")
    assert "not an ordinary file" in refusal(tmp_path / "pipe.mp4")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_unreadable_file(clips, tmp_path):
    path = clips.write_numbered_clip(tmp_path / "clip.mp4", [0, 0.04])
    path.chmod(0)
    assert "permission denied" in refusal(path)


def test_truncated_before_its_index(clips, tmp_path):
    path = clips.write_numbered_clip(tmp_path / "clip.mp4", [i / 25 for i in range(50)])
    content = path.read_bytes()
    assert content.find(b"mdat") < content.find(b"moov")
    path.write_bytes(content[: len(content) // 2])
    assert "truncated" in refusal(path) and "ffmpeg -i" in refusal(path)


def test_sound_only(clips, tmp_path):
    path = clips.write_sound(tmp_path / "sound.mp4", 1.0)
    assert "no video stream (1 audio stream)" in refusal(path)


@pytest.mark.parametrize(
    "limit,value,expected",
    [
        ("LONGEST_SECONDS", 1.0, "hours"),
        ("LARGEST_SIDE", 80, "96x64"),
        ("LARGEST_AREA", 5000, "96x64"),
        ("MOST_FRAMES", 10, "50 frames"),
    ],
)
def test_limits_are_checked_before_decoding(limit, value, expected, clips, tmp_path, monkeypatch):
    path = clips.write_numbered_clip(tmp_path / "clip.mp4", [i / 25 for i in range(50)])
    monkeypatch.setattr(limits, limit, value)
    monkeypatch.setattr("dcwtal.video.probe.DecodedFrames", lambda video: pytest.fail("decoded"))
    assert expected in refusal(path)


@pytest.mark.parametrize(
    "name",
    [
        "-i.mp4",
        "a;rm -rf.mp4",
        "concat:a|b.mp4",
        "http:x.mp4",
        "<img src=x onerror=alert(1)>.mp4",
        "élan 🏃 ‮.mp4",
        "%05d.mp4",
    ],
)
def test_names_are_only_names(name, clips, tmp_path, monkeypatch):
    path = clips.write_numbered_clip(tmp_path / "clip.mp4", [0, 0.04])
    shutil.copy(path, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    assert probe_video(name).n_frames == 2


def test_origin_by_container(clips, tmp_path):
    seconds = [1.5 + i / 25 for i in range(10)]
    for name, origin in (("a.mp4", 0.0), ("a.mkv", 0.0), ("a.ts", 1.5)):
        path = clips.write_numbered_clip(tmp_path / name, seconds)
        with open_video(path) as video:
            assert video.origin == pytest.approx(origin, abs=0.001)
            assert video.stated_end == pytest.approx(1.9 - origin, abs=0.05)
