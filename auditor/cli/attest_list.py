"""How the answers of offices stand, in lines of text."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from auditor.load.attest_form import Form
from auditor.load.attest_words import PARTS, Part, asked, word
from auditor.model.attest import Answer, Question, Statement
from auditor.model.base import Lang, Text
from auditor.probe.attestation import State, standing

STATES: Mapping[State, Text] = {
    State.HOLDS: Text(id="terjawab", en="answered"),
    State.EXPIRING: Text(id="segera berakhir", en="ends soon"),
    State.EXPIRED: Text(id="kedaluwarsa", en="lapsed"),
    State.BARE: Text(id="belum lengkap", en="incomplete"),
    State.MISSING: Text(id="belum dijawab", en="missing"),
}


def counts(form: Form, today: date, lang: Lang) -> str:
    """Return a line on an office: how many of its questions stand how."""
    stand = Counter(
        standing(row.question, row.answer, today).state for _, rows in form.parts for row in rows
    )
    told = ", ".join(f"{stand[state]} {text.in_(lang)}" for state, text in STATES.items())
    return f"{form.opd.id}: {told}"


def questions(form: Form, today: date, lang: Lang) -> Iterator[str]:
    """Yield a line for each question of an office: how it stands, until when, the answer."""
    wide = max(len(text.in_(lang)) for text in STATES.values())
    for _, rows in form.parts:
        for row in rows:
            how = standing(row.question, row.answer, today)
            until = str(how.until or "")
            said = word(row.answer.said, lang) if row.answer else ""
            state = STATES[how.state].in_(lang)
            text = row.question.text.in_(lang)
            yield f"{state:<{wide}}  {until:<10}  {said:<13}  {row.question.id:<24}  {text}"


def history(question: Question, statements: Iterable[Statement], lang: Lang) -> Iterator[str]:
    """Yield the lines of a question and of its answers, the newest import first."""
    yield f"{question.id}: {question.text.in_(lang)}"
    yield f"  {question.help.in_(lang)}"
    yield f"  → {asked(question, lang)}"
    found = [
        (statement, answer)
        for statement in statements
        for answer in statement.answers
        if answer.question == question.id
    ]
    for statement, answer in reversed(found):
        yield f"{statement.imported:%Y-%m-%d %H:%M} UTC  {word(answer.said, lang)}"
        yield from _details(answer, lang)
    if not found:
        yield f"  {STATES[State.MISSING].in_(lang)}"


def _details(answer: Answer, lang: Lang) -> Iterator[str]:
    told = {
        Part.ROLE: answer.role,
        Part.DATE: str(answer.date),
        Part.LETTER: answer.letter,
        Part.VALID_UNTIL: str(answer.valid_until or ""),
        Part.NOTE: answer.note,
    }
    for part, text in told.items():
        if text:
            yield f"  {PARTS[part].in_(lang)}: {text}"
    for file in answer.evidence:
        yield f"  {PARTS[Part.EVIDENCE].in_(lang)}: {file.name} ({file.size} B, {file.sha256})"
