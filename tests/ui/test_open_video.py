"""Opening a video of one's own, without a browser: stored by content, shown without truth, faults as one line."""

import pytest
from frame_number_clip import even_times, write_clip

from dcwtal.ui.infer_process import Working
from dcwtal.ui.open_video import OpenVideo, describe, store_upload

pytestmark = pytest.mark.usefixtures("support_on_path")


def test_uploads_are_stored_by_content_alone(tmp_path):
    (tmp_path / "uploads").mkdir()
    first, second = tmp_path / "uploads" / "a b;rm -rf.MP4", tmp_path / "uploads" / "other.exe"
    for path in (first, second):
        path.write_bytes(b"same content")
    stored = store_upload(first, tmp_path / "kept")
    assert stored.parent == tmp_path / "kept" and stored.read_bytes() == b"same content"
    assert stored.name.startswith("opened-") and stored.suffix == ".mp4" and " " not in stored.name
    assert store_upload(second, tmp_path / "kept") == stored


def test_an_opened_video_is_shown_and_kept(catalog, tmp_path):
    clip = tmp_path / "holiday.mp4"
    write_clip(clip, even_times(30))
    opener = OpenVideo(catalog, tmp_path / "session", target="fake_infer:infer_video")
    answers = list(opener(str(clip), "run"))
    assert answers[0][1]["visible"] is True and "holiday.mp4" in answers[0][0]["text"]
    assert any("pretending to look" in answer[0]["text"] for answer in answers)
    progress, stop, shown = answers[-1]
    assert stop["visible"] is False and "Nobody annotated it" in progress["text"]
    assert shown["run"] == "run" and shown["video"] in [video.id for video in catalog.opened("run")]
    assert catalog.video("run", shown["video"]).title == "holiday.mp4"


def test_a_fault_is_one_line_and_changes_nothing(catalog, tmp_path):
    fake = tmp_path / "notes.mp4"
    fake.write_text("not a video")
    opener = OpenVideo(catalog, tmp_path / "session", target="fake_infer:infer_video")
    *_, last = opener(str(fake), "run")
    progress, stop, page = last
    assert progress["failed"] and "\n" not in progress["text"] and stop["visible"] is False
    assert "notes.mp4" in progress["text"]
    assert "opened-" not in progress["text"] and str(tmp_path) not in progress["text"]
    assert "value" not in page
    assert catalog.opened("run") == []


def test_nothing_chosen_does_nothing(catalog, tmp_path):
    opener = OpenVideo(catalog, tmp_path)
    assert list(opener(None, "run")) == []
    assert list(opener("x.mp4", "gone")) == []


def test_progress_says_how_far_and_how_long():
    assert describe("a.mp4", Working(0.5, "features", 12.4)) == "a.mp4: features (50 %, about 12 s left)"
    assert describe("a.mp4", Working(0.0, "starting", None)) == "a.mp4: starting (0 %)"
