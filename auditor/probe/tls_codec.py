"""The opening of a TLS connection as bytes: a client's hello, and what a server answers.

Written after RFC 6101, 5246, 6066 and 8446. Pure: bytes in, values out. Whatever a server sends,
reading it ends in a value or in `Malformed`.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from hashlib import sha256
from struct import Struct, pack
from typing import TypeAlias

from auditor.model.base import Value
from auditor.probe.tls_alerts import UNRECOGNIZED_NAME, Alert
from auditor.probe.tls_suites import Version

MAX_CERTIFICATES = 16
MAX_CERTIFICATE = 65_536
MAX_RECORD = 2**14 + 2048
MAX_MESSAGE = 262_144
_CHANGE_CIPHER_SPEC, _ALERT, _HANDSHAKE, _SEALED = 20, 21, 22, 23
SERVER_HELLO, CERTIFICATE, SERVER_HELLO_DONE = 2, 11, 14
_SIGNATURE_OF_ISSUERS = 50
_SERVER_NAME, STATUS_REQUEST, _GROUPS, _POINTS, _SIGNATURE, HEARTBEAT = 0, 5, 10, 11, 13, 15
MASTER_SECRET, _VERSIONS, _SHARES, RENEGOTIATION_INFO = 23, 43, 51, 0xFF01
"""Extensions by number."""
DEFLATE = 1
"""The compression method that CRIME reads through."""
_RETRY = sha256(b"HelloRetryRequest").digest()
"""The random value that makes a server hello a request to try again (RFC 8446, 4.1.3)."""
_SECURE_RENEGOTIATION, _FALLBACK = 0x00FF, 0x5600
"""Signals in the list of suites: RFC 5746, RFC 7507."""
_WARNING = 1


class Malformed(Exception):  # noqa: N818 - a verdict on a server's bytes
    """The bytes are not what the protocol allows; the text says what is wrong with them."""


class Oversized(Malformed):
    """The server sent more than anyone needs to send."""


class OtherProtocol(Malformed):
    """The first bytes are no TLS record."""


class ClientHello(Value, frozen=True):
    """What a client offers. `suites` are codes in order of preference, `name` is "" for no SNI.

    `shares` are key shares by group, for TLS 1.3 only; without one a server names its group.
    `fallback`: it says that a newer version failed (RFC 7507). `extras`: it also offers what most
    clients do not, compression and heartbeats, and asks for a staple. `signatures` are the schemes
    by which the server may sign, () for all: they decide which of its keys it shows.
    """

    version: Version
    suites: tuple[int, ...]
    name: str = ""
    groups: tuple[int, ...] = ()
    shares: tuple[tuple[int, bytes], ...] = ()
    random: bytes = bytes(32)
    session: bytes = b""
    fallback: bool = False
    extras: bool = False
    signatures: tuple[int, ...] = ()


class ServerHello(Value, frozen=True):
    """What a server chose. `version` is the number on the wire, `group` is 0 where none is named.

    `retry`: it only names the group that it wants a key share for; else `share` is its own.
    `extensions` are the numbers of those it answers with.
    """

    version: int
    suite: int
    retry: bool = False
    group: int = 0
    share: bytes = b""
    compression: int = 0
    extensions: tuple[int, ...] = ()


class Handshake(Value, frozen=True):
    """A handshake message; `raw` is it with its header, as the transcript needs it."""

    kind: int
    raw: bytes

    @property
    def body(self) -> bytes:
        """The message without its header."""
        return self.raw[4:]


class Sealed(Value, frozen=True):
    """An encrypted record: its header and what it holds."""

    header: bytes
    payload: bytes


Message: TypeAlias = Handshake | Alert | Sealed


class Reader:
    """Turns bytes into messages as they arrive; each byte is looked at a fixed number of times."""

    def __init__(self) -> None:
        self._records = bytearray()
        self._handshake = HandshakeReader()

    @property
    def partial(self) -> bool:
        """Whether a message has begun that has not ended."""
        return bool(self._records) or self._handshake.partial

    def feed(self, data: bytes) -> Iterator[Message]:
        """Yield the messages that `data` completes."""
        self._records += data
        while len(self._records) >= 5:  # noqa: PLR2004 - length of a record's header
            header = bytes(self._records[:5])
            length = int.from_bytes(header[3:], "big")
            if not _CHANGE_CIPHER_SPEC <= header[0] <= _SEALED or header[1] != Version.SSL_3_0 >> 8:
                raise OtherProtocol("the answer is not a TLS record")
            if length > MAX_RECORD:
                raise Malformed("a record is longer than the protocol allows")
            if len(self._records) < 5 + length:
                return
            payload = bytes(self._records[5 : 5 + length])
            del self._records[: 5 + length]
            yield from self._messages(header, payload)

    def _messages(self, header: bytes, payload: bytes) -> Iterator[Message]:
        match header[0]:
            case kind if kind == _ALERT:
                if len(payload) != 2:  # noqa: PLR2004 - level and description
                    raise Malformed("an alert has the wrong length")
                yield Alert(code=payload[1], warning=payload[0] == _WARNING)
            case kind if kind == _HANDSHAKE:
                yield from self._handshake.feed(payload)
            case kind if kind == _SEALED:
                yield Sealed(header=header, payload=payload)


class HandshakeReader:
    """Puts handshake messages together from the pieces that records carry."""

    def __init__(self) -> None:
        self._pieces = bytearray()

    @property
    def partial(self) -> bool:
        """Whether a message has begun that has not ended."""
        return bool(self._pieces)

    def feed(self, data: bytes) -> Iterator[Handshake]:
        """Yield the messages that `data` completes."""
        self._pieces += data
        while len(self._pieces) >= 4:  # noqa: PLR2004 - length of a message's header
            length = int.from_bytes(self._pieces[1:4], "big")
            if length > MAX_MESSAGE:
                raise Oversized(f"a handshake message of {length} bytes")
            if len(self._pieces) < 4 + length:
                return
            raw = bytes(self._pieces[: 4 + length])
            del self._pieces[: 4 + length]
            yield Handshake(kind=raw[0], raw=raw)


def encode(hello: ClientHello) -> bytes:
    """Return the record that carries a client's hello."""
    modern = hello.version is Version.TLS_1_3
    legacy = min(hello.version, Version.TLS_1_2)
    suites = hello.suites if modern else (*hello.suites, _SECURE_RENEGOTIATION)
    suites = (*suites, _FALLBACK) if hello.fallback else suites
    methods = bytes([DEFLATE, 0]) if hello.extras and not modern else b"\0"
    body = (
        _uint(legacy, 2)
        + hello.random
        + _vector(1, hello.session)
        + _vector(2, _uints(suites))
        + _vector(1, methods)
    )
    if hello.version is not Version.SSL_3_0:
        told = (hello.name, hello.groups, hello.shares, hello.signatures, hello.extras)
        body += _block(int(hello.version), *told)
    message = b"\1" + _vector(3, body)
    return _uint(_HANDSHAKE, 1) + _uint(min(legacy, Version.TLS_1_0), 2) + _vector(2, message)


