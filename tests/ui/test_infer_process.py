"""The child that looks at foreign videos: progress, answer, faults, limits; it never outlives the wish for it."""

import subprocess
import time

import pytest
from frame_number_clip import even_times, write_clip

from dcwtal.core.errors import VideoError
from dcwtal.ui import infer_process
from dcwtal.ui.infer_process import Finished, Working, infer_in_child

pytestmark = pytest.mark.usefixtures("support_on_path")


@pytest.fixture(scope="module")
def clip(tmp_path_factory):
    path = tmp_path_factory.mktemp("clip") / "opened-abc.mp4"
    write_clip(path, even_times(30))
    return path


@pytest.fixture
def children(monkeypatch) -> list[subprocess.Popen]:
    """Every child process that was started."""
    started = []

    class Remembered(subprocess.Popen):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            started.append(self)

    monkeypatch.setattr(infer_process.subprocess, "Popen", Remembered)
    return started


def test_progress_then_the_answer(clip, tmp_path, children):
    news = list(infer_in_child(clip, tmp_path, tmp_path / "out", target="fake_infer:infer_video"))
    shares = [each.share for each in news if isinstance(each, Working)]
    assert shares == sorted(shares) and shares[-1] == pytest.approx(2 / 3)
    assert isinstance(news[-1], Finished)
    assert news[-1].scores.video == "opened-abc" and news[-1].video_path == clip
    assert children[0].returncode is not None


def test_a_file_that_is_no_video_is_told_before_anything_is_loaded(tmp_path):
    fake = tmp_path / "fake.mp4"
    fake.write_text("hello")
    with pytest.raises(VideoError, match=r"fake\.mp4"):
        list(infer_in_child(fake, tmp_path, tmp_path / "out", target="no_such_module:infer"))


def test_a_crash_is_told_and_logged(clip, tmp_path, caplog):
    with pytest.raises(VideoError, match="bug"):
        list(infer_in_child(clip, tmp_path, tmp_path / "out", target="fake_infer:infer_crashing"))
    assert "the network fell over" in caplog.text


def test_a_killed_child_is_told(clip, tmp_path):
    with pytest.raises(VideoError, match="ended without an answer"):
        list(infer_in_child(clip, tmp_path, tmp_path / "out", target="fake_infer:infer_vanishing"))


def test_closing_ends_the_child(clip, tmp_path, children):
    news = infer_in_child(clip, tmp_path, tmp_path / "out", target="fake_infer:infer_slowly")
    while next(news).message != "taking for ever":
        pass
    assert children[0].poll() is None
    news.close()
    assert children[0].returncode is not None


def test_the_time_limit_ends_the_child(clip, tmp_path, children):
    begin = time.monotonic()
    with pytest.raises(VideoError, match="too long"):
        list(
            infer_in_child(clip, tmp_path, tmp_path / "out", target="fake_infer:infer_slowly", time_limit=2.0)
        )
    assert children[0].returncode is not None
    assert time.monotonic() - begin < 30
