"""Get a suite's signed lists, from a mirror or a folder, each checked as soon as it is there."""

import asyncio
import hashlib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import httpx
import msgspec

from auditor.errors import StoreError
from auditor.feeds.arrivals import SuiteCame, Unchanged
from auditor.feeds.errors import FeedError, MissingError
from auditor.feeds.http import Bounds, Download, download, shown
from auditor.feeds.jobs import Suite
from auditor.feeds.verify import (
    Listed,
    Release,
    digest_of,
    must_be_signed,
    packages_path,
    read_lists,
    read_release,
)
from auditor.model.feed import Feed, SuiteIndex, Trust, kind_of

RELEASE_LIMIT = 4 * 2**20
LIST_LIMIT = 128 * 2**20
SECONDS = 300.0
"""For one file, however slowly it comes."""
CHUNK = 2**20


async def fetch_suite(
    client: httpx.AsyncClient, suite: Suite, held: Feed | None, folder: Path, now: datetime
) -> SuiteCame | Unchanged:
    """Fetch and verify a suite's release and lists into `folder`; raises `FeedError`.

    What is held is not fetched again where it was verified, is of the same place and components,
    and unchanged.
    """
    base = f"{suite.mirror.rstrip('/')}/dists/{suite.suite}"
    source = f"{shown(base)} {' '.join(suite.components)}"
    if held is not None and not (held.trust is Trust.SIGNED and held.source == source):
        held = None
    came = await download(
        client,
        f"{base}/InRelease",
        folder / f"{suite.suite}.{suite.arch}.InRelease",
        Bounds(size=RELEASE_LIMIT, seconds=SECONDS),
        held.validator if held else "",
    )
    if came.path is None:
        return Unchanged(names=(suite.name,), fetched=now)
    release = await asyncio.to_thread(_verified, came.path, suite)
    lists = release.lists(suite.components, suite.arch)
    feed = _feed(suite, release, lists, source, now)
    feed = msgspec.structs.replace(feed, validator=came.validator)
    if held is not None and release.verified_by and held.sha256 == feed.sha256:
        return SuiteCame(feed=msgspec.structs.replace(feed, size=held.size), same=True)
    paths = {}
    for component, listed in lists.items():
        target = folder / f"{suite.suite}.{suite.arch}.{component}"
        await _list(client, base, release, packages_path(component, suite.arch), listed, target)
        paths[f"{packages_path(component, suite.arch)} of {suite.suite}"] = target
    return SuiteCame(feed=feed, lists=paths)


async def _list(
    client: httpx.AsyncClient, base: str, release: Release, path: str, listed: Listed, target: Path
) -> None:
    """Fetch a list by its hash, else by its name, which may be newer than the release."""
    bounds = Bounds(size=min(LIST_LIMIT, listed.size), seconds=SECONDS)
    places = [f"{base}/{path}"]
    if release.by_hash:
        places.insert(0, f"{base}/{path.rpartition('/')[0]}/by-hash/SHA256/{listed.sha256}")
    for number, place in enumerate(places, 1):
        try:
            came = await download(client, place, target, bounds)
        except MissingError:
            if number == len(places):
                raise
        else:
            must_be_signed(listed, came.sha256, came.size, f"{path} of {release.codename}")
            return


def _verified(path: Path, suite: Suite) -> Release:
    release = read_release(path.read_bytes(), suite.keyring)
    if release.name(suite.distribution) != suite.suite:
        problem = f"{release.name(suite.distribution)} is given for {suite.suite}"
        raise FeedError(problem, "use another mirror")
    return release


def _feed(
    suite: Suite, release: Release, lists: Mapping[str, Listed], source: str, now: datetime
) -> Feed:
    return Feed(
        name=suite.name,
        kind=kind_of(suite.suite),
        date=release.date,
        distribution=suite.distribution,
        release=suite.release,
        valid_until=release.valid_until,
        fetched=now,
        trust=Trust.SIGNED if release.verified_by else Trust.NONE,
        verified_by=release.verified_by,
        source=source,
        sha256=digest_of(lists),
        size=sum(listed.size for listed in lists.values()),
    )


def copy_suite(copies: Path, suite: Suite, folder: Path, now: datetime) -> SuiteCame:
    """Take a suite from `SUITE.InRelease` and `SUITE[.COMPONENT].Packages.xz`; verified likewise.

    Raises `MissingError` where there is no such release, `FeedError` otherwise.
    """
    came = copied(
        copies / f"{suite.suite}.InRelease", folder / f"{suite.name}.InRelease", RELEASE_LIMIT
    )
    assert came.path is not None  # noqa: S101 - only a site says that nothing changed
    release = _verified(came.path, suite)
    lists, paths, lacks = dict[str, Listed](), dict[str, Path](), []
    for component, listed in release.lists(suite.components, suite.arch).items():
        middle = "" if component == "main" else f".{component}"
        path = copies / f"{suite.suite}{middle}.Packages.xz"
        target = folder / f"{suite.name}.{component}"
        try:
            one = copied(path, target, LIST_LIMIT)
        except MissingError:
            if component == "main":
                raise
            lacks.append(component)
            continue
        name = f"{packages_path(component, suite.arch)} of {suite.suite}"
        must_be_signed(listed, one.sha256, one.size, name)
        lists[component], paths[name] = listed, target
    feed = _feed(suite, release, lists, str(copies), now)
    return SuiteCame(feed=feed, lists=paths, lacks=tuple(lacks))


def copied(path: Path, target: Path, limit: int) -> Download:
    """Copy a file, so that nobody changes what was checked; raises `FeedError`."""
    digest, size = hashlib.sha256(), 0
    try:
        with target.open("wb") as file:
            for chunk in _chunks(path):
                size += len(chunk)
                if size > limit:
                    raise FeedError(f"{path}: more than {limit} bytes", "is it the right file?")
                digest.update(chunk)
                file.write(chunk)
    except OSError as error:
        raise StoreError(f"cannot write {target}: {error.strerror}") from error
    return Download(path=target, sha256=digest.hexdigest(), size=size)


def _chunks(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as source:
            while chunk := source.read(CHUNK):
                yield chunk
    except FileNotFoundError as error:
        raise MissingError(f"{path}: {error.strerror}") from error
    except OSError as error:
        raise FeedError(f"{path}: {error.strerror}", "make it readable") from error


def index_from(folder: Path, suite: Suite, scratch: Path) -> SuiteIndex:
    """Return a suite of a folder as an index."""
    came = copy_suite(folder, suite, scratch, datetime.now(UTC))
    feed = came.feed
    return SuiteIndex(
        distribution=feed.distribution,
        release=feed.release,
        suite=suite.suite,
        arch=suite.arch,
        date=feed.date,
        valid_until=feed.valid_until,
        verified_by=feed.verified_by,
        sha256=feed.sha256,
        entries=read_lists(came.lists),
        source=feed.source,
    )
