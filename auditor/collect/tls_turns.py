"""Questions to one server side by side, or one alone: some servers cap a caller's connections."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition

REST = 0.02
"""Seconds that a server is given to notice that the connections before are over."""


class Turns:
    """Lets callers in together, or one by itself once all others have left."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._inside = 0
        self._closed = False

    @contextmanager
    def together(self) -> Iterator[None]:
        """Wait while someone is in alone."""
        with self._changed:
            self._changed.wait_for(lambda: not self._closed)
            self._inside += 1
        try:
            yield
        finally:
            with self._changed:
                self._inside -= 1
                self._changed.notify_all()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Wait until nobody is in, and a moment longer."""
        with self._changed:
            self._changed.wait_for(lambda: not self._closed)
            self._closed = True
            self._changed.wait_for(lambda: not self._inside)
        try:
            time.sleep(REST)
            yield
        finally:
            with self._changed:
                self._closed = False
                self._changed.notify_all()
