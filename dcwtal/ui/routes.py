"""The studio's own HTTP routes beside Gradio's: bulk data, video files, scripts.

They live under ``/gradio_api/`` so that they work with every way of serving Gradio. Names in a request are looked
up in the catalog; an unknown one is 404, a user's fault is 422 with ``{"error": message}``.
"""

from collections.abc import Callable
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from dcwtal.core.errors import SettingsError, UserError
from dcwtal.pipeline.browse import localize_settings_of
from dcwtal.pipeline.localize import localize_scores
from dcwtal.ui.catalog import Catalog
from dcwtal.ui.curve_rules import curve_rules_of
from dcwtal.ui.static_files import MEDIA_TYPES, plotly_script, revision, static_files
from dcwtal.views.timeline_payload import timeline_blob
from dcwtal.views.video_answer import video_answer

PREFIX = "/gradio_api/dcwtal"
FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}
ALWAYS_ASK = {"Cache-Control": "no-cache"}
VIDEO_TYPES = {".mp4": "video/mp4", ".m4v": "video/mp4", ".mov": "video/mp4", ".webm": "video/webm"}


def video_url(run: str, video: str, what: str) -> str:
    """Address of ``data``, ``detections`` or ``video`` of a video; ids are quoted whole."""
    return f"{PREFIX}/runs/{quote(run, safe='')}/videos/{quote(video, safe='')}/{what}"


def script_url(name: str) -> str:
    """Address of one of the page's own files."""
    return f"{PREFIX}/static/{revision()}/{name}"


def studio_routes(catalog: Catalog) -> list[Route]:
    """All routes of a server that shows ``catalog``."""
    video = PREFIX + "/runs/{run}/videos/{video}"
    return [
        Route(PREFIX + "/static/{revision}/{name}", _static),
        Route(PREFIX + "/plotly.min.js", _plotly),
        Route(video + "/data", _answering(catalog, data_response)),
        Route(video + "/detections", _answering(catalog, detections_response)),
        Route(video + "/video", _answering(catalog, video_response)),
    ]


def data_response(catalog: Catalog, request: Request) -> Response:
    """The blob of one video: curves of all stages, truth, frame times."""
    run, video = _named(catalog, request)
    blob = timeline_blob(
        video.scores,
        frame_times=video.frame_times,
        duration=video.duration,
        labels=video.labels,
        truth=video.truth,
        rules=curve_rules_of(run),
    )
    return Response(blob, media_type="application/octet-stream", headers=ALWAYS_ASK)


def detections_response(catalog: Catalog, request: Request) -> Response:
    """Detections and numbers of one video at ``?stage=&source=&mode=`` (absent: as the run's settings say)."""
    run, video = _named(catalog, request)
    query = request.query_params
    stage = query.get("stage", run.final_stage)
    settings = localize_settings_of(
        run, branch=query.get("source", run.localize.branch), mode=query.get("mode", run.localize.mode)
    )
    detections = localize_scores(video.scores, stage, settings, duration=video.duration)
    chosen = {"stage": stage, "source": settings.branch, "mode": settings.mode}
    return JSONResponse(chosen | video_answer(detections, video.truth), headers=ALWAYS_ASK)


def video_response(catalog: Catalog, request: Request) -> Response:
    """The video file, whole or the asked range."""
    _, video = _named(catalog, request)
    media_type = VIDEO_TYPES.get(video.path.suffix.lower(), "application/octet-stream")
    return FileResponse(video.path, media_type=media_type, headers=ALWAYS_ASK)


def _named(catalog: Catalog, request: Request):
    run_key, video_id = request.path_params["run"], request.path_params["video"]
    return catalog.run(run_key), catalog.video(run_key, video_id)


def _answering(catalog: Catalog, respond: Callable[[Catalog, Request], Response]):
    # Not async: Starlette runs it in a worker thread, so that reading files holds nobody up.
    def endpoint(request: Request) -> Response:
        try:
            catalog.run(request.path_params["run"])
            return respond(catalog, request)
        except SettingsError as error:
            return JSONResponse({"error": str(error)}, status_code=422)
        except UserError as error:
            return JSONResponse({"error": str(error)}, status_code=404)

    return endpoint


def _static(request: Request) -> Response:
    path = static_files().get(request.path_params["name"])
    if path is None or request.path_params["revision"] != revision():
        return JSONResponse({"error": "no such file"}, status_code=404)
    return FileResponse(path, media_type=MEDIA_TYPES[path.suffix], headers=FOR_EVER)


def _plotly(request: Request) -> Response:
    return FileResponse(plotly_script(), media_type="text/javascript", headers=FOR_EVER)
