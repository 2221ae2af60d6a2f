"""`auditor-run/1`: a run as JSON, with types of its own that only ever grow.

Everything is in it: gaps as results with status `error` and why, both languages, the law.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from auditor.model.base import Text
from auditor.model.result import Finding, Score, Visit
from auditor.report import Summary

FORMAT = "auditor-run/1"


class _Part(msgspec.Struct, frozen=True, kw_only=True):
    """Base of the published types."""


class TextV1(_Part, frozen=True):
    """A sentence in both languages."""

    id: str
    en: str


class ScoreV1(_Part, frozen=True):
    """Score 0 to 100, null where nothing was judged, and counts by status."""

    value: float | None
    passed: int
    failed: int
    errors: int
    not_applicable: int
    not_checked: int


class AuthorityV1(_Part, frozen=True):
    """The letter behind the audit."""

    letter: str
    date: dt.date
    valid_until: dt.date
    issued_by: str
    networks: list[str]
    domains: list[str]


class RunV1(_Part, frozen=True):
    """The run; times in UTC."""

    id: str
    started: dt.datetime
    ended: dt.datetime | None
    state: str
    scope: str
    policy: str
    tool_version: str
    digest: str
    previous: str | None


class CoverageV1(_Part, frozen=True):
    """How much could be examined."""

    targets: int
    seen: int
    partly: int
    unseen: int
    answered: int
    asked: int


class ReasonV1(_Part, frozen=True):
    """One assertion in words; `item` names what it is about, `place` where to mend it."""

    status: str
    message: TextV1
    item: str
    path: str
    place: str


class ResultV1(_Part, frozen=True):
    """One check on one target; `more` counts reasons that were left out."""

    check: str
    status: str
    severity: str
    foundation: str
    reasons: list[ReasonV1]
    more: int


class TargetV1(_Part, frozen=True):
    """One target with all its results."""

    id: str
    opd: str
    address: str
    state: str
    reason: str
    score: ScoreV1
    results: list[ResultV1]


class FindingV1(_Part, frozen=True):
    """A failure with an identity over runs."""

    id: str
    check: str
    target: str
    item: str
    severity: str
    state: str
    message: TextV1
    first_seen: dt.datetime
    last_seen: dt.datetime
    fixed_at: dt.datetime | None


class CheckV1(_Part, frozen=True):
    """A check as it was, with the controls that it gives evidence for or against."""

    id: str
    title: TextV1
    why: TextV1
    fix: TextV1
    run: str
    controls: list[str]


class ControlV1(_Part, frozen=True):
    """A control of the law and the evidence for and against it."""

    id: str
    article: str
    text: TextV1
    mark: str
    passed: int
    failed: int
    errors: int
    not_checked: int


class OpdV1(_Part, frozen=True):
    """An office and its score."""

    id: str
    name: str
    score: ScoreV1
    foundations: dict[str, ScoreV1]


class DocumentV1(_Part, frozen=True):
    """The whole document."""

    format: str
    city: str
    authority: AuthorityV1
    run: RunV1
    coverage: CoverageV1
    score: ScoreV1
    foundations: dict[str, ScoreV1]
    changes: dict[str, int]
    opds: list[OpdV1]
    targets: list[TargetV1]
    findings: list[FindingV1]
    checks: list[CheckV1]
    controls: list[ControlV1]


def document(summary: Summary, visits: Iterable[Visit], findings: Iterable[Finding]) -> DocumentV1:
    """Return the document of a run."""
    head, authority = summary.head, summary.head.authority
    return DocumentV1(
        format=FORMAT,
        city=head.city,
        authority=AuthorityV1(
            letter=authority.letter,
            date=authority.date,
            valid_until=authority.valid_until,
            issued_by=authority.issued_by,
            networks=list(authority.scope.networks),
            domains=list(authority.scope.domains),
        ),
        run=RunV1(
            **{n: getattr(head.run, n) for n in head.run.__struct_fields__},
            digest=head.digest,
            previous=summary.previous.id if summary.previous else None,
        ),
        coverage=_as(CoverageV1, summary.coverage),
        score=_score(summary.score),
        foundations=_scores(summary.foundations),
        changes=msgspec.to_builtins(summary.changes),
        opds=[
            OpdV1(
                id=row.opd.id,
                name=row.opd.name,
                score=_score(row.score),
                foundations=_scores(row.foundations),
            )
            for row in summary.opds
        ],
        targets=list(_targets(summary, visits)),
        findings=[_finding(finding) for finding in findings],
        checks=list(_checks(summary)),
        controls=list(_controls(summary)),
    )


def _as(kind: type[Any], value: msgspec.Struct) -> Any:
    """Carry over the fields that the published type has, and no other."""
    return kind(**{name: getattr(value, name) for name in kind.__struct_fields__})


def _text(text: Text) -> TextV1:
    return TextV1(id=text.id, en=text.en)


def _score(score: Score) -> ScoreV1:
    return ScoreV1(value=score.value, **msgspec.structs.asdict(score.tally))


def _scores(scores: Mapping[Any, Score]) -> dict[str, ScoreV1]:
    return {str(name.value): _score(score) for name, score in scores.items()}


def _targets(summary: Summary, visits: Iterable[Visit]) -> Iterator[TargetV1]:
    """Yield every chosen target; one that was not visited has no results."""
    results = {visit.target: visit.results for visit in visits}
    for row in summary.targets:
        yield TargetV1(
            id=row.target.id,
            opd=row.opd.id,
            address=row.target.address,
            state=row.state,
            reason=row.reason,
            score=_score(row.score),
            results=[
                ResultV1(
                    check=result.check,
                    status=result.status,
                    severity=result.severity,
                    foundation=result.foundation,
                    reasons=[
                        ReasonV1(
                            status=reason.status,
                            message=_text(reason.message),
                            item=reason.item,
                            path=reason.path,
                            place=reason.place,
                        )
                        for reason in result.reasons
                    ],
                    more=result.more,
                )
                for result in results.get(row.target.id, ())
            ],
        )


def _finding(finding: Finding) -> FindingV1:
    names = [name for name in FindingV1.__struct_fields__ if name != "message"]
    values = {name: getattr(finding, name) for name in names}
    return FindingV1(**values, message=_text(finding.message))


def _checks(summary: Summary) -> Iterator[CheckV1]:
    behind: dict[str, list[str]] = {}
    for row in summary.controls:
        for name in dict.fromkeys(verdict.check for verdict in row.verdicts):
            behind.setdefault(name, []).append(row.control.id)
    for check in summary.checks.values():
        yield CheckV1(
            id=check.id,
            title=_text(check.title),
            why=_text(check.why),
            fix=TextV1(id=check.fix.id, en=check.fix.en),
            run=check.fix.run,
            controls=behind.get(check.id, []),
        )


def _controls(summary: Summary) -> Iterator[ControlV1]:
    for row in summary.controls:
        yield ControlV1(
            id=row.control.id,
            article=row.control.article,
            text=_text(row.control.text),
            mark=row.control.mark,
            passed=row.tally.passed,
            failed=row.tally.failed,
            errors=row.tally.errors,
            not_checked=row.tally.not_checked,
        )


def encode(value: DocumentV1) -> bytes:
    """Return the JSON text, indented, ending in a newline."""
    return msgspec.json.format(msgspec.json.encode(value), indent=1) + b"\n"


def schema() -> dict[str, Any]:
    """Return the JSON Schema of the format."""
    return msgspec.json.schema(DocumentV1)
