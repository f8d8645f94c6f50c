"""Pictures on the clock, one after another, to one feature vector a snippet from its window."""

import cv2
import numpy as np

from dcwtal.features.encoder_protocol import WindowEncoder
from dcwtal.features.snippet_plan import SnippetPlan
from dcwtal.video.clock_frames import ClockFrame
from dcwtal.video.optical_flow import create_flow, flow_to_bytes, grey_for_flow


class WindowTrack:
    """Keeps the ticks that the next window needs, computes flow between neighbours, encodes in batches.

    Flow of tick t points from t to t+1; the last tick repeats the flow before it. Between two ticks that
    show the same picture there is no motion.
    """

    def __init__(self, encoder: WindowEncoder, plan: SnippetPlan, batch: int, flow: str):
        self._encoder = encoder
        self._plan = plan
        self._batch = batch
        self._flow_between = create_flow(flow)
        self._size = (encoder.input_width, encoder.input_height)
        self._still = np.full((encoder.input_height, encoder.input_width, 2), 128, dtype=np.uint8)
        self._rgb: dict[int, np.ndarray] = {}
        self._flow: dict[int, np.ndarray] = {}
        self._last_flow = self._still
        self._last_tick = -1
        self._image: np.ndarray | None = None
        self._grey: np.ndarray | None = None
        self._next_snippet = 0
        self._waiting: list[tuple[np.ndarray, np.ndarray]] = []
        self._vectors: list[np.ndarray] = []

    def push(self, frame: ClockFrame) -> None:
        """Take the next tick's picture; the windows that are complete with it go to the encoder."""
        if frame.image is self._image:
            rgb, self._last_flow = self._rgb[self._last_tick], self._still
        else:
            rgb = cv2.resize(frame.image, self._size, interpolation=cv2.INTER_AREA)
            grey = grey_for_flow(frame.image, self._encoder.flow_working_size)
            if self._grey is not None:
                flow = self._flow_between(self._grey, grey)
                self._last_flow = flow_to_bytes(flow, self._size, self._encoder.flow_scale)
            self._image, self._grey = frame.image, grey
        if self._last_tick >= 0:
            self._flow[self._last_tick] = self._last_flow
        self._rgb[frame.tick] = rgb
        self._last_tick = frame.tick
        while self._plan.window_ticks(self._next_snippet)[-1] < frame.tick:
            self._take_window()

    def finish(self, n_snippets: int) -> np.ndarray:
        """Raw features float32 (n_snippets, dim); ticks outside the video repeat its edges."""
        self._flow[self._last_tick] = self._last_flow
        while self._next_snippet < n_snippets:
            self._take_window()
        self._encode()
        return np.concatenate(self._vectors)[:n_snippets]

    def _take_window(self) -> None:
        ticks = np.clip(self._plan.window_ticks(self._next_snippet), 0, self._last_tick)
        rgb = np.stack([self._rgb[tick] for tick in ticks])
        flow = np.stack([self._flow[tick] for tick in ticks])
        self._waiting.append((rgb, flow))
        self._next_snippet += 1
        self._forget_before(min(self._plan.first_window_tick(self._next_snippet), self._last_tick))
        if len(self._waiting) == self._batch:
            self._encode()

    def _forget_before(self, tick: int) -> None:
        for kept in (self._rgb, self._flow):
            for old in [key for key in kept if key < tick]:
                del kept[old]

    def _encode(self) -> None:
        if self._waiting:
            rgb, flow = (np.stack(part) for part in zip(*self._waiting, strict=True))
            self._vectors.append(self._encoder.encode_windows(rgb, flow))
            self._waiting = []
