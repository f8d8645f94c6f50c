"""A truth and detections small enough to judge by hand: DETAD's own code has been run on them."""

from dcwtal.core.detections import Detections
from dcwtal.core.instances import ActionInstances

GOLDEN_TRUTH = ActionInstances.of(
    [
        ("v1", 10, 20, "A"),
        ("v1", 40, 44, "A"),
        ("v1", 60, 90, "B"),
        ("v2", 5, 45, "B"),
        ("v3", 100, 130, "A"),
        ("v3", 150, 151, "A"),
    ]
)
GOLDEN_DETECTIONS = Detections.of(
    [
        ("v1", 10, 19, "A", 0.95),
        ("v1", 11, 20, "A", 0.80),
        ("v1", 38, 50, "A", 0.70),
        ("v1", 10, 20, "B", 0.65),
        ("v1", 60, 88, "A", 0.60),
        ("v1", 58, 70, "B", 0.55),
        ("v1", 95, 99, "A", 0.50),
        ("v1", 10, 16, "B", 0.45),
        ("v2", 5, 45, "B", 0.90),
        ("v2", 6, 20, "B", 0.30),
        ("v2", 0, 3, "A", 0.20),
        ("v3", 100, 118, "A", 0.85),
        ("v3", 112, 130, "A", 0.40),
        ("v9", 0, 5, "A", 0.35),
    ]
)
