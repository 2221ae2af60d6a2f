"""The other side of the codec: what a client's hello offers, read independently for the tests."""

from typing import NamedTuple


class Offer(NamedTuple):
    version: int
    suites: tuple[int, ...]
    name: str = ""
    groups: tuple[int, ...] = ()
    shares: tuple[tuple[int, bytes], ...] = ()
    random: bytes = b""


def read_offer(record: bytes) -> Offer:
    """Read a record with one ClientHello; a wrong length anywhere is an AssertionError.

    A client that says nothing only knocked: ConnectionError.
    """
    if not record:
        raise ConnectionError("no hello")
    assert record[0] == 22
    assert record[1] == 3
    message, rest = _vector(record[3:], 2)
    assert rest == b""
    assert message[0] == 1
    body, rest = _vector(message[1:], 3)
    assert rest == b""
    version, random = int.from_bytes(body[:2], "big"), body[2:34]
    _session, rest = _vector(body[34:], 1)
    suites, rest = _vector(rest, 2)
    compression, rest = _vector(rest, 1)
    assert compression[-1:] == b"\0"
    fields = _extensions(rest)
    if 43 in fields:
        version = int.from_bytes(fields[43][1:3], "big")
    return Offer(
        version=version,
        suites=_numbers(suites),
        name=fields[0][5:].decode() if 0 in fields else "",
        groups=_numbers(fields[10][2:]) if 10 in fields else (),
        shares=tuple(_shares(fields[51][2:])) if 51 in fields else (),
        random=random,
    )


def _vector(data: bytes, size: int) -> tuple[bytes, bytes]:
    length = int.from_bytes(data[:size], "big")
    assert len(data) >= size + length
    return data[size : size + length], data[size + length :]


def _numbers(data: bytes) -> tuple[int, ...]:
    assert len(data) % 2 == 0
    return tuple(int.from_bytes(data[at : at + 2], "big") for at in range(0, len(data), 2))


def _extensions(data: bytes) -> dict[int, bytes]:
    if not data:
        return {}
    data, rest = _vector(data, 2)
    assert rest == b""
    fields = {}
    while data:
        kind = int.from_bytes(data[:2], "big")
        assert kind not in fields
        fields[kind], data = _vector(data[2:], 2)
    return fields


def _shares(data: bytes):
    while data:
        group = int.from_bytes(data[:2], "big")
        key, data = _vector(data[2:], 2)
        yield group, key
