"""Clips whose pictures say their own number, for tests: 16 black or white blocks, 12 of number, 4 of check."""

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

WIDTH, HEIGHT = 96, 64
_TIME_BASE = Fraction(1, 60_000)


def numbered_picture(number: int, width: int = WIDTH, height: int = HEIGHT) -> np.ndarray:
    """RGB uint8 (height, width, 3): 4x4 blocks, most significant bit first, row by row."""
    bits = [(number >> (11 - place)) & 1 for place in range(12)]
    bits += [(number % 13 >> (3 - place)) & 1 for place in range(4)]
    blocks = np.array(bits, dtype=np.uint8).reshape(4, 4) * 215 + 20
    return np.repeat(np.kron(blocks, np.ones((height // 4, width // 4), np.uint8))[..., None], 3, axis=2)


def read_number(picture: np.ndarray) -> int:
    """The number in a picture of any size; -1 when the check does not fit (turned, mirrored, blurred)."""
    height, width = picture.shape[:2]
    rows = (np.arange(4) * 2 + 1) * height // 8
    columns = (np.arange(4) * 2 + 1) * width // 8
    bits = (picture[np.ix_(rows, columns)].mean(axis=-1) > 128).astype(int).ravel()
    number = int("".join(map(str, bits[:12])), 2)
    return number if int("".join(map(str, bits[12:])), 2) == number % 13 else -1


def write_clip(
    path: Path,
    pictures: Sequence[np.ndarray],
    seconds: Sequence[float],
    *,
    codec: str = "libx264",
    options: dict[str, str] | None = None,
    pixel_format: str = "yuv420p",
    sound_seconds: float = 0.0,
    display: tuple[float, bool, bool] | None = None,
    display_matrix: Sequence[int] | None = None,
    metadata: dict[str, str] | None = None,
) -> Path:
    """Write pictures at given times; ``display`` is (degrees counter-clockwise, hflip, vflip)."""
    options = options if options is not None else {"crf": "10", "bf": "2"} if codec == "libx264" else {}
    with av.open(str(path), "w") as output:
        stream = output.add_stream(codec, rate=25, options=options)
        stream.height, stream.width = pictures[0].shape[:2]
        stream.pix_fmt = pixel_format
        stream.codec_context.time_base = _TIME_BASE
        stream.metadata.update(metadata or {})
        if display is not None:
            stream.set_display_rotation(*display)
        if display_matrix is not None:
            stream.set_display_matrix(display_matrix)
        sound = _add_sound(output, path) if sound_seconds else None
        for picture, time in zip(pictures, seconds, strict=True):
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.time_base = _TIME_BASE
            frame.pts = round(time / _TIME_BASE)
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
        if sound is not None:
            _write_silence(output, sound, sound_seconds)
    return path


def write_numbered_clip(path: Path, seconds: Sequence[float], **options) -> Path:
    """Write a clip of numbered pictures 0, 1, 2, … at given times."""
    return write_clip(path, [numbered_picture(number) for number in range(len(seconds))], seconds, **options)


def write_sound(path: Path, seconds: float) -> Path:
    """Write a file of silence without any picture."""
    with av.open(str(path), "w") as output:
        _write_silence(output, _add_sound(output, path), seconds)
    return path


def _add_sound(output, path: Path):
    codec = "libopus" if path.suffix == ".webm" else "aac"
    return output.add_stream(codec, rate=48_000, layout="mono")


def _write_silence(output, stream, seconds: float) -> None:
    size = 960
    for number in range(round(seconds * 48_000 / size)):
        frame = av.AudioFrame.from_ndarray(np.zeros((1, size), np.float32), format="fltp", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = 48_000, number * size, Fraction(1, 48_000)
        output.mux(stream.encode(frame))
    output.mux(stream.encode(None))
