"""The page's own scripts and styles, and plotly's script: a fixed list of files, never a path from a request."""

import hashlib
from functools import cache
from importlib.util import find_spec
from pathlib import Path

STATIC = Path(__file__).with_name("static")
MEDIA_TYPES = {".js": "text/javascript", ".css": "text/css", ".html": "text/html"}


@cache
def static_files() -> dict[str, Path]:
    """File name → path of everything in ``dcwtal/ui/static``."""
    return {path.name: path for path in sorted(STATIC.iterdir()) if path.suffix in MEDIA_TYPES}


@cache
def revision() -> str:
    """Changes with any of the files, so that a browser may keep each for ever under its revision."""
    digest = hashlib.sha256()
    for name, path in static_files().items():
        digest.update(name.encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def static_text(name: str) -> str:
    """Content of one of the files."""
    return static_files()[name].read_text(encoding="utf-8")


def style_sheet() -> str:
    """All of the page's own styles; the colours first, then file by file in order of name."""
    names = [name for name in static_files() if name.endswith(".css")]
    return "\n".join(
        static_text(name) for name in sorted(names, key=lambda name: (name != "studio.css", name))
    )


@cache
def plotly_script() -> Path:
    """``plotly.min.js`` of the plotly package: nothing comes from the network. plotly itself is not imported."""
    spec = find_spec("plotly")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("the plotly package is not installed")
    return Path(spec.origin).parent / "package_data" / "plotly.min.js"
