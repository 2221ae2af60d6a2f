"""AlmaLinux's errata in the form of OSV (github.com/AlmaLinux/osv-database), of all releases.

`path` is an archive of one JSON file an advisory, or the reduced form that ships with the auditor:
`advisories` {id: [date, severity, [cves]]} and `fixed` {release: {package: [[version, id], …]}}.
An advisory's name can stand under two releases: rows go by both.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec

from auditor.feeds.sources import Unreadable
from auditor.feeds.sources.alma_streams import Row as Build
from auditor.feeds.sources.alma_streams import Streams, named_in
from auditor.feeds.sources.bounded import members
from auditor.feeds.sources.checked import decoded
from auditor.feeds.sources.rpm_fix import (
    Pairs,
    cves_in,
    distinct,
    moment,
    package_name,
    whole_version,
)
from auditor.feeds.sources.whole import content_of, is_json
from auditor.model.advisory import Dated, Fix, FixState, Row

LIMIT = 128 * 2**20
"""Bytes of the reduced form, unpacked."""
MEMBER_LIMIT = 16 * 2**20
_DISTRIBUTION = "almalinux"
_ECOSYSTEM = "AlmaLinux"
_SECURITY = "ALSA-"


class _Reduced(msgspec.Struct):
    advisories: dict[str, tuple[str, str, list[str]]]
    fixed: dict[str, dict[str, list[tuple[str, str]]]]


class _Package(msgspec.Struct):
    ecosystem: str
    name: str


class _Range(msgspec.Struct):
    events: list[dict[str, str]]


class _Affected(msgspec.Struct):
    package: _Package
    ranges: list[_Range] = []
    ecosystem_specific: dict[str, object] | None = None


class _Osv(msgspec.Struct):
    id: str
    modified: str
    affected: list[_Affected] = []
    published: str = ""
    withdrawn: str = ""
    summary: str = ""
    related: list[str] = []
    upstream: list[str] = []
    aliases: list[str] = []


class _Told(msgspec.Struct):
    """One advisory, whatever the form."""

    id: str
    day: date
    cves: tuple[str, ...]
    named: frozenset[str]
    builds: list[Build]


def read(path: Path, wanted: Pairs) -> Iterator[Row]:
    """Yield the security fixes of the wanted releases of AlmaLinux."""
    newest, advisories = _reduced(path) if is_json(path) else _osv(path)
    yield Dated(date=newest)
    streams = Streams()
    for told in advisories:
        for build in told.builds:
            streams.learn(build, told.named)
    for told in advisories:
        if told.id.startswith(_SECURITY):
            yield from distinct(_fixes(told, wanted, streams))


def _fixes(told: _Told, wanted: Pairs, streams: Streams) -> Iterator[Fix]:
    for build in told.builds:
        if (_DISTRIBUTION, build.release) in wanted:
            yield Fix(
                distribution=_DISTRIBUTION,
                release=build.release,
                package=build.package,
                state=FixState.FIXED if build.version else FixState.NO_FIX,
                cves=told.cves,
                version=build.version,
                stream=streams.of(build),
                advisory=told.id,
                issued=told.day,
            )


def _reduced(path: Path) -> tuple[datetime, list[_Told]]:
    whole = decoded(content_of(path, LIMIT), _Reduced, path.name)
    told = {
        name: _Told(name, moment(day).date(), cves_in(cves), frozenset(), [])
        for name, (day, _, cves) in whole.advisories.items()
    }
    for ecosystem, packages in whole.fixed.items():
        release = _release(ecosystem)
        for package, fixes in packages.items():
            for version, name in fixes:
                advisory = _known(told, name)
                advisory.builds.append(_build(release, package, whole_version(version), advisory))
    if not told:
        raise Unreadable("holds no advisory")
    newest = max(advisory.day for advisory in told.values())
    return datetime.combine(newest, datetime.min.time(), UTC), list(told.values())


def _known(told: dict[str, _Told], name: str) -> _Told:
    if name not in told:
        raise Unreadable(f"{name[:40]!r} is an advisory that it does not hold")
    return told[name]


def _osv(path: Path) -> tuple[datetime, list[_Told]]:
    newest, told = datetime.min.replace(tzinfo=UTC), []
    archive = members(path, wanted=_is_advisory, member_limit=MEMBER_LIMIT)
    for name, content in archive:
        advisory = decoded(content, _Osv, name)
        newest = max(newest, moment(advisory.modified))
        if not advisory.withdrawn:
            told.append(_told(advisory))
    if not told:
        raise Unreadable("holds no advisory")
    return newest, told


def _is_advisory(name: str) -> bool:
    return name.endswith(".json")


def _told(osv: _Osv) -> _Told:
    day = moment(osv.published or osv.modified).date()
    cves = cves_in((*osv.related, *osv.upstream, *osv.aliases))
    specific = {_specific(affected) for affected in osv.affected} - {""}
    told = _Told(osv.id, day, cves, frozenset(specific) or named_in(osv.summary), [])
    for affected in osv.affected:
        if affected.package.ecosystem.partition(":")[0] == _ECOSYSTEM:
            release = _release(affected.package.ecosystem)
            for version in _versions(affected.ranges):
                told.builds.append(_build(release, affected.package.name, version, told))
    return told


def _specific(affected: _Affected) -> str:
    stream = (affected.ecosystem_specific or {}).get("rpm_modularity", "")
    return stream if isinstance(stream, str) else ""


def _versions(ranges: Iterable[_Range]) -> list[str]:
    """Return the versions that mend; one "" where there is none."""
    events = [event for told in ranges for event in told.events]
    return [whole_version(event["fixed"]) for event in events if "fixed" in event] or [""]


def _release(ecosystem: str) -> str:
    name, _, release = ecosystem.partition(":")
    if name != _ECOSYSTEM or not release.isdecimal():
        raise Unreadable(f"{ecosystem[:40]!r} is no release of AlmaLinux")
    return release


def _build(release: str, package: str, version: str, told: _Told) -> Build:
    return Build(release, package_name(package), version, told.id, told.day)
