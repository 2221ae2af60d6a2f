"""Conversations with an SSH server in clear: its opening, and its host keys one by one."""

from collections.abc import Iterator
from typing import Self

from auditor.collect.dial import Connection, Deadline, Unreached
from auditor.collect.drive import drive
from auditor.model.fact import Why
from auditor.probe.ssh_server_codec import (
    CLIENT,
    Full,
    Hello,
    Malformed,
    Offer,
    Oversized,
    Reader,
    offer,
)
from auditor.probe.ssh_server_exchange import SMALL, USUAL, Shown, exchange
from auditor.probe.ssh_server_facts import Mute
from auditor.probe.ssh_server_names import exchanges

ANSWER_LIMIT = 131_072
"""Bytes that a server may send in one conversation."""


class Talk:
    """One connection; use as a context manager. Methods raise `Unreached` and `Malformed`."""

    def __init__(self, ip: str, port: int, deadline: Deadline) -> None:
        self._line = Connection(ip, port, deadline)
        self._reader = Reader()
        self._heard = self._listen()
        self._hello: Hello | None = None

    def __enter__(self) -> Self:
        self._line.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._line.__exit__()

    def greet(self) -> Hello:
        """Exchange version lines."""
        self._say(CLIENT)
        found = next(self._heard)
        assert isinstance(found, Hello)  # noqa: S101 - a reader gives it first
        if found.line == CLIENT.decode().strip():
            raise Malformed("it repeats what it hears")
        self._hello = found
        return found

    def offer(self) -> Offer:
        """Hear what the server offers, after the version lines."""
        if self._hello is not None and not self._hello.speaks_2:
            raise Unreached(Why.UNSUPPORTED, "it does not speak protocol 2")
        found = offer(self._payload())
        if not exchanges(found.kex):
            raise Malformed("it offers no key exchange")
        return found

    def show(self, theirs: Offer, kex: str, algorithm: str, *, small: bool = False) -> Shown:
        """Let the server show a host key; `small`: in the smallest group that it gives."""
        steps = exchange(theirs, kex, algorithm, SMALL if small else USUAL)

        def hear(packets: bytes) -> bytes:
            self._say(packets)
            return self._payload()

        return drive(steps, hear)

    def _payload(self) -> bytes:
        found = next(self._heard, None)
        if not isinstance(found, bytes):
            raise Malformed("the server ended the connection")
        return found

    def _say(self, data: bytes) -> None:
        """Send; to a server that has hung up as well: what it said before is still to be heard."""
        try:
            self._line.send(data)
        except Unreached as error:
            if not error.closed:
                raise

    def _listen(self) -> Iterator[Hello | bytes]:
        received = 0
        while data := self._receive():
            received += len(data)
            if received > ANSWER_LIMIT:
                raise Oversized(f"more than {ANSWER_LIMIT} bytes before any key")
            yield from self._reader.feed(data)
        raise self._reader.end()

    def _receive(self) -> bytes:
        """Return what has arrived; nothing at the end, however it comes."""
        try:
            return self._line.receive()
        except Unreached as error:
            if not error.closed:
                raise
        return b""


def mute(error: Unreached | Malformed) -> Mute:
    """Say why a conversation came to nothing."""
    if isinstance(error, Unreached):
        return Mute(error.why, error.detail)
    if isinstance(error, Full):
        return Mute(Why.BUSY, str(error))
    return Mute(Why.CUT if isinstance(error, Oversized) else Why.UNREADABLE, str(error))
