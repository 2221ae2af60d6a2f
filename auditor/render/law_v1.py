"""`auditor framework … --format json`: the law and what answers it, as `auditor-law/1`."""

from collections.abc import Iterable

import msgspec

from auditor.model.policy import Control, Framework
from auditor.report.law_coverage import (
    Covered,
    FrameworkCoverage,
    LawCoverage,
    PartCoverage,
    Reach,
)


class Text1(msgspec.Struct, frozen=True):
    """A sentence in both languages."""

    id: str
    en: str


class Framework1(msgspec.Struct, frozen=True):
    """One framework; `standing` and `marks` count its controls."""

    id: str
    short: str
    title: Text1
    controls: int
    standing: dict[str, int]
    marks: dict[str, int]


class Control1(msgspec.Struct, frozen=True):
    """One requirement with everything known of it."""

    id: str
    framework: str
    article: str
    text: Text1
    status: str
    mark: str
    source: str
    assurance: str
    properties: tuple[str, ...]
    refs: tuple[str, ...]
    instrument: tuple[str, ...]
    reach: str
    checks: tuple[str, ...]
    questions: tuple[str, ...]


class Covered1(msgspec.Struct, frozen=True):
    """One requirement and what answers it; `lacks` what its assurance still asks for."""

    id: str
    assurance: str
    reach: str
    checks: tuple[str, ...]
    questions: tuple[str, ...]
    lacks: tuple[str, ...]


class Part1(msgspec.Struct, frozen=True):
    """Requirements that are counted together."""

    title: Text1
    total: int
    automated: int
    mixed: int
    attested: int
    nothing: int
    controls: tuple[Covered1, ...]


class FrameworkCoverage1(msgspec.Struct, frozen=True):
    """One framework, whole and in its parts."""

    id: str
    whole: Part1
    parts: tuple[Part1, ...]


class Foundation1(msgspec.Struct, frozen=True):
    """What advances one foundation."""

    checks: tuple[str, ...]
    questions: tuple[str, ...]


class Law1(msgspec.Struct, frozen=True, omit_defaults=True):
    """The document; a command fills the part that it was asked for."""

    format: str = "auditor-law/1"
    frameworks: tuple[Framework1, ...] = ()
    controls: tuple[Control1, ...] = ()
    coverage: tuple[FrameworkCoverage1, ...] = ()
    foundations: dict[str, Foundation1] = {}


def listed(frameworks: Iterable[Framework]) -> bytes:
    """Return the frameworks."""
    return _encoded(Law1(frameworks=tuple(map(_framework, frameworks))))


def shown(chosen: Iterable[tuple[Framework, Control, Covered]]) -> bytes:
    """Return requirements with what answers them."""
    return _encoded(Law1(controls=tuple(_control(*one) for one in chosen)))


def covering(coverage: LawCoverage) -> bytes:
    """Return how far the law is reached."""
    return _encoded(
        Law1(
            coverage=tuple(map(_covering, coverage.frameworks)),
            foundations={
                name.value: Foundation1(checks=one.signals, questions=one.questions)
                for name, one in coverage.foundations.items()
            },
        )
    )


def counted(words: Iterable[str]) -> dict[str, int]:
    """Return how often each word comes, in the order of their first."""
    counts: dict[str, int] = {}
    for word in words:
        counts[word] = counts.get(word, 0) + 1
    return counts


def _encoded(document: Law1) -> bytes:
    said = {"format": document.format, **msgspec.to_builtins(document)}
    return msgspec.json.format(msgspec.json.encode(said))


def _framework(one: Framework) -> Framework1:
    return Framework1(
        id=one.id,
        short=one.short,
        title=Text1(id=one.title.id, en=one.title.en),
        controls=len(one.controls),
        standing=counted(control.status.value for control in one.controls),
        marks=counted(control.mark.value for control in one.controls),
    )


def _control(framework: Framework, control: Control, covered: Covered) -> Control1:
    return Control1(
        id=control.id,
        framework=framework.id,
        article=control.article,
        text=Text1(id=control.text.id, en=control.text.en),
        status=control.status.value,
        mark=control.mark.value,
        source=control.source,
        assurance=control.assurance.value,
        properties=tuple(one.value for one in control.properties),
        refs=control.refs,
        instrument=control.instrument,
        reach=covered.reach.value,
        checks=covered.signals,
        questions=covered.questions,
    )


def _covering(one: FrameworkCoverage) -> FrameworkCoverage1:
    return FrameworkCoverage1(
        id=one.framework.id, whole=_part(one.whole), parts=tuple(map(_part, one.parts))
    )


def _part(part: PartCoverage) -> Part1:
    return Part1(
        title=Text1(id=part.title.id, en=part.title.en),
        total=len(part.covered),
        automated=part.count(Reach.AUTOMATED),
        mixed=part.count(Reach.MIXED),
        attested=part.count(Reach.ATTESTED),
        nothing=part.count(Reach.NOTHING),
        controls=tuple(
            Covered1(
                id=one.id,
                assurance=one.assurance.value,
                reach=one.reach.value,
                checks=one.signals,
                questions=one.questions,
                lacks=one.lacks,
            )
            for one in part.covered
        ),
    )
