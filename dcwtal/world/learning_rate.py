"""The learning-rate curve of both pre-trainings."""

import math


def warmup_then_cosine(step: int, steps: int, warmup_steps: int) -> float:
    """Factor of the learning rate in (0, 1]: a linear rise, times a cosine to zero over the whole training."""
    return min(1.0, (step + 1) / max(1, warmup_steps)) * 0.5 * (1 + math.cos(math.pi * step / steps))
