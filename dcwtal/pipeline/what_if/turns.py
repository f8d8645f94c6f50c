"""Which question of a client is its newest: an older one that still runs stops."""

import threading
from collections import OrderedDict
from collections.abc import Callable

CLIENTS_KEPT = 500


class Turns:
    """The newest turn of each client, for many threads. A client is one view of one page, under a name of its own."""

    def __init__(self) -> None:
        self._newest: OrderedDict[str, int] = OrderedDict()
        self._lock = threading.Lock()

    def announce(self, client: str | None, turn: int | None) -> Callable[[], bool]:
        """Say that a client asks its question number ``turn``; the answer says at any time whether a newer one was
        asked. Without a name or a number a question is never withdrawn."""
        if client is None or turn is None:
            return lambda: False
        with self._lock:
            self._newest[client] = max(turn, self._newest.get(client, turn))
            self._newest.move_to_end(client)
            while len(self._newest) > CLIENTS_KEPT:
                self._newest.popitem(last=False)
        return lambda: self._newest.get(client, turn) > turn
