"""Which picture a tick shows, on every kind of time stamps; the truth is the number drawn in the picture."""

import gc
import weakref

import av
import numpy as np
import pytest

from dcwtal.core.errors import VideoError
from dcwtal.video import limits
from dcwtal.video.clock_frames import ClockFrames
from dcwtal.video.decoded_frames import RgbConverter
from dcwtal.video.opening import open_video


def numbers_on_clock(path, clips, fps=25.0):
    with open_video(path) as video:
        frames = ClockFrames(video, fps=fps)
        numbers = [clips.read_number(frame.image) for frame in frames]
    assert len(numbers) == frames.n_ticks
    return numbers, frames


def expected_numbers(seconds, end, fps=25.0):
    """The rule of the docstring, tick by tick, over the list of times."""
    numbers = []
    tick = 0
    while (tick + 0.5) / fps <= end + 1e-6:
        presented = [number for number, time in enumerate(seconds) if time < (tick + 0.5) / fps - 1e-6]
        numbers.append(presented[-1] if presented else 0)
        tick += 1
    return numbers


def ffmpeg_fps_filter(path, clips, fps=25):
    """What ffmpeg's own ``fps`` filter makes of the file."""
    graph = av.filter.Graph()
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        source = graph.add_buffer(template=stream, time_base=stream.time_base)
        filter_ = graph.add("fps", f"fps={fps}:start_time=0")
        sink = graph.add("buffersink")
        source.link_to(filter_)
        filter_.link_to(sink)
        graph.configure()
        numbers = []
        for frame in [*container.decode(stream), None]:
            graph.push(frame)
            while True:
                try:
                    numbers.append(clips.read_number(graph.pull().to_ndarray(format="rgb24")))
                except (BlockingIOError, EOFError):
                    break
    return numbers


def irregular(seed, n=60, start=0.0):
    rng = np.random.default_rng(seed)
    steps = rng.choice([0.011, 0.0334, 0.04, 0.05, 0.13, 0.4], size=n, p=[0.2, 0.3, 0.2, 0.1, 0.15, 0.05])
    return (start + np.cumsum(steps) - steps[0]).tolist()


CASES = {
    "25": [i / 25 for i in range(60)],
    "29.97": [i * 1001 / 30_000 for i in range(70)],
    "23.976": [i * 1001 / 24_000 for i in range(50)],
    "10": [i / 10 for i in range(20)],
    "50": [i / 50 for i in range(80)],
    "variable": irregular(0),
    "variable, late start": irregular(1, start=1.0),
    "25, late start": [1 + i / 25 for i in range(30)],
    "25, odd late start": [0.517 + i / 25 for i in range(30)],
    "one picture": [0.0],
}


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_tick_shows_the_picture_on_screen(name, suffix, clips, tmp_path):
    seconds = CASES[name]
    path = clips.write_numbered_clip(tmp_path / f"clip{suffix}", seconds)
    numbers, frames = numbers_on_clock(path, clips)
    if suffix == ".mkv":  # its times are whole milliseconds
        seconds = [round(time, 3) for time in seconds]
    assert numbers == expected_numbers(seconds, frames.duration)
    assert frames.notes == ()


def test_own_rate_gives_every_frame_once(clips, tmp_path):
    path = clips.write_numbered_clip(tmp_path / "clip.mp4", CASES["25"])
    assert numbers_on_clock(path, clips)[0] == list(range(60))


@pytest.mark.parametrize("name", ["25", "29.97", "23.976", "10", "variable"])
def test_same_as_the_fps_filter_of_ffmpeg(name, clips, tmp_path):
    path = clips.write_numbered_clip(tmp_path / "clip.mp4", CASES[name])
    ours, theirs = numbers_on_clock(path, clips)[0], ffmpeg_fps_filter(path, clips)
    assert abs(len(ours) - len(theirs)) <= 1  # they differ only in how they round the end
    shared = min(len(ours), len(theirs))
    assert ours[:shared] == theirs[:shared]


@pytest.mark.parametrize("codec,options", [("libx264", {"bf": "2"}), ("mpeg4", {"bf": "2"}), ("mpeg4", {})])
def test_avi_has_no_presentation_times_and_still_comes_in_order(codec, options, clips, tmp_path):
    seconds = [i / 25 for i in range(40)]
    path = clips.write_numbered_clip(tmp_path / "clip.avi", seconds, codec=codec, options=options)
    numbers, frames = numbers_on_clock(path, clips)
    # The last picture may end at once: avi does not state its duration.
    assert numbers[:39] == list(range(39)) and set(numbers[39:]) <= {39}
    assert frames.notes == ()


def test_transport_stream_counts_from_its_first_picture(clips, tmp_path):
    path = clips.write_numbered_clip(tmp_path / "clip.ts", [7 + i / 25 for i in range(30)])
    assert numbers_on_clock(path, clips)[0] == list(range(30))


def test_very_late_start_counts_from_the_first_picture(clips, tmp_path):
    path = clips.write_numbered_clip(tmp_path / "clip.mp4", [3600 + i / 25 for i in range(30)])
    assert numbers_on_clock(path, clips)[0] == list(range(30))


