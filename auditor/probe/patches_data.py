"""Which of the auditor's own data a target can be judged by, and how far it may be believed."""

from collections.abc import Iterable, Mapping
from datetime import datetime

import msgspec

from auditor.model.base import Value
from auditor.model.fact import Why
from auditor.model.feed import (
    Feed,
    FeedKind,
    Feeds,
    Freshness,
    IndexEntry,
    SuiteIndex,
    Trust,
)
from auditor.patch.ecosystem import Family, family
from auditor.patch.judge import BACKPORT
from auditor.patch.support import ESM
from auditor.patch.system import Installed, System
from auditor.probe.base import Unseen

ERRATA = "errata"
"""What the source of updates is called where a vendor has no suite for them."""
_UNRELEASED = "sid"
_PAID = "ubuntu"
"""Has fixes that are in no index: those of its pockets."""


class Data(Value, frozen=True):
    """What a target is compared with.

    The sentences are empty where there is nothing to say.
    """

    feeds: tuple[Feed, ...]
    dated: datetime
    """Of the oldest list that updates are concluded from."""
    verified_by: str
    suite: str
    entries: Mapping[str, IndexEntry]
    """The signed list, names with ":arch" where the architecture is foreign."""
    stale: str
    """Why it cannot show that nothing is missing."""
    unseen: str
    """What was not compared."""
    unlisted: str
    """Why no weakness is known by its number."""
    unsure: str
    """Why a weakness without a mark of KEV may have one."""


def data_of(system: System, feeds: Feeds, listed: Iterable[Installed], now: datetime) -> Data:
    """Return what is held for a system; raises `Unseen` where nothing can be concluded from it."""
    lists = tuple(
        feed
        for feed in feeds.feeds
        if feed.kind is FeedKind.ADVISORIES and feed.release in (system.release, "")
    )
    believed = tuple(feed for feed in lists if feed.trust is not Trust.NONE)
    unlisted = "" if believed else _no_list(system)
    unsure = unlisted or _unsure(feeds, believed, now)
    if family(system.distribution) is Family.DEB:
        return _by_index(system, feeds, listed, now, believed, unsure)
    if not believed:
        raise Unseen(Why.NO_DATA, unlisted)
    old = next((feed for feed in believed if _is_stale(feed, now)), None)
    first = min(believed, key=lambda feed: feed.date)
    return Data(
        feeds=_shown(feeds),
        dated=first.date,
        verified_by=first.verified_by,
        suite=ERRATA,
        entries={},
        stale=_why_stale(old, now) if old else "",
        unseen="",
        unlisted="",
        unsure=unsure,
    )


def _by_index(
    system: System,
    feeds: Feeds,
    listed: Iterable[Installed],
    now: datetime,
    lists: tuple[Feed, ...],
    unsure: str,
) -> Data:
    own = _index(system, feeds, system.arch)
    unlisted = "" if lists else _no_list(system)
    indexes, unseen = [own], _beyond_index(system, feeds, listed, unlisted)
    for arch in _foreign(listed):
        try:
            indexes.append(_index(system, feeds, arch))
        except Unseen as gap:
            unseen = unseen or f"{arch} packages were not compared: {gap.detail}"
    shown = tuple(_kept(index.feed, system, feeds) for index in indexes)
    deciding = (*shown, *lists) if system.distribution == _PAID else shown
    old = next((feed for feed in deciding if _is_stale(feed, now)), None)
    return Data(
        feeds=(*shown, *_shown(feeds)),
        dated=own.date,
        verified_by=own.verified_by,
        suite=own.suite,
        entries=_entries(feeds, own, indexes[1:]),
        stale=_why_stale(old, now) if old else "",
        unseen=unseen,
        unlisted=unlisted,
        unsure=unsure,
    )


