"""Packages that Debian supports in part, or not to the end: Debian's debian-security-support.

The package's lists are text. Until Debian 12 there is `security-support-ended.debN` (source, last
version, date, note) for each release, and one `security-support-limited` (source, note) for the
release that the package itself is of; since Debian 13 one `security-support.debN` (source,
`limited` and a note, or `non-supported` and the columns of before) for each release.
"""

import io
import re
from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime
from pathlib import Path, PurePosixPath

from auditor.feeds.releases import shipped_releases
from auditor.feeds.sources import Unreadable
from auditor.feeds.sources.ar import MAGIC, ar_members
from auditor.feeds.sources.bounded import members, opened
from auditor.feeds.sources.checked import day, plain
from auditor.feeds.sources.tar import tar_members
from auditor.feeds.sources.unpack import unpacked
from auditor.model.advisory import Dated, Row, Support

LIMIT = 2**20
"""Bytes of one list."""
PACKAGE_LIMIT = 16 * 2**20
_LIST = re.compile(r"security-support(?:-ended)?\.deb([1-9][0-9]?)")
_LIMITED = "security-support-limited"
_VERSION = re.compile(
    r"^Version: (?:[0-9]+:)?([0-9]{1,3})\+([0-9]{4})\.([0-9]{2})\.([0-9]{2})", re.MULTILINE
)
_COLUMNS = 3
"""Last version, day, note, which may be empty."""
_SOME, _NONE, _SUPPORTED = "limited", "non-supported", "supported"
"""The last takes a package out of a pattern that it fits; `Support` has no word for that."""
_PATTERN = re.compile(r"[a-z0-9][a-z0-9+.*\-]{0,199}")


def read(path: Path, wanted: Collection[tuple[str, str]]) -> Iterator[Row]:
    """Yield the rows of the wanted releases; `path` is the .deb, a tar of its files, or a folder.

    The .deb's version holds the date. The day on which support ends may lie ahead.
    """
    files = dict(_files(path))
    version = _VERSION.search(files.get("control", ""))
    if version:
        year, month, number = version.groups()[1:]
        yield Dated(date=datetime.combine(day(f"{year}-{month}-{number}"), _MIDNIGHT))
    numbers = [int(found[1]) for found in map(_LIST.fullmatch, files) if found]
    if not numbers:
        raise Unreadable("holds no list of debian-security-support")
    codenames = {r.version: r.codename for r in shipped_releases() if r.distribution == "debian"}
    own = version[1] if version else str(max(numbers))
    for name, text in sorted(files.items()):
        found = _LIST.fullmatch(name)
        codename = codenames.get(found[1] if found else own, "")
        if (found or name == _LIMITED) and ("debian", codename) in wanted:
            yield from _rows(name, text, codename)


_MIDNIGHT = datetime.min.time().replace(tzinfo=UTC)


def _files(path: Path) -> Iterator[tuple[str, str]]:
    """Yield base name and text of the package's lists and of its control file."""
    if path.is_dir():
        found: Iterator[tuple[str, bytes | None]] = _in_folder(path)
    else:
        with opened(path, PACKAGE_LIMIT) as stream:
            is_package = stream.read(len(MAGIC)) == MAGIC
        found = _in_package(path) if is_package else iter(members(path, wanted=_is_wanted))
    for name, content in found:
        if content is not None:
            yield PurePosixPath(name).name, content.decode("utf-8", "replace")


def _is_wanted(name: str) -> bool:
    base = PurePosixPath(name).name
    return bool(_LIST.fullmatch(base)) or base in {_LIMITED, "control"}


def _in_folder(path: Path) -> Iterator[tuple[str, bytes]]:
    for file in sorted(path.iterdir()):
        if _is_wanted(file.name) and file.is_file():
            with opened(file, LIMIT) as stream:
                yield file.name, stream.read()


def _in_package(path: Path) -> Iterator[tuple[str, bytes | None]]:
    with opened(path, PACKAGE_LIMIT) as package:
        for name, content in ar_members(package, PACKAGE_LIMIT):
            if name.startswith(("control.tar", "data.tar")):
                with unpacked(io.BytesIO(content), PACKAGE_LIMIT) as stream:
                    yield from tar_members(stream, LIMIT, _is_wanted)


def _rows(name: str, text: str, codename: str) -> Iterator[Support]:
    for line in text.splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        pattern, word, ended, note = _columns(name, line)
        if word != _SUPPORTED:
            yield Support(
                distribution="debian",
                release=codename,
                package=_pattern(pattern),
                ended=ended,
                limited=word == _SOME,
                note=plain(note),
            )


def _columns(name: str, line: str) -> tuple[str, str, date | None, str]:
    """Return pattern, kind of support, last day of support and note of a line."""
    pattern, _, rest = line.strip().replace("\t", " ").partition(" ")
    word = _SOME if name == _LIMITED else _NONE
    if not (name == _LIMITED or "-ended" in name):
        word, _, rest = rest.strip().partition(" ")
    if word in {_SOME, _SUPPORTED}:
        return pattern, word, None, rest
    columns = [*rest.split(None, 2), ""]
    if word != _NONE or len(columns) < _COLUMNS:
        raise Unreadable(f"{plain(line)[:60]!r} is no line of debian-security-support")
    _last_version, ended, note, *_ = columns
    return pattern, word, day(ended), note


def _pattern(text: str) -> str:
    """Return the package's regular expression with * alone for "any text"."""
    pattern = text.replace(".*", "*")
    if not _PATTERN.fullmatch(pattern):
        raise Unreadable(f"{plain(text)[:60]!r} is no source package")
    return pattern
