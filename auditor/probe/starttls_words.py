"""Read lines and bytes of a server that may send anything, in a talk whose I/O is elsewhere."""

from collections.abc import Generator
from typing import TypeAlias, TypeVar

from auditor.model.fact import Why
from auditor.model.text import inert
from auditor.probe.base import Unseen

T = TypeVar("T")
Step: TypeAlias = Generator[bytes | None, bytes, T]
"""Part of a talk: yields bytes to send, or None to be given what comes next (empty: the end)."""

LINES = 100
"""Lines that a server may send before TLS."""
BYTES = 16_384
"""Bytes that a server may send before TLS."""
_SHOWN = 100


class Declined(Exception):  # noqa: N818 - an answer about a target, not a failure of ours
    """The server speaks the protocol and offers no TLS in it."""


class Words:
    """What a server has said before TLS and was not read yet. Its methods raise `Unseen`."""

    def __init__(self, protocol: str) -> None:
        self.protocol = protocol
        self._held = bytearray()
        self._bytes = 0
        self._lines = 0

    @property
    def rest(self) -> bytes:
        """What came and was not read."""
        return bytes(self._held)

    def line(self) -> Step[str]:
        """Read a line, without its end; bytes beyond ASCII are replaced."""
        start = 0
        while (end := self._held.find(b"\n", start)) < 0:
            start = len(self._held)
            yield from self._more()
        self._lines += 1
        if self._lines > LINES:
            raise Unseen(Why.CUT, f"more than {LINES} lines before TLS")
        text = self._held[:end].decode("ascii", "replace").removesuffix("\r")
        del self._held[: end + 1]
        return text

    def take(self, size: int) -> Step[bytes]:
        """Read exactly `size` bytes."""
        while len(self._held) < size:
            yield from self._more()
        data = bytes(self._held[:size])
        del self._held[:size]
        return data

    def _more(self) -> Step[None]:
        data = yield None
        if not data:
            raise Unseen(Why.UNREADABLE, "the server ended the connection before TLS")
        self._bytes += len(data)
        if self._bytes > BYTES:
            raise Unseen(Why.CUT, f"more than {BYTES} bytes before TLS")
        self._held += data

    def strange(self) -> Unseen:
        """Return what to raise when another protocol is spoken."""
        return Unseen(Why.UNREADABLE, f"does not speak {self.protocol}")

    def denied(self, said: str) -> Unseen:
        """Return what to raise when the server turns us away for a reason that tells nothing."""
        return Unseen(Why.DENIED, f"the {self.protocol} server turned away: {shown(said)}")


def shown(said: str) -> str:
    """Return a server's words short and safe to show."""
    return inert(" ".join(said.split())[:_SHOWN])
