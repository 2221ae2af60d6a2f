"""Debian's security tracker: one JSON object, keyed by source package, then by weakness.

`{SOURCE: {CVE: {releases: {CODENAME: {status, fixed_version, urgency, nodsa, nodsa_reason,
repositories: {SUITE: VERSION}}}}}}`; no date stands in it. A release that is past its support
vanishes from it.
"""

from collections.abc import Collection, Iterator
from functools import lru_cache
from pathlib import Path

import msgspec

from auditor.feeds.sources import Unreadable
from auditor.feeds.sources.bounded import opened
from auditor.feeds.sources.checked import Loose, deb_version, package, plain, shaped, weakness
from auditor.feeds.sources.json_objects import json_objects
from auditor.model.advisory import Fix, FixState, Row
from auditor.patch.deb_version import deb_key

LIMIT = 512 * 2**20
SOURCE_LIMIT = 64 * 2**20
"""Characters of one source package; the kernel's are about 15 million."""
UNSTABLE = "sid"
_NOT_AFFECTED = "0"
_MINOR = {"": "no-dsa", "ignored": "ignored", "postponed": "postponed"}


class _State(Loose, frozen=True):
    status: str
    fixed_version: str = ""
    urgency: str = ""
    nodsa: str | None = None
    nodsa_reason: str = ""
    repositories: dict[str, str] = msgspec.field(default_factory=dict)


class _Weakness(Loose, frozen=True):
    releases: dict[str, _State]


def read(path: Path, wanted: Collection[tuple[str, str]]) -> Iterator[Row]:
    """Yield the state of every weakness in the wanted Debian releases, and in unstable.

    Unstable serves the comparison of backports; it is not given where no Debian is wanted.
    """
    releases = {release for distribution, release in wanted if distribution == "debian"}
    releases |= {UNSTABLE} if releases else set()
    seen = False
    with opened(path, LIMIT) as stream:
        for source, told in json_objects(stream, SOURCE_LIMIT):
            seen = True
            weaknesses = shaped(told, dict[str, _Weakness])
            yield from _rows(package(source), weaknesses, releases)
    if not seen:
        raise Unreadable("names no source package")


def _rows(source: str, told: dict[str, _Weakness], releases: Collection[str]) -> Iterator[Fix]:
    for name, one in told.items():
        for release, state in one.releases.items():
            if release in releases:
                decision, note = _decision(state)
                yield Fix(
                    distribution="debian",
                    release=release,
                    package=source,
                    state=decision,
                    cves=(weakness(name),),
                    version=state.fixed_version if decision is FixState.FIXED else "",
                    note=note,
                )


def _decision(state: _State) -> tuple[FixState, str]:
    """Return what was decided, and the tracker's word for it; an unknown word decides nothing."""
    match state.status:
        case "resolved" if state.fixed_version == _NOT_AFFECTED:
            return FixState.NOT_AFFECTED, ""
        case "resolved" if state.fixed_version:
            shipped = _is_shipped(state)
            return (FixState.FIXED, "") if shipped else (FixState.NO_FIX, "fix not shipped")
        case "resolved":
            return FixState.UNDETERMINED, "resolved, in no version"
        case "open":
            return _open(state)
        case "undetermined":
            return FixState.UNDETERMINED, ""
        case unknown:
            return FixState.UNDETERMINED, plain(unknown)[:40]


def _open(state: _State) -> tuple[FixState, str]:
    if state.urgency == "end-of-life":
        return FixState.UNSUPPORTED, "end-of-life"
    if state.nodsa is not None or state.nodsa_reason:
        return FixState.MINOR, _MINOR.get(state.nodsa_reason) or plain(state.nodsa_reason)[:40]
    if state.urgency == "unimportant":
        return FixState.MINOR, "unimportant"
    return FixState.NO_FIX, ""


def _is_shipped(state: _State) -> bool:
    """Tell whether a suite holds the fix; where no suite is named, the word `resolved` counts."""
    fixed, held = deb_version(state.fixed_version), state.repositories.values()
    if not held or fixed in held:
        return True
    return any(_key(deb_version(version)) >= _key(fixed) for version in held)


@lru_cache(maxsize=4096)
def _key(version: str) -> bytes:
    return deb_key(version)
