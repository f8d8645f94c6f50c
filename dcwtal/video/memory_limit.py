"""A ceiling on how much more memory this process may take: a hostile file ends in a message, not in swap.

Linux only: the size of a process is read from /proc.
"""

import resource
from pathlib import Path

_STATM = Path("/proc/self/statm")


def limit_further_memory(n_bytes: int) -> None:
    """Refuse address space beyond what the process has now plus ``n_bytes``.

    For worker processes that use no graphics card: its driver reserves address space as it likes.
    """
    now = int(_STATM.read_text().split()[0]) * resource.getpagesize()
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    wanted = now + n_bytes
    resource.setrlimit(
        resource.RLIMIT_AS, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard)
    )
