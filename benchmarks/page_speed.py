"""How quick the page is: ``python benchmarks/page_speed.py [--json] [--markdown]``.

Makes a run with two long videos (T = 4000 and 20000 snippets, 20 classes), serves the studio, drives it in Chromium
(``DCWTAL_CHROMIUM``, else the distribution's) with real mouse and keys, and prints each figure beside a baseline that
the same browser reaches in the same run: an empty page's animation frames, a bare ``<video>`` that is told to seek.
"""

import argparse
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

import av
import numpy as np
from playwright.sync_api import Page, sync_playwright

from dcwtal.core.class_names import ClassNames
from dcwtal.core.files import write_json_atomic
from dcwtal.core.timegrid import TimeGrid
from dcwtal.data.score_store import VideoScores, write_scores

CHROMIUM = os.environ.get("DCWTAL_CHROMIUM", "/usr/bin/chromium")
ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--autoplay-policy=no-user-gesture-required"]
CLASSES = ClassNames.of([f"class {number:02d}" for number in range(20)])
STAGES = ("warmup", "F1")
STEP = 0.16  # seconds: four frames of 25 a second
LENGTHS = (4000, 20000)
PLAYED = 5.0  # seconds
TRIES = 30


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout")
    parser.add_argument("--markdown", action="store_true", help="a Markdown table")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        run = make_run(Path(folder))
        rows = measure(run)
    if chosen.json:
        print(json.dumps(rows))
        return
    line = "| {} | {} | {} | {} |" if chosen.markdown else "{:34} {:>16} {:>34} {:>8}"
    print(line.format("what", "measured", "baseline in the same run", "ratio"))
    if chosen.markdown:
        print("|---|---|---|---|")
    for row in rows:
        ratio = f"{row['value'] / row['baseline']:.2f}" if row.get("baseline") else "–"
        baseline = f"{row['baseline_name']} {row['baseline']:.1f}" if row.get("baseline") else "–"
        print(line.format(row["what"], f"{row['value']:.1f} {row['unit']}", baseline, ratio))


def make_run(root: Path) -> Path:
    """A run folder with two videos beside its data set; curves are smooth noise, every fourth second is an action."""
    dice = np.random.default_rng(0)
    database = {}
    for length in LENGTHS:
        video, duration = f"long_{length}", length * STEP
        write_video(root / "data" / "videos" / f"{video}.mp4", round(duration * 25))
        shape = (len(STAGES), length, len(CLASSES))
        kernel = np.ones(9) / 9
        noise = dice.random((length + 8, len(CLASSES)))
        smooth = np.stack([np.convolve(column, kernel, "valid") for column in noise.T], axis=1)
        curves = np.clip(0.5 + 3 * (smooth - 0.5), 0, 1).astype(np.float32)
        whole = np.full((len(STAGES), len(CLASSES)), 0.1, np.float32)
        whole[:, :2] = 0.9
        scores = VideoScores(
            video,
            STAGES,
            {"cbp": np.broadcast_to(curves, shape), "vlp": np.broadcast_to(curves[::-1], shape)},
            {"cbp": whole, "vlp": whole},
            TimeGrid(0.0, STEP, length),
            CLASSES,
        )
        write_scores(root / "run" / "scores" / f"{video}.npz", scores)
        actions = [
            {"label": CLASSES.names[place % 2], "segment": [start, start + 4.0]}
            for place, start in enumerate(np.arange(5, duration - 5, 16).tolist())
        ]
        database[video] = {"subset": "test", "duration": duration, "annotations": actions}
    write_json_atomic(
        root / "data" / "annotations.json", {"version": "x", "classes": list(CLASSES), "database": database}
    )
    info = {"dataset": "../data", "classes": list(CLASSES), "stages": list(STAGES), "final_stage": "F1"}
    write_json_atomic(root / "run" / "run.json", info)
    write_json_atomic(root / "run" / "settings.json", {"localize": {}})
    return root / "run"


