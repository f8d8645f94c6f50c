"""The studio: one page over finished runs. Opens at once: neither torch nor open_clip is imported here."""

import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import gradio as gr
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware

from dcwtal.core.errors import SettingsError
from dcwtal.pipeline.bundled import bundled_runs
from dcwtal.ui.catalog import Catalog
from dcwtal.ui.explore import build_explore
from dcwtal.ui.infer_process import INFER
from dcwtal.ui.open_video import OpenVideo
from dcwtal.ui.routes import all_routes
from dcwtal.ui.static_files import style_sheet

TITLE = "dcwtal · Explore"
LARGEST_UPLOAD = "2gb"
CACHE_LIFE = (3600, 24 * 3600)  # look every hour, delete what is older than a day


def build_app(runs: Sequence[Path], *, infer: str = INFER, session_folder: Path | None = None) -> gr.Blocks:
    """The page over ``runs``; a run that cannot be opened is a DataError. ``infer`` is ``module:function``."""
    catalog = Catalog(runs)
    folder = session_folder or Path(tempfile.mkdtemp(prefix="dcwtal-studio-"))
    with gr.Blocks(title=TITLE, fill_width=True, analytics_enabled=False, delete_cache=CACHE_LIFE) as page:
        build_explore(OpenVideo(catalog, folder, target=infer), usable=bool(catalog.runs))
    page.catalog = catalog
    page.session_folder = folder
    return page


def launch(
    runs: Sequence[Path], *, port: int | None = None, open_browser: bool = False, infer: str = INFER
) -> None:
    """Serve the page on this machine only, until interrupted. ``runs`` empty: the bundled ones."""
    page = build_app(list(runs) or bundled_runs(), infer=infer)
    page.catalog.reader.start()
    # Asked to end by the system is as good as Ctrl-C: uploads are removed, the address is free again.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        _, address, _ = page.launch(**launch_options(page, port=port, open_browser=open_browser))
        sys.stderr.write(f"dcwtal studio: {address} (Ctrl-C stops it)\n")
        while True:
            time.sleep(3600)
    except (OSError, OverflowError):
        raise SettingsError(
            f"cannot serve on port {port or '7860 or one of the hundred after it'}: it is in use or not allowed; "
            "choose another --port"
        ) from None
    finally:
        page.close(verbose=False)
        page.catalog.reader.stop()
        shutil.rmtree(page.session_folder, ignore_errors=True)


def launch_options(page: gr.Blocks, *, port: int | None, open_browser: bool) -> dict:
    """Everything ``Blocks.launch`` is told: local, private, quiet."""
    return {
        "server_name": "127.0.0.1",
        "server_port": port,
        "inbrowser": open_browser,
        "share": False,
        "prevent_thread_lock": True,
        "quiet": True,
        "ssr_mode": False,
        "footer_links": [],
        "run_history": False,
        "allowed_paths": [],
        "max_file_size": LARGEST_UPLOAD,
        "css": style_sheet(),
        "theme": gr.themes.Soft(
            primary_hue="blue",
            neutral_hue="slate",
            spacing_size="sm",
            radius_size="sm",
            text_size="sm",
            font=["system-ui", "sans-serif"],
            font_mono=["ui-monospace", "monospace"],
        ),
        # A page of another site that resolves its own name to this machine must not read the studio.
        "app_kwargs": {
            "routes": all_routes(page.catalog),
            "middleware": [Middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost"])],
        },
    }
