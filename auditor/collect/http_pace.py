"""Requests to one address keep a distance in time, whichever tasks send them."""

import threading
import time
from collections.abc import Callable

from auditor.collect import Limit
from auditor.collect.dial import Deadline


class Pace:
    """When the next request may be sent to each address; safe between threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._next: dict[str, float] = {}
        self._lock = threading.Lock()

    def wait(self, address: str, pause: float, limit: Limit) -> None:
        """Wait for this request's turn, `pause` seconds after the last; raises `Unreached`."""
        with self._lock:
            turn = max(self._clock(), self._next.get(address, 0.0))
            self._next[address] = turn + pause
        deadline = Deadline(limit, limit.left)
        while (left := turn - self._clock()) > 0:
            time.sleep(min(left, deadline.wait()))


PACE = Pace()
"""Shared by all tasks of the process: targets may share an address."""
