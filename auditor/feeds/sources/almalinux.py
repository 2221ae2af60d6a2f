"""AlmaLinux's own errata: errata.almalinux.org/RELEASE/errata.json.

A list of advisories, or an object that holds it as `data`; each names packages with epoch, version
and release. The file does not say of which release it is: builds do (`.el9_4`).
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path

import msgspec

from auditor.feeds.sources import Unreadable
from auditor.feeds.sources.alma_streams import Row as Build
from auditor.feeds.sources.alma_streams import Streams, named_in
from auditor.feeds.sources.checked import decoded
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
from auditor.feeds.sources.whole import content_of
from auditor.model.advisory import Dated, Fix, FixState, Row

LIMIT = 512 * 2**20
"""Bytes of an unpacked file; those of today have below 100 MB."""
_DISTRIBUTION = "almalinux"


class _Module(msgspec.Struct):
    name: str
    stream: str


class _Package(msgspec.Struct):
    name: str
    version: str
    release: str
    epoch: str | int | None = None
    arch: str = ""
    module: str | _Module | None = None


class _Packages(msgspec.Struct):
    packages: list[_Package]


class _Reference(msgspec.Struct):
    id: str = ""


class _Advisory(msgspec.Struct):
    type: str
    updateinfo_id: str = ""
    id: str = ""
    title: str = ""
    issued_date: dict[str, int | str] | str | int | float | None = None
    updated_date: dict[str, int | str] | str | int | float | None = None
    references: list[_Reference] = []
    pkglist: _Packages | list[_Packages] | None = None
    packages: list[_Package] = []
    modules: list[_Module] = []

    @property
    def name(self) -> str:
        return self.updateinfo_id or self.id

    @property
    def listed(self) -> list[_Package]:
        """Packages, wherever this form of the file has them, without sources."""
        held = self.pkglist or []
        groups = held if isinstance(held, list) else [held]
        found = self.packages + [package for group in groups for package in group.packages]
        return [package for package in found if package.arch != "src"]


class _Whole(msgspec.Struct):
    data: list[_Advisory]


def read(path: Path, wanted: Pairs) -> Iterator[Row]:
    """Yield the security fixes of the file's release, if it is wanted."""
    advisories = _advisories(content_of(path, LIMIT))
    release = _release(advisories)
    yield Dated(date=max(_dates(advisories)))
    if (_DISTRIBUTION, release) not in wanted:
        return
    streams = Streams()
    for advisory in advisories:
        for build, _ in _builds(advisory, release):
            streams.learn(build, _named(advisory))
    for advisory in advisories:
        if advisory.type == "security":
            yield from distinct(_fixes(advisory, release, streams))


def _advisories(content: bytes) -> list[_Advisory]:
    if content.lstrip().startswith(b"["):
        advisories = decoded(content, list[_Advisory], "errata.json")
    else:
        advisories = decoded(content, _Whole, "errata.json").data
    if not advisories or not all(advisory.name for advisory in advisories):
        raise Unreadable("is no list of errata: an advisory has no name, or there is none")
    return advisories


def _release(advisories: Sequence[_Advisory]) -> str:
    """Return the release that most builds name."""
    named = Counter(
        el_release(package.release) for advisory in advisories for package in advisory.listed
    )
    del named[""]
    if not named:
        raise Unreadable("names no build of any release")
    return named.most_common(1)[0][0]


def _dates(advisories: Sequence[_Advisory]) -> list[datetime]:
    told = [
        moment(text)
        for advisory in advisories
        for text in (advisory.issued_date, advisory.updated_date)
        if text is not None
    ]
    if not told:
        raise Unreadable("has no date")
    return told


def _issued(advisory: _Advisory) -> date | None:
    told = advisory.issued_date
    return None if told is None else moment(told).date()


def _named(advisory: _Advisory) -> frozenset[str]:
    told = frozenset(stream_name(module.name, module.stream) for module in advisory.modules)
    return told or named_in(advisory.title)


def _builds(advisory: _Advisory, release: str) -> Iterator[tuple[Build, _Package]]:
    issued = _issued(advisory) or date.min
    for package in advisory.listed:
        version = version_of(package.epoch, package.version, package.release)
        name = package_name(package.name)
        yield Build(release, name, version, advisory.name, issued), package


def _fixes(advisory: _Advisory, release: str, streams: Streams) -> Iterator[Fix]:
    cves = cves_in(reference.id for reference in advisory.references)
    for build, package in _builds(advisory, release):
        yield Fix(
            distribution=_DISTRIBUTION,
            release=release,
            package=build.package,
            state=FixState.FIXED,
            cves=cves,
            version=build.version,
            stream=_stream(package) or streams.of(build),
            advisory=advisory.name,
            issued=_issued(advisory),
        )


def _stream(package: _Package) -> str:
    """Return the stream that the file itself tells of a package."""
    module = package.module
    if isinstance(module, str):
        return stream_name(*module.split(":")[:2]) if module.count(":") else ""
    return stream_name(module.name, module.stream) if module else ""
