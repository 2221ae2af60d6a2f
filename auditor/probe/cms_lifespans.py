"""How long makers of web software mend each branch of it, and what that says of a version."""

import datetime as dt
from collections.abc import Mapping
from typing import Literal

import msgspec

from auditor.model.base import Value

FRESH = dt.timedelta(days=365)
"""Age of the data up to which a branch without an end counts as mended."""
_PARTS = 4


class Branch(Value, frozen=True):
    """Versions that begin with `branch`; without `eol` their end is not announced.

    `recalled`: the date is the maker's as we remember it, not taken from the source.
    """

    branch: str
    eol: dt.date | None
    source: Literal["endoflife.date", "recalled"]


class Lifespans(Value, frozen=True):
    """Branches by product, as known on a day."""

    source: str
    as_of: dt.date
    products: Mapping[str, tuple[Branch, ...]]


class Verdict(Value, frozen=True):
    """Whether a version is still mended; `eol` is the last day on which it was or will be.

    `supported` is None where that is not known, and `why` says what is missing.
    """

    supported: bool | None
    eol: dt.date | None = None
    why: str = ""


def read_lifespans(data: bytes) -> Lifespans:
    """Decode the shipped table; raises msgspec's errors."""
    return msgspec.json.decode(data, type=Lifespans)


def judge(name: str, version: str, known: Lifespans, today: dt.date) -> Verdict:
    """Say whether `version` of a product is mended today. What is not known is not supported."""
    branches = known.products.get(name, ())
    if not branches:
        return Verdict(supported=None, why=f"the auditor has no dates for {name}")
    numbers = _numbers(version)
    if not numbers:
        return Verdict(supported=None, why="the version is not shown")
    closest = _closest(numbers, branches)
    if closest is None:
        return _outside(numbers, branches, today)
    if closest.eol is not None:
        return Verdict(supported=today <= closest.eol, eol=closest.eol)
    if today - known.as_of > FRESH:
        return Verdict(supported=None, why=f"the dates of the auditor are of {known.as_of}")
    return Verdict(supported=True)


def _closest(numbers: tuple[int, ...], branches: tuple[Branch, ...]) -> Branch | None:
    """Return the longest branch that the version begins with."""
    fitting = [b for b in branches if numbers[: len(_numbers(b.branch))] == _numbers(b.branch)]
    return max(fitting, key=lambda branch: len(_numbers(branch.branch)), default=None)


def _outside(numbers: tuple[int, ...], branches: tuple[Branch, ...], today: dt.date) -> Verdict:
    """Judge a version without a branch of its own by its neighbours.

    A number that stands for several branches is what all of them are; what is older than an ended
    branch of the same line, or than all that are listed, has ended too.
    """
    inside = [b for b in branches if _numbers(b.branch)[: len(numbers)] == numbers]
    if inside:
        ended = [b.eol for b in inside if b.eol is not None and b.eol < today]
        if len(ended) == len(inside):
            return Verdict(supported=False, eol=max(ended))
        return Verdict(supported=None, why="the version is not shown in full")
    newer = [b for b in branches if _numbers(b.branch) > numbers]
    line = [b for b in newer if _numbers(b.branch)[0] == numbers[0]]
    oldest = line or (newer if len(newer) == len(branches) else [])
    ends = [b.eol for b in oldest if b.eol is not None and b.eol < today]
    if ends:
        return Verdict(supported=False, eol=min(ends))
    return Verdict(supported=None, why="the auditor does not know this version")


def _numbers(version: str) -> tuple[int, ...]:
    """Return the leading numbers: "3.3.0-rc1" → (3, 3, 0); empty where there is none."""
    numbers: list[int] = []
    for part in version.split(".")[:_PARTS]:
        digits = part[: len(part) - len(part.lstrip("0123456789"))]
        if not digits or len(digits) > 6:  # noqa: PLR2004 - longer is no version
            break
        numbers.append(int(digits))
        if digits != part:
            break
    return tuple(numbers)
