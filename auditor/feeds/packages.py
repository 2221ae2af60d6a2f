"""A feed that is a package of the archive: found by the signed lists, checked by their hash."""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import httpx

from auditor.feeds.arrivals import FilesCame, SuiteCame, Unchanged
from auditor.feeds.entries import stanzas
from auditor.feeds.errors import FeedError
from auditor.feeds.http import Bounds, download
from auditor.feeds.jobs import PACKAGE, Files
from auditor.feeds.sources import Unreadable
from auditor.feeds.verify import Listed, must_be_signed
from auditor.model.base import Value
from auditor.model.feed import Feed, Trust
from auditor.patch.deb_version import deb_key

_FIELD = re.compile(rb"^(Version|Filename|Size|SHA256):[ \t]*(\S+)[ \t]*$", re.MULTILINE)
_PLACE = re.compile(r"(?!.*\.\.)pool/[0-9A-Za-z+._~%/-]{1,400}")
_SHA256 = re.compile(r"[0-9a-f]{64}")


class Package(Value, frozen=True):
    """A package as a signed list names it; `place` is below the archive's base address."""

    version: str
    place: str
    listed: Listed


class Shelf(Value, frozen=True):
    """A suite whose lists came, with the base address of its archive and the way there."""

    came: SuiteCame
    base: str
    client: httpx.AsyncClient


def is_package(job: Files) -> bool:
    """Whether the feed is a package."""
    return len(job.urls) == 1 and job.urls[0].startswith(PACKAGE)


async def fetch_package(
    job: Files, shelves: Iterable[Shelf], held: Feed | None, folder: Path
) -> FilesCame | Unchanged:
    """Fetch the newest of a package that the lists name; raises `FeedError`.

    Where no list came because none has changed, neither has the package.
    """
    name = job.urls[0].removeprefix(PACKAGE)
    found = [(package, shelf) for shelf in shelves for package in named(shelf.came.lists, name)]
    if not found and held is None:
        raise FeedError(
            f"no list of {job.release} that came names the package {name}",
            "see what is said of its suites",
        )
    package, shelf = max(found, key=lambda pair: deb_key(pair[0].version), default=(None, None))
    if package is None or shelf is None or (held and _is_older(package, held)):
        return _unchanged(job, held)
    target = folder / f"{job.name}.deb"
    url = f"{shelf.base.rstrip('/')}/{package.place}"
    limit = min(job.source.megabytes * 2**20, package.listed.size)
    came = await download(
        shelf.client, url, target, Bounds(size=limit, seconds=job.source.minutes * 60.0)
    )
    must_be_signed(package.listed, came.sha256, came.size, package.place)
    signer = shelf.came.feed
    return FilesCame(
        job=job,
        paths=(target,),
        sha256=came.sha256,
        size=came.size,
        fetched=signer.fetched or signer.date,
        trust=signer.trust,
        verified_by=signer.verified_by,
        source=f"{signer.source} {name}",
        validator=package.version,
    )


def _unchanged(job: Files, held: Feed | None) -> Unchanged:
    assert held is not None  # noqa: S101 - or it would have been fetched
    assert held.fetched is not None  # noqa: S101
    return Unchanged(names=job.feed_names, fetched=held.fetched)


def _is_older(package: Package, held: Feed) -> bool:
    return held.trust is Trust.SIGNED and deb_key(package.version) <= deb_key(held.validator)


def named(lists: Mapping[str, Path], name: str) -> Iterator[Package]:
    """Yield what lists say of a package; raises `FeedError` for what cannot be."""
    first = re.compile(rb"^Package:[ \t]*" + re.escape(name.encode()) + rb"[ \t]*$", re.MULTILINE)
    for path in lists.values():
        try:
            with path.open("rb") as file:
                told = [dict(_FIELD.findall(one)) for one in stanzas(file) if first.search(one)]
        except Unreadable as error:
            raise FeedError(f"{path.name}: {error}") from error
        yield from (_package(name, fields) for fields in told)


def _package(name: str, fields: Mapping[bytes, bytes]) -> Package:
    version, place, size, sha256 = (
        fields.get(key, b"").decode("ascii", "replace")
        for key in (b"Version", b"Filename", b"Size", b"SHA256")
    )
    whole = _PLACE.fullmatch(place) and _SHA256.fullmatch(sha256) and size.isdecimal()
    if not (version and whole and len(size) < 12):  # noqa: PLR2004 - below a terabyte
        raise FeedError(f"the list does not say where {name} is")
    return Package(version=version, place=place, listed=Listed(sha256=sha256, size=int(size)))
