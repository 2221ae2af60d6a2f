"""Open what a site publishes, packed or in archives, and read its JSON: within limits."""

import json
import math
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from auditor.feeds.sources import Unreadable
from auditor.feeds.sources.tar import tar_members
from auditor.feeds.sources.unpack import unpacked

MEMBER_LIMIT = 64 * 2**20
TOTAL_LIMIT = 8 * 2**30
COUNT_LIMIT = 2_000_000
_DIGITS = 20
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_BROKEN_ZIP = (
    *(zipfile.BadZipFile, zlib.error, struct.error),
    *(OSError, EOFError, RuntimeError, ValueError),
)
_ZIP_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def opened(path: Path, limit: int) -> BinaryIO:
    """Open a file that may be packed (gzip, xz, bzip2, zstd); see `unpacked` for what is raised."""
    try:
        return unpacked(path.open("rb"), limit)
    except OSError as error:
        raise Unreadable(f"cannot be read: {error.strerror}") from error


def members(
    path: Path,
    *,
    wanted: Callable[[str], bool] = lambda _: True,
    member_limit: int = MEMBER_LIMIT,
    total_limit: int = TOTAL_LIMIT,
    count_limit: int = COUNT_LIMIT,
) -> Iterator[tuple[str, bytes]]:
    """Yield (name, bytes) of the regular files of a tar, packed or not, or of a zip.

    Only one is held at a time. Those whose name is not `wanted` are skipped, yet count. A limit
    that is passed, and what is cut or no archive, raise `Unreadable`.
    """
    if _is_zip(path, total_limit):
        yield from _counted(_zip_members(path, member_limit, total_limit, wanted), count_limit)
        return
    with opened(path, total_limit) as stream:
        yield from _counted(tar_members(stream, member_limit, wanted), count_limit)


def _is_zip(path: Path, limit: int) -> bool:
    with opened(path, limit) as stream:
        return stream.read(len(_ZIP[0])) in _ZIP


def _counted(found: Iterator[tuple[str, bytes | None]], limit: int) -> Iterator[tuple[str, bytes]]:
    for count, (name, content) in enumerate(found, start=1):
        if count > limit:
            raise Unreadable(f"the archive has more than {limit} files")
        if content is not None:
            yield name, content


def _zip_members(
    path: Path, limit: int, total: int, wanted: Callable[[str], bool]
) -> Iterator[tuple[str, bytes | None]]:
    left = total
    try:
        with zipfile.ZipFile(path) as archive:
            for info in archive.infolist():
                if info.is_dir() or not wanted(info.filename):
                    yield info.filename, None
                    continue
                content = _zip_content(archive, info, min(limit, left))
                left -= len(content)
                yield info.filename, content
    except Unreadable:
        raise
    except _BROKEN_ZIP as error:
        raise Unreadable(f"cannot be unpacked: {error}") from error


def _zip_content(archive: zipfile.ZipFile, info: zipfile.ZipInfo, limit: int) -> bytes:
    if info.compress_type not in _ZIP_METHODS:
        raise Unreadable(f"{info.filename[:100]!r} of the archive is packed in an unusual way")
    with archive.open(info) as file:
        content = file.read(limit + 1)
    if len(content) > limit:
        raise Unreadable(
            f"{info.filename[:100]!r} of the archive is larger than {limit} bytes, or the whole is"
        )
    return content


def load_json(stream: BinaryIO, limit: int) -> Any:
    """Read one JSON value of at most `limit` bytes.

    Raises `Unreadable` for what is larger, cut, not UTF-8, too deep, has a key twice in one
    object, or a number that is none.
    """
    data = stream.read(limit + 1)
    if len(data) > limit:
        raise Unreadable(f"is larger than {limit} bytes")
    try:
        return STRICT.decode(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise Unreadable("is not UTF-8") from error
    except RecursionError as error:
        raise Unreadable("is nested too deep") from error
    except json.JSONDecodeError as error:
        raise Unreadable(f"is no JSON, or is cut: {error.msg} at character {error.pos}") from error


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    once = dict(pairs)
    if len(once) != len(pairs):
        raise Unreadable("has a key twice in one object")
    return once


def _no_number(text: str) -> float:
    raise Unreadable(f"has {text} for a number")


def _number(text: str) -> float:
    number = float(text)
    return number if math.isfinite(number) else _no_number(text)


def _integer(text: str) -> int:
    return int(text) if len(text) <= _DIGITS else int(_no_number(text[:_DIGITS]))


STRICT = json.JSONDecoder(
    object_pairs_hook=_pairs,
    parse_constant=_no_number,
    parse_float=_number,
    parse_int=_integer,
)
"""Refuses a key twice in one object, NaN, and numbers without end, by `Unreadable`."""
