"""How a video's curves grew in training: snapshots within the phases (``trace/``), and the stages between them.

A run traces a few probe videos at every so many steps of a phase; every other video has its stages alone.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from dcwtal.core.errors import DataError
from dcwtal.data.score_store import BRANCHES, VideoScores, read_scores
from dcwtal.jobs.run_folder import RunFolder
from dcwtal.views.binary_blob import pack_blob
from dcwtal.views.run_notes import stage_title
from dcwtal.views.sent_curves import MOST_VALUES, class_order

_SNAPSHOT = re.compile(r"(.+)-(\d{1,9})")
_STEPS_SETTING = {"B": "b_steps", "F": "f_steps", "S": "f_steps"}


@dataclass(frozen=True)
class Snapshot:
    """A moment of training: ``step`` steps into the phase that ends in ``stage``; None: its end, of unknown length.

    ``path`` of its own score file, None: the moment is the stage itself.
    """

    stage: str
    step: int | None
    title: str
    path: Path | None


def snapshots_of(
    folder: RunFolder, video: str, stages: Sequence[str], settings: dict[str, Any]
) -> list[Snapshot]:
    """All moments there are of a video, in order of training; ``settings``: the run's raw ones.

    ``video`` must be an id that a folder listing gave. The snapshot at the end of a phase is the stage: it is left out.
    """
    traced: dict[str, dict[int, Path]] = {stage: {} for stage in stages}
    for place in folder.trace.iterdir() if folder.trace.is_dir() else ():
        named = _SNAPSHOT.fullmatch(place.name)
        if named and named[1] in traced and (place / f"{video}.npz").is_file():
            traced[named[1]][int(named[2])] = place / f"{video}.npz"
    found = []
    for stage in stages:
        length, title = steps_of(stage, settings), stage_title(stage)
        for step, path in sorted(traced[stage].items()):
            if length is None or step < length:
                of = f" of {length}" if length else ""
                found.append(Snapshot(stage, step, f"{title}, step {step}{of}", path))
        found.append(Snapshot(stage, length, title, None))
    return found


def steps_of(stage: str, settings: dict[str, Any]) -> int | None:
    """Optimiser steps of the phase that ends in a stage, from the run's settings; None where they do not say."""
    train = settings.get("train") if isinstance(settings, dict) else None
    key = "warmup_steps" if stage == "warmup" else _STEPS_SETTING.get(stage[:1], "")
    steps = train.get(key) if isinstance(train, dict) else None
    return steps if isinstance(steps, int) and steps > 0 else None


def scores_at(
    folder: RunFolder, scores: VideoScores, *, stage: str, step: int, settings: dict[str, Any]
) -> VideoScores:
    """A video's scores in which ``stage`` is as it was ``step`` steps into its phase.

    ``settings``: the run's raw ones. A DataError where there is no such snapshot."""
    moments = snapshots_of(folder, scores.video, scores.stages, settings)
    wanted = [each for each in moments if each.path is not None and (each.stage, each.step) == (stage, step)]
    if not wanted:
        raise DataError(f"no snapshot of {scores.video!r} at step {step} of {stage}")
    row = _row(wanted[0], scores, list(range(len(scores.classes))))
    place = scores.stages.index(stage)
    frames = {branch: scores.class_scores[branch].copy() for branch in BRANCHES}
    whole = {branch: scores.video_scores[branch].copy() for branch in BRANCHES}
    for branch in BRANCHES:
        frames[branch][place] = row[branch]
        whole[branch][place] = row[f"{branch}_video"]
    return replace(scores, class_scores=frames, video_scores=whole)


def replay_blob(
    folder: RunFolder,
    scores: VideoScores,
    *,
    settings: dict[str, Any],
    stage: str,
    labels: Sequence[str] = (),
    most_values: int = MOST_VALUES,
) -> bytes:
    """Header ``snapshots`` [{stage, step, title}], ``classes_sent`` (columns) and ``notice``; arrays ``cbp``, ``vlp``
    (N, T, C') and ``cbp_video``, ``vlp_video`` (N, C), float32.

    Where all would be more than ``most_values`` numbers, first every so many of the snapshots within phases are left
    out, then classes: ``labels`` stay longest, then the most probable at ``stage``. A snapshot that is damaged or of
    another shape is left out and named in the notice.
    """
    moments = snapshots_of(folder, scores.video, scores.stages, settings)
    fit = most_values // max(1, len(BRANCHES) * scores.grid.n * len(scores.classes))
    chosen = _thinned(moments, max(fit, len(scores.stages)))
    columns = _columns(scores, len(chosen), stage, labels, most_values)
    shown, rows, faults = [], [], []
    for moment in chosen:
        try:
            rows.append(_row(moment, scores, columns))
            shown.append({"stage": moment.stage, "step": moment.step, "title": moment.title})
        except DataError as error:
            faults.append(str(error))
    header = {
        "video": scores.video,
        "snapshots": shown,
        "classes_sent": columns,
        "notice": f"{len(faults)} snapshots are left out; first: {faults[0]}" if faults else "",
    }
    arrays = {name: np.stack([row[name] for row in rows]) for name in rows[0]}
    return pack_blob(header, arrays)


def _thinned(moments: list[Snapshot], most: int) -> list[Snapshot]:
    """All stages and as many of the snapshots between them, evenly chosen, as make ``most`` together."""
    within = [number for number, moment in enumerate(moments) if moment.path is not None]
    room = most - (len(moments) - len(within))
    if room < len(within):
        within = [
            within[place] for place in np.linspace(0, len(within) - 1, max(0, room)).round().astype(int)
        ]
    kept = set(within)
    return [moment for number, moment in enumerate(moments) if moment.path is None or number in kept]


def _columns(
    scores: VideoScores, moments: int, stage: str, labels: Sequence[str], most_values: int
) -> list[int]:
    row = scores.stages.index(stage) if stage in scores.stages else len(scores.stages) - 1
    fits = max(1, most_values // max(1, len(BRANCHES) * scores.grid.n * moments))
    return sorted(class_order(scores, row, labels)[:fits])


def _row(moment: Snapshot, scores: VideoScores, columns: list[int]) -> dict[str, np.ndarray]:
    found = scores if moment.path is None else read_scores(moment.path)
    if found.grid != scores.grid or found.classes != scores.classes or moment.stage not in found.stages:
        raise DataError(f"{moment.path} has another grid, other classes or another stage than expected")
    row = found.stages.index(moment.stage)
    arrays = {branch: found.class_scores[branch][row][:, columns] for branch in BRANCHES}
    return arrays | {f"{branch}_video": found.video_scores[branch][row] for branch in BRANCHES}
