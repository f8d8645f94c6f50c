"""The times that the playhead passes while somebody looks."""

from itertools import pairwise

FRAME = 0.04
# Every time that is shown for some seconds.
WATCH = """async (seconds) => {
  const seen = [], end = performance.now() + 1000 * seconds;
  await new Promise((done) => {
    const look = () => {
      seen.push(window.dcwtal.timeline.state().time);
      performance.now() < end ? requestAnimationFrame(look) : done();
    };
    requestAnimationFrame(look);
  });
  return seen;
}"""


def watch(page, seconds: float) -> tuple[list[float], int]:
    """Shown times, and how many times they went back."""
    seen = page.tab.evaluate(WATCH, seconds)
    return seen, sum(after < before - FRAME for before, after in pairwise(seen))
