"""A small questionnaire, an office, and forms that it fills in."""

import datetime as dt
import io
from zoneinfo import ZoneInfo

from openpyxl import load_workbook

from auditor.load.attest_answers import Asked
from auditor.load.attest_form import form_of
from auditor.load.attest_sheet import FIRST, write_sheet
from auditor.load.attest_words import Part
from auditor.model.attest import AnswerKind, Question, Questionnaire, Whom
from auditor.model.base import Lang, Text
from auditor.model.check import Severity
from auditor.model.inventory import Authority, City, Inventory, Opd, Scope

NOW = dt.datetime(2026, 11, 24, 8, tzinfo=ZoneInfo("Asia/Jakarta"))
TODAY = NOW.date()
INVENTORY = Inventory(
    city=City(name="Kota Batu"),
    authority=Authority(letter="800/1", date=TODAY, valid_until=TODAY, scope=Scope()),
    opds=(Opd(id="kominfo", name="Diskominfo", leads=True), Opd(id="dinkes", name="=Dinkes")),
    targets=(),
)


def words(text):
    return Text(id=f"{text} id", en=text)


def question(name, **more):
    texts = {key: words(f"{name} {key}") for key in ("text", "help", "why", "fix")}
    return Question(id=name, severity=Severity.HIGH, refs=("LIT-ETHICS",), **texts, **more)


QUESTIONNAIRES = (
    Questionnaire(
        id="first",
        title=words("First"),
        intro=words("Intro"),
        questions=(
            question("policy", may_not_apply=False),
            question("share", kind=AnswerKind.NUMBER, least=80, most=100),
            question("drill", kind=AnswerKind.DATE, within=365, needs_evidence=True),
            question("count", kind=AnswerKind.NUMBER, least=1, may_not_apply=False),
        ),
    ),
    Questionnaire(
        id="second",
        title=words("Second"),
        intro=words("Intro 2"),
        questions=(question("city", of=Whom.CITY), question("rules")),
    ),
    Questionnaire(
        id="third",
        title=words("Third"),
        intro=words("Intro 3"),
        questions=(question("lead", of=Whom.CITY),),
    ),
)


def asked_of(opd="dinkes", before=(), now=NOW):
    return Asked(
        questionnaires=QUESTIONNAIRES,
        opd=opd,
        leads=opd == "kominfo",
        before={answer.question: answer for answer in before},
        now=now,
    )


def form(opd="dinkes", answers=()):
    known = {answer.question: answer for answer in answers}
    return form_of(INVENTORY, INVENTORY.opd(opd), QUESTIONNAIRES, known)


def sheet(changes=None, opd="dinkes", lang=Lang.ID, answers=()):
    """Return a filled form as bytes; `changes` map a question and a part to a value."""
    book = load_workbook(io.BytesIO(write_sheet(form(opd, answers), lang)))
    page = book.worksheets[0]
    rows = {row[1].value: row[0].row for row in page.iter_rows() if row[1].value}
    for (name, part), value in (changes or {}).items():
        page.cell(rows[name], FIRST + tuple(Part).index(part)).value = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


COMMON = {
    ("*", Part.ROLE): "Kepala Dinas",
    ("*", Part.DATE): dt.date(2026, 11, 1),
    ("*", Part.LETTER): "800/12",
}
