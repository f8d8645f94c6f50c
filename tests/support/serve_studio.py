"""Serve the studio for the browser tests: ``serve_studio.py PORT INFER RUN...``."""

import sys
from pathlib import Path

from dcwtal.ui.app import launch

if __name__ == "__main__":
    launch([Path(path) for path in sys.argv[3:]], port=int(sys.argv[1]), infer=sys.argv[2])
