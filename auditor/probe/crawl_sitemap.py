"""A site's own list of its pages (sitemaps.org), read without an XML parser: nothing is expanded.

Entities and DTDs have no place in a sitemap; one that brings them is not read.
"""

import re
import zlib

from auditor.model.base import Value
from auditor.probe.http_talk import Answer

BODY = 1_048_576
"""Bytes of one file, packed and unpacked."""
MOST_FILES = 4
MOST_ADDRESSES = 2_000
_GZIP = 31
_GZIPPED = b"\x1f\x8b"
_LOC = re.compile(r"<loc\s{0,20}>\s{0,200}(?:<!\[CDATA\[)?\s{0,200}([^<\s\]]{1,2048})")
_ENTRY = re.compile(r"<loc[\s>]")
_DECLARED = re.compile(r"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
_INDEX = re.compile(r"<sitemapindex[\s>]")
_SET = re.compile(r"<urlset[\s>]")
_HEAD = 4_000
_NAMED = (
    ("&lt;", "<"),
    ("&gt;", ">"),
    ("&quot;", '"'),
    ("&apos;", "'"),
    ("&#38;", "&"),
    ("&amp;", "&"),
)


class Part(Value, frozen=True):
    """One file: `count` entries, and the first addresses; `files`: they are sitemaps themselves."""

    count: int
    addresses: tuple[str, ...]
    files: bool
    whole: bool


def read_part(answer: Answer) -> Part | None:
    """Return what a file lists, None where it is no sitemap."""
    body, whole = _unpacked(answer)
    text = body.decode("utf-8", "replace")
    head = text[:_HEAD]
    files = _INDEX.search(head) is not None
    if _DECLARED.search(head) or not (files or _SET.search(head)):
        return None
    addresses: list[str] = []
    for match in _LOC.finditer(text):
        addresses.append(_written(match[1]))
        if len(addresses) == MOST_ADDRESSES:
            break
    count = sum(1 for _ in _ENTRY.finditer(text))
    return Part(count=count, addresses=tuple(addresses), files=files, whole=whole)


def packed(answer: Answer) -> bool:
    """Tell whether a file that is no list for us may be one for others: packed, or XML."""
    head = answer.body[:_HEAD].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").replace(b"\0", b"")
    if b"<html" in head.lower():
        return False
    return answer.body.startswith(_GZIPPED) or head.startswith((b"<?xml", b"<urlset", b"<sitemap"))


def _unpacked(answer: Answer) -> tuple[bytes, bool]:
    if not answer.body.startswith(_GZIPPED):
        return answer.body, not answer.cut
    unpack = zlib.decompressobj(_GZIP)
    try:
        body = unpack.decompress(answer.body, BODY)
    except zlib.error:
        return b"", False
    return body, unpack.eof and not answer.cut


def _written(text: str) -> str:
    for entity, char in _NAMED:
        text = text.replace(entity, char)
    return text
