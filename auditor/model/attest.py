"""What no machine can see: questions to offices, and what their officials state."""

import datetime as dt
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Annotated

import msgspec

from auditor.model.base import OpdId, Text, Value
from auditor.model.check import Foundation, Severity

CHECKS = "attest."
"""Begins the id of the check that a question becomes."""
EVIDENCE_LIMIT = 20 * 2**20
"""Bytes of one file of evidence."""

_ID = msgspec.Meta(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*\Z", max_length=48)
QuestionId = Annotated[str, _ID]
Days = Annotated[int, msgspec.Meta(ge=1, le=3650)]


class AnswerKind(StrEnum):
    """What an answer is."""

    YES_NO = "yes_no"
    """How far a sentence is true: a word of `Said`."""
    NUMBER = "number"
    DATE = "date"


class Whom(StrEnum):
    """Who is asked."""

    OPD = "opd"
    CITY = "city"
    """The office that answers for the city."""


class Said(StrEnum):
    """The words of an answer; the last one fits a question of any kind."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"
    NOT_APPLICABLE = "not_applicable"


class Question(Value, frozen=True):
    """One thing that an official states; `text` is the sentence that the answer is about."""

    id: QuestionId
    text: Text
    help: Text
    """What to look at before answering, and what shows that the answer is true."""
    why: Text
    fix: Text
    severity: Severity
    refs: tuple[str, ...]
    foundation: Foundation = Foundation.SECURITY
    kind: AnswerKind = AnswerKind.YES_NO
    of: Whom = Whom.OPD
    least: int | None = None
    """The smallest number that is good."""
    most: int | None = None
    """The largest number that can be answered, such as 100 for a share."""
    within: Days | None = None
    """Days that a date may lie back."""
    valid: Days = 365
    """Days after which what was stated has to be stated again."""
    needs_evidence: bool = False
    may_not_apply: bool = True
    against: tuple[str, ...] = ()
    """Ids or globs of the checks that speak against a good answer where they fail."""


class Questionnaire(Value, frozen=True):
    """Questions on one subject."""

    id: QuestionId
    title: Text
    intro: Text
    questions: Annotated[tuple[Question, ...], msgspec.Meta(min_length=1)]


class EvidenceFile(Value, frozen=True):
    """A file that shows that an answer is true; `size` in bytes."""

    name: str
    sha256: str
    size: int


class Answer(Value, frozen=True):
    """What an official states.

    `said` is a word of `Said`, a number, or a date such as 2026-12-31.
    """

    question: str
    said: str | int
    role: str
    """The function of who states it, never a person's name."""
    date: dt.date
    letter: str
    valid_until: dt.date | None = None
    note: str = ""
    evidence: tuple[EvidenceFile, ...] = ()


class Statement(Value, frozen=True):
    """Answers of an office to a questionnaire that were imported at one time; in UTC."""

    opd: OpdId
    questionnaire: str
    imported: dt.datetime
    answers: tuple[Answer, ...]


def concerns(question: Question, *, leads: bool) -> bool:
    """Tell whether a question is put to an office; `leads`: it answers for the city."""
    return leads or question.of is Whom.OPD


def latest(statements: Iterable[Statement]) -> Mapping[str, Answer]:
    """Return the answer that counts for each question: the one that was imported last."""
    ordered = sorted(statements, key=lambda statement: statement.imported)
    return {answer.question: answer for one in ordered for answer in one.answers}


def last_day(question: Question, answer: Answer) -> dt.date:
    """Return the last day on which an answer holds, which its own end can only bring forward."""
    longest = answer.date + dt.timedelta(days=question.valid)
    return min(longest, answer.valid_until or longest)
