"""What a repository of rpm packages says of its list of updates (repomd.xml)."""

import re
from typing import Any
from xml.parsers import expat

from auditor.feeds.errors import FeedError

_PLACE = re.compile(r"(?!.*\.\.)[0-9A-Za-z][0-9A-Za-z._/-]{0,300}")
_SHA256 = re.compile(r"[0-9a-f]{64}")


def updates_of(text: bytes) -> tuple[str, str]:
    """Return where the list is, below the repository, and its SHA-256; raises `FeedError`."""
    reader = _Reader()
    try:
        reader.parser.Parse(text, True)  # noqa: FBT003 - the parser takes no names
    except expat.ExpatError as error:
        raise FeedError(f"repomd.xml is no XML: {error}") from error
    if not (_PLACE.fullmatch(reader.place) and _SHA256.fullmatch(reader.sha256.strip())):
        raise FeedError("repomd.xml names no list of updates (updateinfo) with its SHA-256")
    return reader.place, reader.sha256.strip()


class _Reader:
    """Takes the first `<data type="updateinfo">`; declarations of a DTD are refused."""

    def __init__(self) -> None:
        self.place = ""
        self.sha256 = ""
        self._inside = False
        self._hashing = False
        self.parser: Any = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = self._refuse

    def _refuse(self, *_: object) -> None:
        raise FeedError("repomd.xml declares a document type: it is not read")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "data":
            self._inside = attributes.get("type") == "updateinfo" and not self.place
        elif self._inside and name == "location":
            self.place = attributes.get("href", "")
        elif self._inside and name == "checksum":
            self._hashing = attributes.get("type") == "sha256"

    def _end(self, name: str) -> None:
        self._inside = self._inside and name != "data"
        self._hashing = False

    def _text(self, text: str) -> None:
        if self._hashing:
            self.sha256 += text
