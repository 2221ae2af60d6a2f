"""The shipped dates of releases: when each came out and how long it is mended."""

import csv
from collections.abc import Iterator, Mapping
from datetime import date

from auditor.model.feed import Release
from auditor.resources import shipped


def shipped_releases() -> tuple[Release, ...]:
    """Return every release of Debian and Ubuntu, oldest first (distro-info-data's columns)."""
    return (*_releases("debian"), *_releases("ubuntu"))


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
