"""Bring feeds up to date: each on its own, so that one that fails harms no other."""

from datetime import datetime
from pathlib import Path

import msgspec

from auditor.feeds.arrivals import Arrival, FilesCame, Job, Outcome, SuiteCame
from auditor.feeds.database import SUITES
from auditor.feeds.fetch import copy, fetch
from auditor.feeds.jobs import Suite, files, suites
from auditor.feeds.keep import locked, replace, status
from auditor.feeds.readers import System
from auditor.model.base import Value
from auditor.model.feed import Feed, Trust
from auditor.model.feed_list import FeedList


class Order(Value, frozen=True):
    """What to update. `systems` are those that are audited, `archs` as Debian names them.

    `only` names feeds of the list (or suites); empty: all. `folder` holds copies in place of the
    network. `trust`: the operator believes what cannot be verified. `accept` names feeds that are
    taken over though they lost rows or are older.
    """

    feeds: FeedList
    systems: tuple[System, ...]
    archs: tuple[str, ...] = ("amd64",)
    only: tuple[str, ...] = ()
    folder: Path | None = None
    trust: bool = False
    accept: tuple[str, ...] = ()

    def jobs(self) -> tuple[Job, ...]:
        """Return what is to be got."""
        every: tuple[Job, ...] = (
            *suites(self.feeds, self.systems, self.archs),
            *files(self.feeds, self.systems, self.archs),
        )
        chosen = {
            job.name: job
            for job in every
            if (not self.only or self._is_chosen(job))
            and (isinstance(job, Suite) or self.folder or job.urls)
        }
        return tuple(chosen.values())

    def names(self, feed: Feed) -> bool:
        """Whether the list names a feed that is held: its source, or its archive."""
        if feed.kind in SUITES:
            return any(feed.distribution == one.distribution for one in self.feeds.archives)
        return any(feed.name.split()[0] == one.name for one in self.feeds.feeds)

    def _is_chosen(self, job: Job) -> bool:
        names = {job.name, job.name.split()[0]}
        return not names.isdisjoint(self.only)


def update(home: Path, order: Order, now: datetime) -> tuple[Outcome, ...]:
    """Get what is ordered, keep what may be believed, and say what became of each feed.

    Raises `StoreError` where nothing can be kept: what was held before then stays.
    """
    jobs = order.jobs()
    with locked(home) as scratch:
        held = {feed.name: feed for feed in status(home).feeds}
        if order.folder is not None:
            arrivals = copy(jobs, order.folder, scratch, now)
        else:
            arrivals = fetch(jobs, held, scratch, now, order.feeds.proxy)
        dropped = tuple(name for name, feed in held.items() if not order.names(feed))
        trusted = map(_trusted, arrivals) if order.trust else arrivals
        came = replace(home, trusted, order.accept, dropped)
    gone = "the list of feeds does not name it any more: it is dropped"
    return (*came, *(Outcome(name=name, feed=held[name], note=gone) for name in dropped))


def _trusted(came: Arrival) -> Arrival:
    """Mark what nothing vouches for as believed by the operator."""
    match came:
        case SuiteCame(feed=Feed(trust=Trust.NONE) as feed):
            believed = msgspec.structs.replace(feed, trust=Trust.OPERATOR)
            return msgspec.structs.replace(came, feed=believed)
        case FilesCame(trust=Trust.NONE):
            return msgspec.structs.replace(came, trust=Trust.OPERATOR)
    return came
