"""A check and what was seen become a result: pass, fail or error, with the reasons in words."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime

import msgspec

from auditor.bind import BoundCheck
from auditor.evaluate.applies import applies
from auditor.evaluate.judge import holds, say, strays
from auditor.evaluate.scope import Here, Missing, Scope, scope_of
from auditor.model.base import ProbeKey, TargetId, Text
from auditor.model.check import Assertion, Each, Expectation, Group, Op, Quantifier
from auditor.model.fact import Json, Kind, Observation
from auditor.model.result import Reason, Result, Status
from auditor.model.shape import DEFAULT

DETAIL = 300
"""Characters that a reason keeps of what stood in the way."""
MOST_REASONS = 200
"""Reasons kept in one result; the rest is counted in `Result.more`."""


class Outcome(msgspec.Struct, frozen=True):
    """The verdict of one expectation: PASS, FAIL or ERROR; of a check also NOT_APPLICABLE."""

    status: Status
    reasons: tuple[Reason, ...]


def evaluate(
    bound: BoundCheck,
    target: TargetId,
    observations: Mapping[ProbeKey, Observation],
    now: datetime,
) -> Result:
    """Judge one check on one target. A failure that was seen counts even beside gaps."""
    if bound.excluded:
        status, message = bound.excluded
        return _result(bound, target, status, (Reason(status=status, message=message),))
    barred = applies(bound, observations)
    if barred is not None:
        return _result(bound, target, barred.status, (barred,))
    scope = scope_of(bound.probes, observations)
    idle = _idle(bound, scope, now)
    if idle is not None:
        return _result(bound, target, *_waiting(idle))
    outcome = combine(Quantifier.ALL, [_judge(part, scope, now) for part in bound.expect])
    return _result(bound, target, *_waiting(outcome))


def _waiting(outcome: Outcome) -> tuple[Status, tuple[Reason, ...]]:
    """Turn an error into "not checked" where all that is missing waits to be looked for."""
    missing = tuple(r for r in outcome.reasons if r.status is Status.ERROR)
    if outcome.status is not Status.ERROR or not missing or not all(r.waits for r in missing):
        return outcome.status, outcome.reasons
    status = Status.NOT_CHECKED
    return status, tuple(msgspec.structs.replace(r, status=status) for r in missing)


def _idle(bound: BoundCheck, scope: Scope, now: datetime) -> Outcome | None:
    """Return why a check has no meaning here, or why that is not known; None where it has one."""
    if not bound.when:
        return None
    outcome = combine(Quantifier.ALL, [_judge(part, scope, now) for part in bound.when])
    if outcome.status is Status.PASS:
        return None
    status = Status.NOT_APPLICABLE if outcome.status is Status.FAIL else Status.ERROR
    telling = tuple(
        msgspec.structs.replace(reason, status=status)
        for reason in outcome.reasons
        if reason.status is outcome.status
    )
    return Outcome(status, telling)


def _result(
    bound: BoundCheck, target: TargetId, status: Status, reasons: tuple[Reason, ...]
) -> Result:
    telling = tuple(r for r in reasons if r.status is status) or reasons
    return Result(
        check=bound.check.id,
        target=target,
        status=status,
        severity=bound.severity,
        foundation=bound.check.foundation,
        reasons=telling[:MOST_REASONS],
        probes=tuple(probe.key for probe in bound.questions()),
        params=bound.params,
        more=max(0, len(telling) - MOST_REASONS),
        partial=status is Status.FAIL and any(r.status is Status.ERROR for r in reasons),
    )


def combine(quantifier: Quantifier, outcomes: list[Outcome]) -> Outcome:
    """Join outcomes: `all` fails if any fails, else errs if any errs; `any`, `none` likewise."""
    reasons = tuple(reason for outcome in outcomes for reason in outcome.reasons)
    seen = {outcome.status for outcome in outcomes}
    match quantifier:
        case Quantifier.ANY:
            order = (Status.PASS, Status.ERROR, Status.FAIL)
            return Outcome(next(s for s in order if s in seen), reasons)
        case Quantifier.NONE:
            turned = tuple(_turned(reason) for reason in reasons)
            order = (Status.PASS, Status.ERROR, Status.FAIL)
            return Outcome(_TURN[next(s for s in order if s in seen)], turned)
        case _:
            order = (Status.FAIL, Status.ERROR, Status.PASS)
            return Outcome(next((s for s in order if s in seen), Status.ERROR), reasons)


_QUIET = {status: Outcome(status, ()) for status in (Status.PASS, Status.FAIL, Status.ERROR)}
_TURN = {Status.PASS: Status.FAIL, Status.FAIL: Status.PASS, Status.ERROR: Status.ERROR}


def _turned(reason: Reason) -> Reason:
    return msgspec.structs.replace(reason, status=_TURN[reason.status])


def _judge(expectation: Expectation, scope: Scope, now: datetime) -> Outcome:
    match expectation:
        case Assertion():
            return _assertion(expectation, scope, now)
        case Group():
            return combine(
                expectation.quantifier, [_judge(part, scope, now) for part in expectation.of]
            )
        case _:
            return _each(expectation, scope, now)


def _assertion(assertion: Assertion, scope: Scope, now: datetime) -> Outcome:
    here = scope.look(assertion.path)
    if isinstance(here, Missing):
        return _QUIET[Status.ERROR] if scope.quiet else _missing(here, assertion.path, scope.item)
    if here.refused and not here.about_refusal:
        message = Text(
            id=f"konfigurasi ditolak oleh programnya sendiri: {here.refused}",
            en=f"the program refuses its own configuration: {here.refused}",
        )
        return _single(Status.FAIL, message, here, scope)
    if assertion.op is not Op.WRITTEN:
        return _compared(assertion, here, scope, now)
    return _written(here, scope) if assertion.operand is True else _QUIET[Status.PASS]


def _compared(assertion: Assertion, here: Here, scope: Scope, now: datetime) -> Outcome:
    op, operand = assertion.op, assertion.operand
    try:
        held = holds(op, here.value, operand, here.field, now)
    except (ValueError, TypeError) as error:
        odd = Missing("unreadable", f"{here.path}: {error}", here.field)
        return _missing(odd, assertion.path, scope.item)
    if scope.quiet:
        return _QUIET[Status.PASS if held else Status.FAIL]
    message = say(op, here.value, operand, here.field, held=held, place=here.place)
    extra = [] if held else strays(op, here.value, operand)
    if extra:
        return _strays(op, operand, extra, here, scope)
    return _single(Status.PASS if held else Status.FAIL, message, here, scope)


def _written(here: Here, scope: Scope) -> Outcome:
    """A value whose place is not known may be the default: it was not seen to be written."""
    if not here.place:
        missing = Missing("no_data", "where it is set is not known", here.field)
        return _missing(missing, here.path, scope.item)
    held = here.place != DEFAULT
    message = say(Op.WRITTEN, here.value, True, here.field, held=held, place=here.place)  # noqa: FBT003 - the operand
    return _single(Status.PASS if held else Status.FAIL, message, here, scope)


def _single(status: Status, message: Text, here: Here, scope: Scope) -> Outcome:
    reason = Reason(
        status=status,
        message=scope.titled(message),
        item=scope.item,
        path=here.path,
        found=_kept(here.value),
        place=here.place,
    )
    return Outcome(status, (reason,))


def _strays(op: Op, operand: Json, extra: list[str], here: Here, scope: Scope) -> Outcome:
    """One reason for each element that is out of place: each is a finding."""
    return Outcome(
        Status.FAIL,
        tuple(
            Reason(
                status=Status.FAIL,
                message=scope.titled(say(op, [part], operand, here.field, held=False)),
                item=" ".join(filter(None, (scope.item, part))),
                path=here.path,
                found=part,
                place=here.place,
            )
            for part in extra
        ),
    )


def _missing(missing: Missing, path: str, item: str) -> Outcome:
    label = missing.field.label if missing.field else Text(id=path, en=path)
    message = Text(
        id=f"{label.id}: tidak terlihat ({missing.reason.id})",
        en=f"{label.en}: not seen ({missing.reason.en})",
    )
    reason = Reason(
        status=Status.ERROR,
        message=message,
        item=item,
        path=path,
        detail=missing.detail[:DETAIL],
        waits=missing.waits,
    )
    return Outcome(Status.ERROR, (reason,))


def _kept(value: Json) -> Json:
    """What a result keeps of a value: scalars, not whole tables."""
    return value if value is None or isinstance(value, bool | int | float) else str(value)[:200]


def _each(each: Each, scope: Scope, now: datetime) -> Outcome:
    here = scope.look(each.path)
    if isinstance(here, Missing):
        return _missing(here, each.path, scope.item)
    if here.refused:
        return _missing(Missing("unreadable", here.refused, here.field), each.path, scope.item)
    if here.field.kind is not Kind.TABLE or not isinstance(here.value, list):
        return _missing(Missing("unreadable", "not a table", here.field), each.path, scope.item)
    if not here.value and not here.field.may_be_empty:
        return _missing(Missing("no_data", "empty table", here.field), each.path, scope.item)
    items = [scope.within(here, item) for item in here.value]
    return _EACH[each.quantifier](each, items, here, now)


def _holds(parts: tuple[Expectation, ...], scope: Scope, now: datetime) -> Outcome:
    if not parts:
        return Outcome(Status.PASS, ())
    return combine(Quantifier.ALL, [_judge(part, scope, now) for part in parts])


def _each_all(each: Each, items: list[Scope], here: Here, now: datetime) -> Outcome:
    bad = []
    number = 0
    for item in items:
        outcome = _wanted(each, item, now)
        number += outcome is not None
        if outcome is not None and outcome.status is not Status.PASS:
            bad.append(_wanted(each, item.telling, now) or outcome)
    if bad:
        joined = combine(Quantifier.ALL, bad)
        telling = tuple(r for r in joined.reasons if r.status is not Status.PASS)
        return Outcome(joined.status, telling)
    return _summary(Status.PASS, here, number, _ALL_HOLD)


def _wanted(each: Each, item: Scope, now: datetime) -> Outcome | None:
    """Judge what is asked of an item; None where it is not chosen."""
    chosen = _holds(each.where, item, now)
    if chosen.status is Status.FAIL:
        return None
    wanted = _holds(each.that, item, now)
    if chosen.status is Status.ERROR and wanted.status is not Status.PASS:
        return chosen
    return wanted


def _each_none(each: Each, items: list[Scope], here: Here, now: datetime) -> Outcome:
    parts = (*each.where, *each.that)
    statuses = [_holds(parts, item, now).status for item in items]
    hits = [
        _turned(reason)
        for item in _with(Status.PASS, items, statuses)
        for reason in _holds(parts, item.telling, now).reasons
    ]
    unseen = [
        reason
        for item in _with(Status.ERROR, items, statuses)
        for reason in _holds(parts, item.telling, now).reasons
        if reason.status is Status.ERROR
    ]
    if hits:
        return Outcome(Status.FAIL, (*_one_an_item(hits), *unseen))
    if unseen:
        return Outcome(Status.ERROR, tuple(unseen))
    return _summary(Status.PASS, here, len(items), _NONE_FOUND)


def _with(status: Status, items: list[Scope], statuses: list[Status]) -> Iterator[Scope]:
    return (item for item, one in zip(items, statuses, strict=True) if one is status)


def _each_any(each: Each, items: list[Scope], here: Here, now: datetime) -> Outcome:
    parts = (*each.where, *each.that)
    statuses = [_holds(parts, item, now).status for item in items]
    for item in _with(Status.PASS, items, statuses):
        return _holds(parts, item.telling, now)
    unseen = [_holds(parts, i.telling, now) for i in _with(Status.ERROR, items, statuses)]
    if unseen:
        return combine(Quantifier.ALL, unseen)
    return _summary(Status.FAIL, here, len(items), _NONE_HOLDS)


def _each_count(each: Each, items: list[Scope], here: Here, now: datetime) -> Outcome:
    """Count what surely satisfies; what was not seen may be counted or not."""
    statuses = [_holds((*each.where, *each.that), item, now).status for item in items]
    sure, maybe = statuses.count(Status.PASS), statuses.count(Status.ERROR)
    least = each.least if each.least is not None else 0
    most = each.most if each.most is not None else len(items)
    if sure + maybe < least or sure > most:
        return _summary(Status.FAIL, here, sure, _COUNT)
    if sure < least or sure + maybe > most:
        return _summary(Status.ERROR, here, sure, _COUNT)
    return _summary(Status.PASS, here, sure, _COUNT)


_EACH: Mapping[Quantifier, Callable[[Each, list[Scope], Here, datetime], Outcome]] = {
    Quantifier.ALL: _each_all,
    Quantifier.NONE: _each_none,
    Quantifier.ANY: _each_any,
    Quantifier.COUNT: _each_count,
}
_ALL_HOLD = Text(id="{}: {} diperiksa, semuanya memenuhi", en="{}: {} examined, all of them hold")
_NONE_FOUND = Text(id="{}: {} diperiksa, tidak ada temuan", en="{}: {} examined, nothing found")
_NONE_HOLDS = Text(id="{}: tidak satu pun dari {} memenuhi", en="{}: none of {} holds")
_COUNT = Text(id="{}: {} memenuhi syarat", en="{}: {} satisfy the condition")


def _summary(status: Status, here: Here, number: int, words: Text) -> Outcome:
    message = Text(
        id=words.id.format(here.field.label.id, number),
        en=words.en.format(here.field.label.en, number),
    )
    return Outcome(status, (Reason(status=status, message=message, path=here.path),))


def _one_an_item(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    """Join what was found of one item into one sentence: one item, one finding."""
    joined: dict[str, Reason] = {}
    for reason in reasons:
        before = joined.get(reason.item)
        if before is None:
            joined[reason.item] = reason
        else:
            message = Text(
                id=f"{before.message.id}; {_tail(reason.message.id, reason.item)}",
                en=f"{before.message.en}; {_tail(reason.message.en, reason.item)}",
            )
            joined[reason.item] = msgspec.structs.replace(before, message=message)
    return tuple(joined.values())


def _tail(message: str, item: str) -> str:
    return message.removeprefix(f"{item}: ")
