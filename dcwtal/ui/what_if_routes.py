"""The routes that answer "what if": a run's scores under other settings, for one video and for whole subsets.

All are POST below ``runs/{run}/`` with one JSON body (``pipeline.what_if.question.AskedBody``):

- ``videos/{video}/answer``: detections, matches, rates of one video.
- ``videos/{video}/why``: why an instance was missed and what would recover it.
- ``numbers``: mAP and frame rates of a subset; 202 ``{"loading"}`` while its scores are being read, 409
  ``{"superseded": true}`` once the client has asked something newer.
- ``table``: rows of all videos, as far as they are done.
- ``plane``: coverage × purity of the three branches.
- ``settings-text``: the same settings as TOML and as commands.
"""

from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from dcwtal.pipeline.settings_text import settings_text
from dcwtal.pipeline.what_if.many_videos import Superseded
from dcwtal.pipeline.what_if.question import AskedBody, read_body, what_if_of
from dcwtal.ui.catalog import Catalog
from dcwtal.ui.route_answers import ALWAYS_ASK, PREFIX, answering_asked
from dcwtal.ui.what_if_room import Loading, WhatIfRoom

Answer = Callable[[WhatIfRoom, str, AskedBody, Request], dict[str, Any]]


def what_if_routes(catalog: Catalog) -> list[Route]:
    """The routes of a server that shows ``catalog``."""
    room = WhatIfRoom(catalog)
    run, video = PREFIX + "/runs/{run}", PREFIX + "/runs/{run}/videos/{video}"
    below = {
        f"{video}/answer": answer,
        f"{video}/why": why,
        f"{run}/numbers": numbers,
        f"{run}/table": table,
        f"{run}/plane": plane,
        f"{run}/settings-text": text,
    }
    return [
        Route(path, answering_asked(catalog, _responding(room, respond)), methods=["POST"])
        for path, respond in below.items()
    ]


def answer(room: WhatIfRoom, run: str, body: AskedBody, request: Request) -> dict[str, Any]:
    """One video under the asked settings."""
    return room.answer(run, request.path_params["video"], body)


def why(room: WhatIfRoom, run: str, body: AskedBody, request: Request) -> dict[str, Any]:
    """Why the instance in row ``instance`` of the video's truth was missed."""
    return room.why(run, request.path_params["video"], body)


def numbers(room: WhatIfRoom, run: str, body: AskedBody, _: Request) -> dict[str, Any]:
    """The data-set numbers."""
    return room.numbers(run, body)


def table(room: WhatIfRoom, run: str, body: AskedBody, _: Request) -> dict[str, Any]:
    """Rows after the first ``after``."""
    return room.table(run, body)


def plane(room: WhatIfRoom, run: str, body: AskedBody, _: Request) -> dict[str, Any]:
    """The completeness plane of a subset, or of one ``video``."""
    return room.plane(run, body)


def text(room: WhatIfRoom, run: str, body: AskedBody, _: Request) -> dict[str, Any]:
    """The settings to copy."""
    opened = room.catalog.run(run)
    return settings_text(opened, what_if_of(opened, body))


def _responding(room: WhatIfRoom, respond: Answer) -> Callable[[Catalog, Request, dict[str, Any]], Response]:
    def response(_: Catalog, request: Request, asked: dict[str, Any]) -> Response:
        try:
            found = respond(room, request.path_params["run"], read_body(asked), request)
        except Superseded:
            return JSONResponse({"superseded": True}, status_code=409, headers=ALWAYS_ASK)
        except Loading as loading:
            progress = {"done": loading.done, "total": loading.total}
            return JSONResponse({"loading": progress}, status_code=202, headers=ALWAYS_ASK)
        return JSONResponse(found, headers=ALWAYS_ASK)

    return response
