"""Dates of releases from endoflife.date: its API v1 (`products/full`), or its files reduced.

API: `{generated_at, result: [{name, releases: [{name, codename, releaseDate, eolFrom, …}]}]}`.
Files: `{products: {NAME: {releases: [{releaseCycle, codename, releaseDate, eol, eoes}]}}}`; there
`eol` and `eoes` may be true or false instead of a date.
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import NamedTuple

from auditor.feeds.sources import Unreadable
from auditor.feeds.sources.bounded import load_json, opened
from auditor.feeds.sources.checked import Loose, day, moment, package, plain, shaped
from auditor.model.advisory import Dated
from auditor.model.feed import Release

LIMIT = 64 * 2**20
_IDS: Mapping[str, str] = {
    "debian": "debian",
    "ubuntu": "ubuntu",
    "rhel": "rhel",
    "centos": "centos",
    "centos-stream": "centos",
    "rocky-linux": "rocky",
    "almalinux": "almalinux",
    "oracle-linux": "ol",
    "sles": "sles",
    "opensuse": "opensuse-leap",
    "alpine-linux": "alpine",
    "fedora": "fedora",
    "amazon-linux": "amzn",
}
"""The site's name of a product → ID of os-release(5)."""
_NAMED = ("debian", "ubuntu")
"""Their releases go by codename."""
_LONG_AGO = date(1970, 1, 1)


class _ApiLife(
    Loose,
    frozen=True,
    rename={
        "released": "releaseDate",
        "ended": "isEol",
        "eol": "eolFrom",
        "eoes": "eoesFrom",
    },
):
    name: str
    codename: str | None = None
    released: str | None = None
    ended: bool | None = None
    eol: str | None = None
    eoes: str | None = None


class _FileLife(
    Loose,
    frozen=True,
    rename={"name": "releaseCycle", "released": "releaseDate"},
):
    name: str
    codename: str | None = None
    released: str | None = None
    eol: str | bool = False
    eoes: str | bool | None = None


class _ApiProduct(Loose, frozen=True):
    name: str
    releases: list[_ApiLife]


class _Api(Loose, frozen=True):
    result: list[_ApiProduct]
    generated_at: str | None = None


class _FileProduct(Loose, frozen=True):
    releases: list[_FileLife]


class _File(Loose, frozen=True):
    products: dict[str, _FileProduct]


class _Life(NamedTuple):
    name: str
    codename: str
    released: str | None
    ended: bool
    eol: str | None
    eoes: str | None


def read(
    path: Path,
    wanted: Collection[tuple[str, str]],  # noqa: ARG001
) -> Iterator[Release | Dated]:
    """Yield the life of every release of a distribution that is known; the API has a date, too.

    All of them, whatever is wanted: they are few, and the file is not fetched again for a release
    that is audited later.
    What has ended on a day that is not told has ended on the day that it came out, or long ago.
    """
    with opened(path, LIMIT) as stream:
        told = load_json(stream, LIMIT)
    if isinstance(told, dict) and "result" in told:
        api = shaped(told, _Api)
        if api.generated_at:
            yield Dated(date=moment(api.generated_at))
        lives = [(product.name, map(_from_api, product.releases)) for product in api.result]
    else:
        file = shaped(told, _File)
        lives = [(name, map(_from_file, one.releases)) for name, one in file.products.items()]
    releases: dict[tuple[str, str], Release] = {}
    for name, found in lives:
        for life in found if name in _IDS else ():
            release = _release(_IDS[name], life)
            key = (release.distribution, release.version)
            releases[key] = _earlier(releases.get(key), release)
    if not releases:
        raise Unreadable("names no distribution that is known")
    yield from releases.values()


def _from_api(life: _ApiLife) -> _Life:
    return _Life(
        life.name, life.codename or "", life.released, bool(life.ended), life.eol, life.eoes
    )


def _from_file(life: _FileLife) -> _Life:
    eol, eoes = (one if isinstance(one, str) else None for one in (life.eol, life.eoes))
    return _Life(life.name, life.codename or "", life.released, life.eol is True, eol, eoes)


def _release(distribution: str, life: _Life) -> Release:
    released = day(life.released) if life.released else None
    extended = day(life.eoes) if life.eoes else None
    eol = day(life.eol) if life.eol else None
    if eol is None and life.ended:
        eol = released or _LONG_AGO
    for_free = distribution == "debian"
    named = distribution in _NAMED
    return Release(
        distribution=distribution,
        codename=plain(life.codename).lower().partition(" ")[0] if named else "",
        version=package(life.name),
        released=released,
        eol=eol,
        eol_lts=extended if for_free else None,
        eol_extended=None if for_free else extended,
    )


def _earlier(one: Release | None, other: Release) -> Release:
    """Return the release that ends first: CentOS and its Stream share numbers."""
    if one is None:
        return other
    return min(one, other, key=lambda release: release.eol or date.max)
