"""Unpack what is packed in a document without being flooded: bounds on parts, bytes, elements."""

import struct
import zlib
from collections.abc import Callable
from io import BytesIO
from xml.parsers import expat  # no DTD passes: see `parse`
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from auditor.model.fact import Why
from auditor.probe.base import Unseen

MOST_PARTS = 2_000
MOST_BYTES = 64 * 2**20
"""Of one package, unpacked."""
MOST_OF_A_PART = 32 * 2**20
MOST_RATIO = 400
"""A part that says to be more times as large as it is packed, and large, is no one's table."""
_LARGE = 2**20
MOST_ELEMENTS = 1_500_000
"""Of one package; so many take about a second."""
Start = Callable[[str, dict[str, str]], None]
End = Callable[[str], None]
Text = Callable[[str], None]


class Package:
    """The parts of a ZIP file, one read at a time. Raises `Unseen` where it is none."""

    def __init__(self, body: bytes) -> None:
        try:
            self._zip = ZipFile(BytesIO(body))
            self._parts = {info.filename: info for info in self._zip.infolist()}
        except (BadZipFile, OSError, ValueError, struct.error, NotImplementedError) as error:
            raise Unseen(Why.UNREADABLE, "a package that cannot be opened") from error
        if len(self._parts) > MOST_PARTS:
            raise Unseen(Why.CUT, f"a package of more than {MOST_PARTS} parts")
        self._bytes = MOST_BYTES
        self._elements = MOST_ELEMENTS

    @property
    def names(self) -> list[str]:
        """The names of its parts, sorted."""
        return sorted(self._parts)

    def parse(self, name: str, start: Start, end: End, text: Text) -> None:
        """Give the elements of a part to the callbacks, their names without their name space.

        Raises `Unseen` where it is broken or too large. A document type is refused, and with it
        all entities: no part of such a package has one.
        """
        parser = expat.ParserCreate()
        parser.buffer_text = True

        def started(tag: str, attributes: dict[str, str]) -> None:
            self._elements -= 1
            if self._elements < 0:
                raise Unseen(Why.CUT, f"more than {MOST_ELEMENTS} elements")
            start(tag.rpartition(":")[2], attributes)

        parser.StartDoctypeDeclHandler = _refuse
        parser.StartElementHandler = started
        parser.EndElementHandler = lambda tag: end(tag.rpartition(":")[2])
        parser.CharacterDataHandler = text
        try:
            parser.Parse(self._read(name), True)  # noqa: FBT003 - positional only
        except expat.ExpatError as error:
            raise Unseen(Why.UNREADABLE, f"{_kind(name)} is no XML") from error

    def _read(self, name: str) -> bytes:
        info = self._parts[name]
        self._must_be_harmless(info)
        most = min(MOST_OF_A_PART, self._bytes)
        try:
            with self._zip.open(info) as file:
                data = file.read(most + 1)
        except (BadZipFile, zlib.error, OSError, EOFError, RuntimeError, ValueError) as error:
            raise Unseen(Why.UNREADABLE, f"{_kind(name)} cannot be unpacked") from error
        self._bytes -= len(data)
        if len(data) > most:
            raise Unseen(Why.CUT, f"more than {most} bytes unpacked")
        return data

    def _must_be_harmless(self, info: ZipInfo) -> None:
        if info.flag_bits & 1:
            raise Unseen(Why.UNREADABLE, "it is encrypted")
        if info.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
            raise Unseen(Why.UNSUPPORTED, "a part is packed in an unusual way")
        packed = max(info.compress_size, 1)
        if info.file_size > _LARGE and info.file_size > MOST_RATIO * packed:
            raise Unseen(Why.CUT, f"a part that is more than {MOST_RATIO} times as large unpacked")


def _refuse(*_parts: object) -> None:
    raise Unseen(Why.UNREADABLE, "it declares a document type")


def _kind(name: str) -> str:
    """Return the folder of a part; its own name may hold anything."""
    return "a part of xl/" if name.startswith("xl/") else "a part"
