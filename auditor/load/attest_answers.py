"""A filled form becomes statements; every mistake in it is told with its line."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import msgspec

from auditor.errors import ConfigError
from auditor.load.attest_evidence import FILES_LIMIT, Folder
from auditor.load.attest_filled import Entry, Filled
from auditor.load.attest_words import PARTS, Part, asked, day, said
from auditor.load.hint import did_you_mean
from auditor.load.refuse import refuse
from auditor.model.attest import (
    Answer,
    AnswerKind,
    EvidenceFile,
    Question,
    Questionnaire,
    Said,
    Statement,
    concerns,
)
from auditor.model.base import Lang, OpdId
from auditor.model.text import inert
from auditor.probe.attestation import fits
from auditor.redact import mask

LONGEST: Mapping[Part, int] = {Part.ROLE: 120, Part.LETTER: 120, Part.NOTE: 1000}
"""Characters of a text at most."""
_NUMBER = re.compile(r"[0-9]{1,9}")
_NEEDED = (Part.ROLE, Part.DATE, Part.LETTER)


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """By what a form is read: the questions, who answers, and what was answered before.

    `now` in the city's time zone.
    """

    questionnaires: tuple[Questionnaire, ...]
    opd: OpdId
    leads: bool
    before: Mapping[str, Answer]
    now: dt.datetime


class Imported(msgspec.Struct, frozen=True, kw_only=True):
    """What a form adds: statements with answers that are new or changed, and their files."""

    statements: tuple[Statement, ...]
    files: Mapping[str, EvidenceFile]
    new: int
    changed: int
    same: int
    notes: tuple[str, ...]


def import_form(filled: Filled, asked_by: Asked, folder: Folder) -> Imported:
    """Check every answer of a form; raises `ConfigErrors` with all that is wrong."""
    reader = _Reader(filled, asked_by, folder)
    answers = [answer for entry in filled.entries for answer in reader.read(entry)]
    refuse(reader.errors)
    before = asked_by.before
    fresh = [answer for answer in answers if before.get(answer.question) != answer]
    files = {file.sha256: file for answer in fresh for file in answer.evidence}
    return Imported(
        statements=tuple(_statements(asked_by, fresh)),
        files=files,
        new=sum(answer.question not in before for answer in fresh),
        changed=sum(answer.question in before for answer in fresh),
        same=len(answers) - len(fresh),
        notes=tuple(reader.notes),
    )


def _statements(asked_by: Asked, answers: Iterable[Answer]) -> Iterator[Statement]:
    fresh = {answer.question: answer for answer in answers}
    for questionnaire in asked_by.questionnaires:
        mine = tuple(fresh[q.id] for q in questionnaire.questions if q.id in fresh)
        if mine:
            yield Statement(
                opd=asked_by.opd,
                questionnaire=questionnaire.id,
                imported=asked_by.now.astimezone(dt.UTC),
                answers=mine,
            )


class _Wrong(Exception):  # noqa: N818 - caught where the line is known
    def __init__(self, part: Part | None, problem: str, hint: str = "") -> None:
        super().__init__(problem)
        self.part = part
        self.hint = hint


class _Reader:
    """Reads answers one by one; gathers what is wrong and what is odd."""

    def __init__(self, filled: Filled, asked_by: Asked, folder: Folder) -> None:
        self._filled = filled
        self._asked = asked_by
        self._folder = folder
        self._questions = {
            question.id: question for one in asked_by.questionnaires for question in one.questions
        }
        self._seen: set[str] = set()
        self.errors: list[ConfigError] = []
        self.notes: list[str] = []

    def read(self, entry: Entry) -> Iterator[Answer]:
        """Yield the answer of an entry; none where it is empty or wrong."""
        try:
            question = self._question(entry)
            if entry.said or entry.evidence:
                yield self._answer(entry, question)
        except _Wrong as wrong:
            self.errors.append(self._filled.mistake(entry, wrong.part, str(wrong), wrong.hint))

    def _question(self, entry: Entry) -> Question:
        question = self._questions.get(entry.question)
        if question is None:
            hint = did_you_mean(entry.question, self._questions)
            raise _Wrong(None, "there is no such question", hint)
        if entry.question in self._seen:
            raise _Wrong(None, "the question is answered twice")
        self._seen.add(entry.question)
        if entry.said and not concerns(question, leads=self._asked.leads):
            raise _Wrong(None, "only the office that answers for the city is asked")
        return question

    def _answer(self, entry: Entry, question: Question) -> Answer:
        told = {**self._filled.common, **entry.said}
        if Part.ANSWER not in entry.said:
            raise _Wrong(Part.ANSWER, "is missing", asked(question, Lang.ID))
        stated = _stated(question, entry.said[Part.ANSWER], self._asked.now.date())
        for part in _NEEDED:
            if not told.get(part):
                raise _Wrong(part, "is missing", f"{PARTS[part].id} / {PARTS[part].en}")
        note = _text(told, Part.NOTE)
        if stated == Said.NOT_APPLICABLE and not note:
            raise _Wrong(Part.NOTE, "says why it does not apply", "write the reason in a sentence")
        date = _past(told[Part.DATE], Part.DATE, self._asked.now.date())
        answer = Answer(
            question=question.id,
            said=stated,
            role=_text(told, Part.ROLE),
            date=date,
            letter=_text(told, Part.LETTER),
            valid_until=_until(told.get(Part.VALID_UNTIL, ""), date),
            note=note,
            evidence=self._evidence(entry),
        )
        self._notice(entry, question, answer)
        return answer

    def _evidence(self, entry: Entry) -> tuple[EvidenceFile, ...]:
        if len(entry.evidence) > FILES_LIMIT:
            raise _Wrong(Part.EVIDENCE, f"names more than {FILES_LIMIT} files")
        before = self._asked.before.get(entry.question)
        try:
            return tuple(self._folder.file(name, before) for name in dict.fromkeys(entry.evidence))
        except ValueError as error:
            hint = "give the folder of the files: --evidence DIR"
            raise _Wrong(Part.EVIDENCE, inert(str(error)), hint) from error

    def _notice(self, entry: Entry, question: Question, answer: Answer) -> None:
        here = f"{self._filled.path}:{entry.line}: {question.id}"
        bare = question.needs_evidence and not answer.evidence
        if bare and answer.said not in (Said.NO, Said.NOT_APPLICABLE):
            self.notes.append(f"{here}: counts only when its evidence is there")
        before = self._asked.before.get(question.id)
        if before is not None and answer.date < before.date:
            self.notes.append(f"{here}: is older than the answer of {before.date} it replaces")


def _stated(question: Question, text: str, today: dt.date) -> str | int:
    """Return an answer in the form of the model."""
    meant: str | int = said(text) or text
    number = text.removesuffix("%").strip()
    if question.kind is AnswerKind.NUMBER and _NUMBER.fullmatch(number):
        meant = int(number)
    elif question.kind is AnswerKind.DATE and day(text) is not None:
        meant = _past(text, Part.ANSWER, today).isoformat()
    if meant == Said.NOT_APPLICABLE and not question.may_not_apply:
        raise _Wrong(Part.ANSWER, "the duty holds for everyone it is put to")
    if not fits(question, meant):
        told = mask(text)[:60]
        raise _Wrong(Part.ANSWER, f"{told!r} is no answer here", asked(question, Lang.ID))
    return meant


def _date(text: str, part: Part) -> dt.date:
    found = day(text)
    if found is None:
        raise _Wrong(part, f"{mask(text)[:60]!r} is no date", "write it as 2026-12-31")
    return found


def _past(text: str, part: Part, today: dt.date) -> dt.date:
    found = _date(text, part)
    if found > today:
        raise _Wrong(part, f"{found} lies in the future")
    return found


def _until(text: str, date: dt.date) -> dt.date | None:
    if not text:
        return None
    until = _date(text, Part.VALID_UNTIL)
    if until < date:
        raise _Wrong(Part.VALID_UNTIL, f"{until} lies before the statement of {date}")
    return until


def _text(told: Mapping[Part, str], part: Part) -> str:
    """Return a text on one line, inert and without secrets and identity numbers."""
    text = " ".join(told.get(part, "").split())
    if len(text) > LONGEST[part]:
        raise _Wrong(part, f"is longer than {LONGEST[part]} characters")
    return mask(inert(text))


def read_file(path: Path) -> Filled:
    """Read a form of either kind; by the file's name, as offices keep it."""
    if path.suffix.lower() in (".yaml", ".yml"):
        from auditor.load.attest_yaml import read_form

        return read_form(path)
    if path.suffix.lower() == ".xlsx":
        from auditor.load.attest_workbook import read_workbook

        return read_workbook(path)
    hint = "save a spreadsheet as XLSX, without macros"
    raise ConfigError(str(path), "is neither .yaml nor .xlsx", hint=hint)
