"""Every answer of a run as one letter: small enough to travel inside the first page."""

from collections.abc import Iterable, Mapping

from auditor.model.base import CheckId, TargetId, Value
from auditor.model.check import Check
from auditor.model.result import Status, Visit

LETTERS: Mapping[Status, str] = {
    Status.PASS: "p",
    Status.FAIL: "f",
    Status.ERROR: "e",
    Status.NOT_APPLICABLE: "n",
    Status.NOT_CHECKED: "-",
}
"""One letter a status; a check that was not asked of a target has that of `not_checked`."""


class Matrix(Value, frozen=True):
    """`rows` holds a letter for each of `checks`, in their order, by target."""

    checks: tuple[CheckId, ...] = ()
    rows: Mapping[TargetId, str] = {}


class MatrixBuilder:
    """Takes visits in one by one; the gravest checks come first."""

    def __init__(self, checks: Iterable[Check]) -> None:
        ordered = sorted(checks, key=lambda check: (-check.severity.rank, check.id))
        self._checks = tuple(check.id for check in ordered)
        self._places = {name: place for place, name in enumerate(self._checks)}
        self._rows: dict[TargetId, str] = {}

    def add(self, visit: Visit) -> None:
        """Take one visit in; results of checks that are not known are left out."""
        letters = [LETTERS[Status.NOT_CHECKED]] * len(self._checks)
        for result in visit.results:
            if result.check in self._places:
                letters[self._places[result.check]] = LETTERS[result.status]
        self._rows[visit.target] = "".join(letters)

    def matrix(self) -> Matrix:
        """Return all that was taken in."""
        return Matrix(checks=self._checks, rows=self._rows)
