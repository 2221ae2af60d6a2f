"""Until when a distributor mends a release for a target, with what the target is attached to."""

from collections.abc import Container
from datetime import date

from auditor.model.feed import Release

ESM = "esm-infra"
"""The pocket with which a release of Ubuntu is mended for longer."""


def end_of_support(release: Release, pockets: Container[str]) -> date | None:
    """Return the last day; None where the calendar has none.

    Long-term support counts, what is paid for only where a target's `pockets` show it.
    """
    paid = release.eol_extended if ESM in pockets else None
    days = (release.eol, release.eol_lts, paid)
    return max((day for day in days if day is not None), default=None)
