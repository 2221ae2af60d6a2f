"""Read a packed package list as a stream, in bounded memory, whatever it unpacks to."""

import re
from collections.abc import Iterator
from typing import BinaryIO

from auditor.feeds.sources import Unreadable
from auditor.feeds.sources.unpack import unpacked_xz
from auditor.model.feed import IndexEntry
from auditor.patch.deb_version import deb_key

UNPACKED_LIMIT = 512 * 2**20
CHUNK = 2**20
STANZA_LIMIT = 2**20
COUNT_LIMIT = 500_000
"""Entries of one list; the largest of today have below 80,000."""
_FIELD = re.compile(rb"^(Package|Version|Source):(.*)$", re.MULTILINE)
_NAME = re.compile(r"[a-z0-9][a-z0-9+.\-]*")
_VERSION = re.compile(r"[0-9A-Za-z][0-9A-Za-z.+:~\-]*")


def read_entries(packed: BinaryIO) -> dict[str, IndexEntry]:
    """Return the newest version of each binary package of a Packages.xz, by package name."""
    entries: dict[str, IndexEntry] = {}
    for stanza in stanzas(packed):
        entry = _entry(stanza)
        before = entries.get(entry.package)
        if before is None or entry.key > before.key:
            entries[entry.package] = entry
    return entries


def stanzas(packed: BinaryIO) -> Iterator[bytes]:
    """Yield the entries of a packed list as they are written; raises `Unreadable`."""
    rest, count = b"", 0
    for part in _unpacked(packed):
        *whole, rest = (rest + part).split(b"\n\n")
        if len(rest) > STANZA_LIMIT:
            raise Unreadable("an entry is larger than any package's")
        count += len(whole)
        if count > COUNT_LIMIT:
            raise Unreadable(f"has more than {COUNT_LIMIT} entries")
        yield from filter(bytes.strip, whole)
    if rest.strip():
        yield rest


def _unpacked(packed: BinaryIO) -> Iterator[bytes]:
    stream = unpacked_xz(packed, UNPACKED_LIMIT)
    while part := stream.read(CHUNK):
        yield part


def _entry(stanza: bytes) -> IndexEntry:
    told = _FIELD.findall(stanza)
    fields = {name: value.strip().decode("ascii", "replace") for name, value in told}
    package, version = fields.get(b"Package", ""), fields.get(b"Version", "")
    source = fields.get(b"Source", package).partition(" ")[0]
    if not (_NAME.fullmatch(package) and _NAME.fullmatch(source) and _VERSION.fullmatch(version)):
        raise Unreadable(f"{stanza[:60]!r} is no package")
    return IndexEntry(package=package, version=version, key=deb_key(version), source=source)
