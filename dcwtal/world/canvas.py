"""Drawing in world coordinates on an RGB picture: the one place that knows about scale and sub-pixels."""

from collections.abc import Iterable

import cv2
import numpy as np

Color = tuple[int, int, int]
Point = tuple[float, float] | np.ndarray

SUBPIXEL_BITS = 3  # OpenCV draws at 1/8 pixel: slow motion does not jitter
SUBPIXELS = 1 << SUBPIXEL_BITS


def shade(color: Iterable[float], factor: float) -> Color:
    """A darker (< 1) or lighter (> 1) version of an RGB color."""
    red, green, blue = (int(min(255, max(0, part * factor))) for part in color)
    return red, green, blue


def mix(first: Iterable[float], second: Iterable[float], share: float) -> Color:
    """`share` of the second color in the first."""
    red, green, blue = (int(a * (1 - share) + b * share) for a, b in zip(first, second, strict=True))
    return red, green, blue


class Canvas:
    """`image` (h, w, 3) uint8 RGB; its corner is at (`left`, `top`) in the world; `scale` pixels a unit."""

    def __init__(self, image: np.ndarray, left: float = 0.0, top: float = 0.0, scale: float = 1.0) -> None:
        self.image, self.left, self.top, self.scale = image, left, top, scale

    def line(self, start: Point, end: Point, width: float, color: Color) -> None:
        """A stroke with round ends."""
        thickness = max(1, round(width * self.scale))
        cv2.line(
            self.image, self._place(start), self._place(end), color, thickness, cv2.LINE_AA, SUBPIXEL_BITS
        )

    def disc(self, centre: Point, radius: float, color: Color) -> None:
        cv2.circle(
            self.image, self._place(centre), self._length(radius), color, -1, cv2.LINE_AA, SUBPIXEL_BITS
        )

    def ellipse(
        self,
        centre: Point,
        radii: tuple[float, float],
        color: Color,
        *,
        angle: float = 0.0,
        arc: tuple[float, float] = (0.0, 360.0),
        width: float | None = None,
    ) -> None:
        """A filled ellipse (or sector of one); with `width`, its outline."""
        thickness = -1 if width is None else max(1, round(width * self.scale))
        axes = (self._length(radii[0]), self._length(radii[1]))
        cv2.ellipse(
            self.image, self._place(centre), axes, angle, arc[0], arc[1], color, thickness, cv2.LINE_AA,
            SUBPIXEL_BITS,
        )  # fmt: skip

    def polygon(self, points: Iterable[Point], color: Color) -> None:
        corners = np.array([self._place(point) for point in points], np.int32)
        cv2.fillPoly(self.image, [corners], color, cv2.LINE_AA, SUBPIXEL_BITS)

    def rectangle(self, x0: float, y0: float, x1: float, y1: float, color: Color) -> None:
        """Filled, edges on whole pixels."""
        height, width = self.image.shape[:2]
        left, right = self._clip(x0 - self.left, width), self._clip(x1 - self.left, width)
        top, bottom = self._clip(y0 - self.top, height), self._clip(y1 - self.top, height)
        if left < right and top < bottom:  # OpenCV would draw an empty rectangle as a line
            cv2.rectangle(self.image, (left, top), (right - 1, bottom - 1), color, -1)

    def gradient(self, y0: float, y1: float, upper: Iterable[float], lower: Iterable[float]) -> None:
        """Fills the whole width between two heights with a vertical blend."""
        height = self.image.shape[0]
        first, last = self._clip(y0 - self.top, height), self._clip(y1 - self.top, height)
        if first >= last:
            return
        share = np.linspace(0, 1, last - first)[:, None, None]
        upper_row, lower_row = np.asarray(upper, float), np.asarray(lower, float)
        column = np.clip(upper_row * (1 - share) + lower_row * share, 0, 255).astype(np.uint8)
        self.image[first:last] = cv2.repeat(column, 1, self.image.shape[1])

    def soften(self, y0: float, y1: float, radius: float) -> None:
        """Puts the rows between two heights out of focus, as a camera does with what is far behind."""
        height = self.image.shape[0]
        rows = slice(self._clip(y0 - self.top, height), self._clip(y1 - self.top, height))
        self.image[rows] = cv2.GaussianBlur(self.image[rows], (0, 0), radius * self.scale)

    def shadow(self, centre: Point, radii: tuple[float, float], strength: float = 0.45) -> None:
        """Darkens an ellipse of ground."""
        x, y = ((part - edge) * self.scale for part, edge in zip(centre, (self.left, self.top), strict=True))
        half_width, half_height = (int(radius * self.scale) + 2 for radius in radii)
        height, width = self.image.shape[:2]
        x0, x1 = max(0, int(x) - half_width), min(width, int(x) + half_width)
        y0, y1 = max(0, int(y) - half_height), min(height, int(y) + half_height)
        if x0 >= x1 or y0 >= y1:
            return
        across = (np.arange(x0, x1) - x) / (radii[0] * self.scale)
        down = (np.arange(y0, y1) - y) / (radii[1] * self.scale)
        depth = np.clip(1.6 * (1 - across[None] ** 2 - down[:, None] ** 2), 0, 1) * strength
        ground = self.image[y0:y1, x0:x1]
        self.image[y0:y1, x0:x1] = (ground * (1 - depth[:, :, None])).astype(np.uint8)

    def text(self, words: str, place: Point, height: float, color: Color, *, weight: float = 1.6) -> None:
        """`place` is the left end of the base line; `height` of a capital letter, in world units."""
        x, y = ((part - edge) * self.scale for part, edge in zip(place, (self.left, self.top), strict=True))
        font = cv2.FONT_HERSHEY_DUPLEX
        size = height * self.scale / 21.0  # a capital of this font is 21 pixels high at size 1
        thickness = max(1, round(weight * self.scale * 0.5))
        cv2.putText(self.image, words, (round(x), round(y)), font, size, color, thickness, cv2.LINE_AA)

    def _place(self, point: Point) -> tuple[int, int]:
        grid = self.scale * SUBPIXELS
        return int((point[0] - self.left) * grid), int((point[1] - self.top) * grid)

    def _length(self, units: float) -> int:
        return max(1, int(units * self.scale * SUBPIXELS))

    def _clip(self, units: float, limit: int) -> int:
        return min(limit, max(0, round(units * self.scale)))
