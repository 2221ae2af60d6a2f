"""The closed list of what can be said of a weakness in a package of a target."""

from datetime import date
from enum import StrEnum
from typing import NamedTuple


class Verdict(StrEnum):
    """Nothing is folded: what the vendor has not decided is neither open nor closed."""

    FIXED = "fixed"
    NOT_AFFECTED = "not_affected"
    UPDATE_PENDING = "update_pending"
    UPDATE_NOT_ENABLED = "update_not_enabled"
    INSTALLED_NOT_RUNNING = "installed_not_running"
    OPEN_MINOR = "open_minor"
    OPEN_NO_FIX = "open_no_fix"
    UNSUPPORTED = "unsupported"
    UNDETERMINED = "undetermined"
    NOT_COVERED = "not_covered"
    STALE_OR_MISSING_DATA = "stale_or_missing_data"


CLOSED = frozenset({Verdict.FIXED, Verdict.NOT_AFFECTED})
"""Kept as evidence; not listed."""
UPDATES = frozenset({Verdict.UPDATE_PENDING, Verdict.UPDATE_NOT_ENABLED})
"""What an update mends."""


class Ruling(NamedTuple):
    """One answer on one package: on the weaknesses of an advisory, or on one of a vendor's list."""

    source: str
    """Source package: reports group by it."""
    package: str
    """What was compared: a source package (deb, apk) or a binary one (rpm)."""
    have: str
    verdict: Verdict
    cves: tuple[str, ...] = ()
    want: str = ""
    """Version that mends; empty where none does."""
    suite: str = ""
    """Suite, pocket or stream that has it."""
    advisory: str = ""
    since: date | None = None
    """Day from which it was to be had."""
    note: str = ""
    """The vendor's word for its decision."""
