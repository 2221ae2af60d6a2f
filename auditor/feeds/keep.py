"""Keep verified indexes: a new file is checked, synced and renamed; one generation stays."""

import csv
import os
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from pathlib import Path

import msgspec

from auditor.errors import StoreError
from auditor.feeds.verify import FeedError
from auditor.model.base import Value
from auditor.model.feed import Feeds, Release, SuiteIndex
from auditor.resources import shipped

FOLDER = "feeds"
SHRINKS_TO = 0.8
"""An index with fewer entries than this share of the last one is not believed."""


class FeedRow(Value, frozen=True):
    """One feed that is held, for `feeds status`."""

    name: str
    date: datetime
    valid_until: datetime | None
    verified_by: str
    sha256: str
    rows: int


def keep(home: Path, index: SuiteIndex) -> None:
    """Keep an index in place of the older one; raises `FeedError` where that would be a loss."""
    path = _path(home, index)
    before = _load(path)
    if before is not None:
        if index.date < before.date:
            raise FeedError(f"{index.suite}: the new index is older than the one that is held")
        if len(index.entries) < SHRINKS_TO * len(before.entries):
            raise FeedError(
                f"{index.suite}: the new index has {len(index.entries)} packages, the last "
                f"{len(before.entries)}: it is not believed"
            )
    try:
        _replace(path, msgspec.msgpack.encode(index))
    except OSError as error:
        raise StoreError(f"cannot keep {path}: {error.strerror}") from error


def _replace(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = path.with_suffix(".new")
    with fresh.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    if path.exists():
        path.replace(path.with_suffix(".old"))
    fresh.replace(path)


def _path(home: Path, index: SuiteIndex) -> Path:
    return home / FOLDER / f"{index.distribution}-{index.suite}-{index.arch}.index"


def _load(path: Path) -> SuiteIndex | None:
    """Read an index; a damaged file counts as none, its last generation is tried."""
    for candidate in (path, path.with_suffix(".old")):
        try:
            return msgspec.msgpack.decode(candidate.read_bytes(), type=SuiteIndex)
        except (OSError, msgspec.MsgspecError):
            continue
    return None


def load_feeds(home: Path) -> Feeds:
    """Load everything that is held; what was never fetched is simply not there."""
    indexes = _indexes(home)
    return Feeds(
        indexes=indexes,
        releases=(*_releases("debian"), *_releases("ubuntu")),
        as_of={f"{index.suite} {index.arch}": index.date for index in indexes},
    )


def _indexes(home: Path) -> tuple[SuiteIndex, ...]:
    names = {path.with_suffix(".index") for path in (home / FOLDER).glob("*.*")}
    loaded = (_load(path) for path in sorted(names))
    return tuple(index for index in loaded if index is not None)


def status(home: Path) -> tuple[FeedRow, ...]:
    """Return one row for each feed that is held."""
    return tuple(
        FeedRow(
            name=f"{index.suite} {index.arch}",
            date=index.date,
            valid_until=index.valid_until,
            verified_by=index.verified_by,
            sha256=index.sha256,
            rows=len(index.entries),
        )
        for index in _indexes(home)
    )


def _releases(distribution: str) -> Iterable[Release]:
    """Read the shipped dates of a distribution (distro-info-data's columns)."""
    source = shipped("policies") / "data" / f"distro-info-{distribution}.csv"
    for row in csv.DictReader(source.read_text(encoding="utf-8").splitlines()):
        yield Release(
            distribution=distribution,
            codename=row["series"],
            version=row["version"].removesuffix(" LTS"),
            released=_day(row, "release"),
            eol=_day(row, "eol"),
            eol_lts=_day(row, "eol-lts"),
            eol_extended=_day(row, "eol-elts") or _day(row, "eol-esm"),
        )


def _day(row: Mapping[str, str], name: str) -> date | None:
    text = row.get(name) or ""
    return date.fromisoformat(text) if text else None
