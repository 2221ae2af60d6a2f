"""The law and what answers it, for a terminal."""

from collections.abc import Iterable, Iterator, Mapping

from auditor.model.base import CheckId, Lang, Text
from auditor.model.check import Check
from auditor.model.policy import Assurance, Control, Framework
from auditor.render.law_v1 import counted
from auditor.render.words import load_texts
from auditor.report.law_coverage import Covered, FrameworkCoverage, LawCoverage, PartCoverage, Reach

REACHES = {
    Reach.AUTOMATED: Text(id="mesin saja", en="machines alone"),
    Reach.MIXED: Text(id="mesin dan orang", en="machines and people"),
    Reach.ATTESTED: Text(id="orang saja", en="people alone"),
    Reach.NOTHING: Text(id="belum ada", en="nothing yet"),
}
ASSURANCES = {
    Assurance.AUTOMATED: Text(id="otomatis", en="automated"),
    Assurance.MIXED: Text(id="otomatis dan pernyataan", en="automated and statements"),
    Assurance.ATTESTED: Text(id="pernyataan pejabat", en="statements of officials"),
}
_LACKS = {
    "check": Text(id="belum ada pemeriksaan mesin", en="no automated check yet"),
    "question": Text(id="belum ada pertanyaan", en="no question yet"),
}


def listed(frameworks: Iterable[Framework], lang: Lang) -> Iterator[str]:
    """Yield a line for each framework: id, how many requirements, standing, marks, title."""
    words = load_texts(lang)
    for one in frameworks:
        standing = _counts(counted(words[c.status] for c in one.controls))
        marks = _counts(counted(words[c.mark] for c in one.controls))
        yield f"{one.id:<22}{len(one.controls):>4}  {one.title.in_(lang)}"
        yield f"{'':<28}{standing}; {marks}"


def _counts(counts: Mapping[str, int]) -> str:
    """Return one word alone, or several with their numbers."""
    if len(counts) == 1:
        return next(iter(counts))
    return ", ".join(f"{number} {word}" for word, number in counts.items())


def framework(one: FrameworkCoverage, lang: Lang) -> Iterator[str]:
    """Yield a framework with a line for each requirement."""
    yield f"{one.framework.id}: {one.framework.title.in_(lang)}"
    if one.framework.note:
        yield one.framework.note.in_(lang)
    words = load_texts(lang)
    for control, covered in zip(one.framework.controls, one.whole.covered, strict=True):
        yield f"  {control.id:<28} {control.article} [{words[control.mark]}]"
        yield f"      {control.text.in_(lang)}"
        yield f"      {_reached(covered, lang)}"


def control(
    one: Control,
    covered: Covered,
    checks: Mapping[CheckId, Check],
    lang: Lang,
    *,
    short: str,
) -> Iterator[str]:
    """Yield all that is known of one requirement, and what answers it."""
    yield f"{one.id}  {short}, {one.article}"
    yield one.text.in_(lang)
    yield ""
    for name, words in _told(one, lang):
        if words:
            yield f"{name:<12}{words}"
    for title, ids in (
        (Text(id="pemeriksaan", en="checks"), covered.signals),
        (Text(id="pertanyaan", en="questions"), covered.questions),
    ):
        yield f"{title.in_(lang)}: {len(ids) or '-'}"
        for name in ids:
            yield f"  {name:<30} {checks[name].title.in_(lang)}"


def _told(one: Control, lang: Lang) -> Iterator[tuple[str, str]]:
    words = load_texts(lang)
    yield Text(id="tanda", en="mark").in_(lang), words[one.mark]
    yield Text(id="sumber", en="source").in_(lang), one.source
    yield Text(id="status", en="standing").in_(lang), words[one.status]
    yield Text(id="bukti", en="evidence").in_(lang), ASSURANCES[one.assurance].in_(lang)
    yield Text(id="sifat", en="properties").in_(lang), ", ".join(one.properties)
    yield "instrumen" if lang is Lang.ID else "instrument", ", ".join(one.instrument)
    yield Text(id="sejalan", en="see also").in_(lang), ", ".join(one.refs)


def _reached(covered: Covered, lang: Lang) -> str:
    signals, questions = len(covered.signals), len(covered.questions)
    words = Text(
        id=f"{signals} pemeriksaan, {questions} pertanyaan",
        en=f"{signals} checks, {questions} questions",
    ).in_(lang)
    lacking = [_LACKS[one].in_(lang) for one in covered.lacks]
    return "; ".join([f"{REACHES[covered.reach].in_(lang)} ({words})", *lacking])


def coverage(found: LawCoverage, lang: Lang, *, whole: bool) -> Iterator[str]:
    """Yield the sums of each framework, of its parts and of the foundations.

    `whole`: each requirement too.
    """
    for one in found.frameworks:
        yield _sums(one.framework.id, one.whole, lang)
        yield from (_sums(f"  {part.title.in_(lang)}", part, lang) for part in one.parts)
        if whole:
            for covered in one.whole.covered:
                yield f"    {covered.id:<28} {_reached(covered, lang)}"
    yield ""
    words = load_texts(lang)
    for foundation, one_of in found.foundations.items():
        name = words[foundation].lower()
        signals, questions = len(one_of.signals), len(one_of.questions)
        yield Text(
            id=f"fondasi {name}: {signals} pemeriksaan otomatis, {questions} pertanyaan",
            en=f"foundation {name}: {signals} automated checks, {questions} questions",
        ).in_(lang)


def _sums(name: str, part: PartCoverage, lang: Lang) -> str:
    counts = {reach: part.count(reach) for reach in Reach}
    return Text(
        id=f"{name}: {part.reached} dari {len(part.covered)} memiliki pemeriksaan atau pertanyaan; "
        f"{counts[Reach.AUTOMATED]} mesin saja, {counts[Reach.MIXED]} campuran, "
        f"{counts[Reach.ATTESTED]} pernyataan saja",
        en=f"{name}: {part.reached} of {len(part.covered)} have a check or a question; "
        f"{counts[Reach.AUTOMATED]} automated alone, {counts[Reach.MIXED]} mixed, "
        f"{counts[Reach.ATTESTED]} attested only",
    ).in_(lang)
