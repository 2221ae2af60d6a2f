"""What distributors and others say of weaknesses: the rows that feeds consist of.

`distribution` is the ID of os-release(5) ("debian", "almalinux", "sles"). `release` is the codename
for Debian and Ubuntu ("bookworm", "jammy"), the major version for Red Hat's family ("9"), the
service pack for SUSE ("15.5"), the branch for Alpine ("3.19").
"""

from datetime import date, datetime
from enum import StrEnum
from typing import TypeAlias

from auditor.model.base import Value


class FixState(StrEnum):
    """What the distributor has decided on a weakness in a package of a release."""

    FIXED = "fixed"
    """From `Fix.version` on."""
    NOT_AFFECTED = "not_affected"
    NO_FIX = "no_fix"
    """Affected; there is no fix yet, or it is written but not shipped."""
    MINOR = "minor"
    """Affected; no advisory will come for now: postponed, ignored, deferred, will not fix."""
    UNDETERMINED = "undetermined"
    """Not decided yet, or under investigation."""
    UNSUPPORTED = "unsupported"
    """The package is past its support."""


class Fix(Value, frozen=True):
    """The state of weaknesses in one package of one release: a row of a vendor's list."""

    distribution: str
    release: str
    package: str
    """What the vendor's list is keyed by: source package (Debian, Ubuntu), origin (Alpine), binary
    package (rpm)."""
    state: FixState
    cves: tuple[str, ...] = ()
    """Empty: the advisory names none."""
    version: str = ""
    """First version that is mended, as the package manager writes it; only where `FIXED`."""
    key: bytes = b""
    """Of `version`, in the family's order; the store fills it in."""
    pocket: str = ""
    """Where the fix is to be had, other than from the release itself: "esm-infra", "esm-apps",
    "fips", "fips-updates", "realtime" (Ubuntu); "eus", "aus", "e4s", "tus" (Red Hat)."""
    stream: str = ""
    """Module stream, as "nodejs:20"; empty for what is in no module."""
    advisory: str = ""
    """The vendor's own name: "DSA-5800-1", "USN-7000-1", "ALSA-2025:10073"."""
    issued: date | None = None
    note: str = ""
    """The vendor's word for its decision: "no-dsa", "ignored", "will not fix"."""
    inferred: bool = False
    """Concluded from another distribution's or pocket's row, not said by this vendor."""


class Support(Value, frozen=True):
    """A package whose support ended before its release's, or that is supported in part only."""

    distribution: str
    release: str
    package: str
    """Source package; may hold * as in "php-horde*"."""
    ended: date | None = None
    limited: bool = False
    note: str = ""


class Exploited(Value, frozen=True):
    """A weakness that CISA has seen used (KEV)."""

    cve: str
    added: date
    ransomware: bool = False


class Likelihood(Value, frozen=True):
    """FIRST's estimate that a weakness will be used within 30 days (EPSS); shares of 1."""

    cve: str
    epss: float
    percentile: float


class Impact(Value, frozen=True):
    """What using a weakness takes and gives (SSVC of Vulnrichment); None: not decided there."""

    cve: str
    automatable: bool | None = None
    total: bool | None = None
    """Gives total control, not part of it."""
    cvss: float | None = None
    vector: str = ""


class Dated(Value, frozen=True):
    """The data's own date (UTC), and the one after which it calls itself invalid."""

    date: datetime
    valid_until: datetime | None = None


Row: TypeAlias = Dated | Fix | Support | Exploited | Likelihood | Impact
"""What a parser of a feed yields; `Dated` at most once, in any place."""
