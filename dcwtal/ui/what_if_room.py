"""Everything the what-if routes keep between questions: prepared sets, tables in the making, whose turn is newest."""

from dataclasses import replace
from typing import Any

from dcwtal.core.detections import Detections
from dcwtal.core.errors import SettingsError
from dcwtal.core.instances import ActionInstances
from dcwtal.pipeline.browse import BrowsedRun, BrowsedVideo
from dcwtal.pipeline.replay import scores_at
from dcwtal.pipeline.what_if.completeness_plane import completeness_plane
from dcwtal.pipeline.what_if.many_videos import Superseded
from dcwtal.pipeline.what_if.numbers import PreparedSet
from dcwtal.pipeline.what_if.prepared_sets import PreparedSets
from dcwtal.pipeline.what_if.question import AskedBody, WhatIf, stages_of, what_if_of
from dcwtal.pipeline.what_if.subset_scores import only_stages
from dcwtal.pipeline.what_if.turns import Turns
from dcwtal.pipeline.what_if.video import VideoLocalizers, answer_of_video, localized_duration
from dcwtal.pipeline.what_if.video_table_jobs import TableJobs
from dcwtal.pipeline.why_missed.explanation import explain, missed_instance
from dcwtal.ui.catalog import Catalog

# How long a question waits for files or rows before it says how far they are.
PATIENCE = 0.3


class Loading(Exception):
    """The scores are still being read: ``done`` of ``total`` files."""

    def __init__(self, done: int, total: int) -> None:
        super().__init__(f"{done} of {total} score files read")
        self.done, self.total = done, total


class WhatIfRoom:
    """One server's answers; safe for many threads. Unknown names are a DataError, wrong values a SettingsError."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self._turns, self._sets, self._localizers = Turns(), PreparedSets(), VideoLocalizers()
        self._tables = TableJobs(self._sets)

    def answer(self, run_key: str, video_id: str, body: AskedBody) -> dict[str, Any]:
        """One video under the asked settings; Superseded when the client has already asked something newer."""
        if self._turns.announce(body.client, body.turn)():
            raise Superseded
        run, video, asked = self._seen(run_key, video_id, body)
        return answer_of_video(run, video, asked, self._localizers)

    def why(self, run_key: str, video_id: str, body: AskedBody) -> dict[str, Any]:
        """Why one instance was missed."""
        run, video, asked = self._seen(run_key, video_id, body)
        row = body.instance
        if video.truth is None or row is None or row >= len(video.truth):
            known = "no truth" if video.truth is None else f"{len(video.truth)} instances"
            raise SettingsError(
                f"instance: expected a row of the video's truth; found {row}, the video has {known}"
            )
        return explain(
            missed_instance(
                video.scores,
                video.truth,
                row,
                stage=asked.stage,
                settings=asked.settings,
                tiou=asked.tiou,
                duration=localized_duration(run, video),
            )
        )

    def numbers(self, run_key: str, body: AskedBody) -> dict[str, Any]:
        """The data-set numbers; Loading while scores are being read, Superseded when nobody wants them any more."""
        _refuse_step(body)
        cancelled = self._turns.announce(body.client, body.turn)
        if cancelled():
            raise Superseded
        run = self.catalog.run(run_key)
        asked = what_if_of(run, body)
        return self._ready(run, asked).numbers(asked, cancelled=cancelled)

    def table(self, run_key: str, body: AskedBody) -> dict[str, Any]:
        """The table of all videos, its rows after the first ``after``."""
        _refuse_step(body)
        run = self.catalog.run(run_key)
        job = self._tables.of(run, what_if_of(run, body), client=body.client)
        return job.after(body.after, seconds=PATIENCE)

    def plane(self, run_key: str, body: AskedBody) -> dict[str, Any]:
        """The completeness plane of the subset, or of one video; a video without truth has no points."""
        cancelled = self._turns.announce(body.client, body.turn)
        run = self.catalog.run(run_key)
        asked = what_if_of(run, body)
        classes = run.info.get("classes") or list(run.dataset.classes)
        if body.video is not None:
            run, video, asked = self._seen(run_key, body.video, body)
            truth = video.truth if video.truth is not None else ActionInstances.empty()
            names = list(video.scores.classes)
            return completeness_plane(
                asked, lambda one: self._of_video(run, video, one), truth, classes=names, one_video=True
            )
        _refuse_step(body)
        prepared = self._ready(run, asked)

        def of_subset(one: WhatIf) -> tuple[Detections, Detections]:
            candidates = prepared.candidates(one, cancelled=cancelled)
            return candidates, prepared.detections(one, cancelled=cancelled)

        return completeness_plane(asked, of_subset, prepared.truth, classes=classes, one_video=False)

    def _seen(self, run_key: str, video_id: str, body: AskedBody) -> tuple[BrowsedRun, BrowsedVideo, WhatIf]:
        """The run, the question, and the video as it was at the asked moment of training."""
        run, video = self.catalog.run(run_key), self.catalog.video(run_key, video_id)
        asked = what_if_of(run, body)
        if body.step is None:
            return run, video, asked
        moment = {"stage": asked.stage, "step": body.step, "settings": run.settings}
        scores = scores_at(run.folder, video.scores, **moment)
        # Only what the question needs: a copy of every stage for each moment would fill the memory.
        return run, replace(video, scores=only_stages(scores, stages_of(asked))), asked

    def _of_video(self, run: BrowsedRun, video: BrowsedVideo, asked: WhatIf) -> tuple[Detections, Detections]:
        return self._localizers.candidates(run, video, asked), self._localizers.detections(run, video, asked)

    def _ready(self, run: BrowsedRun, asked: WhatIf) -> PreparedSet:
        prepared = self._sets.of(run, asked)
        if not prepared.scores.ready(seconds=PATIENCE):
            raise Loading(*prepared.scores.progress)
        return prepared


def _refuse_step(body: AskedBody) -> None:
    if body.step is not None:
        raise SettingsError("step: only single videos are traced within a phase; leave it out here")