def write_video(path: Path, frames: int) -> None:
    """A small grey clip of 25 frames a second with a key frame each second."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with av.open(str(path), "w", options={"movflags": "faststart"}) as container:
        stream = container.add_stream("libx264", rate=25, options={"preset": "ultrafast", "g": "25"})
        stream.width, stream.height, stream.pix_fmt = 160, 90, "yuv420p"
        picture = np.zeros((90, 160, 3), np.uint8)
        for number in range(frames):
            picture[:, (4 * number) % 160 :][:, :8] = number % 256
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode())


def measure(run: Path) -> list[dict]:
    """All rows, from one served studio and one browser."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}/"
    command = [sys.executable, "-m", "dcwtal", "ui", "--port", str(port), "--run", str(run)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(address, server)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            rows = measure_page(page, address)
            browser.close()
        return rows
    finally:
        server.terminate()
        server.wait(timeout=20)


def wait_for(address: str, server: subprocess.Popen) -> None:
    """Until the studio answers."""
    for _ in range(400):
        try:
            urllib.request.urlopen(address, timeout=5).close()
            return
        except (urllib.error.URLError, OSError):
            if server.poll() is not None:
                sys.exit("the studio did not start")
            time.sleep(0.2)


def measure_page(page: Page, address: str) -> list[dict]:
    """First paint, drags, seeks and playing at each length."""
    page.goto("about:blank")
    frames = page.evaluate(FRAMES_A_SECOND)
    rows = []
    for length in LENGTHS:
        name = f"T = {length}"
        page.goto(f"{address}?video=long_{length}")
        page.wait_for_selector('#timeline[data-ready="1"]', timeout=60_000)
        empty = page.evaluate("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd")
        ready = page.evaluate("performance.now()")
        rows.append(row(f"page → first paint, {name}", ready, "ms", "document loaded", empty))
        page.wait_for_function("window.dcwtal.timeline.video.readyState >= 3", timeout=60_000)
        page.wait_for_timeout(1500)
        drag(page, "high")  # warms up what is compiled once
        for rule, what in (("high", "δ_h drag → maps, ribbons"), ("theta_loc", "θ_loc drag → intervals")):
            times = drag(page, rule)
            frame = 1000 / frames
            rows.append(row(f"{what} p95, {name}", np.percentile(times, 95), "ms", "a frame", frame))
        ours, bare = page.evaluate(SEEKS, TRIES)
        rows.append(
            row(f"click → seeked, median, {name}", np.median(ours), "ms", "bare video", np.median(bare))
        )
        played = page.evaluate(PLAYING, PLAYED)
        rows.append(row(f"playhead moves, {name}", played["moves"] / PLAYED, "/s", "empty page", frames))
        rows.append(row(f"video frames shown, {name}", played["shown"] / PLAYED, "/s", "in the file", 25))
    return rows


def row(what: str, value: float, unit: str, baseline_name: str, baseline: float) -> dict:
    """One figure."""
    return {
        "what": what,
        "value": float(value),
        "unit": unit,
        "baseline_name": baseline_name,
        "baseline": float(baseline),
    }


def drag(page: Page, rule: str) -> list[float]:
    """Milliseconds from each move of the mouse until everything for it is drawn."""
    page.evaluate(WATCH_DRAG, rule)
    box = page.locator(f"#rule-{rule} span").bounding_box()
    x, y = box["x"] + 8, box["y"] + 8
    page.mouse.move(x, y)
    page.mouse.down()
    for move in range(TRIES):
        page.mouse.move(x, y - 2 * (move % 15) - 2)
        page.wait_for_timeout(120)
    page.mouse.up()
    page.wait_for_timeout(400)
    return page.evaluate("window.dragTimes")


FRAMES_A_SECOND = """() => new Promise((done) => {
  let count = 0; const start = performance.now();
  const tick = () => { count += 1; performance.now() - start < 2000 ? requestAnimationFrame(tick) : done(count / 2); };
  requestAnimationFrame(tick);
})"""

# A move counts when what it changes is drawn and the next frame begins: for θ_loc that is its own answer, for δ_h the
# maps and ribbons, which need none. A move that changes nothing does not count.
WATCH_DRAG = """(rule) => {
  window.dragTimes = [];
  window.dragMoved = null;
  const session = window.dcwtal.explore, awaited = rule === "theta_loc" ? "answer" : "curves";
  const line = document.getElementById(`rule-${rule}`);
  line.addEventListener("pointermove", () => { window.dragMoved = performance.now(); }, { capture: true });
  session.listen((changed) => {
    if (!changed.has(awaited) || window.dragMoved === null) return;
    const start = window.dragMoved;
    window.dragMoved = null;
    requestAnimationFrame(() => window.dragTimes.push(performance.now() - start));
  });
}"""

SEEKS = """async (tries) => {
  const { video } = window.dcwtal.timeline;
  const bare = document.createElement("video");
  bare.src = video.src; bare.muted = true; bare.preload = "auto";
  await new Promise((done) => bare.addEventListener("canplaythrough", done, { once: true }));
  const seek = (element, act) => new Promise((done) => {
    const start = performance.now();
    element.addEventListener("seeked", () => done(performance.now() - start), { once: true });
    act();
  });
  const ours = [], theirs = [];
  for (let i = 0; i < tries; i++) {
    const time = video.duration * (0.05 + 0.9 * ((i * 0.618) % 1));
    ours.push(await seek(video, () => window.dcwtal.timeline.seek(time)));
    theirs.push(await seek(bare, () => { bare.currentTime = time; }));
  }
  return [ours, theirs];
}"""

PLAYING = """async (seconds) => {
  const timeline = window.dcwtal.timeline, head = document.querySelector(".tl-head");
  timeline.seek(10);
  await new Promise((done) => setTimeout(done, 500));
  let moves = 0, last = "";
  const before = timeline.video.getVideoPlaybackQuality();
  await timeline.video.play();
  const end = performance.now() + 1000 * seconds;
  await new Promise((done) => {
    const look = () => {
      if (head.style.transform !== last) moves += 1;
      last = head.style.transform;
      performance.now() < end ? requestAnimationFrame(look) : done();
    };
    requestAnimationFrame(look);
  });
  timeline.video.pause();
  const after = timeline.video.getVideoPlaybackQuality();
  const shown = after.totalVideoFrames - after.droppedVideoFrames - before.totalVideoFrames + before.droppedVideoFrames;
  return { moves, shown };
}"""

if __name__ == "__main__":
    main()
