"""By whom a foundation was answered: by machines, by people, or by nobody."""

from collections.abc import Mapping

import msgspec

from auditor.model.base import CheckId, OpdId, Value
from auditor.model.check import Check, Foundation
from auditor.model.result import Result, Status
from auditor.report.law import is_question


class Share(Value, frozen=True):
    """Counts of results that apply: good and bad ones by who answered, and those without answer.

    `unseen` was tried and not seen; `waiting` was not tried: no answer, no tool, no access.
    """

    machine_good: int = 0
    machine_bad: int = 0
    people_good: int = 0
    people_bad: int = 0
    unseen: int = 0
    waiting: int = 0

    @property
    def machine(self) -> int:
        """Answered by a machine."""
        return self.machine_good + self.machine_bad

    @property
    def people(self) -> int:
        """Answered by people."""
        return self.people_good + self.people_bad

    @property
    def nothing(self) -> int:
        """Answered by nobody."""
        return self.unseen + self.waiting

    @property
    def asked(self) -> int:
        """All that should have an answer."""
        return self.machine + self.people + self.nothing

    @property
    def good(self) -> int:
        """Answered as hoped."""
        return self.machine_good + self.people_good

    @property
    def bad(self) -> int:
        """Answered otherwise."""
        return self.machine_bad + self.people_bad


class ShareCounter:
    """Takes results in one by one."""

    def __init__(self, checks: Mapping[CheckId, Check]) -> None:
        self._people = frozenset(name for name, check in checks.items() if is_question(check))
        self._counts: dict[tuple[OpdId | None, Foundation], dict[str, int]] = {}

    def add(self, result: Result, opd: OpdId) -> None:
        """Take a result of an office's target in."""
        who = "people" if result.check in self._people else "machine"
        name = {
            Status.PASS: f"{who}_good",
            Status.FAIL: f"{who}_bad",
            Status.ERROR: "unseen",
            Status.NOT_CHECKED: "waiting",
        }.get(result.status)
        for whose in (opd, None) if name else ():
            counts = self._counts.setdefault((whose, result.foundation), {})
            counts[str(name)] = counts.get(str(name), 0) + 1

    def shares(self, opd: OpdId | None = None) -> Mapping[Foundation, Share]:
        """Return an office's shares, or the city's: all four foundations, asked or not."""
        return {
            foundation: msgspec.convert(self._counts.get((opd, foundation), {}), Share)
            for foundation in Foundation
        }
