"""All of the studio's own HTTP routes beside Gradio's.

They live under ``/gradio_api/`` so that they work with every way of serving Gradio.
"""

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from dcwtal.ui.catalog import Catalog
from dcwtal.ui.route_answers import FOR_EVER, PREFIX
from dcwtal.ui.static_files import MEDIA_TYPES, plotly_script, revision, static_files
from dcwtal.ui.studio_routes import studio_routes
from dcwtal.ui.video_routes import video_routes
from dcwtal.ui.what_if_routes import what_if_routes


def script_url(name: str) -> str:
    """Address of one of the page's own files."""
    return f"{PREFIX}/static/{revision()}/{name}"


def all_routes(catalog: Catalog) -> list[Route]:
    """All routes of a server that shows ``catalog``."""
    return [
        Route(PREFIX + "/static/{revision}/{name}", _static),
        Route(PREFIX + "/plotly.min.js", _plotly),
        *studio_routes(catalog),
        *video_routes(catalog),
        *what_if_routes(catalog),
    ]


def _static(request: Request) -> Response:
    path = static_files().get(request.path_params["name"])
    if path is None or request.path_params["revision"] != revision():
        return JSONResponse({"error": "no such file"}, status_code=404)
    return FileResponse(path, media_type=MEDIA_TYPES[path.suffix], headers=FOR_EVER)


def _plotly(request: Request) -> Response:
    return FileResponse(plotly_script(), media_type="text/javascript", headers=FOR_EVER)
