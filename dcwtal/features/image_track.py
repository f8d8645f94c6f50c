"""Pictures on the clock, one after another, to one mean feature vector a snippet."""

import cv2
import numpy as np

from dcwtal.features.encoder_protocol import ImageEncoder
from dcwtal.features.snippet_plan import SnippetPlan
from dcwtal.video.clock_frames import ClockFrame


class ImageTrack:
    """Resizes the pictures that the plan asks for, encodes them in batches, averages them by snippet."""

    def __init__(self, encoder: ImageEncoder, plan: SnippetPlan, batch: int):
        self._encoder = encoder
        self._plan = plan
        self._batch = batch
        self._size = (encoder.input_width, encoder.input_height)
        self._taken = 0
        self._waiting: list[np.ndarray] = []
        self._vectors: list[np.ndarray] = []
        self._last: np.ndarray | None = None

    def push(self, frame: ClockFrame) -> None:
        """Take the next tick's picture."""
        self._last = frame.image
        while self._plan.image_tick(self._taken) == frame.tick:
            self._take(frame.image)

    def finish(self, n_snippets: int) -> np.ndarray:
        """Raw features float32 (n_snippets, dim); pictures past the end are the last one."""
        while self._taken < n_snippets * self._plan.images:
            self._take(self._last)
        self._encode()
        vectors = np.concatenate(self._vectors)[: n_snippets * self._plan.images]
        return vectors.reshape(n_snippets, self._plan.images, -1).mean(axis=1)

    def _take(self, image: np.ndarray) -> None:
        self._waiting.append(cv2.resize(image, self._size, interpolation=cv2.INTER_AREA))
        self._taken += 1
        if len(self._waiting) == self._batch:
            self._encode()

    def _encode(self) -> None:
        if self._waiting:
            self._vectors.append(self._encoder.encode_images(np.stack(self._waiting)))
            self._waiting = []
