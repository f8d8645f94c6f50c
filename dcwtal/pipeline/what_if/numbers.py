"""Data-set numbers under changed settings, from scores in memory: what the terminal would print, in a fraction of a
second.

The numbers are those of ``dcwtal localize --stage … --set …`` and ``dcwtal evaluate`` under the protocol "activitynet":
the same functions in the same order.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from dcwtal.core.detections import Detections
from dcwtal.core.errors import DataError
from dcwtal.core.instances import ActionInstances
from dcwtal.data.score_store import BRANCHES
from dcwtal.evaluation.evaluate_under import evaluate_under
from dcwtal.evaluation.frame_counts import PreparedFrames
from dcwtal.evaluation.frame_rates import rates_of
from dcwtal.evaluation.protocols import PROTOCOLS
from dcwtal.localize.fusion import fuse
from dcwtal.pipeline.evaluate import trivial_whole_video
from dcwtal.pipeline.what_if.many_videos import ManyVideos, Superseded, never, question_key
from dcwtal.pipeline.what_if.question import WhatIf
from dcwtal.pipeline.what_if.subset_scores import SubsetScores

PROTOCOL = PROTOCOLS["activitynet"]
REPORTS_KEPT = 16
STAGES_KEPT = 4
_PATIENCE = 0.02  # seconds between looks at whether a waiting question is still wanted


class PreparedSet:
    """One subset of a run, ready to be asked; safe for many threads, one of which computes at a time."""

    def __init__(self, scores: SubsetScores) -> None:
        self.scores = scores
        self._lock = threading.Lock()
        self._many: ManyVideos | None = None
        self._reports: OrderedDict[tuple, dict[str, Any]] = OrderedDict()
        self._flats: OrderedDict[str, dict[str, Any]] = OrderedDict()
        self._frames: PreparedFrames | None = None
        self._trivial: dict[str, Any] | None = None
        self._truth: ActionInstances | None = None

    @property
    def video_ids(self) -> list[str]:
        """Every video of the subset, as the annotations list them."""
        return [video.id for video in self.scores.infos]

    @property
    def truth(self) -> ActionInstances:
        """The instances of the subset, in stored order."""
        if self._truth is None:
            wanted = set(self.video_ids)
            every = self.scores.run.dataset.instances
            self._truth = every[[video in wanted for video in every.video]]
        return self._truth

    def numbers(self, asked: WhatIf, *, cancelled: Callable[[], bool] = never) -> dict[str, Any]:
        """mAP with its protocol, per-class AP, frame rates of each branch, the trivial baseline; plain values.

        The scores must be ready. Superseded when ``cancelled`` says so. Without any truth in the subset, mAP is None
        at each tIoU and ``note`` says why.
        """
        begin = time.perf_counter()
        with _Waiting(self._lock, cancelled):
            report = self._report(asked, cancelled)
            answer = {
                "stage": asked.stage,
                "settings": asked.settings.model_dump(mode="json"),
                "rules": {"high": asked.high, "low": asked.low},
                **report,
                "rates": self._rates(asked),
                "trivial": self._trivial_baseline(),
            }
        return answer | {"seconds": time.perf_counter() - begin}

    def detections(self, asked: WhatIf, *, cancelled: Callable[[], bool] = never) -> Detections:
        """The detections of the subset under the question's settings."""
        with _Waiting(self._lock, cancelled):
            return self._localizer().detections(asked.stage, asked.settings, cancelled=cancelled)

    def candidates(self, asked: WhatIf, *, cancelled: Callable[[], bool] = never) -> Detections:
        """What is proposed before suppression."""
        with _Waiting(self._lock, cancelled):
            return self._localizer().candidates(asked.stage, asked.settings, cancelled=cancelled)

    def _localizer(self) -> ManyVideos:
        if self._many is None:
            self._many = ManyVideos(self.scores.videos, self.scores.durations)
        return self._many

    def _report(self, asked: WhatIf, cancelled: Callable[[], bool]) -> dict[str, Any]:
        """The part that depends on detections; changing δ alone finds it here."""
        key = question_key(asked.stage, asked.settings)
        if key not in self._reports:
            detections = self._localizer().detections(asked.stage, asked.settings, cancelled=cancelled)
            if cancelled():
                raise Superseded
            self._reports[key] = self._evaluated(asked, detections)
        self._reports.move_to_end(key)
        while len(self._reports) > REPORTS_KEPT:
            self._reports.popitem(last=False)
        return self._reports[key]

    def _evaluated(self, asked: WhatIf, detections: Detections) -> dict[str, Any]:
        tious = PROTOCOL.tious
        protocol = {
            "name": PROTOCOL.name,
            "title": PROTOCOL.title,
            "subset": asked.subset,
            "videos": len(self.video_ids),
            "instances": len(self.truth),
            "unit": PROTOCOL.unit,
            "selection": self._selection(asked.stage),
        }
        answer = {"protocol": protocol, "tiou": list(tious), "detections": len(detections)}
        try:
            report = evaluate_under(PROTOCOL, detections, self.truth, videos=self.video_ids)
        except DataError as nothing:
            empty = {"map": [None] * len(tious), "average": {}, "per_class": {}, "note": str(nothing)}
            return answer | empty
        return answer | {
            "map": list(report.map),
            "average": dict(report.averages),
            "per_class": {label: list(values) for label, values in report.per_class.items()},
            "detections": report.detections,
        }

    def _selection(self, stage: str) -> str:
        info = self.scores.run.info
        if stage != info["final_stage"]:
            return f"stage {stage}, as asked for"
        selection = info.get("selection")
        return str((selection or {}).get("text") or (selection or {}).get("rule") or "not stated")

    def _rates(self, asked: WhatIf) -> dict[str, dict[str, float | None]]:
        """Frame rates over the videos' labels at the asked δ_h and δ_l, of both branches and both fused."""
        if not self.scores.videos:
            return {}
        frames, flats = self.frames(), self.flats(asked.stage)
        fused = fuse(flats["cbp"], flats["vlp"], asked.settings.fusion_weight)
        rates = {}
        for branch, flat in (*flats.items(), ("fused", fused)):
            report = rates_of(frames, flat, thresholds=asked.thresholds)
            everything = report.all_frames
            rates[branch] = {
                "foreground_iou": everything.foreground_iou,
                "background_iou": everything.background_iou,
                "true_positive_rate": everything.true_positive_rate,
                "true_negative_rate": everything.true_negative_rate,
                "confident_share": report.confident_frames.share,
            }
        return rates

    def frames(self) -> PreparedFrames:
        """True frames of the videos with scores, for their labels that the run knows."""
        if self._frames is None:
            videos = self.scores.videos
            classes, known = videos[0].classes, {video.id: video for video in self.scores.infos}
            self._frames = PreparedFrames.of(
                {scores.video: scores.grid for scores in videos},
                self.truth,
                {
                    id_: [label for label in video.labels if label in classes.names]
                    for id_, video in known.items()
                },
                {id_: video.duration for id_, video in known.items()},
                classes=classes,
            )
        return self._frames

    def flats(self, stage: str) -> dict[str, Any]:
        """The labelled curves of both branches at a stage, as ``frames()`` lays them out."""
        if stage not in self._flats:
            self._flats[stage] = {
                branch: self.frames().flat(
                    {scores.video: scores.at(stage, branch).class_scores for scores in self.scores.videos}
                )
                for branch in BRANCHES
            }
        self._flats.move_to_end(stage)
        while len(self._flats) > STAGES_KEPT:
            self._flats.popitem(last=False)
        return self._flats[stage]

    def _trivial_baseline(self) -> dict[str, Any]:
        if self._trivial is None:
            try:
                self._trivial = trivial_whole_video(
                    PROTOCOL, self.scores.infos, self.truth, self.video_ids, PROTOCOL.tious
                )
            except DataError as nothing:
                self._trivial = {"note": str(nothing)}
        return self._trivial


class _Waiting:
    """Holds a lock; a question that is withdrawn while it waits raises Superseded instead."""

    def __init__(self, lock: threading.Lock, cancelled: Callable[[], bool]) -> None:
        self._lock, self._cancelled = lock, cancelled

    def __enter__(self) -> None:
        while not self._lock.acquire(timeout=_PATIENCE):
            if self._cancelled():
                raise Superseded
        if self._cancelled():
            self._lock.release()
            raise Superseded

    def __exit__(self, *_: object) -> None:
        self._lock.release()
