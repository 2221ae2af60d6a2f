"""One target's page: every check with its reasons, its law, and the evidence behind failures."""

from collections.abc import Mapping

from auditor.findings import identify
from auditor.model.base import CheckId, FindingId, ProbeKey, Value
from auditor.model.check import Check
from auditor.model.fact import Evidence, Observation
from auditor.model.result import Finding, Reason, Result, Status, Visit
from auditor.report.model import LawRef

REASONS = 100
"""Reasons of one result that a page shows; the rest is counted."""


class Shown(Value, frozen=True):
    """Evidence behind a failure; `above` is the check of this page that shows it already."""

    evidence: Evidence
    above: CheckId | None


class Judged(Value, frozen=True):
    """One check on this target; `since` holds the finding of each failing item, by item."""

    check: Check
    result: Result
    reasons: tuple[Reason, ...]
    more: int
    law: tuple[LawRef, ...]
    evidence: tuple[Shown, ...]
    since: Mapping[str, Finding]

    @property
    def dated(self) -> Finding | None:
        """The finding that speaks for all items; None where state or first day differ."""
        if any(reason.item not in self.since for reason in self.reasons):
            return None
        kinds = {(finding.state, finding.first_seen): finding for finding in self.since.values()}
        return next(iter(kinds.values())) if len(kinds) == 1 else None


class TargetPage(Value, frozen=True):
    """What a page shows of a target, by status."""

    failed: tuple[Judged, ...]
    unseen: tuple[Judged, ...]
    passed: tuple[Judged, ...]
    others: tuple[Judged, ...]


def target_page(
    visit: Visit,
    observations: Mapping[ProbeKey, Observation],
    checks: Mapping[CheckId, Check],
    law: Mapping[CheckId, tuple[LawRef, ...]],
    findings: Mapping[FindingId, Finding],
) -> TargetPage:
    """Return the page of a visit; the gravest failure stands first."""
    ordered = sorted(visit.results, key=lambda r: (-r.severity.rank, r.check))
    above: dict[ProbeKey, CheckId] = {}
    judged = [
        _judged(
            result,
            checks[result.check],
            law.get(result.check, ()),
            findings,
            _shown(result, observations, above),
        )
        for result in ordered
        if result.check in checks
    ]

    def of(*statuses: Status) -> tuple[Judged, ...]:
        return tuple(one for one in judged if one.result.status in statuses)

    return TargetPage(
        failed=of(Status.FAIL),
        unseen=of(Status.ERROR),
        passed=of(Status.PASS),
        others=of(Status.NOT_APPLICABLE, Status.NOT_CHECKED),
    )


def _judged(
    result: Result,
    check: Check,
    law: tuple[LawRef, ...],
    findings: Mapping[FindingId, Finding],
    evidence: tuple[Shown, ...],
) -> Judged:
    shown = result.reasons[:REASONS]
    items = {reason.item for reason in shown} if result.status is Status.FAIL else set()
    known = {item: identify(result.target, result.check, item) for item in items}
    return Judged(
        check=check,
        result=result,
        reasons=shown,
        more=result.more + len(result.reasons) - len(shown),
        law=law,
        evidence=evidence,
        since={item: findings[name] for item, name in known.items() if name in findings},
    )


def _shown(
    result: Result,
    observations: Mapping[ProbeKey, Observation],
    above: dict[ProbeKey, CheckId],
) -> tuple[Shown, ...]:
    """Return the evidence of a failure, and note in `above` where it is shown first."""
    if result.status is not Status.FAIL:
        return ()
    shown = []
    for key in result.probes:
        evidence = observations[key].evidence if key in observations else None
        if evidence is not None:
            shown.append(Shown(evidence=evidence, above=above.get(key)))
            above.setdefault(key, result.check)
    return tuple(shown)
