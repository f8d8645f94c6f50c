"""Which clock ticks a snippet uses: the index arithmetic of extraction, and nothing else."""

from dataclasses import dataclass

from dcwtal.core.timegrid import TimeGrid


@dataclass(frozen=True)
class SnippetPlan:
    """Snippet i covers ticks ``[i*stride, (i+1)*stride)``.

    Its ``window`` ticks are centred on the snippet's centre (stride 16, window 16: exactly its own ticks);
    its ``images`` single pictures are spread evenly inside it. Ticks before the first or after the last
    picture stand for that picture.
    """

    stride: int
    window: int
    images: int

    def n_snippets(self, n_ticks: int) -> int:
        """Snippets of a video of ``n_ticks``: a last one counts when at least half of it is filmed."""
        return (2 * n_ticks + self.stride) // (2 * self.stride)

    def first_window_tick(self, snippet: int) -> int:
        """The first tick of a snippet's window; negative near the start."""
        return snippet * self.stride + self.stride // 2 - self.window // 2

    def window_ticks(self, snippet: int) -> range:
        """The ticks of a snippet's window, not yet limited to the video."""
        first = self.first_window_tick(snippet)
        return range(first, first + self.window)

    def image_tick(self, number: int) -> int:
        """The tick of the ``number``-th single picture, counted through all snippets."""
        snippet, place = divmod(number, self.images)
        return snippet * self.stride + (2 * place + 1) * self.stride // (2 * self.images)

    def grid(self, n_ticks: int, fps: float) -> TimeGrid:
        """The time grid of a video of ``n_ticks`` at ``fps`` ticks a second."""
        return TimeGrid(0.0, self.stride / fps, self.n_snippets(n_ticks))
