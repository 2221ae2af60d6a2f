"""Unpack gzip, xz, bzip2 and zstd as a stream that ends where its limit is, not the packer's."""

import bz2
import gzip
import importlib
import io
import lzma
import zlib
from collections.abc import Callable
from typing import Any, BinaryIO, Protocol, cast

from auditor.feeds.sources import Unreadable

MEMORY_LIMIT = 256 * 2**20
"""Bytes that an unpacker itself may take."""
_CHUNK = 2**16
_ZSTD = ("compression.zstd", "backports.zstd")
"""Part of Python since 3.14; before, a package of its own."""
_MAGIC = {
    b"\x1f\x8b": "gzip",
    b"\xfd7zXZ\x00": "xz",
    b"BZh": "bzip2",
    b"\x28\xb5\x2f\xfd": "zstd",
}
_BROKEN = (EOFError, OSError, zlib.error, ValueError)


def unpacked(packed: BinaryIO, limit: int) -> BinaryIO:
    """Return the stream unpacked, or as it is where it is not packed; closing it closes `packed`.

    What is packed is told by its first bytes, never by a name. Reading past `limit` bytes, and
    reading what is cut or broken, raises `Unreadable`.
    """
    start = packed.read(6)
    packed.seek(0)
    kind = next((name for magic, name in _MAGIC.items() if start.startswith(magic)), "")
    opener = _OPENERS[kind]
    return cast("BinaryIO", io.BufferedReader(_Capped(opener(packed), packed, limit), _CHUNK))


def unpacked_xz(packed: BinaryIO, limit: int) -> BinaryIO:
    """Return an xz stream unpacked, as `unpacked` does; what is not xz is refused."""
    return cast("BinaryIO", io.BufferedReader(_Capped(_xz(packed), packed, limit), _CHUNK))


class _Decompressor(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int) -> bytes: ...


class _Streams(io.RawIOBase):
    """Unpacks one packed stream after the other, never more at once than is asked for."""

    def __init__(
        self,
        packed: BinaryIO,
        new: Callable[[], _Decompressor],
        broken: type[Exception] = OSError,
    ) -> None:
        self._packed = packed
        self._new = new
        self._broken = broken
        self._now = new()
        self._feed = b""

    def readable(self) -> bool:
        return True

    def readinto(self, into: Any) -> int:
        view = memoryview(into)
        while True:
            if self._now.eof and not self._next():
                return 0
            if self._now.needs_input and not self._feed:
                self._feed = self._packed.read(_CHUNK)
                if not self._feed:
                    raise EOFError("it is cut")
            part = self._unpack(len(view))
            if part:
                view[: len(part)] = part
                return len(part)

    def _unpack(self, size: int) -> bytes:
        feed, self._feed = self._feed, b""
        try:
            return self._now.decompress(feed, size)
        except self._broken as error:
            raise ValueError(str(error)) from error

    def _next(self) -> bool:
        self._feed = self._now.unused_data.lstrip(b"\0") or self._packed.read(_CHUNK).lstrip(b"\0")
        if self._feed:
            self._now = self._new()
        return bool(self._feed)


class _Capped(io.RawIOBase):
    """Counts what is read, and says in one way what goes wrong."""

    def __init__(self, inner: BinaryIO, packed: BinaryIO, limit: int) -> None:
        self._inner = inner
        self._packed = packed
        self._limit = limit
        self._left = limit

    def readable(self) -> bool:
        return True

    def readinto(self, into: Any) -> int:
        try:
            data = self._inner.read(min(memoryview(into).nbytes, self._left + 1))
        except _BROKEN as error:
            raise Unreadable(f"cannot be unpacked: {error}") from error
        self._left -= len(data)
        if self._left < 0:
            raise Unreadable(f"unpacks to more than {self._limit} bytes")
        memoryview(into)[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._packed.close()
        super().close()


def _xz(packed: BinaryIO) -> BinaryIO:
    def new() -> _Decompressor:
        return lzma.LZMADecompressor(format=lzma.FORMAT_XZ, memlimit=MEMORY_LIMIT)

    return cast("BinaryIO", _Streams(packed, new, lzma.LZMAError))


def _zstd(packed: BinaryIO) -> BinaryIO:
    module = next(filter(None, map(_imported, _ZSTD)), None)
    if module is None:
        packed.close()
        raise Unreadable(
            "is packed with zstd, which this machine cannot unpack: "
            "install the Python package backports.zstd"
        )
    options = {module.DecompressionParameter.window_log_max: MEMORY_LIMIT.bit_length() - 1}

    def new() -> _Decompressor:
        return cast("_Decompressor", module.ZstdDecompressor(options=options))

    return cast("BinaryIO", _Streams(packed, new, module.ZstdError))


def _imported(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


_OPENERS: dict[str, Callable[[BinaryIO], BinaryIO]] = {
    "": lambda packed: packed,
    "gzip": lambda packed: cast("BinaryIO", gzip.GzipFile(fileobj=packed)),
    "xz": _xz,
    "bzip2": lambda packed: cast("BinaryIO", _Streams(packed, bz2.BZ2Decompressor)),
    "zstd": _zstd,
}
