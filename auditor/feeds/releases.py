"""The dates of releases, shipped and fetched: when each came out and how long it is mended."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache

import msgspec

from auditor.model.feed import Release
from auditor.resources import shipped


@cache
def shipped_releases() -> tuple[Release, ...]:
    """Return every release that is known: of distro-info-data (Debian, Ubuntu) and eol.json."""
    others = (shipped("policies") / "data" / "eol.json").read_bytes()
    known = msgspec.json.decode(others, type=_Calendar).releases
    return (*_releases("debian"), *_releases("ubuntu"), *known)


class _Calendar(msgspec.Struct, frozen=True):
    releases: tuple[Release, ...]


def merged(shipped: Iterable[Release], fetched: Iterable[Release]) -> tuple[Release, ...]:
    """Return shipped releases with the dates of fetched ones in place of theirs."""
    found = {(release.distribution, release.version): release for release in shipped}
    for release in fetched:
        key = (release.distribution, release.version)
        before = found.get(key)
        found[key] = _joined(before, release) if before else release
    return tuple(found.values())


def _joined(before: Release, after: Release) -> Release:
    """Keep the name that os-release uses, and what the newer calendar leaves out."""
    told = {name: getattr(after, name) or getattr(before, name) for name in _DAYS}
    return msgspec.structs.replace(before, **told)


_DAYS = ("released", "eol", "eol_lts", "eol_extended")


def _releases(distribution: str) -> Iterator[Release]:
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
