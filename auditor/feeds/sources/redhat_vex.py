"""Red Hat's CSAF-VEX: security.access.redhat.com/data/csaf/v2/vex, one document a weakness.

`path` is the archive (tar, packed or not) or a folder of documents. What is mended is told of
binary packages, what is not of source packages: such a row's `package` is the source package.
Other products than Red Hat Enterprise Linux itself are left out.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from auditor.feeds.sources import Unreadable
from auditor.feeds.sources.checked import plain
from auditor.feeds.sources.csaf import STATES, Remediation, Statement, documents, statements
from auditor.feeds.sources.rpm_fix import (
    Pairs,
    day_of,
    distinct,
    package_name,
    stream_name,
    version_of,
)
from auditor.model.advisory import Dated, Fix, FixState, Row
from auditor.patch.streams import UNKNOWN, is_modular

_RHEL = "rhel"
_FOLLOWERS = ("almalinux", "centos", "rocky")
"""Rebuild Red Hat's packages: its word, where they have none, is worth something."""
_CPE = re.compile(r"cpe:/[oa]:redhat:(enterprise_linux|rhel_([a-z0-9]+)):([0-9]+)(?:[.:].*)?")
_POCKETS = frozenset({"aus", "e4s", "els", "eus", "tus"})
_MENDED = re.compile(
    r"(?:(?P<module>[^:\s]+:[^:\s]+):[0-9]+:[0-9a-f]+:)?"
    r"(?P<name>[^:/\s]+)-(?P<epoch>[0-9]+):(?P<version>[^-:\s]+)-(?P<release>[^-:\s]+)"
    r"\.(?P<arch>[a-z0-9_]+)(?:::(?P<suffix>[^:\s]+:[^:\s]+)(?::\S*)?)?"
)
_UNMENDED = re.compile(
    r"(?:(?P<module>[^:/\s]+:[^:/\s]+)/)?(?P<name>[^:/\s]+?)(?:\.src)?"
    r"(?:::(?P<suffix>[^:\s]+:[^:\s]+)(?::\S*)?)?"
)
_ADVISORY = re.compile(r"(RH[A-Z]{2}-[0-9]{4}:[0-9]+)/?$")
_SOURCES = ("src", "nosrc")
_NO_MORE = ("no_fix_planned", "will not fix", "out of support scope", "deferred", "fix deferred")


class Place(NamedTuple):
    """A platform: release, and the pocket that its fixes come through."""

    release: str
    pocket: str


def read(path: Path, wanted: Pairs) -> Iterator[Row]:
    """Yield what is said of the wanted releases of RHEL.

    For a wanted release of a distribution that rebuilds RHEL, the same rows are yielded in its
    name, as `inferred_for` makes them.
    """
    newest: datetime | None = None
    followers = [(one, release) for one, release in wanted if one in _FOLLOWERS]
    releases = {release for one, release in wanted if one == _RHEL}
    needed = releases | {release for _, release in followers}
    for name, content in documents(path):
        date, told = statements(name, content)
        newest = date if newest is None else max(newest, date)
        fixes = list(distinct(_fixes(told, needed)))
        yield from (fix for fix in fixes if fix.release in releases)
        for distribution, release in followers:
            yield from inferred_for(distribution, release, fixes)
    if newest is None:
        raise Unreadable("holds no document")
    yield Dated(date=newest)


def inferred_for(distribution: str, release: str, fixes: Iterable[Fix]) -> Iterator[Fix]:
    """Yield RHEL's rows of a release in the name of a distribution that rebuilds it.

    They are marked `inferred`; what RHEL mends for those who pay more is left out.
    """
    for fix in fixes:
        if fix.release == release and not fix.pocket:
            yield Fix(
                distribution=distribution,
                release=release,
                package=fix.package,
                state=fix.state,
                cves=fix.cves,
                version=fix.version,
                stream=fix.stream,
                advisory=fix.advisory,
                issued=fix.issued,
                note=fix.note,
                inferred=True,
            )


def place_of(cpe: str) -> Place | None:
    """Return the release and pocket that a CPE names; None for another product."""
    found = _CPE.fullmatch(cpe)
    if found is None or (found[2] and found[2] not in _POCKETS):
        return None
    return Place(found[3], found[2] or "")


def _fixes(told: Iterable[Statement], releases: set[str]) -> Iterator[Fix]:
    for statement in told:
        place = place_of(statement.cpe)
        if place is None or place.release not in releases:
            continue
        if statement.status == "fixed":
            yield from _mended(statement, place)
        elif statement.status in STATES:
            yield _unmended(statement, place)


def _mended(statement: Statement, place: Place) -> Iterator[Fix]:
    found = _MENDED.fullmatch(statement.component)
    if found is None:
        if "/" in statement.component or "@" in statement.component:
            return  # an image of containers, which no package manager installs
        raise Unreadable(f"{statement.component[:80]!r} is no package of {statement.cve}")
    if found["arch"] in _SOURCES:
        return
    version = version_of(found["epoch"], found["version"], found["release"])
    advisory = _ADVISORY.search(statement.remedy.url)
    yield Fix(
        distribution=_RHEL,
        release=place.release,
        package=package_name(found["name"]),
        state=FixState.FIXED,
        cves=(statement.cve,),
        version=version,
        pocket=place.pocket,
        stream=_stream(found) or (UNKNOWN if is_modular(version) else ""),
        advisory=advisory[1] if advisory else "",
        issued=day_of(statement.remedy.date),
    )


def _unmended(statement: Statement, place: Place) -> Fix:
    whole = _MENDED.fullmatch(statement.component)
    found = whole or _UNMENDED.fullmatch(statement.component)
    if found is None:
        raise Unreadable(f"{statement.component[:80]!r} is no package of {statement.cve}")
    state, note = _decision(statement.status, statement.remedy)
    return Fix(
        distribution=_RHEL,
        release=place.release,
        package=package_name(found["name"]),
        state=state,
        cves=(statement.cve,),
        pocket=place.pocket,
        stream=_stream(found),
        note=note,
    )


def _stream(found: re.Match[str]) -> str:
    named = found["module"] or found["suffix"]
    return stream_name(*named.split(":")) if named else ""


def _decision(status: str, remedy: Remediation) -> tuple[FixState, str]:
    """Return the state, and the vendor's words for it where it is affected."""
    state = STATES[status]
    if state is not FixState.NO_FIX:
        return state, ""
    details = plain(remedy.details).lower()[:80]
    words = {remedy.category, details}
    if any(word in words for word in _NO_MORE):
        return FixState.MINOR, details.removeprefix("fix ") or "will not fix"
    return FixState.NO_FIX, "" if details in ("", "affected") else details
