"""One small video with scores of two stages and a truth of two classes."""

import numpy as np
import pytest

from dcwtal.core.class_names import ClassNames
from dcwtal.core.instances import ActionInstances
from dcwtal.core.timegrid import TimeGrid
from dcwtal.data.score_store import VideoScores


@pytest.fixture
def scores() -> VideoScores:
    dice = np.random.default_rng(3)
    shape = (2, 40, 3)
    return VideoScores(
        "v",
        ("warmup", "B1"),
        {branch: dice.random(shape).astype(np.float32) for branch in ("cbp", "vlp")},
        {branch: dice.random((2, 3)).astype(np.float32) for branch in ("cbp", "vlp")},
        TimeGrid(0.0, 0.32, 40),
        ClassNames(("dive", "jump", "serve")),
    )


@pytest.fixture
def truth() -> ActionInstances:
    return ActionInstances.of([("v", 6.1, 8.0, "dive"), ("v", 1.0, 2.9, "jump"), ("v", 9.5, 12.0, "jump")])
