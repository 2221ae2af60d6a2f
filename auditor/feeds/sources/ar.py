"""Read the outer archive of a .deb: ar(5), a few members, each with a 60-byte header."""

from collections.abc import Iterator
from typing import BinaryIO

from auditor.feeds.sources import Unreadable

MAGIC = b"!<arch>\n"
_HEADER = 60
_MEMBERS = 16


def ar_members(stream: BinaryIO, limit: int) -> Iterator[tuple[str, bytes]]:
    """Yield (name, bytes) of an archive's members, at most 16.

    A member of more than `limit` bytes, and what is cut or no such archive, raise `Unreadable`.
    """
    if stream.read(len(MAGIC)) != MAGIC:
        raise Unreadable("is no Debian package")
    for _ in range(_MEMBERS):
        header = stream.read(_HEADER)
        if not header:
            return
        name, size = header[:16].decode("ascii", "replace").rstrip(" /"), header[48:58].strip()
        if len(header) < _HEADER or header[58:] != b"`\n" or not size.isdigit():
            raise Unreadable("is no Debian package, or is cut")
        if int(size) > limit:
            raise Unreadable(f"{name!r} of the package is larger than {limit} bytes")
        content = stream.read(int(size))
        if len(content) < int(size):
            raise Unreadable("the Debian package is cut")
        stream.read(int(size) % 2)
        yield name, content
    raise Unreadable("the Debian package has too many members")
