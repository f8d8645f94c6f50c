"""A video from the visitor's disk: progress, timeline without truth, and a clear word when it cannot be read."""

from pathlib import Path

import pytest
from frame_number_clip import even_times, write_clip

pytestmark = pytest.mark.browser


def upload(page, path: Path) -> None:
    with page.tab.expect_file_chooser() as chooser:
        page.tab.locator("#open-video").click()
    chooser.value.set_files(str(path))


def test_an_opened_video_is_shown_without_truth(page, tmp_path):
    clip = tmp_path / "<img src=x onerror=alert(1)>.mp4"
    write_clip(clip, even_times(600))
    page.open("?run=run-2")  # the other tests walk through the videos of the first run
    upload(page, clip)
    page.tab.wait_for_function(
        "document.querySelector('#open-progress').innerText.includes('pretending to look')", timeout=30_000
    )
    state = page.until("s.video.startsWith('opened-')")
    page.settle()
    assert state["truth"] is None
    assert all(each["hit"] is None for each in state["detections"])
    text = page.tab.locator(".tl-facts").inner_text()
    assert "Nobody annotated this video" in text
    assert "onerror" in text, "the file's own name is gone"
    assert page.tab.locator("#timeline img, #open-progress img").count() == 0
    page.press("ArrowRight")
    assert page.settled_picture("clip_even")[0] == 1


def test_a_file_that_is_no_video_is_refused_and_the_page_goes_on(page, tmp_path):
    fake = tmp_path / "notes.mp4"
    fake.write_text("this is not a video")
    page.open("?run=run-2&video=clip_uneven")
    upload(page, fake)
    page.tab.wait_for_selector("#open-progress .dcw-failed", timeout=30_000)
    assert len(page.tab.locator("#open-progress").inner_text()) > 20
    page.tab.locator("#next-video").click()
    page.until("s.video === 'clip_held_out'")
    page.settle()
