"""Text columns as numbers, so that grouping and matching by name need no comparison of texts."""

import numpy as np


def text_codes(*columns: np.ndarray) -> tuple[np.ndarray, list[np.ndarray]]:
    """One coding for several columns of text: the distinct names (G,) in alphabetical order, objects, and for each
    column its int64 codes into them."""
    lists = [column.tolist() for column in columns]
    names = sorted(set().union(*lists))
    code = {name: position for position, name in enumerate(names)}
    codes = [np.fromiter(map(code.__getitem__, column), np.int64, len(column)) for column in lists]
    return np.array(names, dtype=object), codes
