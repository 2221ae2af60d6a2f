"""The law's side of a run: what was examined for each control, gathered in one pass."""

from collections.abc import Mapping

from auditor.model.base import CheckId, ControlId
from auditor.model.check import Check
from auditor.model.inventory import Target
from auditor.model.policy import Control, Framework
from auditor.model.result import Result, Status
from auditor.report.control_score import ControlScorer, Evidence
from auditor.report.model import ControlRow, FrameworkRow, Verdict

VERDICTS = 300
"""Lines that a control's page shows, and that are kept of each status; the rest is counted."""
_SHOWN = (Status.FAIL, Status.ERROR, Status.PASS, Status.NOT_CHECKED)
"""What a control's page lists, in this order."""


class ControlGathering:
    """Takes results in one by one; `behind` holds the controls behind each check."""

    def __init__(
        self,
        frameworks: tuple[Framework, ...],
        checks: Mapping[CheckId, Check],
        behind: Mapping[CheckId, tuple[ControlId, ...]],
    ) -> None:
        self._frameworks = frameworks
        self._scorer = ControlScorer(frameworks, checks.values(), behind)
        self._behind = behind
        self._checks: dict[ControlId, list[CheckId]] = {}
        for check in checks:
            for control in behind.get(check, ()):
                self._checks.setdefault(control, []).append(check)
        self._verdicts: dict[tuple[ControlId, Status], list[Verdict]] = {}

    def add(self, result: Result, target: Target) -> None:
        """Take a result of a target in."""
        self._scorer.add(result)
        verdict = Verdict(
            check=result.check, target=target.id, opd=target.opd, status=result.status
        )
        for control in self._behind.get(result.check, ()):
            kept = self._verdicts.setdefault((control, result.status), [])
            if len(kept) < VERDICTS:
                kept.append(verdict)

    def frameworks(self) -> tuple[FrameworkRow, ...]:
        """Return each framework with its controls."""
        scores = self._scorer.scores()
        stages = {stage.short: stage for stage in scores.stages}
        return tuple(
            FrameworkRow(
                id=framework.id,
                short=framework.short,
                title=framework.title,
                note=framework.note,
                stage=stages.get(framework.short),
                controls=tuple(
                    self._control(control, framework, scores.controls[control.id])
                    for control in framework.controls
                ),
            )
            for framework in self._frameworks
        )

    def _control(self, control: Control, framework: Framework, evidence: Evidence) -> ControlRow:
        verdicts = [
            verdict
            for status in _SHOWN
            for verdict in sorted(
                self._verdicts.get((control.id, status), ()),
                key=lambda v: (v.opd, v.target, v.check),
            )
        ][:VERDICTS]
        return ControlRow(
            control=control,
            framework=framework.id,
            short=framework.short,
            evidence=evidence,
            verdicts=tuple(verdicts),
            more=evidence.examined + evidence.unexamined - len(verdicts),
            checks=tuple(self._checks.get(control.id, ())),
        )
