"""What the auditor itself holds: signed indexes, vendors' lists, release dates, and their age."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

import msgspec

from auditor.model.advisory import Exploited, Fix, Impact, Likelihood, Support
from auditor.model.base import Value
from auditor.model.priority import Priorities


class FeedKind(StrEnum):
    """What a feed tells."""

    SUITE = "suite"
    """Signed list of the newest packages of a suite of security updates."""
    PACKAGES = "packages"
    """The same of a release's other suites: they change with point releases only, or never."""
    ADVISORIES = "advisories"
    """A vendor's list of weaknesses and fixes."""
    SUPPORT = "support"
    """Packages whose support ends early."""
    KEV = "kev"
    EPSS = "epss"
    SSVC = "ssvc"
    LIFECYCLE = "lifecycle"
    """Dates of releases."""


def kind_of(suite: str) -> FeedKind:
    """Return the kind of feed that a suite is."""
    return FeedKind.SUITE if suite.endswith("-security") else FeedKind.PACKAGES


AGES: Mapping[FeedKind, tuple[timedelta, timedelta]] = {
    FeedKind.SUITE: (timedelta(days=3), timedelta(days=7)),
    FeedKind.PACKAGES: (timedelta(days=3650), timedelta(days=7300)),
    FeedKind.ADVISORIES: (timedelta(days=3), timedelta(days=14)),
    FeedKind.SUPPORT: (timedelta(days=180), timedelta(days=730)),
    FeedKind.KEV: (timedelta(days=3), timedelta(days=10)),
    FeedKind.EPSS: (timedelta(days=7), timedelta(days=30)),
    FeedKind.SSVC: (timedelta(days=30), timedelta(days=180)),
    FeedKind.LIFECYCLE: (timedelta(days=90), timedelta(days=365)),
}
"""Age, by the data's own date, from which it is ageing and from which it is stale."""
AHEAD = timedelta(days=1)
"""How far a date may lie in the future before the auditor's clock is doubted."""


class Freshness(StrEnum):
    """How far an index is still believed; `stale` proves what is missing, never that nothing is."""

    FRESH = "fresh"
    AGEING = "ageing"
    STALE = "stale"


def freshness(
    dated: datetime,
    valid_until: datetime | None,
    now: datetime,
    kind: FeedKind = FeedKind.SUITE,
) -> Freshness:
    """Judge a feed by its own dates; one of the future, too, proves nothing."""
    age = now - dated
    ageing, stale = AGES[kind]
    if age > stale or age < -AHEAD or (valid_until is not None and now > valid_until):
        return Freshness.STALE
    return Freshness.AGEING if age > ageing else Freshness.FRESH


class Trust(StrEnum):
    """On whose word a feed is believed, best first."""

    SIGNED = "signed"
    """By the distributor's key."""
    BUNDLE = "bundle"
    """By the key of a colleague, on the bundle that brought it."""
    TLS = "tls"
    """The site's certificate alone, or a file that came with the auditor."""
    OPERATOR = "operator"
    """`--trust-unverified`."""
    NONE = "none"


class Feed(Value, frozen=True):
    """A feed that is held, without its rows. Times are UTC."""

    name: str
    """Unique: "bookworm-security amd64", "debian-tracker bookworm", "kev"."""
    kind: FeedKind
    date: datetime
    """The data's own."""
    distribution: str = ""
    release: str = ""
    valid_until: datetime | None = None
    fetched: datetime | None = None
    trust: Trust = Trust.NONE
    verified_by: str = ""
    """Fingerprint of the key that signed, of the feed or of the bundle; empty where none did."""
    source: str = ""
    """Address or file, without passwords."""
    sha256: str = ""
    size: int = 0
    """Bytes that were fetched."""
    rows: int = 0
    validator: str = ""
    """The site's ETag or Last-Modified."""

    def freshness(self, now: datetime) -> Freshness:
        """Judge it by its own dates."""
        return freshness(self.date, self.valid_until, now, self.kind)


class IndexEntry(Value, frozen=True):
    """The newest version of a binary package in a suite; `key` orders versions as bytes."""

    package: str
    version: str
    key: bytes
    source: str
    since: date | None = None
    """Date of the first index in which the auditor saw this version."""


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
    bundled: bool = False
    """It came in a bundle, by whose signature it is believed."""
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
    def trust(self) -> Trust:
        """On whose word it is believed."""
        if self.bundled:
            return Trust.BUNDLE
        if self.verified_by:
            return Trust.SIGNED
        return Trust.OPERATOR if self.trusted else Trust.NONE

    @property
    def feed(self) -> Feed:
        """What is told of it as of any other feed."""
        return Feed(
            name=self.name,
            kind=kind_of(self.suite),
            date=self.date,
            distribution=self.distribution,
            release=self.release,
            valid_until=self.valid_until,
            fetched=self.fetched,
            trust=self.trust,
            verified_by=self.verified_by,
            source=self.source,
            sha256=self.sha256,
            rows=len(self.entries),
            validator=self.validator,
        )

    @property
    def believed(self) -> bool:
        """Whether anything may be concluded from it."""
        return self.trust is not Trust.NONE


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
    """All data that verdicts on one system are joined with."""

    indexes: tuple[SuiteIndex, ...] = ()
    """Of the system's release: all suites and architectures that are held."""
    releases: tuple[Release, ...] = ()
    feeds: tuple[Feed, ...] = ()
    """Every feed behind what follows; indexes carry their own dates."""
    fixes: Mapping[str, tuple[Fix, ...]] = msgspec.field(default_factory=dict)
    """Package → what the vendor says of it in the system's release."""
    unreleased: Mapping[str, tuple[Fix, ...]] = msgspec.field(default_factory=dict)
    """The same of Debian's unstable release, for backports."""
    support: tuple[Support, ...] = ()
    """Of the system's release."""
    exploited: Mapping[str, Exploited] = msgspec.field(default_factory=dict)
    likelihood: Mapping[str, Likelihood] = msgspec.field(default_factory=dict)
    impact: Mapping[str, Impact] = msgspec.field(default_factory=dict)
    """By CVE, of those that `fixes` name."""
    priorities: Priorities = Priorities()
    known: dict[Any, Any] = msgspec.field(default_factory=dict)
    """What was judged by these feeds already: alike packages have alike answers."""

    def of(self, distribution: str, release: str) -> "Feeds":  # noqa: ARG002 - as a `Library`
        """Return the feeds for a system: these."""
        return self

    def index(self, distribution: str, codename: str, arch: str) -> SuiteIndex | None:
        """Return the security index for a release and architecture, if one is held."""
        wanted = (distribution, codename, f"{codename}-security", arch)
        found = (i for i in self.indexes if (i.distribution, i.release, i.suite, i.arch) == wanted)
        return next(found, None)

    def release(self, distribution: str, version: str) -> Release | None:
        """Return the life of a release by distribution id and version ("12", "22.04")."""
        wanted = (distribution, version)
        found = (r for r in self.releases if (r.distribution, r.version) == wanted)
        return next(found, None)


class Library(Protocol):
    """Gives the feeds for a system; loads each release once."""

    def of(self, distribution: str, release: str) -> Feeds:
        """Return what is held for a distribution's release (see advisory.py); never raises."""
        ...
