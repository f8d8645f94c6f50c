"""One video under changed settings: the detections that ``dcwtal localize`` would write, and how they fare."""

import threading
from collections import OrderedDict
from typing import Any

from dcwtal.core.detections import Detections
from dcwtal.data.score_store import VideoScores
from dcwtal.localize.class_choice import choose_classes
from dcwtal.pipeline.browse import BrowsedRun, BrowsedVideo
from dcwtal.pipeline.localize import choosing_scores
from dcwtal.pipeline.what_if.many_videos import ManyVideos
from dcwtal.pipeline.what_if.question import WhatIf
from dcwtal.views.stage_rates import rates_at
from dcwtal.views.video_answer import class_rows, video_answer

LOCALIZERS_KEPT = 8


class VideoLocalizers:
    """Localizes the few videos that are being looked at; what one setting left in memory serves the next."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple, tuple[VideoScores, ManyVideos, threading.Lock]] = OrderedDict()
        self._lock = threading.Lock()

    def detections(self, run: BrowsedRun, video: BrowsedVideo, asked: WhatIf) -> Detections:
        """The detections of a video of a run, best first: those of ``localize_scores``, to the last bit."""
        localizer, lock = self._localizer(run, video)
        with lock:
            return localizer.detections(asked.stage, asked.settings)

    def candidates(self, run: BrowsedRun, video: BrowsedVideo, asked: WhatIf) -> Detections:
        """What is proposed before suppression."""
        localizer, lock = self._localizer(run, video)
        with lock:
            return localizer.candidates(asked.stage, asked.settings)

    def _localizer(self, run: BrowsedRun, video: BrowsedVideo) -> tuple[ManyVideos, threading.Lock]:
        duration = localized_duration(run, video)
        key = (id(video.scores), duration)  # the scores are kept beside it, so that the number stays theirs
        with self._lock:
            if key not in self._kept:
                self._kept[key] = (video.scores, ManyVideos([video.scores], [duration]), threading.Lock())
            self._kept.move_to_end(key)
            while len(self._kept) > LOCALIZERS_KEPT:
                self._kept.popitem(last=False)
            return self._kept[key][1:]


def answer_of_video(
    run: BrowsedRun, video: BrowsedVideo, asked: WhatIf, localizers: VideoLocalizers
) -> dict[str, Any]:
    """Detections, matches, AP, frame rates at the stage, and the classes by ŷ, as plain values for JSON."""
    scores, settings = video.scores, asked.settings
    detections = localizers.detections(run, video, asked)
    chooser = choosing_scores(scores, asked.stage, settings)
    chosen = choose_classes(chooser, threshold=settings.theta_cls, relative=settings.relative_cls)
    rates = None
    if video.truth is not None:
        duration = localized_duration(run, video) or scores.grid.end
        rates = rates_at(scores, asked.stage, video.truth, rules=asked.rules, duration=duration)
    return {
        "stage": asked.stage,
        "settings": settings.model_dump(mode="json"),
        **video_answer(detections, video.truth, tiou=asked.tiou),
        "rates": rates,
        "classes": class_rows(scores.classes.names, chooser, chosen),
    }


def localized_duration(run: BrowsedRun, video: BrowsedVideo) -> float | None:
    """Seconds at which detections end: as annotated (None where that is silent), so that they are those of the
    terminal; for a video that no data set knows, its own length."""
    known = run.annotated.get(video.id) if video.truth is not None else None
    return video.duration if known is None else known.duration
