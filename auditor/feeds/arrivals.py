"""What came of a job: lists or files on disk, or word that nothing changed."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TypeAlias

from auditor.feeds.errors import FeedError
from auditor.feeds.jobs import Files, Suite
from auditor.model.base import Value
from auditor.model.feed import Feed, IndexEntry, Trust


class SuiteCame(Value, frozen=True):
    """Verified lists of a suite; where `same`, what is held has the entries already."""

    feed: Feed
    lists: Mapping[str, Path] = {}
    entries: Mapping[str, IndexEntry] | None = None
    same: bool = False
    lacks: tuple[str, ...] = ()
    """Components that hold packages, whose lists did not come."""


class FilesCame(Value, frozen=True):
    """Files of a feed, not yet read. `date` is what the site or the file's name says."""

    job: Files
    paths: tuple[Path, ...]
    sha256: str
    size: int
    fetched: datetime
    trust: Trust
    source: str
    verified_by: str = ""
    validator: str = ""
    date: datetime | None = None


class Unchanged(Value, frozen=True):
    """The site says that what is held of these feeds is what it has."""

    names: tuple[str, ...]
    fetched: datetime


class Failed(Value, frozen=True):
    """Why nothing came."""

    names: tuple[str, ...]
    error: FeedError


Arrival: TypeAlias = SuiteCame | FilesCame | Unchanged | Failed
Job: TypeAlias = Suite | Files


class Outcome(Value, frozen=True):
    """What became of a feed: what is now held of it, or why nothing new is."""

    name: str
    feed: Feed | None
    problem: str = ""
    hint: str = ""
    note: str = ""
