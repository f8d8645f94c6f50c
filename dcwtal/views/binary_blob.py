"""A JSON header and named arrays in one piece of bytes: how bulk data reaches the page.

Layout: header length as uint32 little-endian, the header as UTF-8 JSON padded with spaces to a multiple of 8 bytes
(counted with the length), then the arrays, each padded to a multiple of 8 bytes. ``header["arrays"]`` lists
``{"name", "dtype", "shape", "offset"}``; offsets count from the end of the header.
"""

import json
from typing import Any

import numpy as np

ALIGNMENT = 8
DTYPES = {"float32": "<f4", "float64": "<f8", "int8": "|i1"}


def pack_blob(header: dict[str, Any], arrays: dict[str, np.ndarray]) -> bytes:
    """The blob of a header and its arrays (float32, float64 or int8; any shape, C order)."""
    listing, parts, offset = [], [], 0
    for name, array in arrays.items():
        dtype = str(array.dtype)
        if dtype not in DTYPES:
            raise TypeError(f"array {name!r}: expected one of {', '.join(DTYPES)}; found {dtype}")
        listing.append({"name": name, "dtype": dtype, "shape": list(array.shape), "offset": offset})
        content = np.ascontiguousarray(array, dtype=DTYPES[dtype]).tobytes()
        parts.append(content + b"\0" * (-len(content) % ALIGNMENT))
        offset += len(parts[-1])
    text = json.dumps(header | {"arrays": listing}, allow_nan=False).encode()
    text += b" " * (-(4 + len(text)) % ALIGNMENT)
    return b"".join([len(text).to_bytes(4, "little"), text, *parts])


def unpack_blob(blob: bytes) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """The header and the arrays of a blob; the inverse of :func:`pack_blob`."""
    length = int.from_bytes(blob[:4], "little")
    header = json.loads(blob[4 : 4 + length])
    arrays = {}
    for entry in header["arrays"]:
        count = int(np.prod(entry["shape"], dtype=np.int64))
        offset = 4 + length + entry["offset"]
        flat = np.frombuffer(blob, DTYPES[entry["dtype"]], count=count, offset=offset)
        arrays[entry["name"]] = flat.reshape(entry["shape"])
    return header, arrays
