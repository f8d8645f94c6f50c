"""The routes below a run's videos that send data as it is: the list, curves, pictures, the replay, the file.

- ``videos``: the list of every video with scores, without reading any of them.
- ``videos/{video}/data?stage=``: everything one timeline needs; of a large video the curves of ``stage`` (absent: the
  run's final one) alone, see ``views.sent_curves``; the header says which stages and classes were sent.
- ``videos/{video}/curves?stage=F2&classes=3,7``: more of them.
- ``videos/{video}/strip?times=1.2,3.4&height=54``: pictures; a slow file may give fewer than asked, ask again.
- ``videos/{video}/replay``: how the curves grew in training.
- ``videos/{video}/video``: the file, whole or a range.
"""

from base64 import b64encode
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from dcwtal.core.errors import DataError, SettingsError
from dcwtal.pipeline.browse import BrowsedRun, BrowsedVideo
from dcwtal.pipeline.replay import replay_blob
from dcwtal.ui.catalog import Catalog
from dcwtal.ui.curve_rules import curve_rules_of
from dcwtal.ui.route_answers import ALWAYS_ASK, PREFIX, answering
from dcwtal.video.presentation_times import PresentationTimes
from dcwtal.video.strip_request import check_strip
from dcwtal.views.timeline_payload import curves_blob, timeline_blob

VIDEO_TYPES = {".mp4": "video/mp4", ".m4v": "video/mp4", ".mov": "video/mp4", ".webm": "video/webm"}
USUAL_HEIGHT = 54


def video_routes(catalog: Catalog) -> list[Route]:
    """The routes of a server that shows ``catalog``."""
    videos = PREFIX + "/runs/{run}/videos"
    below = {
        "data": data_response,
        "curves": curves_response,
        "strip": strip_response,
        "replay": replay_response,
        "video": video_response,
    }
    return [
        Route(videos, answering(catalog, videos_response)),
        *(
            Route(f"{videos}/{{video}}/{what}", answering(catalog, respond))
            for what, respond in below.items()
        ),
    ]


def videos_response(catalog: Catalog, request: Request) -> Response:
    """Every video with scores, then those opened in this session; ``duration`` null where nothing states it."""
    key = request.path_params["run"]
    run = catalog.run(key)
    rows = [_listed(run, video_id) for video_id in run.video_ids]
    rows += [_opened(video) for video in catalog.opened(key)]
    return JSONResponse({"videos": rows, "notice": run.notice}, headers=ALWAYS_ASK)


def data_response(catalog: Catalog, request: Request) -> Response:
    """The blob of one video: curves, truth, frame times."""
    run, video = _named(catalog, request)
    blob = timeline_blob(
        video.scores,
        frame_times=video.frame_times,
        duration=video.duration,
        labels=video.labels,
        truth=video.truth,
        rules=curve_rules_of(run),
        stage=_stage(request.query_params, run, video),
        has_video=video.has_video,
        notice=video.notice,
    )
    return _bytes(blob)


def curves_response(catalog: Catalog, request: Request) -> Response:
    """More curves of one video."""
    run, video = _named(catalog, request)
    query = request.query_params
    classes = _numbers(query["classes"], "classes", int) if "classes" in query else None
    return _bytes(curves_blob(video.scores, stage=_stage(query, run, video), classes=classes))


def strip_response(catalog: Catalog, request: Request) -> Response:
    """Pictures at ``times`` seconds, each with the time at which it is presented."""
    _, video = _named(catalog, request)
    asked = _numbers(request.query_params.get("times", ""), "times", float)
    (height,) = _numbers(request.query_params.get("height", str(USUAL_HEIGHT)), "height", int)[:1]
    check_strip(asked, height)
    if video.path is None:
        raise DataError(video.notice)
    shown = PresentationTimes(video.frame_times, video.duration)
    # Asked for by their own times, so that every time within one picture finds it in the reader's memory.
    exact = [float(shown.seconds[shown.frame_at(time)]) for time in asked]
    pictures = catalog.reader.film_strip(video.path, exact, height)
    rows = [
        {"asked": time, "time": picture[0], "jpeg": b64encode(picture[1]).decode()}
        for time, picture in zip(asked, pictures, strict=True)
        if picture is not None
    ]
    return JSONResponse({"frames": rows}, headers=ALWAYS_ASK)


def replay_response(catalog: Catalog, request: Request) -> Response:
    """The blob of a video's snapshots; a video opened in this session has its stages alone."""
    run, video = _named(catalog, request)
    blob = replay_blob(
        run.folder, video.scores, settings=run.settings, stage=run.final_stage, labels=video.labels
    )
    return _bytes(blob)


def video_response(catalog: Catalog, request: Request) -> Response:
    """The video file, whole or the asked range."""
    _, video = _named(catalog, request)
    if video.path is None:
        raise DataError(video.notice)
    if not video.path.is_file():
        raise DataError(f"the file of video {video.title!r} is gone; was it moved or deleted?")
    media_type = VIDEO_TYPES.get(video.path.suffix.lower(), "application/octet-stream")
    return FileResponse(video.path, media_type=media_type, headers=ALWAYS_ASK)


def _named(catalog: Catalog, request: Request) -> tuple[BrowsedRun, BrowsedVideo]:
    run_key, video_id = request.path_params["run"], request.path_params["video"]
    return catalog.run(run_key), catalog.video(run_key, video_id)


def _listed(run: BrowsedRun, video_id: str) -> dict[str, Any]:
    info = run.annotated.get(video_id)
    return {
        "id": video_id,
        "title": video_id,
        "subset": info.subset if info else "",
        "labels": list(info.labels) if info else [],
        "duration": info.duration if info else None,
        "has_video": video_id in run.video_files,
        "opened": False,
    }


def _opened(video: BrowsedVideo) -> dict[str, Any]:
    return {
        "id": video.id,
        "title": video.title,
        "subset": video.subset,
        "labels": list(video.labels),
        "duration": video.duration,
        "has_video": video.has_video,
        "opened": True,
    }


def _stage(query: Mapping[str, str], run: BrowsedRun, video: BrowsedVideo) -> str:
    """The asked stage; absent or ``all``: the final one, or the last where this video lacks it."""
    stages = video.scores.stages
    asked = query.get("stage", "all")
    if asked == "all":
        return run.final_stage if run.final_stage in stages else stages[-1]
    if asked not in stages:
        raise SettingsError(f"stage: no stage {asked!r:.40} in the scores; known: {', '.join(stages)}")
    return asked


def _numbers(text: str, name: str, kind: type) -> list:
    """Numbers between commas, one at least; anything else is a SettingsError that names the parameter."""
    try:
        return [kind(part) for part in text.split(",")]
    except (ValueError, OverflowError):
        raise SettingsError(
            f"{name}: expected numbers between commas, such as 1,3; found {text!r:.60}"
        ) from None


def _bytes(blob: bytes) -> Response:
    return Response(blob, media_type="application/octet-stream", headers=ALWAYS_ASK)
