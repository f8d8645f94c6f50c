"""Files that are whole or absent: everything is written beside its place, then renamed."""

import contextlib
import errno
import hashlib
import json
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from dcwtal.core.errors import DataError, DiskError


@contextlib.contextmanager
def atomic_path(path: Path) -> Iterator[Path]:
    """A temporary path beside ``path`` with the same suffix; renamed onto it on success, removed on any
    failure.

    A full or unwritable disk is a DiskError; an existing file at ``path`` survives every failure.
    """
    path = Path(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}-", suffix=path.suffix)
        os.close(handle)
    except OSError as error:
        raise _disk_error(path, error) from error
    temporary = Path(name)
    try:
        yield temporary
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise _disk_error(path, error) from error
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _disk_error(path: Path, error: OSError) -> DiskError:
    if error.errno in (errno.EISDIR, errno.ENOTDIR, errno.EEXIST):
        return DiskError(f"cannot write {path}: {error.strerror}; choose the path of a file in a folder")
    why = (
        "the disk is full" if error.errno in (errno.ENOSPC, errno.EDQUOT) else (error.strerror or str(error))
    )
    return DiskError(
        f"cannot write {path}: {why}; free some space or choose another folder, then run it again"
    )


def write_bytes_atomic(path: Path, content: bytes) -> None:
    """Write a whole file or leave the old one."""
    with atomic_path(path) as temporary:
        temporary.write_bytes(content)


def write_json_atomic(path: Path, value: Any, *, indent: int | None = 1) -> None:
    """Write JSON (NaN refused) as a whole file or leave the old one."""
    write_bytes_atomic(path, (json.dumps(value, indent=indent, allow_nan=False) + "\n").encode())


def write_npz_atomic(path: Path, **arrays: np.ndarray) -> None:
    """Write a compressed npz as a whole file or leave the old one."""
    with atomic_path(path) as temporary, open(temporary, "wb") as stream:
        np.savez_compressed(stream, **arrays)


def read_json(path: Path, what: str) -> Any:
    """Parse a JSON file; a missing or broken one is a DataError that says what it should have held."""
    path = Path(path)
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise DataError(f"no {what} at {path}") from None
    except IsADirectoryError:
        raise DataError(f"{path} is a folder; expected a file with {what}") from None
    except (
        ValueError,
        RecursionError,
    ) as error:  # bad JSON, bad UTF-8, a number or a nesting past all bounds
        raise DataError(f"{path} is not the JSON of {what}: {error}") from None
    except OSError as error:
        raise DataError(f"cannot read {path}: {error.strerror}") from None


def sha256_of(path: Path) -> str:
    """Hex SHA-256 of a file's content."""
    digest = hashlib.sha256()
    with open(path, "rb") as stream:
        for block in iter(lambda: stream.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()
