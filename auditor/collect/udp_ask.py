"""Ask single packets over UDP, many at once, and take the first answer to each."""

import contextlib
import selectors
import socket
import time
from collections.abc import Mapping
from typing import TypeAlias

from auditor.collect import Limit

Place: TypeAlias = tuple[str, int]
"""Address and port."""

AT_ONCE = 200
TRIES = 2
WAIT = 1.0
"""Seconds that an answer is waited for after each try."""
LARGEST = 65_535


def ask(questions: Mapping[Place, bytes], limit: Limit) -> dict[Place, bytes]:
    """Return the answers, without those that did not come or were refused."""
    places = list(questions)
    found: dict[Place, bytes] = {}
    for start in range(0, len(places), AT_ONCE):
        part = {place: questions[place] for place in places[start : start + AT_ONCE]}
        found |= _ask(part, limit)
    return found


def _ask(questions: Mapping[Place, bytes], limit: Limit) -> dict[Place, bytes]:
    found: dict[Place, bytes] = {}
    with contextlib.ExitStack() as stack:
        selector = stack.enter_context(selectors.DefaultSelector())
        for place in questions:
            family = socket.AF_INET6 if ":" in place[0] else socket.AF_INET
            raw = stack.enter_context(socket.socket(family, socket.SOCK_DGRAM))
            raw.setblocking(False)  # noqa: FBT003 - the socket's own word
            with contextlib.suppress(OSError):
                raw.connect(place)
                selector.register(raw, selectors.EVENT_READ, place)
        for _ in range(TRIES):
            for key in list(selector.get_map().values()):
                with contextlib.suppress(OSError):
                    key.fileobj.send(questions[key.data])  # type: ignore[union-attr]
            _collect(selector, found, limit)
    return found


def _collect(selector: selectors.BaseSelector, found: dict[Place, bytes], limit: Limit) -> None:
    until = time.monotonic() + WAIT
    while selector.get_map() and limit.left > 0 and time.monotonic() < until:
        for key, _ in selector.select(min(0.25, max(0.0, until - time.monotonic()))):
            with contextlib.suppress(OSError):
                found[key.data] = key.fileobj.recv(LARGEST)  # type: ignore[union-attr]
            selector.unregister(key.fileobj)
