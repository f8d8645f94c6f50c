"""Pictures come out upright, whatever the file asks for."""

import numpy as np
import pytest

from dcwtal.video.clock_frames import ClockFrames
from dcwtal.video.opening import open_video
from dcwtal.video.orientation import Orientation, orientation_of_matrix
from dcwtal.video.probe import probe_video

ONE = 65536


def first_picture(path):
    with open_video(path) as video:
        return next(iter(ClockFrames(video))).image


@pytest.mark.parametrize("mirror", [False, True])
@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_stored_turned_shown_upright(degrees, mirror, clips, tmp_path):
    """A camera stores the picture turned and writes how to turn it back (counter-clockwise, then mirror)."""
    upright = clips.numbered_picture(1234)
    stored = np.rot90(upright[:, ::-1] if mirror else upright, -degrees // 90)
    path = clips.write_clip(
        tmp_path / "clip.mp4",
        [np.ascontiguousarray(stored)] * 3,
        [0, 0.04, 0.08],
        display=(degrees, mirror, False),
    )
    shown = first_picture(path)
    assert shown.shape == upright.shape
    assert clips.read_number(shown) == 1234
    probe = probe_video(path)
    assert (probe.width, probe.height) == (clips.WIDTH, clips.HEIGHT)


@pytest.mark.parametrize("matrix", [[0] * 9, [ONE, ONE, 0, -ONE, ONE, 0, 0, 0, 1 << 30]])
def test_absurd_matrix_is_shown_as_coded(matrix, clips, tmp_path):
    path = clips.write_clip(
        tmp_path / "clip.mp4", [clips.numbered_picture(77)] * 2, [0, 0.04], display_matrix=matrix
    )
    assert clips.read_number(first_picture(path)) == 77


@pytest.mark.parametrize(
    "matrix,expected",
    [
        ((ONE, 0, 0, 0, ONE, 0, 0, 0, 1 << 30), Orientation(0, False)),
        ((0, ONE, 0, -ONE, 0, 0, 0, 0, 1 << 30), Orientation(1, False)),
        ((-ONE, 0, 0, 0, -ONE, 0, 0, 0, 1 << 30), Orientation(2, False)),
        ((0, -ONE, 0, ONE, 0, 0, 0, 0, 1 << 30), Orientation(3, False)),
        ((-ONE, 0, 0, 0, ONE, 0, 0, 0, 1 << 30), Orientation(0, True)),
        ((ONE, 0, 0, 0, -ONE, 0, 0, 0, 1 << 30), Orientation(2, True)),
        ((2 * ONE, 0, 0, 0, 2 * ONE, 0, 0, 0, 1 << 30), Orientation(0, False)),
        ((ONE, 9 * ONE // 10, 0, -9 * ONE // 10, ONE, 0, 0, 0, 1 << 30), Orientation(0, False)),
    ],
)
def test_matrix_table(matrix, expected):
    assert orientation_of_matrix(matrix) == expected


def test_matrix_moves_each_corner_where_it_says():
    """Against the definition: (x', y') = (a x + c y, b x + d y) on pixel centres around the middle."""
    picture = np.arange(12).reshape(3, 4)
    for matrix in [(0, 1, -1, 0), (-1, 0, 0, -1), (0, -1, 1, 0), (-1, 0, 0, 1), (1, 0, 0, -1), (0, 1, 1, 0)]:
        a, b, c, d = matrix
        shown = orientation_of_matrix((a * ONE, b * ONE, 0, c * ONE, d * ONE, 0, 0, 0, 1 << 30)).upright(
            picture
        )
        height, width = shown.shape
        for row in range(3):
            for column in range(4):
                x, y = column - 1.5, row - 1.0
                place = (b * x + d * y + (height - 1) / 2, a * x + c * y + (width - 1) / 2)
                assert shown[int(place[0]), int(place[1])] == picture[row, column]
