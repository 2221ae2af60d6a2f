"""updateinfo.xml of a repository of rpm packages: Rocky, SUSE and others that publish it.

Who publishes shows in an advisory's name (RLSA-, SUSE-, …); the release shows in its packages'
builds (`.el9_4`), for SUSE in the advisory's name (`…-15-SP5-2024-577`). Several repositories of a
release are one feed each. XML with a document type, and so with entities, is refused.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, NamedTuple, cast
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from auditor.feeds.sources import Unreadable
from auditor.feeds.sources.bounded import opened
from auditor.feeds.sources.rpm_fix import (
    Pairs,
    cves_in,
    distinct,
    el_release,
    moment,
    package_name,
    stream_name,
    version_of,
)
from auditor.model.advisory import Dated, Fix, FixState, Row
from auditor.patch.streams import UNKNOWN, is_modular

LIMIT = 4 * 2**30
"""Bytes of an unpacked file; one advisory at a time is held."""
UPDATE_LIMIT = 64 * 2**20
"""Bytes of one advisory."""
PARTS_LIMIT = 500_000
"""Starts and ends of elements of one advisory."""
_VENDORS = {
    "RL": "rocky",
    "AL": "almalinux",
    "RH": "rhel",
    "SUSE": "sles",
    "openSUSE": "opensuse-leap",
}
_VENDOR = re.compile(r"(RL|AL|RH)[A-Z]{2}-|(openSUSE|SUSE)-")
_PACK = re.compile(r"-([0-9]{2})-SP([0-9])-")
_LEAP = re.compile(r"-([0-9]{2}\.[0-9])-")
_BARE = re.compile(r"-([0-9]{2})-[0-9]{4}-")
_EXTENDED = "-LTSS-"


class _Update(NamedTuple):
    """The fixes of one advisory, and when it was issued or last changed."""

    dates: list[datetime]
    fixes: list[Fix]


class _Measured:
    """A stream that ends with an error where one advisory is too long."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.count = 0

    def read(self, size: int) -> bytes:
        self.count += size
        if self.count > UPDATE_LIMIT:
            raise Unreadable("has an advisory that is too large")
        return self._stream.read(size)


class _Place(NamedTuple):
    """Whose advisory it is; `release` is "" where only its packages tell."""

    distribution: str
    release: str
    pocket: str


def read(path: Path, wanted: Pairs) -> Iterator[Row]:
    """Yield the security fixes of the wanted releases."""
    newest = None
    for update in _updates(path, wanted):
        newest = max(filter(None, (newest, *update.dates)), default=None)
        yield from update.fixes
    if newest is None:
        raise Unreadable("holds no dated advisory")
    yield Dated(date=newest)


def _updates(path: Path, wanted: Pairs) -> Iterator[_Update]:
    with opened(path, LIMIT) as stream:
        try:
            measured = _Measured(stream)
            events = iterparse(cast("BinaryIO", measured), ("start", "end"), forbid_dtd=True)
            for element in _elements(events):
                yield _update(element, wanted)
                measured.count = 0
        except ParseError as error:
            raise Unreadable(f"is no XML, or is cut: {error}") from error
        except DefusedXmlException as error:
            raise Unreadable("is XML with a document type, which updateinfo never has") from error


def _elements(events: Iterator[tuple[str, Element]]) -> Iterator[Element]:
    """Yield each advisory and forget it."""
    _, root = next(events)
    if root.tag != "updates":
        raise Unreadable(f"is {root.tag[:40]!r}, not a list of updates")
    parts = 0
    for event, element in events:
        parts += 1
        if parts > PARTS_LIMIT:
            raise Unreadable("has an advisory that is too large")
        if event == "end" and element.tag == "update":
            yield element
            root.clear()
            parts = 0


def _update(element: Element, wanted: Pairs) -> _Update:
    name = element.findtext("id", "").strip()
    if not name:
        raise Unreadable("has an advisory without a name")
    dates = [
        moment(told.get("date", ""))
        for told in (*element.iterfind("issued"), *element.iterfind("updated"))
        if told.get("date")
    ]
    fixes = []
    if element.get("type") == "security":
        fixes = list(distinct(_fixes(element, name, min(dates, default=None), wanted)))
    return _Update(dates, fixes)


def _fixes(element: Element, name: str, issued: datetime | None, wanted: Pairs) -> Iterator[Fix]:
    place = _place(name, wanted)
    if place is None:
        return
    cves = cves_in(told.get("id", "").strip() for told in element.iterfind("references/reference"))
    for collection in element.iterfind("pkglist/collection"):
        stream = _stream(collection)
        for package in collection.iterfind("package"):
            if package.get("arch") == "src":
                continue
            version = version_of(
                package.get("epoch"), package.get("version"), package.get("release")
            )
            release = place.release or _release(version, element, name)
            if (place.distribution, release) in wanted:
                yield Fix(
                    distribution=place.distribution,
                    release=release,
                    package=package_name(package.get("name")),
                    state=FixState.FIXED,
                    cves=cves,
                    version=version,
                    pocket=place.pocket,
                    stream=stream or (UNKNOWN if is_modular(version) else ""),
                    advisory=name,
                    issued=issued.date() if issued else None,
                )


def _stream(collection: Element) -> str:
    module = collection.find("module")
    return "" if module is None else stream_name(module.get("name"), module.get("stream"))


def _place(name: str, wanted: Pairs) -> _Place | None:
    """Return whose advisory it is; None for another vendor's (EPEL's, say)."""
    found = _VENDOR.match(name)
    if found is None:
        return None
    distribution = _VENDORS[found[1] or found[2]]
    if not found[2]:
        return _Place(distribution, "", "")
    pocket = "ltss" if _EXTENDED in name else ""
    return _Place(distribution, _service_pack(name, distribution, wanted), pocket)


def _service_pack(name: str, distribution: str, wanted: Pairs) -> str:
    """Return "15.5" of a name with 15-SP5 or 15.5, "15" of one with neither.

    Where a name tells nothing, the feed is of the one release that is wanted.
    """
    if pack := _PACK.search(name):
        return f"{pack[1]}.{pack[2]}"
    if told := _LEAP.search(name) or _BARE.search(name):
        return told[1]
    return _only(distribution, wanted, name)


def _release(version: str, element: Element, name: str) -> str:
    """Return the release of a build; one without a mark is of the others' in its advisory."""
    if mark := el_release(version):
        return mark
    marks = {el_release(told.get("release", "")) for told in element.iter("package")} - {""}
    if len(marks) != 1:
        raise Unreadable(f"{name[:60]} does not say of which release its packages are")
    return next(iter(marks))


def _only(distribution: str, wanted: Pairs, name: str) -> str:
    releases = {release for one, release in wanted if one == distribution}
    if len(releases) != 1:
        raise Unreadable(f"{name[:60]} does not say of which release it is")
    return next(iter(releases))
