"""Write a new file of feeds: rows as they come, the rest carried over from the file before."""

import sqlite3
from collections.abc import Collection, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import msgspec

from auditor.feeds.database import numbered
from auditor.feeds.tables import COLUMNS, FEED, FORMAT, INSERTS, ROWS, TABLES
from auditor.model.feed import Feed, IndexEntry

_PRAGMAS = f"""
PRAGMA user_version = {FORMAT};
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA cache_size = -32768;
"""
_SINCE = (
    "UPDATE entry SET since = old.since FROM old.entry AS old WHERE entry.feed = ? "
    "AND old.feed = ? AND old.package = entry.package AND old.fixkey = entry.fixkey "
    "AND old.since IS NOT NULL"
)


class Writer:
    """A file that is being written; `held` are the feeds of the one before, by name."""

    def __init__(self, database: sqlite3.Connection, held: dict[str, tuple[int, Feed]]) -> None:
        self._database = database
        self._held = held
        self._numbers: dict[str, int] = {}
        self._next = 1
        self.written: set[str] = set()

    @property
    def held(self) -> dict[str, Feed]:
        """The feeds of the file before, by name."""
        return {name: feed for name, (_, feed) in self._held.items()}

    def number(self, name: str) -> int:
        """Return the number that a feed's rows are written under."""
        if name not in self._numbers:
            self._numbers[name] = self._next
            self._next += 1
        return self._numbers[name]

    def put(self, table: str, rows: Iterable[tuple[Any, ...]]) -> None:
        """Write rows into a table."""
        self._database.executemany(INSERTS[table], rows)

    def index(self, feed: Feed, entries: Iterable[IndexEntry]) -> None:
        """Write an index; a version that was held keeps the date on which it was first seen."""
        number, day = self.number(feed.name), feed.date.date().isoformat()
        self.put(
            "entry",
            (
                (number, e.package, e.key, e.version, e.source, str(e.since) if e.since else day)
                for e in sorted(entries, key=lambda e: e.package)
            ),
        )
        if feed.name in self._held:
            self._database.execute(_SINCE, (number, self._held[feed.name][0]))
        self.finish(feed)

    def count(self, name: str) -> int:
        """Return how many rows a feed has by now."""
        number = self.number(name)
        return sum(
            self._database.execute(
                f"SELECT count(*) FROM {table} WHERE feed = ?",  # noqa: S608 - a constant
                (number,),
            ).fetchone()[0]
            for table in ROWS
        )

    def finish(self, feed: Feed) -> Feed:
        """Write the feed itself, with the number of its rows."""
        whole = msgspec.structs.replace(feed, rows=self.count(feed.name))
        columns = msgspec.to_builtins(whole) | {"id": self.number(feed.name)}
        self._database.execute(FEED, columns)
        self.written.add(feed.name)
        return whole

    def discard(self, name: str) -> None:
        """Forget the rows of a feed that is not taken over."""
        number = self._numbers.pop(name, None)
        for table in COLUMNS:
            self._database.execute(
                f"DELETE FROM {table} WHERE feed = ?",  # noqa: S608 - a constant
                (number,),
            )

    def carry(self, name: str, feed: Feed | None = None) -> Feed:
        """Copy a feed of the file before, with its rows; `feed` stands in its place."""
        before, held = self._held[name]
        for table, columns in COLUMNS.items():
            self._database.execute(
                f"INSERT INTO {table} SELECT ?, {columns} FROM old.{table} WHERE feed = ?",  # noqa: S608
                (self.number(name), before),
            )
        return self.finish(feed or held)

    def carry_the_rest(self, dropped: Collection[str] = ()) -> None:
        """Copy every feed that nothing new was written of, and the note of the bundle."""
        if not self._held:
            return
        for name in self._held.keys() - self.written - {*dropped}:
            self.discard(name)
            self.carry(name)
        self._database.execute("INSERT INTO bundle SELECT date, key, imported FROM old.bundle")


@contextmanager
def writing(path: Path, held: Path | None) -> Iterator[Writer]:
    """Write a new file; raises `sqlite3.Error` where the disk refuses."""
    with closing(sqlite3.connect(path, uri=True)) as database:
        database.executescript(_PRAGMAS + TABLES)
        before: dict[str, tuple[int, Feed]] = {}
        if held is not None:
            address = f"{held.resolve().as_uri()}?mode=ro&immutable=1"
            database.execute("ATTACH ? AS old", (address,))
            before = numbered(database, "old")
        yield Writer(database, before)
        database.commit()
