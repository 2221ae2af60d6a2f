"""The opening of an SSH connection as bytes: version line, packets in clear, KEXINIT (RFC 4253).

Nothing here talks to a network. Text of a server is bounded and inert before it is kept.
"""

import re
from collections.abc import Iterator

from auditor.model.base import Value
from auditor.model.text import inert

CLIENT = b"SSH-2.0-auditor\r\n"
"""The auditor's own version line: whoever reads the server's log shall know who asked."""
LINES = 50
"""Lines before the version line at most."""
PROLOGUE = 8192
"""Bytes before the end of the version line at most."""
VERSION_LINE = 255
PACKET = 35_000
"""Bytes of a packet at most: what every implementation has to take."""
NAMES = 256
"""Names in one list at most."""
NAME = 64
"""Characters of a name at most (RFC 4251)."""
SAID = 80
"""Characters that are told of what is no SSH."""
DISCONNECT, KEXINIT = 1, 20
_PASSED_OVER = frozenset({2, 4, 7})
"""IGNORE, DEBUG, EXT_INFO: may come at any time and say nothing here."""
_VERSION = re.compile(r"SSH-([0-9]{1,2}\.[0-9]{1,3})-([^ ]+)(?: (.*))?", re.DOTALL)
_NAME = re.compile(r"[\x21-\x2b\x2d-\x7e]+")
_FULL = ("Exceeded MaxStartups", "Not allowed at this time")
"""What OpenSSH says to whom it does not listen to now."""
_LIST_COUNT = 10
_NEEDED = 8
"""Lists that must name something: all but the languages."""


class Malformed(Exception):  # noqa: N818 - an answer about a server
    """What came is not SSH, or broken; the message is inert."""


class Oversized(Malformed):
    """More came than is read."""


class Full(Malformed):
    """The server has no room for one more client now."""


class Hello(Value, frozen=True):
    """A server's version line; `comments` is what follows the software, such as the system."""

    line: str
    protocol: str
    software: str
    comments: str = ""

    @property
    def speaks_1(self) -> bool:
        """Whether protocol 1 is spoken: 1.x alone, 1.99 beside 2."""
        return self.protocol.startswith("1.")

    @property
    def speaks_2(self) -> bool:
        """Whether protocol 2 is spoken."""
        return self.protocol == "1.99" or self.protocol.startswith("2.")


class Offer(Value, frozen=True, kw_only=True):
    """A KEXINIT: names in the order of preference, both directions apart where there are two."""

    kex: tuple[str, ...]
    host_keys: tuple[str, ...]
    ciphers: tuple[tuple[str, ...], tuple[str, ...]]
    macs: tuple[tuple[str, ...], tuple[str, ...]]
    compression: tuple[tuple[str, ...], tuple[str, ...]]


class Reader:
    """Takes in bytes as they come and gives the version line, then the payloads of packets."""

    def __init__(self) -> None:
        self._held = bytearray()
        self._greeted = False
        self._said: list[str] = []
        self._before = 0

    def feed(self, data: bytes) -> Iterator[Hello | bytes]:
        """Yield what is complete; raises `Malformed`."""
        self._held += data
        while not self._greeted:
            hello = self._line()
            if hello is None:
                return
            self._greeted = True
            yield hello
        while (payload := self._packet()) is not None:
            if payload[0] not in _PASSED_OVER:
                yield payload

    def end(self) -> Malformed:
        """Say what is wrong with an end of the connection here."""
        if not self._greeted:
            return self._no_ssh(_shown(bytes(self._held)))
        if self._held:
            return Malformed("the answer is cut short")
        return Malformed("the server ended the connection")

    def _line(self) -> Hello | None:
        while b"\n" in self._held:
            line, _, rest = self._held.partition(b"\n")
            self._before += len(line) + 1
            self._held = rest
            if line.startswith(b"SSH-"):
                return hello(bytes(line))
            self._said.append(_shown(bytes(line)))
            if len(self._said) > LINES or self._before > PROLOGUE:
                raise Oversized("too much text before the SSH version line")
            if line.startswith(b"HTTP/"):
                raise self._no_ssh("")
        if self._before + len(self._held) > PROLOGUE:
            raise Oversized("too much text before the SSH version line")
        if not self._said and self._held.startswith((b"\x15\x03", b"\x16\x03")):
            raise Malformed("does not speak SSH but TLS")
        return None

    def _no_ssh(self, rest: str) -> Malformed:
        said = next((words for words in (*self._said, rest) if words), "")
        if said.startswith(_FULL):
            return Full(f"the server takes no more clients now: {said}")
        if not said:
            return Malformed("the server ended the connection without a word")
        return Malformed(f"does not speak SSH; it said: {said}")

    def _packet(self) -> bytes | None:
        if len(self._held) < 5:  # noqa: PLR2004 - two lengths, four bytes and one
            return None
        length = int.from_bytes(self._held[:4], "big")
        padding = self._held[4]
        if length > PACKET:
            raise Oversized(f"a packet claims to have {length} bytes")
        if length < padding + 2:
            raise Malformed(f"a packet of {length} bytes claims {padding} bytes of padding")
        if len(self._held) < 4 + length:
            return None
        payload = bytes(self._held[5 : 4 + length - padding])
        del self._held[: 4 + length]
        return payload


