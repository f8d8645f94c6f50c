"""Draw the sports world as a data set, or pre-train its two tiny encoders."""

from collections.abc import Callable
from pathlib import Path

Progress = Callable[[int, int, str], None]


def make_world(
    directory: Path,
    *,
    n_train: int,
    n_val: int | None,
    n_test: int,
    seed: int,
    workers: int,
    on_progress: Progress,
) -> None:
    """Write videos and ``annotations.json``; what is already there and whole is kept."""
    from dcwtal.world.dataset import write_world

    write_world(
        directory,
        n_train=n_train,
        n_val=n_val,
        n_test=n_test,
        seed=seed,
        workers=workers,
        on_progress=on_progress,
    )


def pretrain_encoders(out: Path, *, seed: int, on_progress: Progress) -> None:
    """Train both encoders on rendered images, captions and clips into folders of ``out``."""
    from dcwtal.world.pretrain import pretrain_world_encoders

    def report(what: str, done: int, total: int, loss: float | None) -> None:
        on_progress(done, total, what if loss is None else f"{what}, loss {loss:.3f}")

    pretrain_world_encoders(out, seed=seed, on_progress=report)
