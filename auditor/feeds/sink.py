"""Rows of a feed's file, sorted into the tables of the feeds that they belong to."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from auditor.feeds.jobs import Files
from auditor.feeds.readers import System
from auditor.feeds.sources import Unreadable
from auditor.feeds.tables import UNFIXED
from auditor.feeds.writer import Writer
from auditor.model.advisory import (
    Dated,
    Exploited,
    Fix,
    FixState,
    Impact,
    Likelihood,
    Row,
    Support,
)
from auditor.model.feed import Release
from auditor.patch.ecosystem import version_key

BATCH = 4096
ROW_LIMIT = 20_000_000
"""Rows of one file; no feed has a tenth of it."""


class Sink:
    """Takes the rows of one job's files; `dated` are the dates that the files name themselves."""

    def __init__(self, writer: Writer, job: Files) -> None:
        self._writer = writer
        self._job = job
        self._wanted = frozenset(job.covers)
        self._waiting: dict[str, list[tuple[Any, ...]]] = {}
        self._notices: dict[tuple[str, tuple[Any, ...]], int] = {}
        self._keys: dict[str, Callable[[str], bytes]] = {}
        self._taken = 0
        self.dated: list[Dated] = []
        self.newest: dict[str, date] = {}
        """Day of the newest advisory, by feed."""
        self._takes: Mapping[type, Callable[[Any], None]] = {
            Dated: self.dated.append,
            Fix: self._fix,
            Support: self._support,
            Exploited: self._exploited,
            Likelihood: self._likelihood,
            Impact: self._impact,
            Release: self._release,
        }

    def take(self, rows: Iterable[Row | Release]) -> int:
        """Write all rows that are wanted, and return how many those were.

        Raises `Unreadable` for one that cannot be true.
        """
        takes, before = self._takes, self._taken
        for count, row in enumerate(rows):
            if count >= ROW_LIMIT:
                raise Unreadable(f"has more than {ROW_LIMIT} rows")
            takes[type(row)](row)
        for table, waiting in self._waiting.items():
            self._writer.put(table, waiting)
        self._waiting.clear()
        return self._taken - before

    def _put(self, table: str, row: tuple[Any, ...]) -> None:
        self._taken += 1
        waiting = self._waiting.setdefault(table, [])
        waiting.append(row)
        if len(waiting) >= BATCH:
            self._writer.put(table, waiting)
            waiting.clear()

    def _place(self, system: System) -> str:
        """Return the feed that a system's rows go to; empty where they are not wanted."""
        return self._job.feed_name(system) if system in self._wanted else ""

    def _fix(self, fix: Fix) -> None:
        name = self._place((fix.distribution, fix.release))
        if not name:
            return
        fixed = fix.state is FixState.FIXED
        if fixed and not fix.version:
            raise Unreadable(f"{fix.package}: fixed, but in no version")
        if fix.issued and (name not in self.newest or fix.issued > self.newest[name]):
            self.newest[name] = fix.issued
        self._put(
            "fix",
            (
                self._writer.number(name),
                fix.package,
                self._key(fix.distribution)(fix.version) if fixed else UNFIXED,
                self._notice(name, fix),
                fix.state,
                fix.version,
                fix.pocket,
                fix.stream,
                fix.note,
                fix.inferred,
            ),
        )

    def _key(self, distribution: str) -> Callable[[str], bytes]:
        if distribution not in self._keys:
            self._keys[distribution] = version_key(distribution)
        return self._keys[distribution]

    def _notice(self, name: str, fix: Fix) -> int:
        told = (fix.advisory, str(fix.issued) if fix.issued else None, " ".join(fix.cves))
        number = self._notices.get((name, told))
        if number is None:
            number = self._notices[name, told] = len(self._notices) + 1
            self._put("notice", (self._writer.number(name), number, *told))
        return number

    def _support(self, row: Support) -> None:
        if name := self._place((row.distribution, row.release)):
            ended = str(row.ended) if row.ended else None
            number = self._writer.number(name)
            self._put("support", (number, row.package, ended, row.limited, row.note))

    @property
    def _number(self) -> int:
        return self._writer.number(self._job.source.name)

    def _exploited(self, row: Exploited) -> None:
        self._put("exploited", (self._number, row.cve, str(row.added), row.ransomware))

    def _likelihood(self, row: Likelihood) -> None:
        self._put("likelihood", (self._number, row.cve, row.epss, row.percentile))

    def _impact(self, row: Impact) -> None:
        told = (row.cve, row.automatable, row.total, row.cvss, row.vector)
        self._put("impact", (self._number, *told))

    def _release(self, row: Release) -> None:
        days = (row.released, row.eol, row.eol_lts, row.eol_extended)
        told = (row.distribution, row.version, row.codename, *(str(d) if d else None for d in days))
        self._put("release", (self._number, *told))