_SIGNATURES = (
    *(0x0403, 0x0503, 0x0603),  # ECDSA with SHA-256 to SHA-512
    *(0x0804, 0x0805, 0x0806, 0x0809, 0x080A, 0x080B),  # RSA-PSS
    *(0x0807, 0x0808),  # Ed25519, Ed448
    *(0x0401, 0x0501, 0x0601),  # RSA PKCS #1
    *(0x0402, 0x0502, 0x0602),  # DSA
    *(0x0303, 0x0301, 0x0302, 0x0203, 0x0201, 0x0202),  # with SHA-224 and SHA-1
    *(0x0904, 0x0905, 0x0906),  # ML-DSA
)
"""Every signature that a certificate may carry, so that none makes a server refuse."""
BY_KEY = (
    (0x0403, 0x0503, 0x0603, 0x0807, 0x0808),
    (0x0804, 0x0805, 0x0806, 0x0809, 0x080A, 0x080B, 0x0401, 0x0501, 0x0601),
)
"""Signatures by keys on curves, and by RSA keys: in TLS 1.3 they alone tell which key is shown."""


@lru_cache(maxsize=256)
def _block(
    version: int,
    name: str,
    groups: tuple[int, ...],
    shares: tuple[tuple[int, bytes], ...],
    signatures: tuple[int, ...],
    extras: bool,  # noqa: FBT001 - as in the hello
) -> bytes:
    """Return all extensions of a hello; from one to the next mostly the suites change.

    The version is a plain number: hashing an enumeration costs more than the block.
    """
    found: list[bytes] = []
    if name:
        server = _vector(2, b"\0" + _vector(2, name.encode("ascii")))
        found.append(_extension(_SERVER_NAME, server))
    if extras:
        found.append(_extension(STATUS_REQUEST, b"\1" + bytes(4)))  # OCSP, of any responder
        found.append(_extension(HEARTBEAT, b"\1"))
    found.append(_extension(_GROUPS, _vector(2, _uints(groups))))
    if version >= Version.TLS_1_2:
        found.append(_extension(_SIGNATURE, _vector(2, _uints(signatures or _SIGNATURES))))
    if signatures:
        found.append(_extension(_SIGNATURE_OF_ISSUERS, _vector(2, _uints(_SIGNATURES))))
    if version == Version.TLS_1_3:
        keys = (_uint(group, 2) + _vector(2, key) for group, key in shares)
        found.append(_extension(_VERSIONS, _vector(1, _uint(version, 2))))
        found.append(_extension(_SHARES, _vector(2, b"".join(keys))))
    else:
        found.append(_extension(_POINTS, _vector(1, bytes([0, 1, 2]))))  # all forms of points
        found.append(_extension(MASTER_SECRET, b""))  # hardened servers insist on it
    return _vector(2, b"".join(found))


