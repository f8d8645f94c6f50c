"""Times from packets alone agree with what was written and with what decoding gives."""

import numpy as np
import pytest

from dcwtal.core.errors import VideoError
from dcwtal.video.decoded_frames import DecodedFrames
from dcwtal.video.opening import open_video
from dcwtal.video.presentation_times import presentation_times

WRITTEN = {
    "constant": ([i / 25 for i in range(40)], False),
    "ntsc": ([i * 1001 / 30_000 for i in range(40)], False),
    "variable": (np.cumsum([0.0, *([0.04, 0.02, 0.3, 0.033] * 8)]).tolist(), True),
    "late": ([2 + i / 25 for i in range(40)], False),
    "single": ([0.0], False),
}


@pytest.mark.parametrize("suffix", [".mp4", ".mkv", ".avi"])
@pytest.mark.parametrize("name", WRITTEN)
def test_times_are_those_written_and_those_decoded(name, suffix, clips, tmp_path):
    seconds, variable = WRITTEN[name]
    if suffix == ".avi" and name != "constant":
        pytest.skip("avi holds one constant rate")
    path = clips.write_numbered_clip(tmp_path / f"clip{suffix}", seconds)
    times = presentation_times(path)
    assert times.seconds == pytest.approx(seconds, abs=0.0011)
    assert times.is_variable_rate is variable
    with open_video(path) as video:
        frames = DecodedFrames(video)
        decoded = [frame.seconds for frame in frames]
    assert times.seconds == pytest.approx(decoded, abs=1e-6)
    assert times.end == pytest.approx(frames.end, abs=1e-6)


def test_frame_at():
    from dcwtal.video.presentation_times import PresentationTimes

    times = PresentationTimes(np.array([0.5, 0.6, 1.0]), 1.1)
    wanted = {0.0: 0, 0.5: 0, 0.59: 0, 0.6: 1, 0.99: 1, 1.0: 2, 5.0: 2}
    assert {time: times.frame_at(time) for time in wanted} == wanted


def test_no_pictures(clips, tmp_path):
    with pytest.raises(VideoError, match="no video stream"):
        presentation_times(clips.write_sound(tmp_path / "sound.mp4", 0.5))
