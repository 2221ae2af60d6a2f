"""Read tar archives member by member as a stream: no header can ask for memory or for a path."""

import re
from collections.abc import Callable, Iterator
from typing import BinaryIO

from auditor.feeds.sources import Unreadable

_BLOCK = 512
_CHUNK = 2**20
_NAME_LIMIT = 64 * 2**10
"""Bytes of the extra headers that carry long names."""
_FILE, _LONG_NAME, _EXTENDED = (b"0", b"\0", b"7"), b"L", b"x"
_PAX_PATH = re.compile(rb"(?:^|\n)[0-9]+ path=([^\n]*)\n")
_PAX_SIZE = re.compile(rb"(?:^|\n)[0-9]+ (?:size|GNU\.sparse[^=]*)=")


def tar_members(
    stream: BinaryIO, limit: int, wanted: Callable[[str], bool]
) -> Iterator[tuple[str, bytes | None]]:
    """Yield (name, bytes) of the regular files; None for one that is not wanted, which is skipped.

    Folders and links are left out. A wanted file of more than `limit` bytes, and what is cut or is
    no tar, raise `Unreadable`. The stream's own limit bounds the whole.
    """
    long_name = ""
    while (header := stream.read(_BLOCK)).strip(b"\0"):
        size, kind = _checked(header)
        if kind in (_LONG_NAME, _EXTENDED):
            long_name = _long_name(_content(stream, size, _NAME_LIMIT), kind) or long_name
            continue
        name, long_name = long_name or _name(header), ""
        if kind in _FILE and wanted(name):
            yield name, _content(stream, size, limit, name)
            continue
        _skip(stream, size)
        if kind in _FILE:
            yield name, None
    if not header:
        raise Unreadable("the archive is cut")
    while stream.read(_CHUNK):  # to the end, where the packer's own checksum stands
        pass


def _checked(header: bytes) -> tuple[int, bytes]:
    """Return size and kind of a header whose checksum is right."""
    try:
        told = int(header[148:156].strip(b" \0"), 8)
        size = int(header[124:136].strip(b" \0") or b"0", 8)
    except ValueError as error:
        raise Unreadable("is no tar archive") from error
    if len(header) < _BLOCK or told != sum(header) - sum(header[148:156]) + 8 * ord(" "):
        raise Unreadable("is no tar archive, or it is cut")
    if size < 0:
        raise Unreadable("is no tar archive")
    return size, header[156:157]


def _name(header: bytes) -> str:
    name, prefix = header[:100].partition(b"\0")[0], header[345:500].partition(b"\0")[0]
    if header[257:263] == b"ustar\0" and prefix:
        name = prefix + b"/" + name
    return name.decode("utf-8", "replace")


def _long_name(content: bytes, kind: bytes) -> str:
    if kind == _LONG_NAME:
        return content.rstrip(b"\0").decode("utf-8", "replace")
    if _PAX_SIZE.search(content):
        raise Unreadable("the archive has sparse or huge members")
    found = _PAX_PATH.search(content)
    return found[1].decode("utf-8", "replace") if found else ""


def _content(stream: BinaryIO, size: int, limit: int, name: str = "a header") -> bytes:
    if size > limit:
        raise Unreadable(f"{name[:100]!r} of the archive is larger than {limit} bytes")
    content = stream.read(size)
    if len(content) < size:
        raise Unreadable("the archive is cut")
    _skip(stream, -size % _BLOCK, padded=False)
    return content


def _skip(stream: BinaryIO, size: int, *, padded: bool = True) -> None:
    left = size + (-size % _BLOCK if padded else 0)
    while left:
        got = len(stream.read(min(left, _CHUNK)))
        if not got:
            raise Unreadable("the archive is cut")
        left -= got
