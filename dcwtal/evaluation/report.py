"""EvalReport: the numbers of one evaluation together with the protocol that made them."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class EvalReport:
    """mAP of one set of detections. All AP are fractions in [0, 1].

    ``map``: (K,) one for each of ``tious``. ``per_class``: label → (K,), of the classes that have instances.
    ``averages``: name of a tIoU range → mean of ``map`` over it. ``videos``, ``instances``, ``detections``:
    how many were evaluated. ``protocol``: everything needed to repeat the numbers, left-out rows included.
    """

    tious: tuple[float, ...]
    map: tuple[float, ...]
    per_class: dict[str, tuple[float, ...]]
    averages: dict[str, float]
    videos: int
    instances: int
    detections: int
    protocol: dict[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON, with the key names that scripts rely on."""
        return {
            "protocol": dict(self.protocol),
            "tiou": list(self.tious),
            "map": list(self.map),
            "average": dict(self.averages),
            "videos": self.videos,
            "instances": self.instances,
            "detections": self.detections,
            "per_class": {label: list(values) for label, values in self.per_class.items()},
        }
