"""Get the files of a feed, from its site or from a folder."""

import hashlib
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urljoin

import httpx

from auditor.feeds.arrivals import FilesCame, Unchanged
from auditor.feeds.errors import FeedError, MissingError
from auditor.feeds.http import Bounds, Download, download, shown
from auditor.feeds.jobs import Files
from auditor.feeds.repomd import updates_of
from auditor.feeds.suites import copied
from auditor.model.feed import Feed, Trust

REPOMD = "repomd.xml"
LATEST = "_latest.txt"
POINTER_LIMIT = 4 * 2**20
_NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,199}")
_DAY = re.compile(r"(?<![0-9])([0-9]{4}-[0-9]{2}(?:-[0-9]{2})?)(?![0-9])")


async def fetch_files(
    client: httpx.AsyncClient, job: Files, held: Mapping[str, Feed], folder: Path, now: datetime
) -> FilesCame | Unchanged:
    """Fetch the files of a feed into `folder`; raises `FeedError`.

    They are not fetched again where all feeds that they fill are held as they came from there.
    """
    if job.problem:
        hint = f"set `mirror` of {job.source.name} in feeds.yaml of the home folder"
        raise FeedError(job.problem, hint)
    source = " ".join(map(shown, job.urls))
    validators = _validators(job, held, source)
    first = [
        await _fetch(client, job, folder, number, validator)
        for number, validator in enumerate(validators)
    ]
    if all(came.path is None for came in first):
        return Unchanged(names=job.feed_names, fetched=now)
    whole = [
        came if came.path else await _fetch(client, job, folder, number, "")
        for number, came in enumerate(first)
    ]
    dates = [came.modified for came in whole]
    secure = all(url.startswith("https://") for url in job.urls)
    return _came(
        job,
        whole,
        now,
        trust=Trust.TLS if secure else Trust.NONE,
        source=source,
        date=min((d for d in dates if d), default=None) if all(dates) else None,
    )


def _came(
    job: Files,
    files: list[Download],
    now: datetime,
    *,
    trust: Trust,
    source: str,
    date: datetime | None,
) -> FilesCame:
    hashes = [came.sha256 for came in files]
    validators = [came.validator for came in files]
    return FilesCame(
        job=job,
        paths=tuple(came.path for came in files if came.path),
        sha256=hashes[0]
        if len(hashes) == 1
        else hashlib.sha256("\n".join(hashes).encode()).hexdigest(),
        size=sum(came.size for came in files),
        fetched=now,
        trust=trust,
        source=source,
        validator="\n".join(validators) if all(validators) else "",
        date=date,
    )


def _validators(job: Files, held: Mapping[str, Feed], source: str) -> list[str]:
    """Return what the site called each file when all feeds of it were taken; empty: fetch it."""
    mine = [held.get(name) for name in job.feed_names]
    known = {f.validator if f and _came_from(f, source) else "" for f in mine}
    found = known.pop().split("\n") if len(known) == 1 else []
    return found if len(found) == len(job.urls) else [""] * len(job.urls)


def _came_from(feed: Feed, source: str) -> bool:
    return feed.source == source and feed.trust in (Trust.TLS, Trust.SIGNED)


async def _fetch(
    client: httpx.AsyncClient, job: Files, folder: Path, number: int, validator: str
) -> Download:
    url = job.urls[number]
    target = folder / f"{job.name}.{number}"
    bounds = Bounds(size=job.source.megabytes * 2**20, seconds=job.source.minutes * 60.0)
    if not url.endswith((REPOMD, LATEST)):
        return await download(client, url, target, bounds, validator)
    small = Bounds(size=POINTER_LIMIT)
    pointer = await download(client, url, target, small, validator)
    if pointer.path is None:
        return pointer
    place, expected = _pointed(pointer.path, url)
    came = await download(client, place, target, bounds)
    if expected and came.sha256 != expected:
        raise FeedError(f"{shown(place)} is not the one that its repository names", "try again")
    return Download(
        path=came.path,
        sha256=came.sha256,
        size=came.size,
        validator=pointer.validator,
        modified=came.modified or pointer.modified,
    )


def _pointed(path: Path, url: str) -> tuple[str, str]:
    """Return the address that a pointer names, and the hash of what is there or nothing."""
    text = path.read_bytes()
    if url.endswith(REPOMD):
        place, sha256 = updates_of(text)
        return urljoin(url.removesuffix(f"repodata/{REPOMD}"), place), sha256
    name = text.decode("ascii", "replace").strip()
    if not _NAME.fullmatch(name):
        raise FeedError(f"{shown(url)} names no file")
    return urljoin(url, name), ""


def copy_files(copies: Path, job: Files, folder: Path, now: datetime) -> FilesCame:
    """Take the files of a feed from a folder; raises `MissingError` where it has none.

    Of several that fit one name, the last in order of names is taken. Where a feed consists of
    several files, one that is not there raises `FeedError`.
    """
    wanted = [pattern.replace("{release}", job.release) for pattern in job.source.files]
    hits = {pattern: max(copies.glob(pattern), default=None) for pattern in wanted}
    found = [path for path in hits.values() if path]
    if not found:
        raise MissingError(f"{copies} has no file of {job.name}")
    lacking = [pattern for pattern, path in hits.items() if not path]
    if lacking and job.source.in_parts:
        problem = f"{copies} has a part of {job.name} alone, and no {', '.join(lacking)}"
        raise FeedError(problem, "copy that, too: what is missing there would pass for mended")
    limit = job.source.megabytes * 2**20
    came = [copied(path, folder / f"{job.name}.{n}", limit) for n, path in enumerate(found)]
    days = [match[1] for path in found if (match := _DAY.search(path.name))]
    return _came(
        job,
        came,
        now,
        trust=Trust.NONE,
        source=str(copies),
        date=_moment(min(days)) if days else None,
    )


def _moment(day: str) -> datetime | None:
    """Read a day, or a month as its first day."""
    try:
        return datetime.fromisoformat(f"{day}-01"[:10]).replace(tzinfo=UTC)
    except ValueError:
        return None
