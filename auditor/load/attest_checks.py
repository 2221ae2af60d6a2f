"""Each question of a questionnaire is a check, with the examples that prove it."""

from collections.abc import Iterator, Mapping
from datetime import timedelta

from auditor.examples import NOW
from auditor.model.attest import CHECKS, AnswerKind, Question, Whom
from auditor.model.base import CheckId
from auditor.model.check import Applies, Check, Example, Fix, Param, ParamType
from auditor.model.expect import Placed, place_expect
from auditor.model.fact import GAP, Json, Why
from auditor.model.inventory import LEAD, TargetKind
from auditor.model.reference import resolved

_ALIAS = "a"
_PROBE = "attestation"


def as_check(question: Question) -> tuple[Check, tuple[Placed, ...]]:
    """Return the check, and what it expects with places as if it were written in a file.

    A policy may set its parameter: `least` of a number, `within` of a date.
    """
    here = f"{_ALIAS}.answers.{question.id}"
    expect = place_expect(_EXPECT[question.kind](here), ("expect",))
    when: tuple[Placed, ...] = ()
    if question.may_not_apply:
        when = place_expect([{f"{here}.applies": {"eq": True}}], ("when",))
    check = Check(
        id=CheckId(f"{CHECKS}{question.id}"),
        title=question.text,
        why=question.why,
        fix=Fix(id=question.fix.id, en=question.fix.en),
        severity=question.severity,
        foundation=question.foundation,
        applies=Applies(
            kind=(TargetKind.OPD.value,), role=(LEAD,) if question.of is Whom.CITY else ()
        ),
        params=_params(question),
        probe={_ALIAS: {_PROBE: {}}},
        expect=tuple(part.expectation for part in expect),
        when=tuple(part.expectation for part in when),
        refs=tuple(map(resolved, question.refs)),
        tests=tuple(_examples(question)),
    )
    return check, (*expect, *when)


def _yes_no(here: str) -> list[Json]:
    return [{f"{here}.denied": {"eq": False}}, {f"{here}.partly": {"eq": False}}]


def _number(here: str) -> list[Json]:
    return [{f"{here}.number": {"min": "$least"}}]


def _date(here: str) -> list[Json]:
    return [{f"{here}.date": {"newer_than": "$within"}}]


_EXPECT = {AnswerKind.YES_NO: _yes_no, AnswerKind.NUMBER: _number, AnswerKind.DATE: _date}


def _params(question: Question) -> Mapping[str, Param]:
    if question.kind is AnswerKind.NUMBER:
        return {"least": Param(type=ParamType.INT, default=question.least, min=0)}
    if question.kind is AnswerKind.DATE:
        return {"within": Param(type=ParamType.DURATION, default=f"{question.within}d")}
    return {}


def _examples(question: Question) -> Iterator[Example]:
    for name, verdict, told in (*_judged(question), *_WAITING):
        yield _example(question, name, verdict, told)
    if question.may_not_apply:
        told = {"said": "not_applicable", "applies": False}
        yield _example(question, "does not apply, with a reason", "not_applicable", told)
    if question.of is Whom.CITY:
        told = {"gap": {"why": Why.UNANSWERED.value, "detail": ""}}
        yield _example(question, "another office", "not_applicable", told, ())


_Case = tuple[str, str, Mapping[str, Json]]
_WAITING: tuple[_Case, ...] = (
    ("nobody has answered", "not_checked", {GAP: {"why": Why.UNANSWERED.value, "detail": ""}}),
    ("the answer has lapsed", "not_checked", {GAP: {"why": Why.EXPIRED.value, "detail": "old"}}),
)


def _judged(question: Question) -> Iterator[_Case]:
    if question.kind is AnswerKind.NUMBER:
        least = question.least or 0
        for number, verdict in ((least, "pass"), (least + 1, "pass"), (least - 1, "fail")):
            yield f"the answer is {number}", verdict, {"number": number}
    elif question.kind is AnswerKind.DATE:
        within = question.within or 0
        for days, verdict in ((within - 1, "pass"), (within, "fail")):
            day = (NOW - timedelta(days=days)).date()
            yield f"{days} days ago", verdict, {"date": f"{day}T00:00:00+00:00"}
    else:
        yield "yes", "pass", {"said": "yes", "denied": False, "partly": False}
        yield "partly", "fail", {"said": "partly", "denied": False, "partly": True}
        yield "no", "fail", {"said": "no", "denied": True, "partly": False}


def _example(
    question: Question,
    name: str,
    verdict: str,
    told: Mapping[str, Json],
    roles: tuple[str, ...] = (LEAD,),
) -> Example:
    answer = dict(told) if GAP in told else {"applies": True, **told}
    return Example(
        name=name,
        verdict=verdict,
        given={_ALIAS: {"answers": {question.id: answer}}},
        target={"kind": TargetKind.OPD.value, "roles": list(roles)},
    )
