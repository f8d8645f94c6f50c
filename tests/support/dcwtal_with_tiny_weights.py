"""``python dcwtal_with_tiny_weights.py WEIGHTS SIGNAL STEPS ARGUMENT…``: the command line in a process of its own.

It finds its weights in WEIGHTS, and after STEPS training steps it sends itself SIGNAL (0: never), as Ctrl-C or the
kernel would.
"""

import os
import sys
from dataclasses import replace
from pathlib import Path

import dcwtal.features.weights_registry as registry
from dcwtal.cli import main
from dcwtal.jobs.event_log import EventLog

weights, signal, steps = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
sys.argv[1:] = sys.argv[4:]
registry.weights_folders = lambda: (weights,)
for name, entry in registry.WEIGHTS.items():
    registry.WEIGHTS[name] = replace(entry, sha256={})
write = EventLog.write


def write_and_count(log: EventLog, kind: str, **fields) -> None:
    global steps
    write(log, kind, **fields)
    steps -= kind == "step"
    if signal and not steps:
        os.kill(os.getpid(), signal)


EventLog.write = write_and_count
main()
