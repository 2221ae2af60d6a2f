"""Failures get an identity over runs: new, open, fixed, regressed, or no longer seen."""

import uuid
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta

import msgspec

from auditor.model.base import CheckId, FindingId, TargetId, Value
from auditor.model.result import Finding, FindingState, Reason, Result, Status

NAMESPACE = uuid.UUID("6f1d3c52-5d0e-5b7a-9c55-0d2f3f8f7a11")
"""Of all finding ids, for ever."""
REMEMBERED = timedelta(days=180)
"""How long a fixed finding is kept, so that its return is called a relapse."""


def identify(target: TargetId, check: CheckId, item: str) -> FindingId:
    """Return the id of a finding: the same failure has the same id in every run."""
    return FindingId(str(uuid.uuid5(NAMESPACE, f"{target}\n{check}\n{item}")))


class Changes(Value, frozen=True):
    """How many findings stand how, against the run before."""

    new: int = 0
    open: int = 0
    fixed: int = 0
    regressed: int = 0
    unseen: int = 0


def changes(findings: Iterable[Finding], now: datetime) -> Changes:
    """Count findings by state; of the fixed ones those that this run found fixed."""
    counts = dict.fromkeys(FindingState, 0)
    for finding in findings:
        if finding.state is not FindingState.FIXED or finding.fixed_at == now:
            counts[finding.state] += 1
    return Changes(**{state.value: number for state, number in counts.items()})


def track(
    previous: Mapping[FindingId, Finding],
    results: Iterable[Result],
    now: datetime,
    unsettled: Collection[CheckId] = (),
) -> tuple[Finding, ...]:
    """Compare the results of a run with the findings of the run before it.

    A finding is fixed only where its check gave a definite answer without it: a pass, a failure
    that no longer names the item, or "not applicable". Where the target was not seen, the check
    erred, a part of what it judges was not seen, or more items failed than a result keeps, it
    stands as unseen, with its old date. So it does for checks that are `unsettled`: their answers
    hang on targets that were not seen.
    """
    found: dict[FindingId, Finding] = {}
    answers: dict[tuple[TargetId, CheckId], Result] = {}
    for result in results:
        answers[result.target, result.check] = msgspec.structs.replace(result, reasons=())
        if result.status is Status.FAIL:
            for reason in _failing(result):
                finding = _finding(result, reason, previous, now)
                found.setdefault(finding.id, finding)
    for old in previous.values():
        if old.id not in found:
            sure = old.check not in unsettled
            kept = _without(old, answers.get((old.target, old.check)) if sure else None, now)
            if kept is not None:
                found[kept.id] = kept
    return tuple(sorted(found.values(), key=_order))


def _failing(result: Result) -> Iterable[Reason]:
    return (reason for reason in result.reasons if reason.status is Status.FAIL)


def _order(finding: Finding) -> tuple[int, str, str, str]:
    return (-finding.severity.rank, finding.target, finding.check, finding.item)


def _finding(
    result: Result, reason: Reason, previous: Mapping[FindingId, Finding], now: datetime
) -> Finding:
    name = identify(result.target, result.check, reason.item)
    before = previous.get(name)
    state, first_seen = FindingState.NEW, now
    if before is not None:
        first_seen = before.first_seen
        relapsed = before.state is FindingState.FIXED
        state = FindingState.REGRESSED if relapsed else FindingState.OPEN
    return Finding(
        id=name,
        check=result.check,
        target=result.target,
        item=reason.item,
        severity=result.severity,
        foundation=result.foundation,
        state=state,
        message=reason.message,
        first_seen=first_seen,
        last_seen=now,
        place=reason.place,
    )


_DEFINITE = frozenset({Status.PASS, Status.FAIL, Status.NOT_APPLICABLE})


def _without(old: Finding, answer: Result | None, now: datetime) -> Finding | None:
    """Say what becomes of a finding that this run does not show; None where it is forgotten."""
    if old.state is FindingState.FIXED:
        fixed_at = old.fixed_at or old.last_seen
        return old if now - fixed_at <= REMEMBERED else None
    if answer is None or answer.status not in _DEFINITE or answer.more or answer.partial:
        return msgspec.structs.replace(old, state=FindingState.UNSEEN)
    return msgspec.structs.replace(old, state=FindingState.FIXED, fixed_at=now)
