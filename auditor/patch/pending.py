"""Which packages are older than in the distributor's signed list, as apt itself would say."""

from collections.abc import Iterable, Mapping
from datetime import date

from auditor.model.base import Value
from auditor.model.feed import IndexEntry
from auditor.patch.deb_version import deb_key
from auditor.patch.system import Installed


class Pending(Value, frozen=True):
    """A source package with updates that are not installed; `packages` in the target's order."""

    source: str
    packages: tuple[str, ...]
    have: str
    want: str
    """Of the first package; others of the source may be numbered otherwise."""
    held: bool
    """One of them is kept from upgrades."""
    since: date | None
    """Day from which the update was to be had, as far as the auditor has seen it."""


def pending(listed: Iterable[Installed], index: Mapping[str, IndexEntry]) -> tuple[Pending, ...]:
    """Return what is older than the index, grouped by source package, in order of name.

    Names carry ":arch" where the architecture is foreign. As apt does: a backport or a third
    party's higher version is not pending, one that is held is.
    """
    groups: dict[str, list[tuple[Installed, IndexEntry]]] = {}
    for package in listed:
        entry = index.get(package.name)
        if entry is None or package.version == entry.version:
            continue
        if deb_key(package.version) < entry.key:
            groups.setdefault(entry.source, []).append((package, entry))
    return tuple(_group(source, groups[source]) for source in sorted(groups))


def _group(source: str, found: list[tuple[Installed, IndexEntry]]) -> Pending:
    first, entry = found[0]
    return Pending(
        source=source,
        packages=tuple(package.name for package, _ in found),
        have=first.version,
        want=entry.version,
        held=any(package.held for package, _ in found),
        since=min((e.since for _, e in found if e.since is not None), default=None),
    )
