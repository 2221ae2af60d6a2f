"""One pass over a run's visits: scores, coverage, problems and controls."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from auditor.findings import changes
from auditor.model.base import CheckId, OpdId, TargetId
from auditor.model.check import Check, Foundation
from auditor.model.fact import Why
from auditor.model.inventory import Inventory, Opd
from auditor.model.policy import DUE, Framework, Policy
from auditor.model.result import (
    Finding,
    Run,
    Score,
    Status,
    Tally,
    TargetState,
    Visit,
)
from auditor.model.waiver import Waiver
from auditor.report.breach import breaches
from auditor.report.controls import ControlGathering
from auditor.report.law import controls_behind
from auditor.report.law_refs import refs_of
from auditor.report.matrix import MatrixBuilder
from auditor.report.model import (
    Coverage,
    Head,
    OpdRow,
    Problem,
    Summary,
    TargetRow,
)
from auditor.report.problems import Standing
from auditor.report.shares import ShareCounter
from auditor.report.site_grade import SiteGrade, grade_of
from auditor.report.unexamined import UnexaminedCounter
from auditor.score import Scorer
from auditor.waive import among, waive

NOTHING = Score(value=None, tally=Tally())
NEVER = (TargetState.INTERRUPTED, None, "", 0)
"""The visit of a target that a stopped run did not come to."""


def gather(  # noqa: PLR0913 - what a store holds of a run
    run: Run,
    visits: Iterable[Visit],
    *,
    inventory: Inventory,
    policies: tuple[Policy, ...],
    checks: tuple[Check, ...],
    frameworks: tuple[Framework, ...],
    targets: tuple[TargetId, ...],
    findings: tuple[Finding, ...],
    waivers: tuple[Waiver, ...] = (),
    previous: Run | None = None,
    digest: str = "",
) -> Summary:
    """Return the summary of a run; `visits` is read once, one visit at a time."""
    behind = controls_behind(frameworks, checks)
    law = refs_of(frameworks, behind)
    known = {check.id: check for check in checks}
    controls = ControlGathering(frameworks, known, behind)
    gathering = _Gathering(inventory, controls, policies, targets, known)
    grid = MatrixBuilder(checks)
    for visit in visits:
        gathering.add(visit)
        grid.add(visit)
    today = day_of(run.started, inventory.city.tz)
    waived = among(waive(waivers, findings, today), targets, inventory)
    standing = Standing(known, inventory, law, policies[-1].due, waived)
    problems = standing.problems(findings)
    scores = gathering.scorer.scores()
    return Summary(
        head=Head(
            city=inventory.city.name,
            unit=inventory.city.unit,
            tz=inventory.city.tz,
            authority=inventory.authority,
            run=run,
            policies=tuple(policy.title for policy in policies),
            digest=digest,
        ),
        coverage=gathering.coverage(),
        score=scores.city,
        foundations=scores.foundations,
        shares=gathering.shares.shares(),
        opds=gathering.opds(problems),
        targets=gathering.targets(),
        problems=problems,
        accepted=standing.accepted(findings),
        waivers=waived,
        breaches=breaches(findings, inventory),
        frameworks=controls.frameworks(),
        checks=known,
        law=law,
        weights=policies[-1].weights,
        due={**DUE, **policies[-1].due},
        changes=changes(findings, run.started),
        previous=previous,
        matrix=grid.matrix(),
    )


class _Gathering:
    """Counts while visits pass by."""

    def __init__(
        self,
        inventory: Inventory,
        controls: ControlGathering,
        policies: tuple[Policy, ...],
        chosen: tuple[TargetId, ...],
        checks: Mapping[CheckId, Check],
    ) -> None:
        self._checks = checks
        self._grades: dict[TargetId, SiteGrade | None] = {}
        self._targets = {target.id: target for target in inventory.targets}
        self._opds = {opd.id: opd for opd in inventory.opds}
        self._chosen = tuple(name for name in chosen if name in self._targets)
        owners = {target.id: target.opd for target in inventory.targets}
        self.scorer = Scorer(owners, policies[-1].weights)
        self.shares = ShareCounter(checks)
        self._unexamined = UnexaminedCounter(checks)
        self._controls = controls
        self._visits: dict[TargetId, tuple[TargetState, Why | None, str, int]] = {}
        self._answered = self._asked = 0

    def add(self, visit: Visit) -> None:
        """Take one visit in."""
        target = self._targets[visit.target]
        owner = target.opd
        self._grades[visit.target] = grade_of(target, visit.results, self._checks)
        self._visits[visit.target] = (visit.state, visit.why, visit.reason, visit.ms)
        for result in visit.results:
            self.scorer.add(result)
            self.shares.add(result, owner)
            self._unexamined.add(result, owner)
            self._asked += result.status is not Status.NOT_APPLICABLE
            self._answered += result.status in (Status.PASS, Status.FAIL)
            self._controls.add(result, target)

    def coverage(self) -> Coverage:
        counts = dict.fromkeys(TargetState, 0)
        for name in self._chosen:
            counts[self._visits.get(name, NEVER)[0]] += 1
        seen, partly = counts.pop(TargetState.SEEN), counts.pop(TargetState.PARTLY)
        return Coverage(
            targets=len(self._chosen),
            seen=seen,
            partly=partly,
            unseen=sum(counts.values()),
            reasons={state: number for state, number in counts.items() if number},
            answered=self._answered,
            asked=self._asked,
        )

    def targets(self) -> tuple[TargetRow, ...]:
        """Return a row for every target that was chosen, those that were not reached too."""
        scores = self.scorer.scores().targets
        rows = []
        for name in self._chosen:
            state, why, reason, ms = self._visits.get(name, NEVER)
            target = self._targets[name]
            rows.append(
                TargetRow(
                    target=target,
                    opd=self._opds[target.opd],
                    state=state,
                    reason=reason,
                    why=why,
                    score=scores.get(name, NOTHING),
                    ms=ms,
                    grade=self._grades.get(name),
                )
            )
        return tuple(rows)

    def opds(self, problems: tuple[Problem, ...]) -> tuple[OpdRow, ...]:
        """Return a row for every office that has a chosen target, in the inventory's order."""
        scores = self.scorer.scores()
        rows = []
        for opd in self._opds.values():
            mine = [name for name in self._chosen if self._targets[name].opd == opd.id]
            if mine:
                rows.append(self._opd(opd, mine, problems, scores.opds, scores.opd_foundations))
        return tuple(rows)

    def _opd(
        self,
        opd: Opd,
        mine: list[TargetId],
        problems: tuple[Problem, ...],
        scores: Mapping[OpdId, Score],
        foundations: Mapping[str, Mapping[Foundation, Score]],
    ) -> OpdRow:
        examined = (TargetState.SEEN, TargetState.PARTLY)
        return OpdRow(
            opd=opd,
            score=scores.get(opd.id, NOTHING),
            foundations=foundations.get(opd.id, {}),
            shares=self.shares.shares(opd.id),
            unexamined=self._unexamined.of(opd.id),
            targets=len(mine),
            unseen=sum(self._visits.get(name, NEVER)[0] not in examined for name in mine),
            problems=sum(problem.opd.id == opd.id for problem in problems),
        )


def day_of(moment: datetime, tz: str) -> date:
    """Return the day of a moment in the city."""
    return moment.astimezone(ZoneInfo(tz)).date()
