"""Upright pictures: the display matrix of a file as quarter turns and mirroring.

Decoders hand out the picture as it was coded; players turn it. What is not a multiple of 90 degrees, or no
matrix at all (all zeros), is shown as coded, as browsers do.
"""

import struct
from dataclasses import dataclass

import numpy as np
from av.sidedata.sidedata import Type
from av.video.frame import VideoFrame


@dataclass(frozen=True)
class Orientation:
    """First mirrored left to right if ``mirrored``, then turned ``quarter_turns`` (0-3) clockwise."""

    quarter_turns: int = 0
    mirrored: bool = False

    @property
    def swaps_sides(self) -> bool:
        """Whether width and height change places."""
        return self.quarter_turns % 2 == 1

    def upright(self, picture: np.ndarray) -> np.ndarray:
        """A picture (H, W, ...) as the player shows it, contiguous."""
        if self.mirrored:
            picture = picture[:, ::-1]
        return np.ascontiguousarray(np.rot90(picture, -self.quarter_turns))


def orientation_of(frame: VideoFrame) -> Orientation:
    """Orientation that the file asks for, from the display matrix of a decoded frame."""
    data = frame.side_data.get(Type.DISPLAYMATRIX)
    if data is None or len(bytes(data)) < 36:
        return Orientation()
    return orientation_of_matrix(struct.unpack("=9i", bytes(data)[:36]))


def orientation_of_matrix(matrix: tuple[int, ...]) -> Orientation:
    """A 3x3 display matrix, row by row, 16.16 fixed point: (x', y') = (a x + c y, b x + d y), y downwards,
    with a, b, c, d at places 0, 1, 3, 4."""
    a, b, c, d = (matrix[place] / 65536 for place in (0, 1, 3, 4))
    mirrored = a * d - b * c < 0
    if mirrored:
        a, b = -a, -b
    if abs(a) + abs(b) < 1e-6 or min(abs(a), abs(b)) > 0.02 * max(abs(a), abs(b)):
        return Orientation()
    return Orientation(round(np.degrees(np.arctan2(b, a)) / 90) % 4, mirrored)
