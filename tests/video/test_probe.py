"""What is said about a file before it is decoded as a whole."""

import pytest

from dcwtal.video.probe import probe_video


def test_facts_of_a_clip(clips, tmp_path):
    path = clips.write_numbered_clip(tmp_path / "clip.mp4", [i / 25 for i in range(50)], sound_seconds=1)
    probe = probe_video(path)
    assert (probe.width, probe.height, probe.codec, probe.pixel_format) == (96, 64, "h264", "yuv420p")
    assert probe.duration == pytest.approx(2.0)
    assert probe.fps == pytest.approx(25.0)
    assert (probe.n_frames, probe.has_audio, probe.n_video_streams) == (50, True, 1)
    assert "mp4" in probe.container
    assert probe.starts_at_own_zero and probe.notes == ()


def test_codec_has_its_own_name_not_the_decoders(clips, tmp_path):
    path = clips.write_numbered_clip(tmp_path / "clip.webm", [0, 0.04, 0.08], codec="libvpx-vp9")
    assert probe_video(path).codec == "vp9"
