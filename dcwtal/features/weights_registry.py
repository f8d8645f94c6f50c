"""Which weights there are, which files they consist of, where they are looked for and how to get them."""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

import dcwtal
from dcwtal.core.errors import CheckpointError
from dcwtal.core.files import sha256_of


@dataclass(frozen=True)
class WeightsEntry:
    """One set of weights: a folder of ``files``; ``sha256`` holds the known hex digest of some of them."""

    name: str
    files: tuple[str, ...]
    trained_on: str
    terms: str
    how_to_get: str
    sha256: dict[str, str] = field(default_factory=dict)


_WORLD_TERMS = "the repository's own (none chosen yet); trained only on pictures that this project draws"
_WORLD_STEPS = "make them with 'dcwtal world --pretrain' (some minutes, offline)"

WEIGHTS: dict[str, WeightsEntry] = {
    "world-clip": WeightsEntry(
        name="world-clip",
        files=("model.safetensors", "config.json"),
        trained_on="rendered pictures of the sports world with captions, of seeds apart from its data sets",
        terms=_WORLD_TERMS,
        how_to_get=_WORLD_STEPS,
    ),
    "world-two-stream": WeightsEntry(
        name="world-two-stream",
        files=("rgb.safetensors", "flow.safetensors", "config.json"),
        trained_on="trimmed clips of the sports world, RGB and DIS flow, of seeds apart from its data sets",
        terms=_WORLD_TERMS,
        how_to_get=_WORLD_STEPS,
    ),
}


def weights_folders() -> tuple[Path, ...]:
    """Where sets of weights are looked for, in order: the repository, then the user's cache."""
    return (Path(dcwtal.__file__).resolve().parents[1] / "checkpoints", Path.home() / ".cache" / "dcwtal")


def find_weights(name: str) -> Path:
    """The folder of one complete set of weights.

    A missing set, or a file of another digest than the registry knows, is a CheckpointError with the steps
    that mend it.
    """
    if name not in WEIGHTS:
        raise CheckpointError(f"unknown weights {name!r}; known: {', '.join(WEIGHTS)}")
    entry = WEIGHTS[name]
    folders = [folder / name for folder in weights_folders()]
    for folder in folders:
        if all((folder / file).is_file() for file in entry.files):
            _check_digests(folder, entry)
            return folder
    places = " or ".join(str(folder) for folder in folders)
    raise CheckpointError(
        f"no weights {name!r}; expected {', '.join(entry.files)} in {places}: {entry.how_to_get}"
    )


def _check_digests(folder: Path, entry: WeightsEntry) -> None:
    for file, expected in entry.sha256.items():
        found = sha256_of(folder / file)
        if found != expected:
            raise CheckpointError(
                f"{folder / file} is damaged or of another version (SHA-256 {found[:12]}…, expected "
                f"{expected[:12]}…); remove {folder} and {entry.how_to_get}"
            )


def weights_sha256(folder: Path) -> str:
    """One hex digest for all that decides a model's numbers in a folder: its safetensors and JSON files."""
    digest = hashlib.sha256()
    files = sorted(file for file in Path(folder).iterdir() if file.suffix in (".safetensors", ".json"))
    for file in files:
        digest.update(f"{file.name} {sha256_of(file)}\n".encode())
    return digest.hexdigest()
