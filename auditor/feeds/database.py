"""The file of feeds: an SQLite database that is written once, whole, and then only read."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

import msgspec

from auditor.feeds.tables import FORMAT, ROWS, TABLES
from auditor.model.base import Value
from auditor.model.feed import Feed, FeedKind, IndexEntry, SuiteIndex, Trust

SUITES = (FeedKind.SUITE, FeedKind.PACKAGES)
"""Kinds of feeds that are indexes."""


class Damaged(Exception):  # noqa: N818 - it says what the file is
    """The file is no database of feeds of this version."""


class Bundle(Value, frozen=True):
    """The bundle that was imported last: its date, who signed it, when it came."""

    date: datetime
    key: str
    imported: datetime


class Held(Value, frozen=True):
    """What a file holds, without its rows."""

    feeds: tuple[Feed, ...] = ()
    bundle: Bundle | None = None


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a file to read; raises `Damaged`, and `OSError` where there is none."""
    path.open("rb").close()  # SQLite calls a file that is missing or closed to us damaged, too
    address = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
    try:
        with closing(sqlite3.connect(address, uri=True)) as database:
            database.execute("PRAGMA trusted_schema = OFF")
            (version,) = database.execute("PRAGMA user_version").fetchone()
            _must_be_ours(version)
            yield database
    except (sqlite3.Error, msgspec.MsgspecError, LookupError, ValueError, Damaged) as error:
        raise Damaged(f"{path}: {error}") from error


def _must_be_ours(version: int) -> None:
    if version != FORMAT:
        raise Damaged(f"format {version}, not {FORMAT}")


def read_held(path: Path) -> Held:
    """Return all feeds in order of name, and the bundle."""
    with reading(path) as database:
        return held_of(database)


def held_of(database: sqlite3.Connection) -> Held:
    """Return what an open file holds."""
    found = tuple(feed for _, feed in numbered(database).values())
    bundle = database.execute("SELECT date, key, imported FROM bundle").fetchone()
    named = dict(zip(Bundle.__struct_fields__, bundle, strict=True)) if bundle else None
    return Held(feeds=found, bundle=msgspec.convert(named, Bundle | None))


def numbered(database: sqlite3.Connection, schema: str = "main") -> dict[str, tuple[int, Feed]]:
    """Return feeds with their numbers, by name and in its order."""
    names = ", ".join(Feed.__struct_fields__)
    found = database.execute(f"SELECT id, {names} FROM {schema}.feed ORDER BY name")  # noqa: S608
    return {feed.name: (number, feed) for number, *values in found for feed in (_feed(values),)}


def _feed(values: list[Any]) -> Feed:
    return msgspec.convert(dict(zip(Feed.__struct_fields__, values, strict=True)), Feed)


def check(path: Path) -> None:
    """Raise `Damaged` unless a file is whole: its tables, its pages, the number of rows of all."""
    with reading(path) as database:
        if _tables(database) != _expected():
            raise Damaged("has other tables than it should")
        (said,) = database.execute("PRAGMA quick_check(1)").fetchone()
        if said != "ok":
            raise Damaged(said)
        counts = dict[int, int]()
        for table in ROWS:
            for feed, count in database.execute(
                f"SELECT feed, count(*) FROM {table} GROUP BY feed"  # noqa: S608 - a constant
            ):
                counts[feed] = counts.get(feed, 0) + count
        for number, feed in numbered(database).values():
            must_be_whole(feed, counts.get(number, 0))
        held_of(database)


def must_be_whole(feed: Feed, count: int) -> None:
    """Raise `Damaged` unless a feed has as many rows as it says."""
    if count != feed.rows:
        raise Damaged(f"{feed.name}: {count} of {feed.rows} rows")


def _tables(database: sqlite3.Connection) -> set[tuple[str, ...]]:
    return set(database.execute("SELECT type, name, tbl_name, sql FROM sqlite_master"))


def _expected() -> set[tuple[str, ...]]:
    with closing(sqlite3.connect(":memory:")) as database:
        database.executescript(TABLES)
        return _tables(database)


def read_indexes(path: Path) -> tuple[SuiteIndex, ...]:
    """Return all indexes with their entries."""
    with reading(path) as database:
        return tuple(
            index_of(database, number, feed)
            for number, feed in numbered(database).values()
            if feed.kind in SUITES
        )


def index_of(database: sqlite3.Connection, number: int, feed: Feed) -> SuiteIndex:
    """Return an index with its entries."""
    found = database.execute(
        "SELECT package, version, fixkey, source, since FROM entry WHERE feed = ?", (number,)
    )
    days = Days()
    entries = {
        package: IndexEntry(
            package=package, version=version, key=key, source=source, since=days[since]
        )
        for package, version, key, source, since in found
    }
    must_be_whole(feed, len(entries))
    suite, _, arch = feed.name.partition(" ")
    return SuiteIndex(
        distribution=feed.distribution,
        release=feed.release,
        suite=suite,
        arch=arch,
        date=feed.date,
        valid_until=feed.valid_until,
        verified_by=feed.verified_by,
        sha256=feed.sha256,
        entries=entries,
        bundled=feed.trust is Trust.BUNDLE,
        trusted=feed.trust is Trust.OPERATOR,
        fetched=feed.fetched,
        source=feed.source,
        validator=feed.validator,
    )


class Days(dict[str | None, date | None]):
    """Dates by their text, each made once; None stays None."""

    def __missing__(self, text: str | None) -> date | None:
        day = None if text is None else date.fromisoformat(text)
        self[text] = day
        return day
