"""Read a file that is small enough to be held, and tell JSON from archives."""

from pathlib import Path

from auditor.feeds.sources.bounded import opened

_STARTS = (b"{", b"[", b" ", b"\t", b"\r", b"\n", b"\xef", b"")
_LOOK = 16 * 2**20
"""Bytes that an unpacker may give when the first one is asked for."""


def content_of(path: Path, limit: int) -> bytes:
    """Return the whole file, unpacked where it is packed; `Unreadable` past `limit` bytes."""
    with opened(path, limit) as stream:
        return stream.read().removeprefix(b"\xef\xbb\xbf")


def is_json(path: Path) -> bool:
    """Tell by its first byte whether a file, unpacked, may be JSON; else it may be an archive."""
    with opened(path, _LOOK) as stream:
        return stream.read(1) in _STARTS
