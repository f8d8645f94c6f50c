"""The few prepared sets that a server keeps in memory, the least recently asked dropped first."""

import threading
from collections import OrderedDict

from dcwtal.data.score_store import VideoScores
from dcwtal.pipeline.browse import BrowsedRun
from dcwtal.pipeline.what_if.numbers import PreparedSet
from dcwtal.pipeline.what_if.question import WhatIf, stages_of
from dcwtal.pipeline.what_if.subset_scores import SubsetScores, all_stages_fit, scores_state

SETS_KEPT = 3
BYTES_KEPT = 1_500_000_000


class PreparedSets:
    """Prepared sets by run, subset, state of the files and, where not all stages fit into memory, stages asked for."""

    def __init__(self) -> None:
        self._sets: OrderedDict[tuple, PreparedSet] = OrderedDict()
        self._stages_fit: dict[tuple[str, str, int], bool] = {}
        self._lock = threading.Lock()

    def of(self, run: BrowsedRun, asked: WhatIf) -> PreparedSet:
        """The set that answers a question; when it is new its scores are being read, see ``scores.ready``."""
        place = (str(run.folder.path), asked.subset, scores_state(run))
        with self._lock:
            if place not in self._stages_fit:
                self._stages_fit[place] = all_stages_fit(run, asked.subset)
            stages = None if self._stages_fit[place] else stages_of(asked)
            key = (*place, stages)
            found = self._sets.get(key)
            if (
                found is None or found.scores.failed
            ):  # what failed is tried again: the file may have been mended
                found = self._sets[key] = PreparedSet(SubsetScores(run, asked.subset, stages=stages))
            self._sets.move_to_end(key)
            self._forget_older(place)
            self._drop_old()
            return found

    def scores_in_memory(self, run: BrowsedRun, asked: WhatIf) -> dict[str, VideoScores]:
        """Scores of videos of a run, of any subset, that hold the stages of a question, without reading anything."""
        wanted, found = set(stages_of(asked)), {}
        path, state = str(run.folder.path), scores_state(run)
        with self._lock:
            sets = [known for key, known in self._sets.items() if (key[0], key[2]) == (path, state)]
        for known in sets:
            found |= {s.video: s for s in list(known.scores.videos) if wanted <= set(s.stages)}
        return found

    def _forget_older(self, place: tuple) -> None:
        """Sets of the same subset whose files have been written anew since."""
        for key in [key for key in self._sets if key[:2] == place[:2] and key[2] != place[2]]:
            self._sets.pop(key).scores.give_up()
            self._stages_fit.pop(key[:3], None)

    def _drop_old(self) -> None:
        while len(self._sets) > 1 and (
            len(self._sets) > SETS_KEPT
            or sum(known.scores.bytes for known in self._sets.values()) > BYTES_KEPT
        ):
            _, dropped = self._sets.popitem(last=False)
            dropped.scores.give_up()
