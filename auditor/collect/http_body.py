"""Unpack the body of an answer, no further than it is wanted: a bomb costs what was asked for."""

import zlib

from auditor.collect.dial import Unreached
from auditor.model.fact import Why

_GZIP = 31
_ZLIB = 15
_RAW = -15
_GZIPPED = frozenset({"gzip", "x-gzip"})
_SPARE = 65_536
"""Packed bytes that are read beyond the number that is wanted unpacked."""


class Body:
    """Takes a body in pieces. `coding` is its Content-Encoding, `most` the bytes to be kept."""

    def __init__(self, coding: str, most: int) -> None:
        coding = coding.strip().lower()
        self.data = bytearray()
        self._most = most
        self._read = 0
        self._coding = "" if coding == "identity" else coding
        self._unpack = zlib.decompressobj(_GZIP) if coding in _GZIPPED else None
        self._more = False

    def feed(self, piece: bytes) -> bool:
        """Take in a piece; False where no further one is wanted. Raises `Unreached`."""
        self._read += len(piece)
        room = self._most - len(self.data)
        self.data += self._unpacked(piece, room + 1)
        if len(self.data) > self._most or self._read > self._most + _SPARE:
            del self.data[self._most :]
            self._more = True
        return not self._more

    @property
    def cut(self) -> bool:
        """Whether there is more than was kept; so it is where a packed body stops in the middle."""
        return self._more or (self._unpack is not None and not self._whole(self._unpack))

    def _unpacked(self, piece: bytes, most: int) -> bytes:
        if not self._coding:
            return piece[:most]
        if self._coding == "deflate" and self._unpack is None:
            self._unpack = zlib.decompressobj(_ZLIB if piece[0] & 15 == zlib.DEFLATED else _RAW)
        if self._unpack is None:
            raise Unreached(Why.UNSUPPORTED, "a body in a compression that nobody asked for")
        try:
            return self._unpack.decompress(piece, most)
        except zlib.error as error:
            raise Unreached(Why.UNREADABLE, "a body whose compression is broken") from error

    @staticmethod
    def _whole(unpack: "zlib._Decompress") -> bool:
        return unpack.eof and not unpack.unused_data
