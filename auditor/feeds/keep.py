"""Keep verified indexes in `feeds.db`: what is new is checked, synced and renamed into place."""

import fcntl
import os
import sqlite3
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from auditor.errors import LockedError, StoreError
from auditor.feeds.database import Damaged, FeedRow, read_indexes, read_rows, write
from auditor.feeds.releases import shipped_releases
from auditor.feeds.verify import FeedError
from auditor.model.feed import Feeds, SuiteIndex

T = TypeVar("T")

DATABASE = "feeds.db"
BEFORE = "feeds.db.old"
"""The generation before, which serves where the present one is damaged."""
SHRINKS_TO = 0.8
"""An index with fewer entries than this share of the last one is not believed."""


def keep(home: Path, *indexes: SuiteIndex) -> Mapping[str, FeedError]:
    """Keep indexes in place of older ones; return by name those that would have been a loss.

    Raises `StoreError` where they cannot be written: what was held before then stays.
    """
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        with _locked(home):
            held = {index.name: index for index in held_indexes(home)}
            refused = {i.name: why for i in indexes if (why := _refusal(held.get(i.name), i))}
            taken = {i.name: i for i in indexes if i.name not in refused}
            if taken:
                _replace(home, tuple((held | taken).values()))
    except (OSError, sqlite3.Error, Damaged) as error:
        raise StoreError(f"cannot keep {home / DATABASE}: {error}") from error
    return refused


def _refusal(before: SuiteIndex | None, index: SuiteIndex) -> FeedError | None:
    """Say why an index must not replace the one that is held; a verified one may always stand."""
    if before is None or (index.verified_by and not before.verified_by):
        return None
    if before.verified_by and not index.believed:
        return FeedError("the one that is held is verified, the new one is not")
    if index.date < before.date:
        return FeedError(f"the new one is of {index.date}, older than the one that is held")
    if len(index.entries) < SHRINKS_TO * len(before.entries):
        return FeedError(
            f"the new one has {len(index.entries)} packages, the last {len(before.entries)}: "
            "it is not believed"
        )
    return None


def _replace(home: Path, indexes: Sequence[SuiteIndex]) -> None:
    path, fresh, before = home / DATABASE, home / f"{DATABASE}.new", home / BEFORE
    fresh.unlink(missing_ok=True)
    try:
        write(fresh, indexes)
        if {i.name: i for i in read_indexes(fresh)} != {i.name: i for i in indexes}:
            raise Damaged(f"{fresh} does not hold what was written")
        _sync(fresh)
        if path.exists() and not damage(home):
            link = home / f"{BEFORE}.new"
            link.unlink(missing_ok=True)
            link.hardlink_to(path)
            link.replace(before)
        fresh.replace(path)
        _sync(home)
    finally:
        fresh.unlink(missing_ok=True)


def _sync(path: Path) -> None:
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


@contextmanager
def _locked(home: Path) -> Iterator[None]:
    with (home / "feeds.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise LockedError("another `auditor feeds update` is keeping its data") from error
        yield


def held_indexes(home: Path, releases: Collection[str] | None = None) -> tuple[SuiteIndex, ...]:
    """Return the indexes that are held, of some releases (codenames) or of all."""
    return _held(home, lambda path: read_indexes(path, releases))


def status(home: Path) -> tuple[FeedRow, ...]:
    """Return one row for each feed that is held."""
    return _held(home, read_rows)


def _held(home: Path, read: Callable[[Path], tuple[T, ...]]) -> tuple[T, ...]:
    """Read the present generation, or the one before where that is damaged or missing."""
    for path in (home / DATABASE, home / BEFORE):
        try:
            return read(path)
        except (FileNotFoundError, NotADirectoryError, Damaged):
            continue
        except OSError as error:
            raise StoreError(f"cannot read {path}: {error.strerror}") from error
    return ()


def damage(home: Path) -> str:
    """Say what is wrong with the present generation; empty where nothing is."""
    try:
        read_indexes(home / DATABASE)
    except (FileNotFoundError, NotADirectoryError):
        return ""
    except (OSError, Damaged) as error:
        return str(error)
    return ""


def load_feeds(home: Path, releases: Collection[str] | None = None) -> Feeds:
    """Load what is held for some releases (codenames) or for all, and the shipped dates.

    What was never fetched is simply not there: probes that need it say so.
    """
    indexes = held_indexes(home, releases)
    return Feeds(
        indexes=indexes,
        releases=shipped_releases(),
    )
