"""Run by ``test_time_zero_in_browser`` in a process of its own: what Chromium shows at given times of files.

Reads a JSON list of jobs ``{"path", "times", "width", "height"}``, gives a list of lists of RGBA bytes (base64).
A process of its own, because Playwright cannot be started twice in one.
"""

import base64
import json
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

# Chromium may report "seeked" before the new picture can be drawn; it announces the picture as well, but
# only when it is another one than before.
PICTURES = """async ([content, type, times, width, height]) => {
  const bytes = Uint8Array.from(atob(content), (c) => c.charCodeAt(0));
  const video = document.createElement("video");
  video.muted = true;
  video.src = URL.createObjectURL(new Blob([bytes], {type}));
  document.body.appendChild(video);
  await new Promise((done, failed) => {
    video.onloadeddata = done;
    video.onerror = () => failed(new Error(video.error.message));
  });
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width, height];
  const context = canvas.getContext("2d", {willReadFrequently: true});
  const pictures = [];
  for (const time of times) {
    const sought = new Promise((done) => (video.onseeked = done));
    const presented = new Promise((done) => video.requestVideoFrameCallback(done));
    video.currentTime = time;
    await sought;
    await Promise.race([presented, new Promise((done) => setTimeout(done, 300))]);
    context.drawImage(video, 0, 0, width, height);
    const data = context.getImageData(0, 0, width, height).data;
    pictures.push(btoa(String.fromCharCode(...data)));
  }
  video.remove();
  return pictures;
}"""


def main() -> None:
    chromium, jobs = sys.argv[1], json.load(sys.stdin)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page()
        results = []
        for job in jobs:
            content = base64.b64encode(Path(job["path"]).read_bytes()).decode()
            kind = "video/webm" if job["path"].endswith(".webm") else "video/mp4"
            arguments = [content, kind, job["times"], job["width"], job["height"]]
            results.append(page.evaluate(PICTURES, arguments))
        browser.close()
    json.dump(results, sys.stdout)


if __name__ == "__main__":
    main()
