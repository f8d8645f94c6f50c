"""Eq. 4 of one curve, snippet by snippet: what the page's ternary maps must show."""

import numpy as np

from dcwtal.core.pseudo_label_values import UNCERTAIN


def expected_runs(
    curve: np.ndarray, edges: np.ndarray, high: float = 0.3, low: float = 0.1
) -> list[list[float]]:
    """Ternary runs by walking the snippets one by one, in float32 as the files are."""
    runs: list[list[float]] = []
    for position, value in enumerate(np.asarray(curve, dtype=np.float32)):
        label = 1 if value > np.float32(high) else 0 if value < np.float32(low) else UNCERTAIN
        if runs and runs[-1][2] == label:
            runs[-1][1] = edges[position + 1]
        else:
            runs.append([edges[position], edges[position + 1], label])
    return runs
