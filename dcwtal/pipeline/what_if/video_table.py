"""A table of all videos under one question: how good, how incomplete or over-complete, and a small picture of the
curves."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from dcwtal.core.errors import UserError
from dcwtal.core.instances import ActionInstances
from dcwtal.core.plain_numbers import known_or_none
from dcwtal.data.score_store import BRANCHES, VideoScores, read_scores
from dcwtal.evaluation.completeness import completeness_facts
from dcwtal.evaluation.error_kinds import KINDS, error_kinds
from dcwtal.evaluation.frame_counts import PreparedFrames
from dcwtal.evaluation.matching import UNMATCHED, match_detections
from dcwtal.evaluation.text_codes import text_codes
from dcwtal.evaluation.video_precision import video_average_precision
from dcwtal.evaluation.video_rates import rates_by_video
from dcwtal.localize.fusion import fuse
from dcwtal.pipeline.browse import BrowsedRun
from dcwtal.pipeline.what_if.completeness_plane import table_rows
from dcwtal.pipeline.what_if.many_videos import ManyVideos, never
from dcwtal.pipeline.what_if.question import WhatIf, info_of, stages_of
from dcwtal.pipeline.what_if.subset_scores import only_stages

VIDEOS_AT_ONCE = 20
SPARK_POINTS = 48
Rows = dict[str, dict[str, Any]]  # video → some columns


def table_chunks(
    run: BrowsedRun,
    asked: WhatIf,
    *,
    in_memory: Callable[[], dict[str, VideoScores]] = dict,
    cancelled: Callable[[], bool] = never,
) -> Iterator[list[dict[str, Any]]]:
    """Rows of all videos with scores, some at a time, in the order of ``run.video_ids``.

    ``foreground_iou``, ``background_iou`` and ``confident_share`` are of the branch that the settings localize.
    What needs a truth is None for a video of a subset without any. A video whose scores cannot be read has a
    ``notice`` and else nothing. ``in_memory``: scores that need not be read again, by video.
    """
    annotated = {info_of(run, video).subset for video in set(run.dataset.instances.video.tolist())}
    ids = run.video_ids
    for first in range(0, len(ids), VIDEOS_AT_ONCE):
        chunk, known, rows = ids[first : first + VIDEOS_AT_ONCE], in_memory(), []
        scores, faults = [], {}
        for video in chunk:
            try:
                whole = known.get(video) or read_scores(run.score_files[video])
                scores.append(only_stages(whole, stages_of(asked)))
            except UserError as fault:
                faults[video] = str(fault)
        columns = _columns(run, asked, scores, annotated, cancelled) if scores else {}
        for video in chunk:
            rows.append(
                _described(run, video) | columns.get(video, _NOTHING) | {"notice": faults.get(video, "")}
            )
        yield rows


_WITHOUT_TRUTH = dict.fromkeys(
    ("ap", "over_complete", "incomplete", "fragments", "merges", "deletes", "missed", "kinds")
)
_RATES = ("foreground_iou", "background_iou", "confident_share")
_NOTHING = _WITHOUT_TRUTH | dict.fromkeys((*_RATES, "disagreement", "spark"))


def _described(run: BrowsedRun, video: str) -> dict[str, Any]:
    info = info_of(run, video)
    return {
        "id": video,
        "title": video,
        "subset": info.subset,
        "labels": list(info.labels),
        "duration": info.duration,
    }


def _columns(
    run: BrowsedRun,
    asked: WhatIf,
    scores: list[VideoScores],
    annotated: set[str],
    cancelled: Callable[[], bool],
) -> Rows:
    """The columns that need scores, of a few videos."""
    names = [video.video for video in scores]
    true = {video for video in names if video in run.annotated and run.annotated[video].subset in annotated}
    of_these = [run.dataset.instances.of_video(video) for video in names if video in true]
    truth = ActionInstances(
        *(
            np.concatenate([np.zeros(0, object), *(getattr(part, column) for part in of_these)])
            for column in ("video", "start", "end", "label")
        )
    )
    judged = _judged(run, asked, scores, truth, cancelled)
    rates = _rates(run, asked, scores, truth, true)
    return {
        video.video: (judged[video.video] if video.video in true else _WITHOUT_TRUTH)
        | rates[video.video]
        | _curves(video, asked.stage, _shown_label(run, video, asked.stage), _own_columns(run, video))
        for video in scores
    }


def _judged(
    run: BrowsedRun,
    asked: WhatIf,
    scores: list[VideoScores],
    truth: ActionInstances,
    cancelled: Callable[[], bool],
) -> Rows:
    """What detections and truth say of each video."""
    many = ManyVideos(scores, [info_of(run, video.video).duration for video in scores])
    candidates = many.candidates(asked.stage, asked.settings, cancelled=cancelled)
    detections = many.detections(asked.stage, asked.settings, cancelled=cancelled)
    matches = match_detections(detections, truth, [asked.tiou])
    kinds = error_kinds(detections, truth, [asked.tiou], matches=matches)[0]
    precision = video_average_precision(detections, truth, asked.tiou, matched=matches[0])
    facts = [completeness_facts(found, truth, tiou=asked.tiou) for found in (candidates, detections)]
    complete = {row["video"]: row for row in table_rows(*facts, by="video", branch=asked.settings.branch)}
    names, (mine, theirs) = text_codes(detections.video, truth.video)
    found = np.bincount(mine[matches[0] != UNMATCHED], minlength=len(names))
    missed = dict(
        zip(names.tolist(), (np.bincount(theirs, minlength=len(names)) - found).tolist(), strict=True)
    )
    counts = np.zeros((len(names), len(KINDS)), dtype=np.int64)
    np.add.at(counts, (mine, kinds), 1)
    kinds_of = {
        name: {kind: int(n) for kind, n in zip(KINDS, row, strict=True) if n}
        for name, row in zip(names.tolist(), counts, strict=True)
    }
    empty = {"outward": None, "inward": None, "fragments": 0, "merges": 0, "deletes": 0}
    rows = {}
    for video in (video.video for video in scores):
        events = complete.get(video, empty)
        rows[video] = {
            "ap": precision.get(video),
            "over_complete": events["outward"],
            "incomplete": events["inward"],
            **{name: events[name] for name in ("fragments", "merges", "deletes")},
            "missed": missed.get(video, 0),
            "kinds": kinds_of.get(video, {}),
        }
    return rows


def _rates(
    run: BrowsedRun, asked: WhatIf, scores: list[VideoScores], truth: ActionInstances, true: set[str]
) -> Rows:
    """Frame rates of the localized branch over the labels of each video; without a truth the confident share alone."""
    classes = scores[0].classes
    frames = PreparedFrames.of(
        {video.video: video.grid for video in scores},
        truth,
        {video.video: [classes.names[column] for column in _own_columns(run, video)] for video in scores},
        {video.video: info_of(run, video.video).duration for video in scores},
        classes=classes,
    )
    flats = {
        branch: frames.flat({video.video: video.at(asked.stage, branch).class_scores for video in scores})
        for branch in BRANCHES
    }
    weight, branch = asked.settings.fusion_weight, asked.settings.branch
    flat = fuse(flats["cbp"], flats["vlp"], weight) if branch == "fused" else flats[branch]
    found = rates_by_video(frames, flat, thresholds=asked.thresholds)
    return {
        video: {
            name: known_or_none(getattr(found, name)[row])
            if video in true or name == "confident_share"
            else None
            for name in _RATES
        }
        for row, video in enumerate(found.videos)
    }


def _own_columns(run: BrowsedRun, scores: VideoScores) -> list[int]:
    """The classes that the video is labelled with and the run knows."""
    return [
        scores.classes.index(name)
        for name in info_of(run, scores.video).labels
        if name in scores.classes.names
    ]


def _shown_label(run: BrowsedRun, scores: VideoScores, stage: str) -> int:
    """The class whose curves stand for the video: its own most frequent one, else the most probable one."""
    own = _own_columns(run, scores)
    if not own:
        return int(scores.at(stage, "cbp").video_scores.argmax())
    labels = run.dataset.instances.of_video(scores.video).label.tolist()
    return max(own, key=lambda column: labels.count(scores.classes.names[column]))


def _curves(scores: VideoScores, stage: str, shown: int, own: Sequence[int]) -> dict[str, Any]:
    """``spark``: the highest scores of each 48th of the video, 0 … 255. ``disagreement``: mean |CBP − VLP| over the
    snippets of the video's classes, or of the one shown."""
    maps = {branch: scores.at(stage, branch).class_scores for branch in BRANCHES}
    columns = list(own) or [shown]
    apart = np.abs(maps["cbp"][:, columns] - maps["vlp"][:, columns])
    spark = {branch: _spark(curves[:, shown]) for branch, curves in maps.items()}
    return {
        "disagreement": float(apart.mean()) if apart.size else None,
        "spark": {"label": scores.classes.names[shown], **spark},
    }


def _spark(curve: np.ndarray) -> list[int]:
    if not len(curve):
        return [0] * SPARK_POINTS
    first = np.arange(SPARK_POINTS) * len(curve) // SPARK_POINTS
    past = np.maximum(first + 1, np.arange(1, SPARK_POINTS + 1) * len(curve) // SPARK_POINTS)
    padded = np.append(curve, 0)
    highest = np.maximum.reduceat(padded, np.stack([first, past], axis=1).ravel())[::2]
    return np.round(255 * np.clip(highest, 0, 1)).astype(int).tolist()
