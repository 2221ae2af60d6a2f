"""Ubuntu's weaknesses as OSV, one JSON file a CVE in an archive (osv/cve/YEAR/UBUNTU-CVE-….json).

`affected[]` names the source package, and by its ecosystem the release or a service of Ubuntu Pro.
A package that is not affected is not listed; one without a `fixed` event is affected, and whether
a fix will come only the VEX feed tells. A fix that is listed for Ubuntu Pro alone says that the
release itself is affected, too. Notices (USN, LSN) in the archive repeat the same and are left out.
"""

from collections.abc import Collection, Iterator
from pathlib import Path, PurePosixPath

from auditor.feeds.sources import Unreadable
from auditor.feeds.sources.bounded import members
from auditor.feeds.sources.checked import (
    Loose,
    deb_version,
    decoded,
    moment,
    package,
    weakness,
)
from auditor.feeds.sources.ubuntu_places import place_of_ecosystem, place_of_label
from auditor.model.advisory import Dated, Fix, FixState, Row
from auditor.patch.deb_version import deb_key

MEMBER_LIMIT = 64 * 2**20
TOTAL_LIMIT = 32 * 2**30
_RECORD = "UBUNTU-"


class _Package(Loose, frozen=True):
    ecosystem: str
    name: str
    purl: str = ""


class _Range(Loose, frozen=True):
    events: list[dict[str, str]]


class _Specific(Loose, frozen=True):
    availability: str = ""


class _Affected(Loose, frozen=True):
    package: _Package
    ranges: tuple[_Range, ...] = ()
    ecosystem_specific: _Specific = _Specific()


class _Record(Loose, frozen=True):
    id: str
    modified: str
    affected: tuple[_Affected, ...] = ()
    upstream: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    withdrawn: str | None = None


def read(path: Path, wanted: Collection[tuple[str, str]]) -> Iterator[Row]:
    """Yield a row for each CVE, source package, release and pocket; the newest file's date."""
    releases = {release for distribution, release in wanted if distribution == "ubuntu"}
    newest = ""
    found = members(path, wanted=_is_record, member_limit=MEMBER_LIMIT, total_limit=TOTAL_LIMIT)
    for name, content in found:
        record = decoded(content, _Record, name)
        newest = max(newest, record.modified)
        if record.withdrawn is None:
            yield from _rows(record, releases)
    if not newest:
        raise Unreadable("holds no UBUNTU-CVE files")
    yield Dated(date=moment(newest))


def _is_record(name: str) -> bool:
    base = PurePosixPath(name).name
    return base.startswith(f"{_RECORD}CVE-") and base.endswith(".json")


def _rows(record: _Record, releases: Collection[str]) -> Iterator[Fix]:
    cves = tuple(map(weakness, record.upstream)) or (weakness(record.id.removeprefix(_RECORD)),)
    notices = [name for name in record.related if name.startswith("USN-")]
    for one in record.affected:
        release, pocket = _place(one)
        if release not in releases:
            continue
        version = _fixed(one.ranges)
        yield Fix(
            distribution="ubuntu",
            release=release,
            package=package(one.package.name),
            state=FixState.FIXED if version else FixState.NO_FIX,
            cves=cves,
            version=version,
            pocket=pocket,
            advisory=weakness(notices[0]) if version and len(notices) == 1 else "",
        )


def _place(one: _Affected) -> tuple[str, str]:
    """Return release and pocket: by the package URL where it has them, else by the ecosystem."""
    if not one.package.ecosystem.startswith("Ubuntu"):
        return "", ""
    release, pocket = place_of_label(one.package.purl)
    if release:
        return release, pocket
    return place_of_ecosystem(one.package.ecosystem, one.ecosystem_specific.availability)


def _fixed(ranges: tuple[_Range, ...]) -> str:
    """Return the version from which on all ranges are mended; "" where one has no end."""
    ends = [
        [deb_version(event["fixed"]) for event in one.events if "fixed" in event] for one in ranges
    ]
    if not ends or not all(ends):
        return ""
    return max((version for found in ends for version in found), key=deb_key)
