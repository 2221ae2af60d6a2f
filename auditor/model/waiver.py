"""A failure that someone in charge accepts for a while, with a reason."""

import datetime as dt
from collections.abc import Mapping
from typing import Annotated

import msgspec

from auditor.model.base import CheckId, FindingId, TargetId, Value
from auditor.model.inventory import Identifier

LONGEST = dt.timedelta(days=180)
"""Days from the date of a waiver to its last day at most."""
Said = Annotated[str, msgspec.Meta(min_length=1)]


class Waiver(Value, frozen=True):
    """Who accepts what, why, and until which day, which still counts, in the city's time zone.

    It names a finding by its id, or a check on a target; there all items, or one.
    """

    id: Identifier
    reason: Said
    letter: Said
    role: Said
    """The function that accepts it, never a person's name."""
    date: dt.date
    until: dt.date
    finding: FindingId | None = None
    check: CheckId | None = None
    target: TargetId | None = None
    item: str | None = None


class Waivers(Value, frozen=True):
    """What becomes of waivers in a run.

    `findings` holds the waiver of each finding that stands and is accepted.
    """

    findings: Mapping[FindingId, Waiver] = msgspec.field(default_factory=dict)
    expired: tuple[Waiver, ...] = ()
    """Over, although what they accept still stands: they accept nothing any more."""
    idle: tuple[Waiver, ...] = ()
    """They fit nothing that stands: mended, misspelt, or not begun yet."""
