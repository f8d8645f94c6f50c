"""The detections of somebody who has seen nothing: what every mAP has to be read against."""

from collections.abc import Mapping

from dcwtal.core.detections import Detections
from dcwtal.core.instances import ActionInstances


def whole_video_detections(instances: ActionInstances, durations: Mapping[str, float]) -> Detections:
    """One detection of score 1 over the whole video for each true class of each video with a known duration.

    It is told the classes (an oracle of the video labels) and nothing of the times. On THUMOS14 it reaches an
    average mAP(0.1:0.7) of 0.4 points, on ActivityNet 1.2 one (0.5:0.95) of 20.
    """
    pairs = dict.fromkeys(zip(instances.video, instances.label, strict=True))
    return Detections.of(
        (video, 0.0, float(durations[video]), label, 1.0) for video, label in pairs if video in durations
    )
