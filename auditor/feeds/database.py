"""The file of feeds: an SQLite database that is written once, whole, and then only read."""

import sqlite3
from collections.abc import Collection, Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from auditor.model.base import Value
from auditor.model.feed import IndexEntry, SuiteIndex

FORMAT = 1
"""Raised with every change of the tables or of `deb_key`: an older file is fetched anew."""

_TABLES = f"""
PRAGMA user_version = {FORMAT};
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE feed (
    id INTEGER PRIMARY KEY,
    distribution TEXT NOT NULL,
    release TEXT NOT NULL,
    suite TEXT NOT NULL,
    arch TEXT NOT NULL,
    date TEXT NOT NULL,
    valid_until TEXT,
    verified_by TEXT NOT NULL,
    trusted INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    fetched TEXT,
    source TEXT NOT NULL,
    validator TEXT NOT NULL,
    rows INTEGER NOT NULL,
    UNIQUE (suite, arch)
);
CREATE TABLE source (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE fix (
    feed INTEGER NOT NULL REFERENCES feed,
    package TEXT NOT NULL,
    fixkey BLOB NOT NULL,
    version TEXT NOT NULL,
    source INTEGER NOT NULL REFERENCES source,
    PRIMARY KEY (feed, package)
) WITHOUT ROWID;
"""
"""Written beside the file in use and renamed over it, so that no journal is needed.

SQLite compares BLOBs byte by byte: `fixkey > ?` is the order of versions.
"""
_FEED = (
    "INSERT INTO feed VALUES (:id, :distribution, :release, :suite, :arch, :date, :valid_until, "
    ":verified_by, :trusted, :sha256, :fetched, :source, :validator, :rows)"
)


class Damaged(Exception):  # noqa: N818 - it says what the file is
    """The file is no database of feeds of this version."""


class FeedRow(Value, frozen=True):
    """A feed that is held, without its entries; the fields are those of `SuiteIndex`."""

    id: int
    distribution: str
    release: str
    suite: str
    arch: str
    date: datetime
    valid_until: datetime | None
    verified_by: str
    trusted: bool
    sha256: str
    fetched: datetime | None
    source: str
    validator: str
    rows: int

    @property
    def name(self) -> str:
        """Name of the feed: suite and architecture."""
        return f"{self.suite} {self.arch}"


def write(path: Path, indexes: Iterable[SuiteIndex]) -> None:
    """Write a new file; raises `sqlite3.Error` where the disk refuses."""
    with closing(sqlite3.connect(path)) as database:
        database.executescript(_TABLES)
        sources: dict[str, int] = {}
        for number, index in enumerate(indexes):
            database.execute(_FEED, _columns(number, index))
            database.executemany(
                "INSERT INTO fix VALUES (?, ?, ?, ?, ?)",
                (
                    (
                        number,
                        e.package,
                        e.key,
                        e.version,
                        sources.setdefault(e.source, len(sources)),
                    )
                    for e in sorted(index.entries.values(), key=lambda e: e.package)
                ),
            )
        database.executemany(
            "INSERT INTO source VALUES (?, ?)", ((n, name) for name, n in sources.items())
        )
        database.commit()


def _columns(number: int, index: SuiteIndex) -> dict[str, Any]:
    told: dict[str, Any] = msgspec.to_builtins(msgspec.structs.replace(index, entries={}))
    del told["entries"]
    return told | {"id": number, "rows": len(index.entries)}


def read_rows(path: Path) -> tuple[FeedRow, ...]:
    """Return the feeds in order of name; raises `Damaged`, and `OSError` where there is none."""
    with _reading(path) as database:
        return tuple(_rows(database))


def read_indexes(path: Path, releases: Collection[str] | None = None) -> tuple[SuiteIndex, ...]:
    """Return the feeds with their entries, of some releases (codenames) or of all."""
    with _reading(path) as database:
        return tuple(
            _index(row, database)
            for row in _rows(database)
            if releases is None or row.release in releases
        )


@contextmanager
def _reading(path: Path) -> Iterator[sqlite3.Connection]:
    path.open("rb").close()  # SQLite calls a file that is missing or closed to us damaged, too
    address = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
    try:
        with closing(sqlite3.connect(address, uri=True)) as database:
            yield database
    except (sqlite3.Error, msgspec.MsgspecError, Damaged) as error:
        raise Damaged(f"{path}: {error}") from error


def _rows(database: sqlite3.Connection) -> Iterator[FeedRow]:
    (version,) = database.execute("PRAGMA user_version").fetchone()
    if version != FORMAT:
        raise Damaged(f"format {version}, not {FORMAT}")
    names = FeedRow.__struct_fields__
    for values in database.execute("SELECT * FROM feed ORDER BY suite, arch"):
        yield msgspec.convert(dict(zip(names, values, strict=True)), FeedRow, strict=False)


def _index(row: FeedRow, database: sqlite3.Connection) -> SuiteIndex:
    found = database.execute(
        "SELECT package, version, fixkey, source.name FROM fix JOIN source ON source.id = source "
        "WHERE feed = ? ORDER BY package",
        (row.id,),
    )
    entries = {
        package: IndexEntry(package=package, version=version, key=key, source=source)
        for package, version, key, source in found
    }
    if len(entries) != row.rows:
        raise Damaged(f"{row.name}: {len(entries)} of {row.rows} entries")
    told = {name: getattr(row, name) for name in SuiteIndex.__struct_fields__ if name != "entries"}
    return SuiteIndex(**told, entries=entries)
