"""A data set's feature store: ``features/<encoder>/<video>.npz``, float16 values with grid and origin."""

import json
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from dcwtal.core.errors import DataError
from dcwtal.core.files import write_npz_atomic
from dcwtal.core.timegrid import TimeGrid
from dcwtal.data.npz_faults import NPZ_FAULTS
from dcwtal.features.feature_sequence import FeatureSequence

_LARGEST_UNPACKED = 4 << 30
_MOST_MEMBERS = 16
_LARGEST_HALF = 65_000.0


class FeatureStore:
    """Reads and writes the features of the data set at ``root``."""

    def __init__(self, root: Path | str):
        self.root = Path(root)

    def path(self, encoder: str, video_id: str) -> Path:
        """Where one video's features lie; a name that would leave the folder is a DataError."""
        for what, name in (("encoder", encoder), ("video id", video_id)):
            if not name or name in (".", "..") or any(sign in name for sign in "/\\\0"):
                raise DataError(f"{what} {name!r} cannot name a file; expected a name without / or \\")
        return self.root / "features" / encoder / f"{video_id}.npz"

    def has(self, encoder: str, video_id: str) -> bool:
        """Whether features are stored, of whatever recipe."""
        return self.path(encoder, video_id).is_file()

    def encoders(self) -> list[str]:
        """Encoders of which anything is stored, in alphabetical order."""
        folder = self.root / "features"
        return sorted(path.name for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []

    def write(self, video_id: str, features: FeatureSequence) -> Path:
        """Store one sequence as a whole file: float16 unless a value is too large for it."""
        path = self.path(features.encoder, video_id)
        small = np.abs(features.values).max(initial=0.0) < _LARGEST_HALF
        origin = {
            "encoder": features.encoder,
            "recipe": features.recipe,
            "source_sha256": features.source_sha256,
            "duration": features.duration,
            "notes": list(features.notes),
        }
        write_npz_atomic(
            path,
            values=features.values.astype(np.float16 if small else np.float32),
            grid=np.array([features.grid.start, features.grid.step, features.grid.n], dtype=np.float64),
            origin=np.array(json.dumps(origin, allow_nan=False)),
        )
        return path

    def read(self, encoder: str, video_id: str, expected_dim: int | None = None) -> FeatureSequence:
        """One stored sequence; missing, damaged, or of another width than expected is a DataError."""
        path = self.path(encoder, video_id)
        arrays = _read_arrays(path, ("values", "grid", "origin"))
        origin = _parse_origin(path, arrays["origin"])
        try:
            start, step, n = (float(value) for value in arrays["grid"])
            sequence = FeatureSequence(
                values=arrays["values"],
                grid=TimeGrid(start, step, int(n)),
                encoder=str(origin["encoder"]),
                recipe=dict(origin["recipe"]),
                source_sha256=str(origin["source_sha256"]),
                duration=float(origin["duration"]),
                notes=tuple(str(note) for note in origin["notes"]),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise DataError(f"{path} is not a feature file of this project: {error}") from None
        except DataError as error:
            raise DataError(f"{path}: {error}") from None
        if expected_dim is not None and sequence.dim != expected_dim:
            raise DataError(
                f"{path} holds features of width {sequence.dim}; expected D = {expected_dim}: "
                "extract again with the encoder that the model was made for"
            )
        return sequence

    def read_origin(self, encoder: str, video_id: str) -> dict[str, Any]:
        """Recipe, source hash, duration and notes of a stored sequence, without reading its values."""
        path = self.path(encoder, video_id)
        return _parse_origin(path, _read_arrays(path, ("origin",))["origin"])

    def read_aligned(self, encoders: Sequence[str], video_id: str) -> dict[str, FeatureSequence]:
        """Sequences of several encoders that share one grid; different grids are a DataError."""
        sequences = {encoder: self.read(encoder, video_id) for encoder in encoders}
        grids = {encoder: sequence.grid for encoder, sequence in sequences.items()}
        if len(set(grids.values())) > 1:
            found = "; ".join(f"{name}: {grid.n} snippets of {grid.step:g} s" for name, grid in grids.items())
            raise DataError(
                f"the features of {video_id!r} do not lie on one grid ({found}); extract both encoders again "
                "with the same stride"
            )
        return sequences


def _read_arrays(path: Path, names: tuple[str, ...]) -> dict[str, np.ndarray]:
    """Named arrays of an npz file; nothing is unpickled and a file that would unpack hugely is refused."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            unpacked = sum(member.file_size for member in members)
            if len(members) > _MOST_MEMBERS or unpacked > _LARGEST_UNPACKED:
                raise DataError(
                    f"{path} would unpack to {unpacked >> 20} MiB in {len(members)} parts; refused as damaged"
                )
        with np.load(path, allow_pickle=False) as file:
            return {name: file[name] for name in names}
    except FileNotFoundError:
        raise DataError(f"no features at {path}; run 'dcwtal extract' first") from None
    except NPZ_FAULTS as error:
        raise DataError(f"{path} is not a feature file of this project: {error}") from None


def _parse_origin(path: Path, text: np.ndarray) -> dict[str, Any]:
    try:
        origin = json.loads(str(text))
    except json.JSONDecodeError as error:
        raise DataError(f"{path} is not a feature file of this project: {error}") from None
    if not isinstance(origin, dict):
        raise DataError(f"{path} is not a feature file of this project: its origin is not a table")
    return origin
