"""Tables of videos that are being made in the background, a few questions at a time."""

import threading
from collections import OrderedDict
from typing import Any

from dcwtal.core.errors import DataError, UserError
from dcwtal.pipeline.browse import BrowsedRun
from dcwtal.pipeline.what_if.many_videos import Superseded, question_key
from dcwtal.pipeline.what_if.prepared_sets import PreparedSets
from dcwtal.pipeline.what_if.question import WhatIf
from dcwtal.pipeline.what_if.subset_scores import scores_state
from dcwtal.pipeline.what_if.video_table import table_chunks

TABLES_KEPT = 3


class TableJob:
    """One table; its rows so far may be read while it grows."""

    def __init__(self, run: BrowsedRun, asked: WhatIf, sets: PreparedSets) -> None:
        self.total = len(run.video_ids)
        self._rows: list[dict[str, Any]] = []
        self._fault: UserError | None = None
        self._given_up = threading.Event()
        self._news = threading.Condition()
        self._ended = False
        arguments = (run, asked, sets)
        threading.Thread(target=self._work, args=arguments, name="video table", daemon=True).start()

    def after(self, place: int, *, seconds: float) -> dict[str, Any]:
        """``done``, ``total`` and the ``rows`` after the first ``place``, waiting so long for at least one."""
        with self._news:
            self._news.wait_for(lambda: len(self._rows) > place or self._ended, timeout=seconds)
            if self._fault is not None:
                raise self._fault
            return {"done": len(self._rows), "total": self.total, "rows": self._rows[place:]}

    @property
    def ended(self) -> bool:
        """Whether no more rows will come."""
        return self._ended

    @property
    def failed(self) -> bool:
        """Whether it ended without all of its rows."""
        return self._fault is not None

    def give_up(self) -> None:
        """Stop: nobody reads this any more."""
        self._given_up.set()

    def _work(self, run: BrowsedRun, asked: WhatIf, sets: PreparedSets) -> None:
        fault: UserError | None = None
        try:
            for rows in table_chunks(
                run,
                asked,
                in_memory=lambda: sets.scores_in_memory(run, asked),
                cancelled=self._given_up.is_set,
            ):
                with self._news:
                    self._rows += rows
                    self._news.notify_all()
                if self._given_up.is_set():
                    raise Superseded
        except Superseded:
            fault = DataError("this table was replaced by a newer one; ask again")
        except UserError as error:
            fault = error
        except Exception as error:
            fault = DataError(f"the table of videos could not be made: {error}")
        with self._news:
            self._fault, self._ended = fault, True
            self._news.notify_all()


class TableJobs:
    """The tables of a server. A client has one in the making; finished ones are kept for whoever asks the same."""

    def __init__(self, sets: PreparedSets) -> None:
        self._sets = sets
        self._jobs: OrderedDict[tuple, TableJob] = OrderedDict()
        self._making: OrderedDict[str, tuple] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, run: BrowsedRun, asked: WhatIf, *, client: str | None) -> TableJob:
        """The table that answers a question, begun if need be; the client's unfinished older one is given up."""
        place = (str(run.folder.path), scores_state(run))
        key = (*place, question_key(asked.stage, asked.settings), asked.thresholds, asked.tiou)
        with self._lock:
            if client is not None:
                self._replace(client, key)
            job = self._jobs.get(key)
            if job is None or job.failed:
                job = self._jobs[key] = TableJob(run, asked, self._sets)
            self._jobs.move_to_end(key)
            while len(self._jobs) > TABLES_KEPT:
                self._jobs.popitem(last=False)[1].give_up()
            return job

    def _replace(self, client: str, key: tuple) -> None:
        before = self._making.pop(client, key)
        self._making[client] = key
        while len(self._making) > TABLES_KEPT:
            self._making.popitem(last=False)
        wanted = set(self._making.values())
        if before not in wanted and before in self._jobs and not self._jobs[before].ended:
            self._jobs.pop(before).give_up()
