"""What all routes share: where they live, how a handler's result or error becomes an answer, cache headers.

Names in a request are looked up in the catalog; an unknown one, or one whose file is gone, is 404, a user's fault in
values is 422, both with ``{"error": message}``.
"""

import json
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from dcwtal.core.errors import SettingsError, UserError
from dcwtal.ui.catalog import Catalog

PREFIX = "/gradio_api/dcwtal"
FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}
ALWAYS_ASK = {"Cache-Control": "no-cache"}
LARGEST_QUESTION = 64_000

Endpoint = Callable[[Request], Response]
Respond = Callable[[Catalog, Request], Response]
RespondAsked = Callable[[Catalog, Request, dict[str, Any]], Response]


def video_url(run: str, video: str, what: str) -> str:
    """Address of ``data``, ``video``, ``strip``, … of a video; ids are quoted whole."""
    return f"{run_url(run, 'videos')}/{quote(video, safe='')}/{what}"


def run_url(run: str, what: str) -> str:
    """Address of ``videos``, ``numbers``, … of a run."""
    return f"{PREFIX}/runs/{quote(run, safe='')}/{what}"


def answering(catalog: Catalog, respond: Respond) -> Endpoint:
    """An endpoint for a route with ``{run}``: ``respond(catalog, request)``, errors as JSON.

    Not async: Starlette runs it in a worker thread, so that reading files holds nobody up.
    """

    def endpoint(request: Request) -> Response:
        return _answer(catalog, request, lambda: respond(catalog, request))

    return endpoint


def answering_asked(catalog: Catalog, respond: RespondAsked) -> Callable[[Request], Awaitable[Response]]:
    """The same for a POST route: ``respond(catalog, request, asked)`` with the JSON object of the body."""

    async def endpoint(request: Request) -> Response:
        body = await _body(request)
        return await run_in_threadpool(
            lambda: _answer(catalog, request, lambda: respond(catalog, request, _asked(body)))
        )

    return endpoint


def _answer(catalog: Catalog, request: Request, respond: Callable[[], Response]) -> Response:
    try:
        catalog.run(request.path_params["run"])
        return respond()
    except SettingsError as error:
        return JSONResponse({"error": str(error)}, status_code=422)
    except UserError as error:
        return JSONResponse({"error": str(error)}, status_code=404)
    except FileNotFoundError as error:
        return JSONResponse({"error": f"{error.filename} is gone; was it moved or deleted?"}, status_code=404)


async def _body(request: Request) -> bytes:
    """The body, up to one byte more than is accepted."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > LARGEST_QUESTION:
            break
    return bytes(body[: LARGEST_QUESTION + 1])


def _asked(body: bytes) -> dict[str, Any]:
    if len(body) > LARGEST_QUESTION:
        raise SettingsError(f"the question is too long; at most {LARGEST_QUESTION} bytes are read")
    try:
        asked = json.loads(body or b"{}", parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise SettingsError(f"expected a JSON object; found something else: {error}") from None
    if not isinstance(asked, dict):
        raise SettingsError(f"expected a JSON object; found {type(asked).__name__}")
    return asked


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no number in JSON")
