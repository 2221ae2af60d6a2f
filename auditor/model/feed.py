"""What the auditor itself holds: signed indexes of security updates, release dates."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum

import msgspec

from auditor.model.base import Value

AGEING = timedelta(days=3)
STALE = timedelta(days=7)
"""Age of an index, by its own date, from which "nothing is missing" is no longer believed."""
AHEAD = timedelta(days=1)
"""How far a date may lie in the future before the auditor's clock is doubted."""


class Freshness(StrEnum):
    """How far an index is still believed; `stale` proves what is missing, never that nothing is."""

    FRESH = "fresh"
    AGEING = "ageing"
    STALE = "stale"


def freshness(dated: datetime, valid_until: datetime | None, now: datetime) -> Freshness:
    """Judge an index by its own dates; one of the future, too, proves nothing."""
    age = now - dated
    if age > STALE or age < -AHEAD or (valid_until is not None and now > valid_until):
        return Freshness.STALE
    return Freshness.AGEING if age > AGEING else Freshness.FRESH


class IndexEntry(Value, frozen=True):
    """The newest version of a binary package in a suite; `key` orders versions as bytes."""

    package: str
    version: str
    key: bytes
    source: str


class SuiteIndex(Value, frozen=True):
    """A distributor's index of one suite and architecture, e.g. bookworm-security amd64.

    `date` and `valid_until` are the index's own (UTC); `sha256` is that of the signed list.
    """

    distribution: str
    release: str
    suite: str
    arch: str
    date: datetime
    valid_until: datetime | None
    verified_by: str
    """Fingerprint of the key that signed; empty where no signature could be checked."""
    sha256: str
    entries: Mapping[str, IndexEntry]
    trusted: bool = False
    """The operator believes it although its signature could not be checked."""
    fetched: datetime | None = None
    """When it was last got from its source, changed or not."""
    source: str = ""
    """Address or folder that it came from, without passwords."""
    validator: str = ""
    """The mirror's ETag or Last-Modified of the signed release."""

    @property
    def name(self) -> str:
        """Name of the feed: suite and architecture."""
        return f"{self.suite} {self.arch}"

    @property
    def believed(self) -> bool:
        """Whether anything may be concluded from it."""
        return bool(self.verified_by) or self.trusted


class Release(Value, frozen=True):
    """Life of a distribution's release; `codename` as in os-release.

    The dates are the last days of support: by the distributor, by Debian LTS, for money.
    """

    distribution: str
    codename: str
    version: str
    released: date | None
    eol: date | None
    eol_lts: date | None = None
    eol_extended: date | None = None


class Feeds(Value, frozen=True):
    """All data that verdicts are joined with, loaded for one run."""

    indexes: tuple[SuiteIndex, ...] = ()
    releases: tuple[Release, ...] = ()
    as_of: Mapping[str, datetime] = msgspec.field(default_factory=dict)
    """Feed name → the data's own date."""

    def index(self, distribution: str, codename: str, arch: str) -> SuiteIndex | None:
        """Return the security index for a release and architecture, if one is held."""
        wanted = (distribution, codename, arch)
        found = (i for i in self.indexes if (i.distribution, i.release, i.arch) == wanted)
        return next(found, None)

    def release(self, distribution: str, version: str) -> Release | None:
        """Return the life of a release by distribution id and version ("12", "22.04")."""
        wanted = (distribution, version)
        found = (r for r in self.releases if (r.distribution, r.version) == wanted)
        return next(found, None)
