"""The feeds for a run: each release's rows are loaded once, when a target first needs them."""

import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from auditor.errors import StoreError
from auditor.feeds.database import SUITES, Damaged, Days, index_of, must_be_whole, numbered, reading
from auditor.feeds.keep import generations
from auditor.feeds.releases import merged, shipped_releases
from auditor.model.advisory import Exploited, Fix, FixState, Impact, Likelihood, Support
from auditor.model.feed import Feed, FeedKind, Feeds, Release, Trust
from auditor.model.priority import Priorities

T = TypeVar("T")
Numbered = list[tuple[int, Feed]]
AT_ONCE = 500
"""CVEs that are asked for in one statement."""
_UNRELEASED = "sid"
_STATES: Mapping[str, FixState] = {state.value: state for state in FixState}


class HeldLibrary:
    """Feeds of a home folder; what was never fetched is simply not there: probes say so."""

    def __init__(self, home: Path, priorities: Priorities) -> None:
        self._home = home
        self._priorities = priorities
        self._systems: frozenset[tuple[str, str]] | None = None
        self._loaded: dict[tuple[str, str], Feeds] = {}

    def of(self, distribution: str, release: str) -> Feeds:
        """Return all that is held for a release, with the dates of all releases."""
        if self._systems is None:
            self._systems = frozenset(self._held())
        wanted = (distribution, release)
        if wanted not in self._systems:
            wanted = ("", "")  # one answer for all that nothing is held of, however many there are
        if wanted not in self._loaded:
            self._loaded[wanted] = self._load(*wanted)
        return self._loaded[wanted]

    def _held(self) -> Iterator[tuple[str, str]]:
        """Yield what either generation has feeds of."""
        for path in generations(self._home):
            try:
                with reading(path) as database:
                    feeds = [feed for _, feed in numbered(database).values()]
            except (OSError, Damaged):
                continue
            yield from ((feed.distribution, feed.release) for feed in feeds)

    def _load(self, distribution: str, release: str) -> Feeds:
        """Load from the present generation, or from the one before where that is damaged."""
        for path in generations(self._home):
            try:
                with reading(path) as database:
                    found = _Shelf(database).feeds(distribution, release)
            except (OSError, Damaged):
                continue
            return msgspec.structs.replace(found, priorities=self._priorities)
        return Feeds(releases=shipped_releases(), priorities=self._priorities)


def open_library(home: Path, priorities: Priorities | None = None) -> HeldLibrary:
    """Open the feeds of a home folder; raises `StoreError` where they cannot be read."""
    for path in generations(home):
        try:
            path.open("rb").close()
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError as error:
            problem = f"cannot read {path}: {error.strerror}: make it readable for this account"
            raise StoreError(problem) from error
    return HeldLibrary(home, priorities or Priorities())


