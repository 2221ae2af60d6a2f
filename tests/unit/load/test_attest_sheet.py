import datetime as dt
import io

import pytest
from openpyxl import load_workbook

from auditor.errors import ConfigError
from auditor.load.attest_answers import import_form, read_file
from auditor.load.attest_evidence import Folder
from auditor.load.attest_sheet import as_text
from auditor.load.attest_words import Part
from auditor.model.attest import Answer, EvidenceFile
from auditor.model.base import Lang
from tests.unit.load.asking import COMMON, asked_of, sheet

FILE = EvidenceFile(name="a.pdf", sha256="ab" * 32, size=3)


def answer(question, said, **more):
    given = {"role": "=Kepala", "date": dt.date(2026, 11, 1), "letter": "800/12"}
    return Answer(question=question, said=said, **{**given, **more})


def taken(tmp_path, data, before=()):
    path = tmp_path / "form.xlsx"
    path.write_bytes(data)
    return import_form(read_file(path), asked_of(before=before), Folder(tmp_path))


@pytest.mark.parametrize("lang", Lang)
def test_a_form_with_the_last_answers_comes_back_unchanged(tmp_path, lang):
    before = [
        answer("policy", "partly", note="=1+1"),
        answer("share", 85, valid_until=dt.date(2027, 1, 1)),
        answer("drill", "2026-10-01", evidence=(FILE,)),
        answer("rules", "not_applicable", note="belum"),
    ]

    found = taken(tmp_path, sheet(lang=lang, answers=before), before)

    assert (found.new, found.changed, found.same) == (0, 0, 4)


def test_what_an_office_fills_in_is_taken(tmp_path):
    found = taken(
        tmp_path,
        sheet(
            {
                **COMMON,
                ("policy", Part.ANSWER): "Ya",
                ("share", Part.ANSWER): 80,
                ("drill", Part.ANSWER): dt.date(2026, 10, 1),
                ("rules", Part.ANSWER): "tidak berlaku",
                ("rules", Part.NOTE): "belum ada",
            }
        ),
    )

    assert [one.said for part in found.statements for one in part.answers] == [
        "yes",
        80,
        "2026-10-01",
        "not_applicable",
    ]


def test_a_question_that_stands_twice_is_answered_once(tmp_path):
    book = load_workbook(io.BytesIO(sheet({**COMMON, ("policy", Part.ANSWER): "ya"})))
    page = book.worksheets[0]
    next(row[1] for row in page.iter_rows() if row[1].value == "share").value = "policy"
    out = io.BytesIO()
    book.save(out)

    with pytest.raises(ConfigError, match="the question is answered twice"):
        taken(tmp_path, out.getvalue())


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (" x ", "x"),
        (85.0, "85"),
        (0.8, "0.8"),
        (dt.datetime(2026, 10, 1), "2026-10-01"),  # noqa: DTZ001 - a cell has no zone
        (dt.datetime(2026, 10, 1, 8, 30), "2026-10-01 08:30:00"),  # noqa: DTZ001
        (dt.date(2026, 10, 1), "2026-10-01"),
    ],
)
def test_a_cell_is_read_as_one_would_type_it(value, text):
    assert as_text(value) == text
