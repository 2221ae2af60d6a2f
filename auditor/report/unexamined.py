"""What was not examined at an office, by check: tried in vain, or waiting to be looked at."""

from collections.abc import Mapping

from auditor.model.base import CheckId, OpdId, Value
from auditor.model.check import Check
from auditor.model.result import Result, Status
from auditor.report.law import is_question


class Unexamined(Value, frozen=True):
    """On how many targets a check has no answer; `tried`: it was asked in vain."""

    check: Check
    targets: int
    tried: bool

    @property
    def statement(self) -> bool:
        """People are to answer it."""
        return is_question(self.check)


class UnexaminedCounter:
    """Takes results in one by one."""

    def __init__(self, checks: Mapping[CheckId, Check]) -> None:
        self._checks = checks
        self._counts: dict[OpdId, dict[tuple[CheckId, bool], int]] = {}

    def add(self, result: Result, opd: OpdId) -> None:
        """Take a result of an office's target in."""
        if result.status in (Status.ERROR, Status.NOT_CHECKED) and result.check in self._checks:
            counts = self._counts.setdefault(opd, {})
            key = (result.check, result.status is Status.ERROR)
            counts[key] = counts.get(key, 0) + 1

    def of(self, opd: OpdId) -> tuple[Unexamined, ...]:
        """Return what an office waits for, the gravest first."""
        found = [
            Unexamined(check=self._checks[check], targets=number, tried=tried)
            for (check, tried), number in self._counts.get(opd, {}).items()
        ]
        return tuple(sorted(found, key=lambda u: (-u.check.severity.rank, -u.targets, u.check.id)))
