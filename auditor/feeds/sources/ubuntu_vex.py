"""Ubuntu's decisions as OpenVEX, one JSON file a CVE in an archive (vex/cve/YEAR/CVE-….json).

It tells what OSV cannot: not affected, will not be fixed, not looked at yet. The version in a
product's address is the newest one that the pocket holds, not the one that mended the weakness, so
a `fixed` statement gives no row: OSV has the version. Products other than source packages (binary
packages of every architecture) are passed over.
"""

import re
from collections.abc import Collection, Iterator
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from auditor.feeds.sources import Unreadable
from auditor.feeds.sources.bounded import members
from auditor.feeds.sources.checked import Loose, decoded, moment, package, plain, weakness
from auditor.feeds.sources.ubuntu_places import place_of_label
from auditor.model.advisory import Dated, Fix, FixState, Row

MEMBER_LIMIT = 256 * 2**20
TOTAL_LIMIT = 128 * 2**30
"""Every statement names every binary package, so that the files are large yet pack well."""
_SOURCE = re.compile(r"pkg:deb/ubuntu/([^@?#/]+)[^?#]*\?(?:[^#]*&)?arch=source(?:[&#]|$)")


class _Name(Loose, frozen=True):
    name: str


class _Product(Loose, frozen=True, rename={"id": "@id"}):
    id: str


class _Statement(Loose, frozen=True):
    vulnerability: _Name | str
    products: list[_Product | str]
    status: str
    justification: str = ""
    action_statement: str = ""
    status_notes: str = ""


class _Document(Loose, frozen=True):
    timestamp: str
    statements: list[_Statement]


def read(path: Path, wanted: Collection[tuple[str, str]]) -> Iterator[Row]:
    """Yield a row for each CVE, source package, release and pocket; the newest file's date."""
    releases = {release for distribution, release in wanted if distribution == "ubuntu"}
    newest = ""
    found = members(path, wanted=_is_document, member_limit=MEMBER_LIMIT, total_limit=TOTAL_LIMIT)
    for name, content in found:
        document = decoded(content, _Document, name)
        newest = max(newest, document.timestamp)
        for statement in document.statements:
            yield from _rows(statement, releases)
    if not newest:
        raise Unreadable("holds no CVE files of Ubuntu's VEX")
    yield Dated(date=moment(newest))


def _is_document(name: str) -> bool:
    base = PurePosixPath(name).name
    return base.startswith("CVE-") and base.endswith(".json")


def _rows(statement: _Statement, releases: Collection[str]) -> Iterator[Fix]:
    decision = _decision(statement)
    if decision is None:
        return
    told = statement.vulnerability
    cve = weakness(told if isinstance(told, str) else told.name)
    seen: set[tuple[str, str, str]] = set()
    for product in statement.products:
        url = product if isinstance(product, str) else product.id
        place = _source(url, releases)
        if place and place not in seen:
            seen.add(place)
            name, release, pocket = place
            yield Fix(
                distribution="ubuntu",
                release=release,
                package=package(name),
                state=decision[0],
                cves=(cve,),
                pocket=pocket,
                note=decision[1],
            )


def _source(url: str, releases: Collection[str]) -> tuple[str, str, str] | None:
    """Return name, release and pocket of a source package in a wanted release."""
    found = _SOURCE.match(url)
    if not found:
        return None
    release, pocket = place_of_label(url)
    return (unquote(found[1]), release, pocket) if release in releases else None


def _decision(statement: _Statement) -> tuple[FixState, str] | None:
    match statement.status:
        case "fixed":
            return None
        case "not_affected":
            if statement.justification == "component_not_present":
                return None
            return FixState.NOT_AFFECTED, plain(statement.justification)
        case "under_investigation":
            return FixState.UNDETERMINED, "under investigation"
        case "affected":
            return _affected(f"{statement.action_statement} {statement.status_notes}".lower())
        case unknown:
            return FixState.UNDETERMINED, plain(unknown)[:40]


_WORDS = (
    ("decided to not fix", FixState.MINOR, "will not fix"),
    ("will not fix", FixState.MINOR, "will not fix"),
    ("no longer supported", FixState.UNSUPPORTED, "no longer supported"),
    ("deferred", FixState.MINOR, "deferred"),
    ("postponed", FixState.MINOR, "deferred"),
)
"""Parts of Canonical's set phrases, in lower case, in the order in which they are looked for."""


def _affected(told: str) -> tuple[FixState, str]:
    found = ((state, note) for words, state, note in _WORDS if words in told)
    return next(found, (FixState.NO_FIX, ""))
