"""Which videos a data set has: ids, subsets, labels, seeds. No pixels, no files."""

from dataclasses import dataclass

import numpy as np

from dcwtal.core.errors import UserError
from dcwtal.world.script import USUAL_SECONDS, Script, write_script
from dcwtal.world.stage import CLASS_NAMES

TWO_CLASS_SHARE = 0.3
SUBSETS = {"train": "train", "val": "validation", "test": "test"}  # id prefix -> ActivityNet's subset name
MOST_VIDEOS = 100_000
SHORTEST_SECONDS, LONGEST_SECONDS = 4.0, 3600.0


@dataclass(frozen=True)
class VideoPlan:
    """`seed_path`: the world's seed, the split's number, the video's number."""

    video_id: str
    subset: str
    labels: tuple[str, ...]
    seed_path: tuple[int, int, int]
    seconds: float

    def script(self) -> Script:
        """Always the same for the same plan."""
        seed, *path = self.seed_path
        return write_script(
            self.labels, np.random.SeedSequence(seed, spawn_key=tuple(path)), seconds=self.seconds
        )


def plan_world(
    *, n_train: int, n_val: int | None, n_test: int, seed: int, seconds: float = USUAL_SECONDS
) -> list[VideoPlan]:
    """All videos of a world, train first. Every block of eight videos of a split shows all eight classes."""
    if n_val is None:
        n_val = n_train // 4
    _check(n_train, n_val, n_test, seed, seconds)
    shown_in_training = {_main_class(seed, i) for i in range(n_train)}
    plans = []
    for split, (prefix, count) in enumerate(zip(SUBSETS, (n_train, n_val, n_test), strict=True)):
        for i in range(count):
            labels = _labels(seed, split, i, sorted(shown_in_training))
            video_id = f"{prefix}_{i:03d}"
            plans.append(VideoPlan(video_id, SUBSETS[prefix], labels, (seed, split, i), float(seconds)))
    return plans


def _main_class(seed: int, index: int) -> str:
    """The same order of classes in every split, so that a tiny test split tests what training showed."""
    block = np.random.SeedSequence(seed, spawn_key=(1000, index // len(CLASS_NAMES)))
    order = np.random.default_rng(block).permutation(len(CLASS_NAMES))
    return CLASS_NAMES[order[index % len(CLASS_NAMES)]]


def _labels(seed: int, split: int, index: int, known: list[str]) -> tuple[str, ...]:
    main = _main_class(seed, index)
    others = [name for name in known if name != main]
    two_classes = int((index + 1) * TWO_CLASS_SHARE) > int(index * TWO_CLASS_SHARE)
    if not two_classes or not others:
        return (main,)
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(2000, split, index)))
    return tuple(sorted((main, others[rng.integers(len(others))])))


def _check(n_train: int, n_val: int, n_test: int, seed: int, seconds: float) -> None:
    if n_train < 1:
        raise UserError(f"A world needs at least 1 training video; got {n_train}. Use 8 or more to train on.")
    if n_val < 0 or n_test < 0:
        raise UserError(
            f"Numbers of videos cannot be negative; got {n_val} for validation and {n_test} for test."
        )
    if max(n_train, n_val, n_test) > MOST_VIDEOS:
        raise UserError(f"At most {MOST_VIDEOS} videos a split; got {max(n_train, n_val, n_test)}.")
    if seed < 0:
        raise UserError(f"The seed must be 0 or larger; got {seed}.")
    if not SHORTEST_SECONDS <= seconds <= LONGEST_SECONDS:
        raise UserError(
            f"A video's length must be {SHORTEST_SECONDS:g} to {LONGEST_SECONDS:g} seconds; got {seconds:g}."
        )
