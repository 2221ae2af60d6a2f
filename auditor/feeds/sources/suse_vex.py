"""SUSE's CSAF-VEX: ftp.suse.com/pub/projects/security/csaf-vex, one document a weakness.

`path` is the archive (tar, packed or not) or a folder of documents. Where a fix is to be had is
said by "recommended" and "fixed"; names of what is not mended have no version. All modules of a
service pack count as that service pack. Epochs are not told: SUSE has next to none.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from auditor.feeds.sources import Unreadable
from auditor.feeds.sources.csaf import STATES, Statement, documents, statements
from auditor.feeds.sources.rpm_fix import (
    Pairs,
    day_of,
    distinct,
    package_name,
    whole_version,
)
from auditor.model.advisory import Dated, Fix, FixState, Row

_SLES = re.compile(
    r"cpe:/o:suse:(?:sles(?:_sap|-sap)?|sle[-_](?:module|product)[-_][a-z0-9_-]+|sles(-ltss)[\w-]*)"
    r":([0-9]{2})(?::sp([0-9]))?(?::.*)?"
)
_LEAP = re.compile(r"cpe:/o:opensuse:leap:([0-9]{2}\.[0-9])(?::.*)?")
_MENDED = re.compile(r"(?P<name>[^\s:]+)-(?P<version>[^-\s:]+)-(?P<release>[^-\s:]*[0-9][^-\s:]*)")
_ARCH = re.compile(r"\.(?:noarch|x86_64|aarch64|ppc64le|s390x|i586|i686)$")
_MENDS = ("recommended", "fixed")


class Place(NamedTuple):
    """A platform: distribution, release, and the pocket that its fixes come through."""

    distribution: str
    release: str
    pocket: str = ""


def read(path: Path, wanted: Pairs) -> Iterator[Row]:
    """Yield what is said of the wanted releases of SLES and openSUSE Leap."""
    newest: datetime | None = None
    for name, content in documents(path):
        date, told = statements(name, content)
        newest = date if newest is None else max(newest, date)
        yield from distinct(_fixes(told, wanted))
    if newest is None:
        raise Unreadable("holds no document")
    yield Dated(date=newest)


def place_of(cpe: str) -> Place | None:
    """Return what a CPE names; None for another product."""
    if leap := _LEAP.fullmatch(cpe):
        return Place("opensuse-leap", leap[1])
    found = _SLES.fullmatch(cpe)
    if found is None:
        return None
    pack = f"{found[2]}.{found[3]}" if found[3] else found[2]
    return Place("sles", pack, "ltss" if found[1] else "")


def _fixes(told: Iterable[Statement], wanted: Pairs) -> Iterator[Fix]:
    for statement in told:
        place = place_of(statement.cpe)
        if place is None or (place.distribution, place.release) not in wanted:
            continue
        if statement.status in _MENDS:
            yield _mended(statement, place)
        elif statement.status in STATES:
            yield _unmended(statement, place)


def _mended(statement: Statement, place: Place) -> Fix:
    component = _ARCH.sub("", statement.component)
    found = _MENDED.fullmatch(component)
    if found is None:
        raise Unreadable(f"{component[:80]!r} is no package of {statement.cve}")
    return Fix(
        distribution=place.distribution,
        release=place.release,
        package=package_name(found["name"]),
        state=FixState.FIXED,
        cves=(statement.cve,),
        version=whole_version(f"{found['version']}-{found['release']}"),
        pocket=place.pocket,
        issued=day_of(statement.remedy.date),
    )


def _unmended(statement: Statement, place: Place) -> Fix:
    state = STATES[statement.status]
    planned = statement.remedy.category != "no_fix_planned"
    if state is FixState.NO_FIX and not planned:
        state = FixState.MINOR
    component = _ARCH.sub("", statement.component)
    versioned = _MENDED.fullmatch(component) if _is_versioned(statement) else None
    return Fix(
        distribution=place.distribution,
        release=place.release,
        package=package_name(versioned["name"] if versioned else component),
        state=state,
        cves=(statement.cve,),
        pocket=place.pocket,
        note="" if planned else "will not fix",
    )


def _is_versioned(statement: Statement) -> bool:
    """Tell by the package URL, which holds a version where the name does."""
    return re.search(r"@[^?\s]", statement.purl) is not None
