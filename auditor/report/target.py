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


class Judged(Value, frozen=True):
    """One check on this target; `since` holds the finding of each failing item, by item."""

    check: Check
    result: Result
    reasons: tuple[Reason, ...]
    more: int
    law: tuple[LawRef, ...]
    evidence: tuple[Evidence, ...]
    since: Mapping[str, Finding]


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
    judged = [
        _judged(result, observations, checks[result.check], law, findings)
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
    observations: Mapping[ProbeKey, Observation],
    check: Check,
    law: Mapping[CheckId, tuple[LawRef, ...]],
    findings: Mapping[FindingId, Finding],
) -> Judged:
    shown = result.reasons[:REASONS]
    seen = [observations[key].evidence for key in result.probes if key in observations]
    items = {reason.item for reason in shown} if result.status is Status.FAIL else set()
    known = {item: identify(result.target, result.check, item) for item in items}
    return Judged(
        check=check,
        result=result,
        reasons=shown,
        more=result.more + len(result.reasons) - len(shown),
        law=law.get(result.check, ()),
        evidence=tuple(e for e in seen if e is not None) if result.status is Status.FAIL else (),
        since={item: findings[name] for item, name in known.items() if name in findings},
    )
