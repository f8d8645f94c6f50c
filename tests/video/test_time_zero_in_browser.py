"""Second 0 is what a browser calls currentTime 0: its picture at a tick's middle is the tick's picture."""

import base64
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from dcwtal.video.browser_copy import write_browser_copy
from dcwtal.video.clock_frames import ClockFrames
from dcwtal.video.opening import open_video

CASES = {
    "plain.mp4": ([i / 25 for i in range(50)], {}),
    "ntsc.mp4": ([i * 1001 / 30_000 for i in range(60)], {}),
    "variable.mp4": (np.cumsum([0.0, *([0.04, 0.025, 0.3, 0.033] * 6)]).tolist(), {}),
    "late.mp4": ([1 + i / 25 for i in range(40)], {}),
    "late with sound.mp4": ([0.5 + i / 25 for i in range(40)], {"sound_seconds": 2.0}),
    "late.webm": ([1 + i / 25 for i in range(40)], {"codec": "libvpx-vp9"}),
    "turned.mp4": ([i / 25 for i in range(30)], {"display": (180, False, False)}),
    "late copied.mkv": ([0.6 + i / 25 for i in range(40)], {"codec": "mpeg4"}),
}


def chromium() -> str:
    if importlib.util.find_spec("playwright") is None:
        pytest.skip("playwright is not installed")
    named = os.environ.get("DCWTAL_CHROMIUM")
    found = (
        named or shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    )
    if not found:
        pytest.skip("no Chromium on this machine; set DCWTAL_CHROMIUM")
    return found


def numbers_on_clock(path, clips):
    with open_video(path) as video:
        return [clips.read_number(frame.image) for frame in ClockFrames(video)]


@pytest.mark.browser
def test_browser_shows_the_same_pictures(clips, tmp_path):
    program = chromium()
    jobs, expected = [], []
    for name, (seconds, options) in CASES.items():
        pictures = [clips.numbered_picture(number) for number in range(len(seconds))]
        if "display" in options:
            pictures = [np.ascontiguousarray(picture[::-1, ::-1]) for picture in pictures]
        path = clips.write_clip(tmp_path / name, pictures, seconds, **options)
        numbers = numbers_on_clock(path, clips)
        shown = write_browser_copy(path, tmp_path / "copy.mp4") if "copied" in name else path
        ticks = range(0, len(numbers) - 1, 4)
        expected.append([numbers[tick] for tick in ticks])
        times = [(tick + 0.5) / 25 - 0.001 for tick in ticks]
        jobs.append({"path": str(shown), "times": times, "width": clips.WIDTH, "height": clips.HEIGHT})

    script = Path(__file__).with_name("pictures_in_browser.py")
    answer = subprocess.run(
        [sys.executable, str(script), program],
        input=json.dumps(jobs),
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert answer.returncode == 0, answer.stderr
    found = [
        [
            clips.read_number(
                np.frombuffer(base64.b64decode(picture), np.uint8).reshape(clips.HEIGHT, clips.WIDTH, 4)[
                    ..., :3
                ]
            )
            for picture in pictures
        ]
        for pictures in json.loads(answer.stdout)
    ]
    assert dict(zip(CASES, found, strict=True)) == dict(zip(CASES, expected, strict=True))
