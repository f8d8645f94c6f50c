"""A video from the visitor's disk: progress, timeline without truth, and a clear word when it cannot be read."""

import time
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
    text = page.tab.locator(".ex-panel").inner_text()
    assert "Nobody annotated this video" in text
    assert "onerror" in text, "the file's own name is gone"
    assert page.tab.locator("#timeline img, #open-progress img").count() == 0
    page.press("ArrowRight")
    assert page.settled_picture("clip_even")[0] == 1


def children_at_work() -> list[str]:
    """Command lines of the inference processes on this machine that pretend."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = path.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:  # it ended meanwhile
            continue
        if "dcwtal.ui.infer_child fake_infer:infer_video" in line:
            found.append(line)
    return found


def test_stop_ends_the_work_at_once(page, tmp_path):
    clip = tmp_path / "endless.mp4"
    write_clip(clip, even_times(20))
    page.open("?run=run-2")
    upload(page, clip)
    page.tab.wait_for_function(
        "document.querySelector('#open-progress').innerText.includes('taking for ever')", timeout=30_000
    )
    stored = [line for line in children_at_work() if "/run " in line]
    assert stored
    page.tab.locator("#stop-open").click()
    page.tab.wait_for_function(
        "document.querySelector('#open-progress').innerText.includes('Stopped')", timeout=30_000
    )
    end = time.monotonic() + 10
    while set(stored) & set(children_at_work()) and time.monotonic() < end:
        time.sleep(0.1)
    assert not set(stored) & set(children_at_work())
    page.tab.locator("#stop-open").wait_for(state="hidden")


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
