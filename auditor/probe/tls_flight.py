"""What a server says behind its hello: the staple, and the key that it offers to agree on.

Written after RFC 4492, 5246 and 6066. Whatever a server sends ends in a value or in `Malformed`.
"""

from collections.abc import Iterable, Mapping

from auditor.model.base import Value
from auditor.probe.tls_alerts import Alert
from auditor.probe.tls_codec import (
    CERTIFICATE,
    SERVER_HELLO_DONE,
    STATUS_REQUEST,
    Cursor,
    Handshake,
    Malformed,
    Message,
    Sealed,
    ServerHello,
    answer,
    chain,
    extensions,
)

KEY_EXCHANGE, CERTIFICATE_STATUS = 12, 22
_OCSP = 1
_EXPLICIT_PRIME, _EXPLICIT_BINARY, _NAMED = 1, 2, 3
EXPLICIT = 0
"""In place of a curve's code: the server sends parameters of its own making."""


class Flight(Value, frozen=True):
    """A server's first flight. `staple` is an OCSP response in DER, b"" for none.

    `exchange` is the message of the key exchange, None where the suite needs none.
    """

    hello: ServerHello
    chain: tuple[bytes, ...] = ()
    staple: bytes = b""
    exchange: bytes | None = None


def flight(messages: Iterable[Message]) -> Flight | Alert | None:
    """Read what SSL 3.0 to TLS 1.2 send in clear, up to the key exchange or the flight's end.

    An alert that refuses is the answer; None where the messages end before any.
    """
    stream = iter(messages)
    hello = answer(stream)
    if not isinstance(hello, ServerHello):
        return hello
    said: dict[int, bytes] = {}
    for message in stream:
        match message:
            case Alert(warning=False):
                return message
            case Sealed():
                raise Malformed("an encrypted record before the keys are agreed")
            case Handshake(kind=kind):
                said[kind] = message.body
                if kind in {KEY_EXCHANGE, SERVER_HELLO_DONE}:
                    return _flight(hello, said)
    raise Malformed("the answer is cut short")


def _flight(hello: ServerHello, said: Mapping[int, bytes]) -> Flight:
    return Flight(
        hello=hello,
        chain=chain(said[CERTIFICATE]) if CERTIFICATE in said else (),
        staple=status(said[CERTIFICATE_STATUS]) if CERTIFICATE_STATUS in said else b"",
        exchange=said.get(KEY_EXCHANGE),
    )


def status(body: bytes) -> bytes:
    """Return the OCSP response in a certificate's status; b"" where it is of another kind."""
    cursor = Cursor(body)
    return cursor.vector(3) if cursor.uint(1) == _OCSP else b""


def entry_status(told: bytes) -> bytes:
    """Return the OCSP response among the extensions of a TLS 1.3 certificate, b"" for none."""
    found = extensions(told)
    return status(found[STATUS_REQUEST]) if STATUS_REQUEST in found else b""


def curve(exchange: bytes, *, hinted: bool = False) -> int:
    """Return the code of the curve in an ECDHE message, `EXPLICIT` for one of its own making.

    `hinted`: a suite with a pre-shared key, whose message begins with a hint.
    """
    cursor = Cursor(exchange)
    if hinted:
        cursor.vector(2)
    match cursor.uint(1):
        case kind if kind == _NAMED:
            code = cursor.uint(2)
            cursor.vector(1)  # the server's half of the key
            return code
        case kind if kind in {_EXPLICIT_PRIME, _EXPLICIT_BINARY}:
            return EXPLICIT
    raise Malformed("a curve of an unknown kind")


def prime_bits(exchange: bytes, *, hinted: bool = False) -> int:
    """Return the length in bits of the prime in a DHE message."""
    cursor = Cursor(exchange)
    if hinted:
        cursor.vector(2)
    prime = int.from_bytes(cursor.vector(2), "big")
    cursor.vector(2)  # the generator
    cursor.vector(2)  # the server's half of the key
    if not prime:
        raise Malformed("a key exchange modulo nothing")
    return prime.bit_length()
