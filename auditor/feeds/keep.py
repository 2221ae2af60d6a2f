"""Keep feeds in `feeds.db`: what is new is checked, synced and renamed into place, whole."""

import fcntl
import os
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import msgspec

from auditor.errors import LockedError, StoreError
from auditor.feeds.arrivals import Arrival, Outcome, SuiteCame
from auditor.feeds.database import Bundle, Damaged, Held, check, read_held
from auditor.feeds.errors import FeedError
from auditor.feeds.intake import take_in
from auditor.feeds.tables import FORMAT
from auditor.feeds.writer import writing
from auditor.model.feed import SuiteIndex

DATABASE = "feeds.db"
BEFORE = "feeds.db.old"
"""The generation before, which serves where the present one is damaged."""
LIST = "feeds.json"
"""All feeds without their rows, for people and for bundles."""
SCRATCH = "feeds.tmp"


class FeedsFile(msgspec.Struct, frozen=True):
    """What `feeds.json` holds."""

    format: int
    held: Held


@contextmanager
def locked(home: Path) -> Iterator[Path]:
    """Make the home folder, hold its feeds for oneself, and lend an empty folder of its own."""
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (home / "feeds.lock").open("w") as file:
            _lock(file.fileno())
            scratch = home / SCRATCH
            _emptied(scratch)
            scratch.mkdir(mode=0o700)
            try:
                yield scratch
            finally:
                _emptied(scratch)
    except (OSError, sqlite3.Error, Damaged) as error:
        raise StoreError(f"cannot keep {home / DATABASE}: {error}") from error


def _lock(number: int) -> None:
    try:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise LockedError(
            "another `auditor feeds` command is changing them: wait for it"
        ) from error


def _emptied(folder: Path) -> None:
    """Remove a folder of files, which a run that was killed may have left."""
    if folder.is_dir() and not folder.is_symlink():
        for path in folder.iterdir():
            path.unlink()
        folder.rmdir()
    else:
        folder.unlink(missing_ok=True)


def keep(home: Path, *indexes: SuiteIndex) -> Mapping[str, FeedError]:
    """Keep indexes in place of older ones; return by name those that would have been a loss.

    Raises `StoreError` where they cannot be written: what was held before then stays.
    """
    arrivals = [SuiteCame(feed=index.feed, entries=index.entries) for index in indexes]
    with locked(home):
        outcomes = replace(home, arrivals)
    return {o.name: FeedError(o.problem, o.hint) for o in outcomes if o.feed is None}


def replace(
    home: Path,
    arrivals: Iterable[Arrival],
    accept: Collection[str] = (),
    dropped: Collection[str] = (),
) -> tuple[Outcome, ...]:
    """Write a new generation of what came and of what is held besides; needs `locked`.

    `accept` names feeds that are taken over though they lost rows or are older, `dropped` those
    that are kept no longer. Raises `OSError`, `sqlite3.Error` or `Damaged` where they cannot be
    written: what was held before then stays.
    """
    outcomes: list[Outcome] = []
    fresh = home / f"{DATABASE}.new"
    with _replacing(home, fresh):
        with writing(fresh, good(home)) as writer:
            for arrival in arrivals:
                outcomes.extend(take_in(writer, arrival, accept))
            changed = bool(writer.written or dropped)
            writer.carry_the_rest(dropped)
        if changed:
            put_in_place(home, fresh)
    return tuple(outcomes)


@contextmanager
def _replacing(home: Path, fresh: Path) -> Iterator[None]:
    fresh.unlink(missing_ok=True)
    try:
        yield
    finally:
        fresh.unlink(missing_ok=True)
        (home / f"{LIST}.new").unlink(missing_ok=True)


def put_in_place(home: Path, fresh: Path) -> None:
    """Check a new file and make it the present generation; needs `locked`."""
    check(fresh)
    fresh.chmod(0o600)
    _sync(fresh)
    path, before, listed = home / DATABASE, home / BEFORE, home / f"{LIST}.new"
    listed.write_bytes(list_of(read_held(fresh)))
    _sync(listed)
    if path.exists() and not damage(home):
        link = home / f"{BEFORE}.new"
        link.unlink(missing_ok=True)
        link.hardlink_to(path)
        link.replace(before)
    fresh.replace(path)
    listed.replace(home / LIST)
    _sync(home)


def list_of(held: Held) -> bytes:
    """Return what `feeds.json` says of what is held."""
    return msgspec.json.format(msgspec.json.encode(FeedsFile(FORMAT, held)), indent=1) + b"\n"


def _sync(path: Path) -> None:
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def generations(home: Path) -> tuple[Path, Path]:
    """Return the present file and the one before, in the order in which they count."""
    return home / DATABASE, home / BEFORE


def good(home: Path) -> Path | None:
    """Return the newest file that is whole, if there is one."""
    for path in generations(home):
        try:
            check(path)
        except (FileNotFoundError, NotADirectoryError, Damaged):
            continue
        except OSError as error:
            raise StoreError(f"cannot read {path}: {error.strerror}") from error
        return path
    return None


def status(home: Path) -> Held:
    """Return what is held, without its rows."""
    path = good(home)
    return read_held(path) if path else Held()


def damage(home: Path) -> str:
    """Say what is wrong with the present generation; empty where nothing is."""
    try:
        check(home / DATABASE)
    except (FileNotFoundError, NotADirectoryError):
        return ""
    except (OSError, Damaged) as error:
        return str(error)
    return ""


__all__ = ["BEFORE", "DATABASE", "Bundle", "Held", "damage", "good", "keep", "replace", "status"]
