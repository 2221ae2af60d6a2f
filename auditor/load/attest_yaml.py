"""The form in YAML: written with its questions as comments, read back with its lines."""

import json
import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path

from auditor.load.attest_filled import Entry, Filled, names_in
from auditor.load.attest_form import Form, Row
from auditor.load.attest_words import FORM, GUIDE, Part, asked
from auditor.load.decode import decode
from auditor.load.yaml import Document, read_yaml
from auditor.model.base import Lang, Text, Value

WIDTH = 96
_ALL = Text(id="Untuk semua jawaban", en="For all answers")
_HINT = "`auditor attest form --opd ID` writes one"
_Word = str | int | None


class _All(Value, frozen=True):
    role: _Word = None
    date: _Word = None
    letter: _Word = None


class _Answer(Value, frozen=True):
    answer: _Word = None
    role: _Word = None
    date: _Word = None
    letter: _Word = None
    valid_until: _Word = None
    evidence: tuple[str, ...] | str | None = None
    note: _Word = None


class _File(Value, frozen=True):
    form: str
    opd: str
    answers: dict[str, _Answer | None]
    all: _All = _All()


def read_form(path: Path) -> Filled:
    """Read a form that was filled in; raises `ConfigError`."""
    document = read_yaml(path, _HINT)
    if not isinstance(document.value, dict) or document.value.get("form") != FORM:
        raise document.mistake(("form",), f"is no form (form: {FORM})", _HINT)
    file = decode(document, _File)
    return Filled(
        path=document.path,
        opd=file.opd,
        line=document.place(("opd",))[0],
        common=_told(file.all),
        entries=tuple(
            _entry(document, question, answer or _Answer())
            for question, answer in file.answers.items()
        ),
    )


def _entry(document: Document, question: str, answer: _Answer) -> Entry:
    at = ("answers", question)
    evidence = answer.evidence or ()
    return Entry(
        question=question,
        said=_told(answer),
        evidence=tuple(names_in(evidence)) if isinstance(evidence, str) else evidence,
        line=document.place(at)[0],
        lines={part: document.place((*at, part.value))[0] for part in Part},
    )


def _told(value: _All | _Answer) -> Mapping[Part, str]:
    told = {part: getattr(value, part.value, None) for part in Part if part is not Part.EVIDENCE}
    return {part: str(word).strip() for part, word in told.items() if word not in (None, "")}


def write_form(form: Form, lang: Lang) -> str:
    """Return the text of a form, with the last answers filled in."""
    return "\n".join(_lines(form, lang)) + "\n"


def _lines(form: Form, lang: Lang) -> Iterator[str]:
    yield from _comment(form.title.in_(lang), "")
    for text in GUIDE:
        yield from _comment(text.in_(lang), "")
    yield f"form: {FORM}"
    yield f"opd: {_quoted(form.opd.id)}"
    yield from _comment(_ALL.in_(lang), "")
    yield from ("all:", "  role:", "  date:", "  letter:")
    yield "answers:"
    for questionnaire, rows in form.parts:
        yield ""
        yield from _comment(f"── {questionnaire.title.in_(lang)} ──", "  ")
        yield from _comment(questionnaire.intro.in_(lang), "  ")
        for row in rows:
            yield ""
            yield from _row(row, lang)


def _row(row: Row, lang: Lang) -> Iterator[str]:
    question = row.question
    yield from _comment(question.text.in_(lang), "  ")
    yield from _comment(question.help.in_(lang), "  ")
    yield from _comment(f"→ {asked(question, lang)}", "  ")
    yield f"  {question.id}:"
    told = row.told(lang)
    for part in Part:
        if part is Part.EVIDENCE:
            yield f"    {part.value}: [{', '.join(_quoted(name) for name in row.evidence)}]"
        else:
            yield f"    {part.value}: {_quoted(told[part]) if part in told else ''}".rstrip()


def _comment(text: str, indent: str) -> Iterator[str]:
    yield from textwrap.wrap(
        " ".join(text.split()),
        WIDTH,
        initial_indent=f"{indent}# ",
        subsequent_indent=f"{indent}#   ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
