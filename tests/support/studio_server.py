"""A studio on a free port, in a process of its own, for as long as a block lasts."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

SUPPORT = Path(__file__).resolve().parent
PATIENCE = 90  # seconds until the first answer


@contextmanager
def served_studio(runs: Sequence[Path], folder: Path) -> Iterator[str]:
    """Address of a studio that shows ``runs`` and pretends to infer; ``folder`` takes its log and uploads."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}/"
    environment = os.environ | {"PYTHONPATH": str(SUPPORT), "GRADIO_TEMP_DIR": str(folder / "uploads")}
    command = [sys.executable, str(SUPPORT / "serve_studio.py"), str(port), "fake_infer:infer_video"]
    with open(folder / "log.txt", "w") as log:
        server = subprocess.Popen([*command, *map(str, runs)], env=environment, stdout=log, stderr=log)
        try:
            _wait_until_served(address, server, folder / "log.txt")
            yield address
        finally:
            server.terminate()
            server.wait(timeout=20)


def _wait_until_served(address: str, server: subprocess.Popen, log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(address, timeout=5).close()
            return
        except (urllib.error.URLError, OSError):
            assert server.poll() is None, f"the studio ended:\n{log.read_text()}"
            time.sleep(0.2)
    raise AssertionError(f"the studio did not answer:\n{log.read_text()}")