def hello(line: bytes) -> Hello:
    """Read a version line without its newline; raises `Malformed`."""
    if len(line) > VERSION_LINE:
        raise Oversized(f"a version line of {len(line)} bytes")
    text = inert(line.removesuffix(b"\r").decode("utf-8", "replace"))
    found = _VERSION.fullmatch(text)
    if found is None:
        raise Malformed(f"a version line that says nothing: {text[:SAID]}")
    return Hello(text, found[1], found[2], found[3] or "")


def _shown(data: bytes) -> str:
    """Return the beginning of some bytes as one short inert line."""
    text = " ".join(data[: 4 * SAID].decode("utf-8", "replace").split())
    return inert(text)[:SAID]


class Fields:
    """Reads the parts of a message one after the other; raises `Malformed` where it ends."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    @property
    def left(self) -> int:
        """Bytes that are left."""
        return len(self._data) - self._at

    def take(self, count: int) -> bytes:
        """Return the next bytes."""
        if count > self.left:
            raise Malformed("a message is shorter than it says")
        self._at += count
        return self._data[self._at - count : self._at]

    def number(self) -> int:
        """Return an uint32."""
        return int.from_bytes(self.take(4), "big")

    def string(self) -> bytes:
        """Return a string."""
        return self.take(self.number())

    def mpint(self) -> int:
        """Return an integer that may not be negative."""
        value = int.from_bytes(self.string(), "big", signed=True)
        if value < 0:
            raise Malformed("a number is negative")
        return value

    def names(self) -> tuple[str, ...]:
        """Return a list of names, each once."""
        text = self.string().decode("latin-1")
        found = text.split(",", NAMES + 1) if text else []
        if len(found) > NAMES:
            raise Oversized(f"a list of more than {NAMES} names")
        if not all(len(name) <= NAME and _NAME.fullmatch(name) for name in found):
            raise Malformed("a list holds what is no name")
        return tuple(dict.fromkeys(found))


def offer(payload: bytes) -> Offer:
    """Read a KEXINIT; raises `Malformed`, also where a list that must name something is empty."""
    message(payload, KEXINIT)
    fields = Fields(payload[1:])
    fields.take(16)
    lists = [fields.names() for _ in range(_LIST_COUNT)]
    fields.take(5)
    if not all(lists[:_NEEDED]):
        raise Malformed("a list of algorithms is empty")
    kex, keys, *others = lists
    return Offer(
        kex=kex,
        host_keys=keys,
        ciphers=(others[0], others[1]),
        macs=(others[2], others[3]),
        compression=(others[4], others[5]),
    )


def message(payload: bytes, wanted: int) -> Fields:
    """Return the fields of a message of the wanted kind; raises `Malformed` for every other."""
    if payload[0] == DISCONNECT:
        raise _farewell(payload)
    if payload[0] != wanted:
        raise Malformed(f"message {payload[0]} where {wanted} was due")
    return Fields(payload[1:])


def _farewell(payload: bytes) -> Malformed:
    fields = Fields(payload[1:])
    fields.number()
    said = _shown(fields.string())
    if said.startswith(_FULL):
        return Full(f"the server takes no more clients now: {said}")
    return Malformed(f"the server ended the conversation: {said or 'without a word'}")


def string(data: bytes) -> bytes:
    """Write a string."""
    return len(data).to_bytes(4, "big") + data


def mpint(value: int) -> bytes:
    """Write an integer that is not negative."""
    return string(value.to_bytes(value.bit_length() // 8 + 1, "big") if value else b"")


def packet(payload: bytes) -> bytes:
    """Write a packet in clear: padded to a multiple of 8 bytes by at least 4."""
    padding = 8 - (len(payload) + 5) % 8
    padding += 8 if padding < 4 else 0  # noqa: PLR2004 - RFC 4253, 6
    length = len(payload) + padding + 1
    return length.to_bytes(4, "big") + bytes([padding]) + payload + bytes(padding)


def kexinit(theirs: Offer, kex: str, host_key: str) -> bytes:
    """Write a KEXINIT that leaves the server one choice and takes all its ciphers and MACs."""
    lists = [(kex,), (host_key,), *theirs.ciphers, *theirs.macs, *theirs.compression, (), ()]
    named = b"".join(string(",".join(names).encode()) for names in lists)
    return bytes([KEXINIT]) + bytes(16) + named + bytes(5)
