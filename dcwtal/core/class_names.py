"""ClassNames: the ordered action classes (alphabetical; background is never one of them)."""

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from dcwtal.core.errors import DataError


@dataclass(frozen=True)
class ClassNames:
    """Distinct action class names in alphabetical order; the index is the column of every (T, C) array."""

    names: tuple[str, ...]

    def __post_init__(self) -> None:
        names = tuple(str(name) for name in self.names)
        object.__setattr__(self, "names", names)
        if len(set(names)) != len(names) or any(not name.strip() for name in names):
            raise DataError(f"class names must be distinct and not empty; found {list(names)}")
        if list(names) != sorted(names):
            raise DataError("class names must be in alphabetical order; use ClassNames.of(names)")

    @classmethod
    def of(cls, names: Iterable[str]) -> "ClassNames":
        """The distinct names, sorted."""
        return cls(tuple(sorted(set(names))))

    def __len__(self) -> int:
        return len(self.names)

    def __iter__(self):
        return iter(self.names)

    def index(self, name: str) -> int:
        """Column of a class; an unknown one is a DataError that suggests the nearest name."""
        try:
            return self.names.index(name)
        except ValueError:
            near = difflib.get_close_matches(name, self.names, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else f"; known: {', '.join(self.names)}"
            raise DataError(f"unknown class {name!r}{hint}") from None

    def multi_hot(self, labels: Iterable[str]) -> np.ndarray:
        """Video-level labels as float32 (C,) of 0 and 1."""
        out = np.zeros(len(self), dtype=np.float32)
        for label in labels:
            out[self.index(label)] = 1.0
        return out

    def of_multi_hot(self, labels: np.ndarray) -> list[str]:
        """Names of the non-zero columns of a (C,) vector."""
        return [name for name, on in zip(self.names, labels, strict=True) if on]

    def readable(self, overrides: dict[str, str] | None = None) -> list[str]:
        """Names as a text encoder should read them: ``CleanAndJerk`` → ``clean and jerk``."""
        overrides = overrides or {}
        return [overrides.get(name, readable_name(name)) for name in self.names]


# Camel case cannot tell these apart: one word in the data sets' ids, two in English.
_TWO_WORDS = {"Shotput": "shot put"}


def readable_name(name: str) -> str:
    """One class id in plain lower-case words."""
    if name in _TWO_WORDS:
        return _TWO_WORDS[name]
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[_\-]+", " ", name)
    return re.sub(r"\s+", " ", words).strip().lower()


def check_labels(labels: Sequence[str], classes: ClassNames, video: str) -> None:
    """Raise a DataError that names the video when a label is not one of ``classes``."""
    for label in labels:
        try:
            classes.index(label)
        except DataError as error:
            raise DataError(f"video {video!r}: {error}") from None
