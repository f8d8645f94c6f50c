"""What may be asked of a film strip; apart from the decoders, so that a server can refuse without loading them."""

from collections.abc import Sequence
from math import isfinite

from dcwtal.core.errors import SettingsError

MOST_PICTURES = 40
HEIGHTS = (24, 160)


def check_strip(times: Sequence[float], height_px: int) -> None:
    """Raise a SettingsError for a strip that is too long, too high, or at times that are none."""
    if len(times) > MOST_PICTURES:
        raise SettingsError(f"a strip has at most {MOST_PICTURES} pictures; {len(times)} were asked for")
    if not HEIGHTS[0] <= height_px <= HEIGHTS[1]:
        raise SettingsError(f"height must be {HEIGHTS[0]} to {HEIGHTS[1]} pixels; found {height_px}")
    if not all(isfinite(asked) for asked in times):
        raise SettingsError("times must be finite numbers of seconds, such as times=1.2,3.4")
