"""What stands: failures grouped by check and target, and the actions that mend the most."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from auditor.model.base import CheckId, OpdId, TargetId, Value
from auditor.model.check import Check, Severity
from auditor.model.inventory import Inventory
from auditor.model.policy import DUE
from auditor.model.result import Finding, FindingState
from auditor.model.waiver import Waivers
from auditor.report.model import Accepted, LawRef, Problem

STANDING = frozenset({FindingState.NEW, FindingState.OPEN, FindingState.REGRESSED})


class Action(Value, frozen=True):
    """One thing to mend, on one or several targets of an office."""

    check: Check
    severity: Severity
    problems: tuple[Problem, ...]
    due: datetime
    first_seen: datetime
    law: tuple[LawRef, ...]

    @property
    def offices(self) -> tuple[str, ...]:
        """The offices whose targets it is about, by name, in the order of the problems."""
        return tuple(dict.fromkeys(problem.opd.name for problem in self.problems))


class Standing:
    """Groups a run's findings; `days` says how many days a severity leaves to mend it."""

    def __init__(
        self,
        checks: Mapping[CheckId, Check],
        inventory: Inventory,
        law: Mapping[CheckId, tuple[LawRef, ...]],
        days: Mapping[Severity, int],
        waivers: Waivers,
    ) -> None:
        self._checks = checks
        self._law = law
        self._days = {**DUE, **days}
        self._waivers = waivers
        self._targets = {target.id: target for target in inventory.targets}
        self._opds = {opd.id: opd for opd in inventory.opds}

    def problems(self, findings: Iterable[Finding]) -> tuple[Problem, ...]:
        """Return what nobody has accepted, the gravest, then oldest, first."""
        groups: dict[tuple[CheckId, TargetId], list[Finding]] = {}
        for finding in findings:
            waived = finding.id in self._waivers.findings
            if self._known(finding) and finding.state in STANDING and not waived:
                groups.setdefault((finding.check, finding.target), []).append(finding)
        found = [self._problem(check, target, mine) for (check, target), mine in groups.items()]
        return tuple(sorted(found, key=_gravity))

    def accepted(self, findings: Iterable[Finding]) -> tuple[Accepted, ...]:
        """Return what is waived, seen again or not, the waiver that ends first at the top."""
        groups: dict[tuple[CheckId, TargetId, str], list[Finding]] = {}
        for finding in findings:
            waiver = self._waivers.findings.get(finding.id)
            if waiver is not None and self._known(finding):
                groups.setdefault((finding.check, finding.target, waiver.id), []).append(finding)
        found = [
            Accepted(
                check=self._checks[check],
                target=self._targets[target],
                opd=self._opds[self._targets[target].opd],
                waiver=self._waivers.findings[mine[0].id],
                findings=tuple(mine),
            )
            for (check, target, _), mine in groups.items()
        ]
        return tuple(sorted(found, key=lambda one: (one.waiver.until, one.check.id, one.target.id)))

    def _known(self, finding: Finding) -> bool:
        return finding.check in self._checks and finding.target in self._targets

    def _problem(self, check: CheckId, target: TargetId, mine: list[Finding]) -> Problem:
        first_seen = min(finding.first_seen for finding in mine)
        return Problem(
            check=self._checks[check],
            target=self._targets[target],
            opd=self._opds[self._targets[target].opd],
            severity=mine[0].severity,
            findings=tuple(mine),
            first_seen=first_seen,
            due=first_seen + timedelta(days=self._days[mine[0].severity]),
            law=self._law.get(check, ()),
        )


def actions(problems: Iterable[Problem], opd: OpdId | None = None) -> tuple[Action, ...]:
    """Return problems joined by check, of one office or of all; the weightiest first."""
    groups: dict[CheckId, list[Problem]] = {}
    for problem in problems:
        if opd is None or problem.opd.id == opd:
            groups.setdefault(problem.check.id, []).append(problem)
    found = [
        Action(
            check=mine[0].check,
            severity=max((p.severity for p in mine), key=lambda severity: severity.rank),
            problems=tuple(mine),
            due=min(p.due for p in mine),
            first_seen=min(p.first_seen for p in mine),
            law=mine[0].law,
        )
        for mine in groups.values()
    ]
    return tuple(sorted(found, key=_weight))


def _weight(action: Action) -> tuple[int, bool, int, datetime, str]:
    personal = any(_personal(problem) for problem in action.problems)
    count = -len(action.problems)
    return (-action.severity.rank, not personal, count, action.first_seen, action.check.id)


def _personal(problem: Problem) -> bool:
    return problem.target.tags.data_pribadi or problem.target.tags.iiv


def _gravity(problem: Problem) -> tuple[int, bool, datetime, str, str]:
    return (
        -problem.severity.rank,
        not _personal(problem),
        problem.first_seen,
        problem.check.id,
        problem.target.id,
    )
