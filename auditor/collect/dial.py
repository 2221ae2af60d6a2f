"""Reach a target's address over TCP: every wait ends in time, every failure has its reason."""

import errno
import os
import queue
import select
import socket
import ssl
import threading
import time
from collections.abc import Callable
from functools import partial
from ipaddress import ip_address
from typing import Self, TypeVar

from auditor.collect import Limit
from auditor.model.fact import Why

T = TypeVar("T")

SLICE = 0.25
"""Seconds between two looks at whether the run was stopped."""
_AT_ONCE = 65_536


class Unreached(Exception):  # noqa: N818 - an answer about a target, not a failure of ours
    """A target gave no answer. `closed`: it ended a connection that it had accepted."""

    def __init__(self, why: Why, detail: str, *, closed: bool = False) -> None:
        super().__init__(why, detail, closed)
        self.why = why
        self.detail = detail
        self.closed = closed


class Deadline:
    """The end of one step: its own seconds are over, or the task's."""

    def __init__(self, limit: Limit, seconds: float) -> None:
        self._limit = limit
        self._until = time.monotonic() + seconds

    @property
    def left(self) -> float:
        """Seconds left, 0 when over or stopped."""
        return max(0.0, min(self._limit.left, self._until - time.monotonic()))

    def wait(self) -> float:
        """Return how long to wait before looking again, or raise `Unreached` when it is over."""
        if self._limit.stopped:
            raise Unreached(Why.INTERRUPTED, "the run was stopped")
        left = self.left
        if left <= 0:
            raise Unreached(Why.TIMEOUT, "no answer in time")
        return min(left, SLICE)


def resolve(address: str, deadline: Deadline) -> tuple[str, ...]:
    """Return the IP addresses behind a name, asked once; `Unreached` where none comes in time.

    getaddrinfo(3) cannot be interrupted, so a thread that may outlive the question asks it.
    """
    try:
        return (str(ip_address(address)),)
    except ValueError:
        answers: queue.SimpleQueue[tuple[str, ...] | OSError | UnicodeError] = queue.SimpleQueue()
    threading.Thread(target=_look_up, args=(address, answers), daemon=True).start()
    while True:
        seconds = deadline.wait()
        try:
            answer = answers.get(timeout=seconds)
        except queue.Empty:
            continue
        if isinstance(answer, tuple):
            return answer
        raise Unreached(Why.UNREACHABLE, f"the name {address} has no address") from answer


def _look_up(
    name: str, answers: "queue.SimpleQueue[tuple[str, ...] | OSError | UnicodeError]"
) -> None:
    try:
        found = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        answers.put(error)
    else:
        answers.put(tuple(dict.fromkeys(str(entry[4][0]) for entry in found)))


class Connection:
    """A TCP connection; use as a context manager. Methods raise `Unreached`."""

    def __init__(self, ip: str, port: int, deadline: Deadline) -> None:
        self._deadline = deadline
        self._socket = socket.socket(socket.AF_INET6 if ":" in ip else socket.AF_INET)
        try:
            _connect(self._socket, (ip, port), deadline)
        except Unreached:
            self._socket.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def encrypt(self, context: ssl.SSLContext, name: str) -> None:
        """Go on over TLS, asking for `name`."""
        try:
            name.encode("idna")
        except UnicodeError as error:
            raise Unreached(Why.UNSUPPORTED, "TLS cannot carry this name") from error
        secured = context.wrap_socket(
            self._socket, server_hostname=name, do_handshake_on_connect=False
        )
        self._socket = secured
        self._patiently(secured.do_handshake)

    def send(self, data: bytes) -> None:
        """Send all of a short message."""
        while data:
            sent = self._patiently(partial(self._socket.send, data))
            data = data[sent:]

    def receive(self) -> bytes:
        """Return what has arrived, at least one byte; empty at the end."""
        return self._patiently(partial(self._socket.recv, _AT_ONCE))

    def _patiently(self, act: Callable[[], T]) -> T:
        while True:
            self._socket.settimeout(self._deadline.wait())
            try:
                return act()
            except TimeoutError:
                continue
            except ssl.SSLError as error:
                raise Unreached(Why.UNREADABLE, f"TLS failed: {error.reason}") from error
            except OSError as error:
                detail = f"the connection broke: {error.strerror}"
                raise Unreached(Why.UNREADABLE, detail, closed=True) from error


def _connect(raw: socket.socket, place: tuple[str, int], deadline: Deadline) -> None:
    raw.settimeout(0)
    code = raw.connect_ex(place)
    if code == errno.EINPROGRESS:
        waiting = select.poll()
        waiting.register(raw, select.POLLOUT)
        while not waiting.poll(deadline.wait() * 1000):
            pass
        code = raw.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    if code:
        why = Why.REFUSED if code == errno.ECONNREFUSED else Why.UNREACHABLE
        raise Unreached(why, f"port {place[1]}: {os.strerror(code).lower()}")