def _beyond_index(system: System, feeds: Feeds, listed: Iterable[Installed], unlisted: str) -> str:
    """Say what no signed index tells, where no list tells it: fixes for money, backports."""
    if system.distribution == _PAID:
        return unlisted
    unreleased = any(
        feed.kind is FeedKind.ADVISORIES
        and feed.release in (_UNRELEASED, "")
        and feed.trust is not Trust.NONE
        for feed in feeds.feeds
    )
    if unreleased or not any(BACKPORT in package.version for package in listed):
        return ""
    return "backports were not compared: no list of Debian's unstable release is held"


def _kept(index: Feed, system: System, feeds: Feeds) -> Feed:
    """Let the index of a release that is past its support, but not for money, be as old as it is.

    The distributor changes it no more: what comes from then on is in the pockets, whose fixes the
    lists tell.
    """
    ends = [r.eol for r in feeds.releases if r.codename.lower() == system.release and r.eol]
    if ESM not in system.pockets or not ends or index.date.date() < ends[0]:
        return index
    return msgspec.structs.replace(index, kind=FeedKind.PACKAGES)


def _entries(feeds: Feeds, own: SuiteIndex, others: list[SuiteIndex]) -> Mapping[str, IndexEntry]:
    if not others:
        return own.entries
    key = ("entries", own.name, *(index.name for index in others))
    joined: dict[str, IndexEntry] | None = feeds.known.get(key)
    if joined is None:
        joined = dict(own.entries)
        for other in others:
            joined |= {f"{name}:{other.arch}": entry for name, entry in other.entries.items()}
        feeds.known[key] = joined
    return joined


def _index(system: System, feeds: Feeds, arch: str) -> SuiteIndex:
    """Return an index that may be believed, or raise why there is none."""
    index = feeds.index(system.distribution, system.release, arch)
    if index is None:
        detail = (
            f"no security index for {system.release} {arch} is held: run `auditor feeds update`"
        )
        raise Unseen(Why.NO_DATA, detail)
    if not index.believed:
        keyring = f"{system.distribution}-archive-keyring".replace("ubuntu-archive", "ubuntu")
        detail = f"the index {index.name} is unverified: install gpgv and {keyring}"
        raise Unseen(Why.NO_DATA, detail)
    return index


def names_of(system: System, feeds: Feeds) -> frozenset[str] | None:
    """Return every package name of a release; None where its main suite is not held."""
    mine = [i for i in feeds.indexes if i.arch == system.arch and i.believed]
    if all(index.suite != system.release for index in mine):
        return None
    key = ("names", system.release, system.arch)
    names: frozenset[str] | None = feeds.known.get(key)
    if names is None:
        names = feeds.known[key] = frozenset(name for index in mine for name in index.entries)
    return names


def _foreign(listed: Iterable[Installed]) -> list[str]:
    """Return the architectures beside the target's own."""
    return sorted({package.name.partition(":")[2] for package in listed} - {""})


def _shown(feeds: Feeds) -> tuple[Feed, ...]:
    return tuple(feed for feed in feeds.feeds if feed.kind is not FeedKind.SUITE)


def _no_list(system: System) -> str:
    return (
        f"no list of weaknesses for {system.distribution} {system.release} is held: "
        "run `auditor feeds update`"
    )


def _unsure(feeds: Feeds, lists: tuple[Feed, ...], now: datetime) -> str:
    """Say why a weakness that bears no mark of known exploitation may deserve one."""
    catalogue = [
        feed for feed in feeds.feeds if feed.kind is FeedKind.KEV and feed.trust is not Trust.NONE
    ]
    if not catalogue:
        return "no catalogue of exploited weaknesses (KEV) is held: run `auditor feeds update`"
    old = next((feed for feed in (*catalogue, *lists) if _is_stale(feed, now)), None)
    return _why_stale(old, now) if old else ""


def _is_stale(feed: Feed, now: datetime) -> bool:
    return feed.freshness(now) is Freshness.STALE


def _why_stale(feed: Feed, now: datetime) -> str:
    what = "index" if feed.kind is FeedKind.SUITE else "list"
    if feed.date > now:
        return f"the {what} {feed.name} is of {feed.date:%Y-%m-%d}: the auditor's clock is behind"
    return f"the {what} {feed.name} is of {feed.date:%Y-%m-%d}: too old"
