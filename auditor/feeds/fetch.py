"""Fetch the files of all jobs side by side, each through the proxy of its mirror."""

import asyncio
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import msgspec

from auditor.errors import ConfigError
from auditor.feeds.apt import Mirror, own_mirror
from auditor.feeds.arrivals import Arrival, Failed, Job, SuiteCame
from auditor.feeds.errors import FeedError, MissingError
from auditor.feeds.files import copy_files, fetch_files
from auditor.feeds.http import client
from auditor.feeds.jobs import Files, Suite
from auditor.feeds.packages import Shelf, fetch_package, is_package
from auditor.feeds.readers import System
from auditor.feeds.releases import shipped_releases
from auditor.feeds.suites import copy_suite, fetch_suite, index_from
from auditor.feeds.verify import KEYRING
from auditor.model.feed import Feed, SuiteIndex
from auditor.model.feed_list import AUTO

AT_ONCE = 4


def fetch(
    jobs: Sequence[Job], held: Mapping[str, Feed], folder: Path, now: datetime, proxy: str = ""
) -> list[Arrival]:
    """Fetch the files of all jobs into `folder`; return what came, in the order of the jobs.

    `held` are the feeds of before, by name: what is unchanged is not fetched again.
    """
    return asyncio.run(_fetch_all(jobs, held, folder, now, proxy))


async def _fetch_all(
    jobs: Sequence[Job], held: Mapping[str, Feed], folder: Path, now: datetime, proxy: str
) -> list[Arrival]:
    async with AsyncExitStack() as stack:
        visit = _Visit(_Ways(proxy, stack), _without_unfound(jobs, held), folder, now)
        packages = {n for n, job in enumerate(jobs) if isinstance(job, Files) and is_package(job)}
        first = [n for n in range(len(jobs)) if n not in packages]
        came = dict(zip(first, await visit.all(jobs[n] for n in first), strict=True))
        came |= zip(
            sorted(packages), await visit.all(jobs[n] for n in sorted(packages)), strict=True
        )
        return [came[n] for n in range(len(jobs))]


def _without_unfound(jobs: Sequence[Job], held: Mapping[str, Feed]) -> Mapping[str, Feed]:
    """Forget suites whose lists must name a package that is not held, so that they are fetched."""
    wanted = {
        job.covers[0]
        for job in jobs
        if isinstance(job, Files) and is_package(job) and job.feed_names[0] not in held
    }
    again = {j.name for j in jobs if isinstance(j, Suite) and (j.distribution, j.release) in wanted}
    return {name: feed for name, feed in held.items() if name not in again}


class _Visit:
    """One round of fetching; packages are looked for in the lists that came before them."""

    def __init__(
        self, ways: "_Ways", held: Mapping[str, Feed], folder: Path, now: datetime
    ) -> None:
        self._ways = ways
        self._held = held
        self._folder = folder
        self._now = now
        self._turn = asyncio.Semaphore(AT_ONCE)
        self._shelves: dict[System, list[Shelf]] = {}

    async def all(self, jobs: Iterable[Job]) -> list[Arrival]:
        """Fetch the files of jobs side by side."""
        return list(await asyncio.gather(*map(self._one, jobs)))

    async def _one(self, job: Job) -> Arrival:
        async with self._turn:
            try:
                if isinstance(job, Suite):
                    return await self._suite(job)
                if is_package(job):
                    shelves, held = self._shelves.get(job.covers[0], ()), job.feed_names[0]
                    return await fetch_package(job, shelves, self._held.get(held), self._folder)
                way = await self._ways.through(self._ways.site)
                return await fetch_files(way, job, self._held, self._folder, self._now)
            except FeedError as error:
                return Failed(names=_names(job), error=error)

    async def _suite(self, job: Suite) -> Arrival:
        whole, way = await self._ways.suite(job)
        came = await fetch_suite(way, whole, self._held.get(job.name), self._folder, self._now)
        if isinstance(came, SuiteCame) and came.lists:
            shelf = Shelf(came=came, base=whole.mirror, client=way)
            self._shelves.setdefault((job.distribution, job.release), []).append(shelf)
        return came


def _names(job: Job) -> tuple[str, ...]:
    return (job.name,) if isinstance(job, Suite) else job.feed_names


class _Ways:
    """How each place is reached: one client a proxy, one look at apt's configuration a kind."""

    def __init__(self, proxy: str, stack: AsyncExitStack) -> None:
        self._stack = stack
        self.site = Mirror(base="", proxy=proxy)
        self._clients: dict[Mirror, httpx.AsyncClient] = {}
        self._own: dict[tuple[str, bool], Mirror] = {}

    async def suite(self, suite: Suite) -> tuple[Suite, httpx.AsyncClient]:
        """Return a suite with its mirror's address, and the client for it."""
        if suite.mirror != AUTO:
            return suite, await self.through(self.site)
        mirror = self._auto(suite.distribution, security=suite.security)
        whole = msgspec.structs.replace(suite, mirror=mirror.base)
        return whole, await self.through(msgspec.structs.replace(mirror, base=""))

    async def through(self, way: Mirror) -> httpx.AsyncClient:
        """Return the client for a proxy and an authority."""
        if way not in self._clients:
            self._clients[way] = await self._stack.enter_async_context(client(way))
        return self._clients[way]

    def _auto(self, distribution: str, *, security: bool) -> Mirror:
        kind = (distribution, security)
        if kind not in self._own:
            codenames = {r.codename for r in shipped_releases() if r.distribution == distribution}
            try:
                self._own[kind] = _own_mirror(distribution, codenames, security=security)
            except ConfigError as error:
                raise FeedError(error.problem, error.hint) from error
        return self._own[kind]


def _own_mirror(distribution: str, codenames: Collection[str], *, security: bool) -> Mirror:
    if distribution == "debian":
        return own_mirror(codenames, security=security)
    return own_mirror(codenames, security=security, by_age=())


def copy(jobs: Sequence[Job], copies: Path, folder: Path, now: datetime) -> list[Arrival]:
    """Take the files of all jobs from the folder `copies`; what it lacks is left out.

    Security suites must be there: a system that none is held of cannot be judged.
    """
    arrivals: list[Arrival] = []
    for job in jobs:
        try:
            if isinstance(job, Suite):
                arrivals.append(copy_suite(copies, job, folder, now))
            else:
                arrivals.append(copy_files(copies, job, folder, now))
        except FeedError as error:
            must_be_there = isinstance(job, Suite) and job.security
            if must_be_there or not isinstance(error, MissingError):
                arrivals.append(Failed(names=_names(job), error=error))
    return arrivals


def read_suite(folder: Path, codename: str, arch: str, *, keyring: Path = KEYRING) -> SuiteIndex:
    """Verify a security suite of Debian from the files of a folder and return it."""
    suite = Suite(
        distribution="debian",
        release=codename,
        suite=f"{codename}-security",
        arch=arch,
        keyring=keyring,
    )
    with TemporaryDirectory() as scratch:
        return index_from(folder, suite, Path(scratch))
