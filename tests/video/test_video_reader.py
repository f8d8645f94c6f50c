"""A server reads videos in children: the same answers, faults told, crashes survived, memory bounded."""

import os
import threading
import time

import pytest

from dcwtal.core.errors import SettingsError, VideoError
from dcwtal.video import video_reader
from dcwtal.video.film_strip import film_strip
from dcwtal.video.presentation_times import presentation_times
from dcwtal.video.video_reader import VideoReader

SECONDS = [number / 25 for number in range(60)]


@pytest.fixture(scope="module")
def reader():
    made = VideoReader()
    yield made
    made.stop()


@pytest.fixture(scope="module")
def clip(clips, tmp_path_factory):
    return clips.write_numbered_clip(tmp_path_factory.mktemp("reader") / "clip.mp4", SECONDS)


def test_answers_are_those_of_this_process(reader, clip):
    assert reader.presentation_times(clip).seconds.tolist() == presentation_times(clip).seconds.tolist()
    asked = [1.3, 0.2, 1.3, 2.0]
    assert reader.film_strip(clip, asked, 54) == film_strip(clip, asked, 54)


def test_pictures_are_kept_until_the_file_changes(reader, clip, clips, tmp_path, monkeypatch):
    path = tmp_path / "clip.mp4"
    path.write_bytes(clip.read_bytes())
    first = reader.film_strip(path, [0.0], 54)

    def decode(*task):
        raise AssertionError("decoded again")

    with monkeypatch.context() as patch:
        patch.setattr(reader._children["pictures"], "do", decode)
        assert reader.film_strip(path, [0.0], 54) == first
        with pytest.raises(AssertionError):
            reader.film_strip(path, [0.0], 55)
    clips.write_numbered_clip(path, SECONDS[::-1][:1])
    assert reader.film_strip(path, [0.0], 54) != first


def test_kept_pictures_have_a_limit(clip):
    reader = VideoReader(cache_bytes=4000)
    try:
        reader.film_strip(clip, SECONDS[:40], 24)
        kept = sum(len(jpeg) for _, jpeg in reader._pictures.values())
        assert 0 < len(reader._pictures) < 40 and kept <= 4000
        reader.film_strip(clip, SECONDS[:40], 24)
        assert sum(len(jpeg) for _, jpeg in reader._pictures.values()) + reader._free_bytes == 4000
    finally:
        reader.stop()


def test_faults_arrive_as_words_and_the_child_goes_on(reader, clip, tmp_path):
    text = tmp_path / "text.mp4"
    text.write_text("hello")
    for read in (reader.presentation_times, lambda path: reader.film_strip(path, [0.0], 54)):
        with pytest.raises(VideoError, match=r"text\.mp4 is not a video"):
            read(text)
        with pytest.raises(VideoError, match="no video file at"):
            read(tmp_path / "nowhere.mp4")
    with pytest.raises(SettingsError, match="40"):
        reader.film_strip(clip, [0.0] * 41, 54)
    assert len(reader.presentation_times(clip).seconds) == 60


def test_a_child_that_was_killed_is_replaced(reader, clip):
    reader.presentation_times(clip)
    pool = reader._children["times"]._pool
    os.kill(pool._seats[0].worker._process.pid, 9)
    pool._seats[0].worker._process.join(5)
    for _ in range(2):  # one question may be lost with the child
        try:
            times = reader.presentation_times(clip)
        except VideoError as error:
            assert "try again" in str(error)
    assert len(times.seconds) == 60


def test_a_decoder_that_hangs_is_stopped_and_its_file_not_tried_again(clip, monkeypatch):
    reader = VideoReader(time_limit=1.0)
    try:
        reader.presentation_times(clip)  # the child is up
        pid = reader._children["times"]._pool._seats[0].worker._process.pid
        os.kill(pid, 19)  # stopped: it says nothing any more
        began = time.monotonic()
        with pytest.raises(VideoError, match="hung"):
            reader.presentation_times(clip)
        assert time.monotonic() - began < 10
        again = time.monotonic()
        with pytest.raises(VideoError, match="hung"):
            reader.presentation_times(clip)
        assert time.monotonic() - again < 0.2
        monkeypatch.setattr(video_reader, "FAULT_LIFE", 0.0)
        assert len(reader.presentation_times(clip).seconds) == 60
    finally:
        reader.stop()


def test_many_threads_share_one_child(reader, clip):
    answers = []
    ask = [
        threading.Thread(target=lambda n=n: answers.append((n, reader.film_strip(clip, [n / 10], 40))))
        for n in range(12)
    ]
    for thread in ask:
        thread.start()
    for thread in ask:
        thread.join()
    assert all(answer == film_strip(clip, [n / 10], 40) for n, answer in answers) and len(answers) == 12
