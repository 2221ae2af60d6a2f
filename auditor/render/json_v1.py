"""`auditor-run/1`: a run as JSON, with types of its own that only ever grow.

Everything is in it: gaps as results with status `error` and why, both languages, the law.
One target and one finding a line, written one by one: a big city never stands in memory whole.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import msgspec

from auditor.model.base import TargetId
from auditor.model.fact import Observation
from auditor.model.result import Finding, Result, Score, Visit
from auditor.model.text import inert
from auditor.render.controls_v1 import (
    ControlV1,
    ShareV1,
    WaiverV1,
    controls_v1,
    shares_v1,
    waivers_v1,
)
from auditor.render.grade_v1 import GradeV1, grade_v1
from auditor.render.patches_v1 import LevelV1, SumsV1, level_v1, sums_v1
from auditor.render.published import Part, TextV1, text_v1
from auditor.report import Summary
from auditor.report.model import TargetRow
from auditor.report.patch import level_of

FORMAT = "auditor-run/1"
Look = Callable[[TargetId], Iterable[Observation]]


class ScoreV1(Part, frozen=True):
    """Score 0 to 100, null where nothing was judged, and counts by status."""

    value: float | None
    passed: int
    failed: int
    errors: int
    not_applicable: int
    not_checked: int


class AuthorityV1(Part, frozen=True):
    """The letter behind the audit."""

    letter: str
    date: dt.date
    valid_until: dt.date
    issued_by: str
    networks: list[str]
    domains: list[str]


class RunV1(Part, frozen=True):
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


class CoverageV1(Part, frozen=True):
    """How much could be examined."""

    targets: int
    seen: int
    partly: int
    unseen: int
    answered: int
    asked: int


class ReasonV1(Part, frozen=True):
    """One assertion in words; `item` names what it is about, `place` where to mend it."""

    status: str
    message: TextV1
    item: str
    path: str
    place: str
    detail: str = ""
    """What stood in the way of seeing it, in technical English."""


class ResultV1(Part, frozen=True):
    """One check on one target; `more` counts reasons that were left out."""

    check: str
    status: str
    severity: str
    foundation: str
    reasons: list[ReasonV1]
    more: int
    params: dict[str, Any]


class TargetV1(Part, frozen=True):
    """One target with all its results."""

    id: str
    opd: str
    name: str
    kind: str
    address: str
    sites: list[str]
    roles: list[str]
    kategori_se: str | None
    iiv: bool
    data_pribadi: bool
    state: str
    reason: str
    ms: int
    score: ScoreV1
    results: list[ResultV1]
    patch: LevelV1 | None = None
    """Null where the patch level was not asked for."""
    grade: GradeV1 | None = None
    """Null where it has no site, or its outside was not asked for."""


class FindingV1(Part, frozen=True):
    """A failure with an identity over runs."""

    id: str
    check: str
    target: str
    item: str
    severity: str
    foundation: str
    state: str
    message: TextV1
    place: str
    first_seen: dt.datetime
    last_seen: dt.datetime
    fixed_at: dt.datetime | None


class CheckV1(Part, frozen=True):
    """A check as it was, with the controls that it gives evidence for or against."""

    id: str
    title: TextV1
    why: TextV1
    fix: TextV1
    run: str
    severity: str
    foundation: str
    controls: list[str]


class OpdV1(Part, frozen=True):
    """An office, its score and its patch level."""

    id: str
    name: str
    score: ScoreV1
    foundations: dict[str, ScoreV1]
    shares: dict[str, ShareV1]
    patch: SumsV1 | None = None


class DocumentV1(Part, frozen=True):
    """The whole document; `weights` are those of the score, by severity."""

    format: str
    city: str
    unit: str
    tz: str
    policies: list[TextV1]
    weights: dict[str, int]
    authority: AuthorityV1
    run: RunV1
    coverage: CoverageV1
    score: ScoreV1
    foundations: dict[str, ScoreV1]
    shares: dict[str, ShareV1]
    waivers: list[WaiverV1]
    changes: dict[str, int]
    opds: list[OpdV1]
    checks: list[CheckV1]
    controls: list[ControlV1]
    patch: SumsV1 | None
    targets: list[TargetV1]
    findings: list[FindingV1]


_TAIL = b'"targets":[],"findings":[]}'
"""How a document without targets and findings ends."""


def document(
    summary: Summary,
    visits: Iterable[Visit],
    findings: Iterable[Finding],
    look: Look = lambda _target: (),
) -> Iterator[bytes]:
    """Yield the JSON text of a run in chunks; each visit is read once, one at a time.

    `look` gives what was observed on a target.
    """
    encoder = msgspec.json.Encoder()
    yield encoder.encode(_frame(summary)).removesuffix(_TAIL)
    yield from _listed(b'"targets":[', map(encoder.encode, _targets(summary, visits, look)))
    yield from _listed(b'],"findings":[', map(encoder.encode, map(_finding, findings)))
    yield b"]}\n"


def _listed(opening: bytes, items: Iterable[bytes]) -> Iterator[bytes]:
    yield opening
    for number, item in enumerate(items):
        yield (b",\n" if number else b"\n") + item


def _frame(summary: Summary) -> DocumentV1:
    """Return the document with its lists of targets and findings empty."""
    head, authority = summary.head, summary.head.authority
    city = summary.patch
    patches = {o.opd.id: sums_v1(o.totals, None, o.mended) for o in city.opds} if city else {}
    return DocumentV1(
        format=FORMAT,
        city=head.city,
        unit=head.unit,
        tz=head.tz,
        policies=[text_v1(title) for title in head.policies],
        weights={severity.value: weight for severity, weight in summary.weights.items()},
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
        shares=shares_v1(summary.shares),
        waivers=waivers_v1(summary.waivers),
        changes=msgspec.to_builtins(summary.changes),
        opds=[
            OpdV1(
                id=row.opd.id,
                name=row.opd.name,
                score=_score(row.score),
                foundations=_scores(row.foundations),
                shares=shares_v1(row.shares),
                patch=patches.get(row.opd.id),
            )
            for row in summary.opds
        ],
        checks=list(_checks(summary)),
        controls=list(controls_v1(summary)),
        patch=sums_v1(city.totals, city.before, city.mended) if city else None,
        targets=[],
        findings=[],
    )


def _as(kind: type[Any], value: msgspec.Struct) -> Any:
    """Carry over the fields that the published type has, and no other."""
    return kind(**{name: getattr(value, name) for name in kind.__struct_fields__})


def _score(score: Score) -> ScoreV1:
    return ScoreV1(value=score.value, **msgspec.structs.asdict(score.tally))


def _scores(scores: Mapping[Any, Score]) -> dict[str, ScoreV1]:
    return {str(name.value): _score(score) for name, score in scores.items()}


def _targets(summary: Summary, visits: Iterable[Visit], look: Look) -> Iterator[TargetV1]:
    """Yield every chosen target; those that were not visited come last and have no results."""
    left: dict[TargetId, TargetRow] = {row.target.id: row for row in summary.targets}
    for visit in visits:
        yield _target(left.pop(visit.target), visit.results, look(visit.target))
    for row in left.values():
        yield _target(row, (), ())


def _target(row: TargetRow, results: tuple[Result, ...], seen: Iterable[Observation]) -> TargetV1:
    target = row.target
    level = level_of(seen)
    return TargetV1(
        id=target.id,
        opd=row.opd.id,
        name=inert(target.name),
        kind=target.kind,
        address=target.address,
        sites=list(target.sites),
        roles=list(target.roles),
        kategori_se=target.tags.kategori_se,
        iiv=target.tags.iiv,
        data_pribadi=target.tags.data_pribadi,
        state=row.state,
        reason=inert(row.reason),
        ms=row.ms,
        score=_score(row.score),
        results=[_result(result) for result in results],
        patch=level_v1(level) if level else None,
        grade=grade_v1(row.grade) if row.grade else None,
    )


def _result(result: Result) -> ResultV1:
    return ResultV1(
        check=result.check,
        status=result.status,
        severity=result.severity,
        foundation=result.foundation,
        reasons=[
            ReasonV1(
                status=reason.status,
                message=text_v1(reason.message),
                item=inert(reason.item),
                path=reason.path,
                place=inert(reason.place),
                detail=inert(reason.detail),
            )
            for reason in result.reasons
        ],
        more=result.more,
        params=dict(result.params),
    )


def _finding(finding: Finding) -> FindingV1:
    return FindingV1(
        id=finding.id,
        check=finding.check,
        target=finding.target,
        item=inert(finding.item),
        severity=finding.severity,
        foundation=finding.foundation,
        state=finding.state,
        message=text_v1(finding.message),
        place=inert(finding.place),
        first_seen=finding.first_seen,
        last_seen=finding.last_seen,
        fixed_at=finding.fixed_at,
    )


def _checks(summary: Summary) -> Iterator[CheckV1]:
    for check in summary.checks.values():
        yield CheckV1(
            id=check.id,
            title=text_v1(check.title),
            why=text_v1(check.why),
            fix=TextV1(id=check.fix.id, en=check.fix.en),
            run=check.fix.run,
            severity=check.severity,
            foundation=check.foundation,
            controls=[ref.id for ref in summary.law.get(check.id, ())],
        )


def schema() -> dict[str, Any]:
    """Return the JSON Schema of the format."""
    return msgspec.json.schema(DocumentV1)