def test_late_pictures_with_sound_from_zero(clips, tmp_path):
    """Measured in Chromium: its currentTime counts the same way (first picture shown for the first second)."""
    for name, codec in (("clip.mp4", "libx264"), ("clip.webm", "libvpx-vp9")):
        seconds = [1 + i / 25 for i in range(30)]
        path = clips.write_numbered_clip(tmp_path / name, seconds, codec=codec, sound_seconds=2)
        assert numbers_on_clock(path, clips)[0] == [0] * 25 + list(range(30))


def test_other_clock(clips, tmp_path):
    path = clips.write_numbered_clip(tmp_path / "clip.mp4", [i / 25 for i in range(50)])
    assert numbers_on_clock(path, clips, fps=5.0)[0] == expected_numbers(CASES["25"][:50], 2.0, fps=5.0)


def test_damage_in_the_middle_keeps_the_times_of_the_rest(clips, tmp_path):
    path = clips.write_numbered_clip(
        tmp_path / "clip.mp4", [i / 25 for i in range(100)], options={"crf": "10", "bf": "0", "g": "10"}
    )
    with av.open(str(path)) as container:
        packets = [
            (packet.pos, packet.size, packet.is_keyframe)
            for packet in container.demux(video=0)
            if packet.size
        ]
    first = next(number for number, packet in enumerate(packets) if number > 40 and packet[2])
    after = next(number for number, packet in enumerate(packets) if number > first + 2 and packet[2])
    content = bytearray(path.read_bytes())
    for position, size, _ in packets[first:after]:
        content[position : position + size] = b"\xff" * size
    path.write_bytes(content)
    numbers, frames = numbers_on_clock(path, clips)
    assert len(numbers) == 100
    assert numbers[:first] == list(range(first)) and numbers[after:] == list(range(after, 100))
    assert any("damaged" in note for note in frames.notes)


def test_truncated_file_is_used_up_to_its_last_good_picture(clips, tmp_path):
    whole = clips.write_numbered_clip(
        tmp_path / "whole.mp4", [i / 25 for i in range(100)], options={"bf": "0"}
    )
    moved = tmp_path / "index_first.mp4"
    with av.open(str(whole)) as source, av.open(str(moved), "w", options={"movflags": "faststart"}) as target:
        stream = target.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(video=0):
            if packet.dts is not None:
                packet.stream = stream
                target.mux(packet)
    cut = tmp_path / "cut.mp4"
    cut.write_bytes(moved.read_bytes()[: int(moved.stat().st_size * 0.6)])
    numbers, frames = numbers_on_clock(cut, clips)
    assert 10 < len(numbers) < 90
    assert numbers == list(range(len(numbers)))
    assert any("pictures stop at" in note and "4.00 s" in note for note in frames.notes)


def test_repeated_and_backward_stamps_are_dropped_and_told(clips, tmp_path, monkeypatch):
    path = clips.write_numbered_clip(tmp_path / "clip.mp4", [i / 25 for i in range(6)])
    frames = []
    with av.open(str(path)) as container:
        frames = list(container.decode(video=0))
    step = frames[1].pts
    for frame, place in zip(frames, (0, 1, 1, 3, 2, 5), strict=True):
        frame.pts = place * step
    monkeypatch.setattr("dcwtal.video.decoded_frames.DecodedFrames._raw_frames", lambda self: iter(frames))
    numbers, clock = numbers_on_clock(path, clips)
    assert numbers == [0, 1, 1, 3, 3, 5]
    assert clock.notes == ("pictures with a repeated or backward time stamp dropped: 2",)


def test_missing_stamps_follow_the_picture_before(clips, tmp_path, monkeypatch):
    path = clips.write_numbered_clip(tmp_path / "clip.mp4", [i / 25 for i in range(6)])
    with av.open(str(path)) as container:
        frames = list(container.decode(video=0))
    for place in (0, 2, 3):
        frames[place].pts = None
    monkeypatch.setattr("dcwtal.video.decoded_frames.DecodedFrames._raw_frames", lambda self: iter(frames))
    numbers, clock = numbers_on_clock(path, clips)
    assert numbers == [0, 1, 2, 3, 4, 5]
    assert clock.notes == ("pictures without a time stamp placed after the one before: 3",)


def test_absurdly_late_picture_is_refused_not_waited_for(clips, tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "LONGEST_SECONDS", 100.0)
    path = clips.write_numbered_clip(tmp_path / "clip.mkv", [0.0, 0.04, 0.08])
    with av.open(str(path)) as container:
        frames = list(container.decode(video=0))
    frames[2].pts = 10**12
    monkeypatch.setattr("dcwtal.video.decoded_frames.DecodedFrames._raw_frames", lambda self: iter(frames))
    with pytest.raises(VideoError, match="repair its time stamps"):
        numbers_on_clock(path, clips)


def test_pictures_are_not_kept(clips, tmp_path, monkeypatch):
    """However long the video, at most the shown picture and the caller's are alive."""
    path = clips.write_numbered_clip(tmp_path / "clip.mp4", [i / 25 for i in range(200)])
    alive: list[weakref.ref] = []
    original = RgbConverter.rgb

    def remember(self, frame):
        image = original(self, frame)
        alive.append(weakref.ref(image))
        return image

    monkeypatch.setattr(RgbConverter, "rgb", remember)
    most = 0
    with open_video(path) as video:
        for frame in ClockFrames(video):
            del frame
            most = max(most, sum(reference() is not None for reference in alive))
    gc.collect()
    assert len(alive) == 200 and most <= 2
