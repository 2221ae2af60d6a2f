import datetime as dt
from zoneinfo import ZoneInfo

import msgspec
import pytest

from auditor.model.attest import (
    Answer,
    AnswerKind,
    EvidenceFile,
    Question,
    Statement,
    Whom,
    concerns,
    last_day,
    latest,
)
from auditor.model.base import Text
from auditor.model.check import Severity
from auditor.model.fact import GAP
from auditor.model.shape import conforms
from auditor.probe.attestation import PROBE, SOON, State, attested, fits, standing

TODAY = dt.date(2026, 11, 24)
NOW = dt.datetime(2026, 11, 24, 8, tzinfo=ZoneInfo("Asia/Jakarta"))
FILE = EvidenceFile(name="a.pdf", sha256="ab" * 32, size=3)


def text(words):
    return Text(id=f"{words} id", en=words)


def question(name="policy", **more):
    words = {key: text(key) for key in ("text", "help", "why", "fix")}
    return Question(id=name, severity=Severity.HIGH, refs=("LIT-ETHICS",), **words, **more)


def answer(said="yes", name="policy", **more):
    given = {"role": "Kepala Dinas", "date": TODAY, "letter": "800/1"}
    return Answer(question=name, said=said, **{**given, **more})


def told(asked, *answers, now=NOW):
    record = attested([asked], {one.question: one for one in answers}, now)
    assert conforms(record, PROBE.gives)
    return record["answers"][asked.id]


def gap(asked, *answers):
    found = told(asked, *answers)
    assert set(found) == {GAP}
    return found[GAP]["why"], found[GAP]["detail"]


def test_what_nobody_answered_is_unanswered():
    assert gap(question()) == ("unanswered", "")


def test_what_was_not_asked_at_all_is_unanswered_too():
    assert attested([], {}, NOW) == {"answers": {GAP: {"why": "unanswered", "detail": ""}}}


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        (question(needs_evidence=True), answer()),
        (question(needs_evidence=True), answer("partly")),
        (question(), answer("not_applicable")),
        (question(may_not_apply=False), answer("not_applicable", note="a reason")),
        (question(kind=AnswerKind.NUMBER, least=1), answer("yes")),
        (question(kind=AnswerKind.NUMBER, least=1, most=100), answer(101)),
        (question(kind=AnswerKind.NUMBER, least=1), answer(-1)),
        (question(kind=AnswerKind.DATE, within=9), answer("yesterday")),
        (question(kind=AnswerKind.DATE, within=9), answer(20261124)),
        (question(), answer(1)),
        (question(), answer("maybe")),
    ],
)
def test_an_answer_that_lacks_something_never_counts(asked, given):
    why, detail = gap(asked, given)

    assert why == "unanswered"
    assert detail


def test_that_something_is_not_done_needs_no_evidence():
    assert told(question(needs_evidence=True), answer("no"))["denied"] is True


def test_an_answer_lapses_the_day_after_its_last():
    given = answer(date=TODAY - dt.timedelta(days=365))

    assert told(question(), given)["said"] == "yes"
    why, detail = gap(question(), msgspec.structs.replace(given, date=given.date - dt.timedelta(1)))
    assert (why, detail) == ("expired", "it held until 2026-11-23")


def test_its_own_end_only_brings_the_last_day_forward():
    asked = question(valid=10)

    assert last_day(asked, answer(valid_until=TODAY)) == TODAY
    assert last_day(asked, answer(valid_until=TODAY.replace(year=2099))) == dt.date(2026, 12, 4)
    assert last_day(asked, answer()) == dt.date(2026, 12, 4)


def test_the_day_is_the_citys():
    late = dt.datetime(2026, 11, 24, 20, tzinfo=dt.UTC)
    given = answer(valid_until=TODAY)

    assert "said" in told(question(), given, now=late)
    assert GAP in told(question(), given, now=late.astimezone(ZoneInfo("Asia/Jakarta")))


def test_the_record_tells_all_but_the_note():
    asked = question(of=Whom.CITY, against=("backup.*",), needs_evidence=True)

    assert told(asked, answer("partly", evidence=(FILE,), note="secret")) == {
        "said": "partly",
        "denied": False,
        "partly": True,
        "applies": True,
        "role": "Kepala Dinas",
        "stated": "2026-11-24T00:00:00+07:00",
        "letter": "800/1",
        "valid_until": "2027-11-24T00:00:00+07:00",
        "evidence": 1,
        "against": ["backup.*"],
        "city": True,
    }


def test_numbers_dates_and_what_does_not_apply():
    number = question(kind=AnswerKind.NUMBER, least=80, most=100)
    date = question(kind=AnswerKind.DATE, within=365)

    assert told(number, answer(79))["number"] == 79
    assert told(date, answer("2026-10-01"))["date"] == "2026-10-01T00:00:00+07:00"
    found = told(number, answer("not_applicable", note="no staff"))
    assert (found["applies"], "number" in found) == (False, False)


def test_how_an_answer_stands():
    asked = question(valid=60)

    def state(days):
        return standing(asked, answer(date=TODAY - dt.timedelta(days=days)), TODAY).state

    assert standing(asked, None, TODAY).state is State.MISSING
    assert state(60 - SOON.days - 1) is State.HOLDS
    assert state(60 - SOON.days) is State.EXPIRING
    assert state(60) is State.EXPIRING
    assert state(61) is State.EXPIRED


def test_fits():
    assert fits(question(), "no")
    assert fits(question(kind=AnswerKind.NUMBER, least=1), 0)
    assert not fits(question(may_not_apply=False), "not_applicable")


def test_the_answer_that_was_imported_last_counts():
    def statement(hour, *answers):
        moment = dt.datetime(2026, 11, 24, hour, tzinfo=dt.UTC)
        return Statement(opd="dinkes", questionnaire="q", imported=moment, answers=answers)

    newest, other = answer("no"), answer("yes", "other")
    found = latest([statement(9, newest), statement(8, answer("yes"), other)])

    assert found == {"policy": newest, "other": other}


def test_questions_to_the_city_concern_the_leading_office_only():
    assert concerns(question(), leads=False)
    assert concerns(question(of=Whom.CITY), leads=True)
    assert not concerns(question(of=Whom.CITY), leads=False)
