"""What the auditor itself holds: signed indexes of security updates, release dates."""

from collections.abc import Mapping
from datetime import date, datetime

import msgspec

from auditor.model.base import Value


class IndexEntry(Value, frozen=True):
    """The newest version of a binary package in a suite; `key` orders versions as bytes."""

    package: str
    version: str
    key: bytes
    source: str


class SuiteIndex(Value, frozen=True):
    """A distributor's index of one suite and architecture, e.g. bookworm-security amd64.

    `date` and `valid_until` are the index's own (UTC); `verified_by` is empty when no signature
    could be checked, else the fingerprint of the key.
    """

    distribution: str
    release: str
    suite: str
    arch: str
    date: datetime
    valid_until: datetime | None
    verified_by: str
    sha256: str
    entries: Mapping[str, IndexEntry]


class Release(Value, frozen=True):
    """Life of a distribution's release; `codename` as in os-release."""

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
        return next(
            (
                i
                for i in self.indexes
                if (i.distribution, i.release, i.arch) == (distribution, codename, arch)
            ),
            None,
        )

    def release(self, distribution: str, version: str) -> Release | None:
        """Return the life of a release by distribution id and version ("12", "22.04")."""
        return next(
            (
                r
                for r in self.releases
                if r.distribution == distribution and r.version in (version, f"{version} LTS")
            ),
            None,
        )