class _Shelf:
    """Reads one open file; feeds that nothing vouches for are named, but their rows left out."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self._feeds = numbered(database)
        self._days = Days()

    def feeds(self, distribution: str, release: str) -> Feeds:
        """Return what is held for a release."""
        mine = self._of(distribution, release) if release else []
        others = self._of("", "")
        unreleased = self._of(distribution, _UNRELEASED) if distribution == "debian" else []
        fixes = self._fixes(mine)
        cves = {cve for rows in fixes.values() for fix in rows for cve in fix.cves}
        suites = [(n, f) for n, f in mine if f.kind in SUITES]
        advisories = [(n, f) for n, f in mine if f.kind not in SUITES]
        return Feeds(
            indexes=tuple(index_of(self._database, n, f) for n, f in suites),
            releases=merged(shipped_releases(), self._releases(others)),
            feeds=tuple(f for _, f in (*advisories, *unreleased, *others)),
            fixes=fixes,
            unreleased=self._fixes(unreleased),
            support=tuple(self._support(mine)),
            exploited=self._by_cve(others, FeedKind.KEV, cves, self._exploited),
            likelihood=self._by_cve(others, FeedKind.EPSS, cves, self._likelihood),
            impact=self._by_cve(others, FeedKind.SSVC, cves, self._impact),
        )

    def _of(self, distribution: str, release: str) -> Numbered:
        wanted = (distribution, release)
        return [
            (number, feed)
            for number, feed in self._feeds.values()
            if (feed.distribution, feed.release) == wanted
        ]

    def _rows(self, feeds: Numbered, kind: FeedKind) -> Iterator[tuple[int, Feed]]:
        for number, feed in feeds:
            if feed.kind is kind and feed.trust is not Trust.NONE:
                yield number, feed

    def _fixes(self, feeds: Numbered) -> Mapping[str, tuple[Fix, ...]]:
        found: dict[str, list[Fix]] = {}
        for number, feed in self._rows(feeds, FeedKind.ADVISORIES):
            count = 0
            for count, fix in enumerate(self._fixes_of(number, feed), 1):  # noqa: B007
                found.setdefault(fix.package, []).append(fix)
            must_be_whole(feed, count)
        return {package: tuple(fixes) for package, fixes in found.items()}

    def _fixes_of(self, number: int, feed: Feed) -> Iterator[Fix]:
        notices = self._notices(number)
        words: dict[str, str] = {}
        for (
            package,
            key,
            notice,
            state,
            version,
            pocket,
            stream,
            note,
            inferred,
        ) in self._database.execute(
            "SELECT package, fixkey, notice, state, version, pocket, stream, note, inferred "
            "FROM fix WHERE feed = ?",
            (number,),
        ):
            advisory, issued, cves = notices[notice]
            known = _STATES[state]
            yield Fix(
                distribution=feed.distribution,
                release=feed.release,
                package=words.setdefault(package, package),
                state=known,
                cves=cves,
                version=version,
                key=key if known is FixState.FIXED else b"",
                pocket=words.setdefault(pocket, pocket),
                stream=words.setdefault(stream, stream),
                advisory=advisory,
                issued=issued,
                note=words.setdefault(note, note),
                inferred=bool(inferred),
            )

    def _notices(self, number: int) -> dict[int, tuple[str, date | None, tuple[str, ...]]]:
        told = self._database.execute(
            "SELECT id, advisory, issued, cves FROM notice WHERE feed = ?", (number,)
        )
        names: dict[str, str] = {}
        return {
            key: (
                advisory,
                self._days[issued],
                tuple(names.setdefault(cve, cve) for cve in cves.split()),
            )
            for key, advisory, issued, cves in told
        }

    def _support(self, feeds: Numbered) -> Iterator[Support]:
        for number, feed in self._rows(feeds, FeedKind.SUPPORT):
            for package, ended, limited, note in self._database.execute(
                "SELECT package, ended, limited, note FROM support WHERE feed = ?", (number,)
            ):
                yield Support(
                    distribution=feed.distribution,
                    release=feed.release,
                    package=package,
                    ended=self._days[ended],
                    limited=bool(limited),
                    note=note,
                )

    def _by_cve(
        self,
        feeds: Numbered,
        kind: FeedKind,
        cves: Collection[str],
        read: Callable[[int, list[str]], Iterable[tuple[str, T]]],
    ) -> Mapping[str, T]:
        found: dict[str, T] = {}
        named = sorted(cves)
        for number, _ in self._rows(feeds, kind):
            for start in range(0, len(named), AT_ONCE):
                found.update(read(number, named[start : start + AT_ONCE]))
        return found

    def _told(self, table: str, columns: str, number: int, cves: list[str]) -> sqlite3.Cursor:
        marks = ",".join("?" * len(cves))
        asked = f"SELECT cve, {columns} FROM {table} WHERE feed = ? AND cve IN ({marks})"  # noqa: S608
        return self._database.execute(asked, (number, *cves))

    def _exploited(self, number: int, cves: list[str]) -> Iterator[tuple[str, Exploited]]:
        for cve, added, ransomware in self._told("exploited", "added, ransomware", number, cves):
            day = date.fromisoformat(added)
            yield cve, Exploited(cve=cve, added=day, ransomware=bool(ransomware))

    def _likelihood(self, number: int, cves: list[str]) -> Iterator[tuple[str, Likelihood]]:
        for cve, epss, percentile in self._told("likelihood", "epss, percentile", number, cves):
            yield cve, Likelihood(cve=cve, epss=epss, percentile=percentile)

    def _impact(self, number: int, cves: list[str]) -> Iterator[tuple[str, Impact]]:
        columns = "automatable, total, cvss, vector"
        for cve, automatable, total, cvss, vector in self._told("impact", columns, number, cves):
            yield (
                cve,
                Impact(
                    cve=cve,
                    automatable=_maybe(automatable),
                    total=_maybe(total),
                    cvss=cvss,
                    vector=vector,
                ),
            )

    def _releases(self, feeds: Numbered) -> Iterator[Release]:
        for number, _ in self._rows(feeds, FeedKind.LIFECYCLE):
            for distribution, version, codename, *days in self._database.execute(
                "SELECT distribution, version, codename, released, eol, eol_lts, eol_extended "
                "FROM release WHERE feed = ?",
                (number,),
            ):
                released, eol, lts, extended = (self._days[day] for day in days)
                yield Release(
                    distribution=distribution,
                    codename=codename,
                    version=version,
                    released=released,
                    eol=eol,
                    eol_lts=lts,
                    eol_extended=extended,
                )


def _maybe(value: Any) -> bool | None:
    return None if value is None else bool(value)
