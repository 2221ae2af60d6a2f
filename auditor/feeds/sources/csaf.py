"""CSAF documents of the VEX profile: what a vendor says of one weakness in all its products.

A product that a status names is a component in a platform (`relationships`); the platform is known
by its CPE, the component by its name, which holds the version where it is mended.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import msgspec

from auditor.feeds.sources import Unreadable
from auditor.feeds.sources.bounded import members
from auditor.feeds.sources.checked import decoded, plain
from auditor.feeds.sources.rpm_fix import cves_in, moment
from auditor.feeds.sources.whole import content_of
from auditor.model.advisory import FixState

MEMBER_LIMIT = 128 * 2**20
"""Bytes of one document; the kernel's of today have below 30 MB."""
TOTAL_LIMIT = 256 * 2**30
"""Bytes of all documents of an archive, of which one at a time is held."""
COUNT_LIMIT = 1_000_000
DEPTH_LIMIT = 30
STATES: Mapping[str, FixState] = {
    "known_affected": FixState.NO_FIX,
    "known_not_affected": FixState.NOT_AFFECTED,
    "under_investigation": FixState.UNDETERMINED,
}
"""What a status says of a product that is not mended."""


class _Helper(msgspec.Struct):
    cpe: str = ""
    purl: str = ""


class _Product(msgspec.Struct):
    product_id: str
    product_identification_helper: _Helper | None = None


class _Branch(msgspec.Struct):
    branches: list["_Branch"] = []
    product: _Product | None = None


class _Full(msgspec.Struct):
    product_id: str


class _Relationship(msgspec.Struct):
    full_product_name: _Full
    product_reference: str
    relates_to_product_reference: str


class _Tree(msgspec.Struct):
    branches: list[_Branch] = []
    relationships: list[_Relationship] = []


class Remediation(msgspec.Struct):
    """What is to be done with some products; `date` as the vendor writes it."""

    category: str
    details: str = ""
    date: str = ""
    url: str = ""
    product_ids: list[str] = []


class _Vulnerability(msgspec.Struct):
    cve: str = ""
    product_status: dict[str, list[str]] = {}
    remediations: list[Remediation] = []


class _Tracking(msgspec.Struct):
    current_release_date: str
    status: str = ""


class _Head(msgspec.Struct):
    category: str
    tracking: _Tracking


class _Document(msgspec.Struct):
    document: _Head
    product_tree: _Tree | None = None
    vulnerabilities: list[_Vulnerability] = []


_NONE = Remediation(category="")


class Statement(NamedTuple):
    """What the vendor says of a weakness in one component of one platform."""

    cve: str
    status: str
    """The word of CSAF: "fixed", "known_affected", "known_not_affected", "recommended", …"""
    component: str
    purl: str
    cpe: str
    remedy: Remediation


def documents(path: Path) -> Iterator[tuple[str, bytes]]:
    """Yield (name, bytes) of the documents in an archive or, unpacked, in a folder."""
    if not path.is_dir():
        yield from members(
            path,
            wanted=_is_document,
            member_limit=MEMBER_LIMIT,
            total_limit=TOTAL_LIMIT,
            count_limit=COUNT_LIMIT,
        )
        return
    for count, file in enumerate(sorted(path.rglob("*.json*"))):
        if count > COUNT_LIMIT:
            raise Unreadable(f"the folder has more than {COUNT_LIMIT} files")
        if file.is_file() and not file.is_symlink():
            yield file.name, content_of(file, MEMBER_LIMIT)


def _is_document(name: str) -> bool:
    return name.endswith(".json") and name.rpartition("/")[2].startswith(("cve-", "CVE-"))


def statements(name: str, content: bytes) -> tuple[datetime, list[Statement]]:
    """Return a document's date and what it states; raises `Unreadable`."""
    document = decoded(content, _Document, name)
    if document.document.category != "csaf_vex":
        raise Unreadable(f"{plain(name)} is CSAF of another profile than VEX")
    date = moment(document.document.tracking.current_release_date)
    tree = document.product_tree or _Tree()
    helpers: dict[str, _Helper] = {}
    _collect(tree.branches, helpers, 0)
    places = {told.full_product_name.product_id: told for told in tree.relationships}
    found = [
        statement
        for vulnerability in document.vulnerabilities
        for statement in _stated(name, vulnerability, helpers, places)
    ]
    return date, found


def _collect(branches: list[_Branch], helpers: dict[str, _Helper], depth: int) -> None:
    if depth > DEPTH_LIMIT:
        raise Unreadable("nests its products too deep")
    for branch in branches:
        if branch.product is not None:
            helper = branch.product.product_identification_helper
            helpers[branch.product.product_id] = helper or _Helper()
        _collect(branch.branches, helpers, depth + 1)


def _stated(
    name: str,
    vulnerability: _Vulnerability,
    helpers: Mapping[str, _Helper],
    places: Mapping[str, _Relationship],
) -> Iterator[Statement]:
    cves = cves_in([vulnerability.cve])
    if not cves:
        raise Unreadable(f"{plain(name)} does not name its weakness")
    remedies = _remedies(vulnerability.remediations)
    for status, products in vulnerability.product_status.items():
        for product in products:
            place = places.get(product)
            if place is None:
                if product not in helpers:
                    raise Unreadable(f"{plain(name)} speaks of a product that it does not hold")
                continue  # of a platform as a whole: nothing that is installed by its name
            platform = place.relates_to_product_reference
            yield Statement(
                cve=cves[0],
                status=status,
                component=place.product_reference,
                purl=helpers.get(place.product_reference, _Helper()).purl,
                cpe=helpers.get(platform, _Helper()).cpe,
                remedy=remedies.get(product, _NONE),
            )


_RANKS = ("vendor_fix", "no_fix_planned", "none_available")


def _remedies(told: list[Remediation]) -> dict[str, Remediation]:
    """Return what decides of each product; a workaround does not."""
    return {
        product: remedy
        for category in reversed(_RANKS)
        for remedy in told
        if remedy.category == category
        for product in remedy.product_ids
    }