def _extension(kind: int, body: bytes) -> bytes:
    return _uint(kind, 2) + _vector(2, body)


def _uint(number: int, size: int) -> bytes:
    return number.to_bytes(size, "big")


def _uints(numbers: Sequence[int]) -> bytes:
    return pack(f">{len(numbers)}H", *numbers)


def _vector(size: int, body: bytes) -> bytes:
    return _uint(len(body), size) + body


class Cursor:
    """Takes fields off the front of a message; what is missing is `Malformed`."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def __bool__(self) -> bool:
        return self._at < len(self._data)

    def take(self, size: int) -> bytes:
        """Return the next `size` bytes."""
        taken = self._data[self._at : self._at + size]
        if len(taken) < size:
            raise Malformed("a message ends too early")
        self._at += size
        return taken

    def uint(self, size: int) -> int:
        """Return the next number."""
        return int.from_bytes(self.take(size), "big")

    def vector(self, size: int) -> bytes:
        """Return the next field that states its own length in `size` bytes."""
        return self.take(self.uint(size))


def answer(messages: Iterable[Message]) -> ServerHello | Alert | None:
    """Return a server's first answer to a hello; None where the messages end before it.

    The warning that a server does not know the name precedes its hello and is passed over.
    """
    for message in messages:
        match message:
            case Alert(code=code, warning=True) if code == UNRECOGNIZED_NAME:
                continue
            case Alert():
                return message
            case Handshake(kind=kind) if kind == SERVER_HELLO:
                return server_hello(message.body)
            case _:
                raise Malformed("the first message is not a server's hello")
    return None


def server_hello(body: bytes) -> ServerHello:
    """Read a server's hello."""
    cursor = Cursor(body)
    version = cursor.uint(2)
    if version >> 8 != Version.SSL_3_0 >> 8:
        raise Malformed("a version that is none of TLS")
    retry = cursor.take(32) == _RETRY
    cursor.vector(1)  # the session
    suite = cursor.uint(2)
    compression = cursor.uint(1)
    group, share = 0, b""
    told = extensions(cursor.vector(2) if cursor else b"")
    if _VERSIONS in told:
        version = Cursor(told[_VERSIONS]).uint(2)
    if _SHARES in told:
        field = Cursor(told[_SHARES])
        group = field.uint(2)
        share = b"" if retry else field.vector(2)
    return ServerHello(
        version=version,
        suite=suite,
        retry=retry,
        group=group,
        share=share,
        compression=compression,
        extensions=tuple(told),
    )


def extensions(data: bytes) -> dict[int, bytes]:
    """Read a list of extensions: what each holds, by its number; of two, the last."""
    found: dict[int, bytes] = {}
    at = 0
    while at < len(data):
        begin = at + _EXTENSION_HEADER.size
        if begin > len(data):
            raise Malformed("a message ends too early")
        kind, size = _EXTENSION_HEADER.unpack_from(data, at)
        at = begin + size
        if at > len(data):
            raise Malformed("a message ends too early")
        found[kind] = data[begin:at]
    return found


_EXTENSION_HEADER = Struct(">HH")


def certificates(messages: Iterable[Message]) -> tuple[bytes, ...]:
    """Return the chain (DER, the server's own first) that SSL 3.0 to TLS 1.2 send in clear.

    Empty where the server goes on without showing one, or the messages end.
    """
    for message in messages:
        match message:
            case Handshake(kind=kind) if kind == CERTIFICATE:
                return chain(message.body)
            case Handshake(kind=kind) if kind == SERVER_HELLO_DONE:
                return ()
            case Alert(warning=False):
                return ()
            case Sealed():
                raise Malformed("an encrypted record before the keys are agreed")
    return ()


def chain(body: bytes, *, modern: bool = False) -> tuple[bytes, ...]:
    """Read a certificate message; that of TLS 1.3 (`modern`) has two fields more."""
    return tuple(certificate for certificate, _ in entries(body, modern=modern))


def entries(body: bytes, *, modern: bool = False) -> tuple[tuple[bytes, bytes], ...]:
    """Read a certificate message with what it says of each certificate, which is in TLS 1.3."""
    cursor = Cursor(body)
    if modern:
        cursor.vector(1)  # the request's context
    listed = Cursor(cursor.vector(3))
    found: list[tuple[bytes, bytes]] = []
    while listed:
        if len(found) == MAX_CERTIFICATES:
            raise Oversized(f"more than {MAX_CERTIFICATES} certificates")
        certificate = listed.vector(3)
        if len(certificate) > MAX_CERTIFICATE:
            raise Oversized(f"a certificate of {len(certificate)} bytes")
        found.append((certificate, listed.vector(2) if modern else b""))
    return tuple(found)
