"""What the officials of an office state: each answer that holds, or why there is none."""

import datetime as dt
from collections.abc import Iterable, Mapping
from enum import StrEnum

from auditor.model.attest import (
    Answer,
    AnswerKind,
    Question,
    Said,
    Whom,
    last_day,
)
from auditor.model.base import Text, Value
from auditor.model.fact import GAP, Json, Kind, Why
from auditor.probe.base import Args, ProbeType, Record, Via
from auditor.probe.fields import leaf, record

SOON = dt.timedelta(days=30)
"""An answer that ends within this time is due to be given again."""


class AttestationArgs(Args, frozen=True):
    """Takes no arguments."""


class State(StrEnum):
    """How an answer stands."""

    HOLDS = "holds"
    EXPIRING = "expiring"
    """It holds, and ends soon."""
    EXPIRED = "expired"
    BARE = "bare"
    """Given, but without what makes it count."""
    MISSING = "missing"


class Standing(Value, frozen=True):
    """How an answer stands on a day; `until`: its last day, `detail`: why it does not count."""

    state: State
    until: dt.date | None = None
    detail: str = ""


def standing(question: Question, answer: Answer | None, today: dt.date) -> Standing:
    """Tell whether an answer counts today, which is a day in the city's time zone."""
    if answer is None:
        return Standing(state=State.MISSING)
    until = last_day(question, answer)
    if today > until:
        return Standing(state=State.EXPIRED, until=until, detail=f"it held until {until}")
    if lack := _lack(question, answer):
        return Standing(state=State.BARE, until=until, detail=lack)
    soon = today + SOON >= until
    return Standing(state=State.EXPIRING if soon else State.HOLDS, until=until)


def _lack(question: Question, answer: Answer) -> str:
    """Return what an answer lacks in order to count."""
    if not fits(question, answer.said):
        return "the answer does not fit the question as it is now"
    if answer.said == Said.NOT_APPLICABLE:
        return "" if answer.note else "that it does not apply needs a reason"
    if question.needs_evidence and answer.said != Said.NO and not answer.evidence:
        return "its evidence is missing"
    return ""


def fits(question: Question, said: str | int) -> bool:
    """Tell whether an answer is of the question's kind."""
    if said == Said.NOT_APPLICABLE:
        return question.may_not_apply
    if isinstance(said, int):
        most = said if question.most is None else question.most
        return question.kind is AnswerKind.NUMBER and 0 <= said <= most
    if question.kind is AnswerKind.DATE:
        return _day(said) is not None
    return question.kind is AnswerKind.YES_NO and said in list(Said)


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def attested(
    questions: Iterable[Question], answers: Mapping[str, Answer], now: dt.datetime
) -> Record:
    """Return the record of an office; `now` in the city's time zone, whose day counts.

    A question that is not among `questions` was not put to it: it is unanswered.
    """
    told: dict[str, Json] = {GAP: _gap(Why.UNANSWERED, "")}
    for question in questions:
        told[question.id] = _told(question, answers.get(question.id), now)
    return {"answers": told}


def _gap(why: Why, detail: str) -> Record:
    return {"why": why.value, "detail": detail}


def _told(question: Question, answer: Answer | None, now: dt.datetime) -> Record:
    how = standing(question, answer, now.date())
    if answer is None or how.state in (State.MISSING, State.BARE):
        return {GAP: _gap(Why.UNANSWERED, how.detail)}
    if how.state is State.EXPIRED or how.until is None:
        return {GAP: _gap(Why.EXPIRED, how.detail)}
    return {
        "said": str(answer.said),
        **_meaning(question, answer, now),
        "applies": answer.said != Said.NOT_APPLICABLE,
        "role": answer.role,
        "stated": _moment(answer.date, now),
        "letter": answer.letter,
        "valid_until": _moment(how.until, now),
        "evidence": len(answer.evidence),
        "against": list(question.against),
        "city": question.of is Whom.CITY,
    }


def _meaning(question: Question, answer: Answer, now: dt.datetime) -> Record:
    if answer.said == Said.NOT_APPLICABLE:
        return {}
    if question.kind is AnswerKind.NUMBER:
        return {"number": answer.said}
    if question.kind is AnswerKind.DATE:
        return {"date": _moment(dt.date.fromisoformat(str(answer.said)), now)}
    return {"denied": answer.said == Said.NO, "partly": answer.said == Said.PARTLY}


def _moment(day: dt.date, now: dt.datetime) -> str:
    """Return the beginning of a day in the city's time zone."""
    return dt.datetime.combine(day, dt.time.min, tzinfo=now.tzinfo).isoformat()


_ANSWER = record(
    "Jawaban",
    "Answer",
    {
        "said": leaf(Kind.TEXT, "Jawaban", "Answer"),
        "denied": leaf(Kind.BOOL, "Belum terlaksana", "Not in place"),
        "partly": leaf(Kind.BOOL, "Baru terlaksana sebagian", "Only partly in place"),
        "number": leaf(Kind.INT, "Jumlah", "Number"),
        "date": leaf(Kind.TIME, "Tanggal", "Date"),
        "applies": leaf(Kind.BOOL, "Berlaku untuk OPD ini", "Applies to this office"),
        "role": leaf(Kind.TEXT, "Dinyatakan oleh", "Stated by"),
        "stated": leaf(Kind.TIME, "Tanggal pernyataan", "Date of the statement"),
        "letter": leaf(Kind.TEXT, "Nomor surat", "Letter number"),
        "valid_until": leaf(Kind.TIME, "Berlaku sampai", "Valid until"),
        "evidence": leaf(Kind.INT, "Berkas bukti", "Files of evidence"),
        "against": leaf(
            Kind.TEXTS, "Pemeriksaan pembanding", "Checks that compare", may_be_empty=True
        ),
        "city": leaf(Kind.BOOL, "Untuk seluruh kota", "For the whole city"),
    },
)

PROBE = ProbeType(
    name="attestation",
    via=Via.ATTEST,
    args=AttestationArgs,
    gives=record(
        "Pernyataan pejabat",
        "Statements of officials",
        {"answers": record("Jawaban", "Answers", {}, others=_ANSWER)},
    ),
    doc=Text(
        id="Jawaban kuesioner yang masih berlaku dari suatu OPD, per pertanyaan",
        en="Answers of an office to questionnaires that still hold, by question",
    ),
)
