"""A child may grow up to its ceiling and not beyond."""

import subprocess
import sys

import pytest

CHILD = """
import sys
import numpy as np
from dcwtal.video.memory_limit import limit_further_memory
limit_further_memory(300 << 20)
np.ones(20 << 20, np.uint8)
try:
    np.ones(600 << 20, np.uint8)
except MemoryError:
    sys.exit(7)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the size of a process is read from /proc")
def test_ceiling():
    assert subprocess.run([sys.executable, "-c", CHILD]).returncode == 7
