"""The form as a spreadsheet: what may be filled in is open, all else is locked."""

import datetime as dt
import io
from collections.abc import Iterator

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from auditor.load.attest_form import Form, Row
from auditor.load.attest_words import COMMON, FORM, GUIDE, PARTS, WORDS, Part, asked, day
from auditor.model.attest import AnswerKind, Question, Said
from auditor.model.base import Lang, Text
from auditor.model.text import inert

SHEET = "Pernyataan"
CODE = Text(id="Kode", en="Code")
_HEADINGS = (
    Text(id="No.", en="No."),
    CODE,
    Text(id="Pernyataan", en="Statement"),
    Text(id="Petunjuk", en="Guidance"),
)
FIRST = len(_HEADINGS) + 1
"""Column of the answer, from 1; the others follow in the order of `Part`."""
_WIDTHS = (6, 22, 48, 48, 16, 26, 16, 24, 16, 28, 36)
_DATES = (Part.DATE, Part.VALID_UNTIL)
_ALL = Text(id="Untuk semua jawaban yang tidak menyebutnya", en="For all answers without their own")
_DAY = "yyyy-mm-dd"
_LINE = Side(style="thin", color="FFB0B0B0")
_OPEN = PatternFill("solid", start_color="FFFFF8DC")
_HEAD = PatternFill("solid", start_color="FFDDE6EE")


def write_sheet(form: Form, lang: Lang) -> bytes:
    """Return the file (XLSX), with the last answers filled in."""
    book = Workbook()
    book.remove(book.worksheets[0])
    sheet = book.create_sheet(SHEET)
    _Writer(sheet, lang).write(form)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


class _Writer:
    """Fills a sheet from top to bottom."""

    def __init__(self, sheet: Worksheet, lang: Lang) -> None:
        self._sheet = sheet
        self._lang = lang
        self._row = 0
        self._rules: dict[str, DataValidation] = {}

    def write(self, form: Form) -> None:
        """Write the whole form."""
        self._line([form.title.in_(self._lang)], bold=True)
        for text in GUIDE:
            self._line([text.in_(self._lang)])
        self._line([FORM, form.opd.id])
        headings = (*_HEADINGS, *PARTS.values())
        self._line([text.in_(self._lang) for text in headings], bold=True, fill=_HEAD)
        self._sheet.freeze_panes = f"{get_column_letter(FIRST)}{self._row + 1}"
        self._line(["", COMMON, _ALL.in_(self._lang)])
        self._open((Part.ROLE, Part.DATE, Part.LETTER))
        number = 0
        for questionnaire, rows in form.parts:
            title, intro = questionnaire.title.in_(self._lang), questionnaire.intro.in_(self._lang)
            self._line(["", "", title, intro], bold=True, fill=_HEAD)
            for row in rows:
                number += 1
                self._question(number, row)
        self._finish()

    def _line(
        self, texts: list[str], *, bold: bool = False, fill: PatternFill | None = None
    ) -> None:
        self._row += 1
        wide = len(texts) > 2  # noqa: PLR2004 - titles run over the columns beside them
        for column, text in enumerate(texts, 1):
            here = self._at(column)
            _put(here, text)
            here.alignment = Alignment(wrap_text=wide, vertical="top")
            here.font = Font(bold=bold)
            if fill is not None:
                here.fill = fill

    def _question(self, number: int, row: Row) -> None:
        question, lang = row.question, self._lang
        guide = f"{question.help.in_(lang)}\n→ {asked(question, lang)}"
        self._line([str(number), question.id, question.text.in_(lang), guide])
        self._open(tuple(Part))
        told = dict(row.told(lang))
        if row.evidence:
            told[Part.EVIDENCE] = inert("; ".join(row.evidence))
        for part, text in told.items():
            cell = self._cell(part)
            _put(cell, text)
            dated = part in _DATES or (part is Part.ANSWER and question.kind is AnswerKind.DATE)
            if dated and (moment := day(text)) is not None:
                cell.value = moment
                cell.number_format = _DAY
            elif part is Part.ANSWER and text.isdigit():
                cell.value = int(text)
        self._rule(question).add(self._cell(Part.ANSWER))

    def _cell(self, part: Part) -> Cell:
        return self._at(FIRST + tuple(Part).index(part))

    def _at(self, column: int) -> Cell:
        cell = self._sheet.cell(self._row, column)
        assert isinstance(cell, Cell)  # noqa: S101 - no cells are merged here
        return cell

    def _open(self, parts: tuple[Part, ...]) -> None:
        for part in parts:
            cell = self._cell(part)
            cell.protection = Protection(locked=False)
            cell.fill = _OPEN
            cell.border = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if part in _DATES:
                cell.number_format = _DAY
                self._day_rule().add(cell)

    def _rule(self, question: Question) -> DataValidation:
        """Return what may be answered; one rule serves all questions that are alike."""
        apply = WORDS[Said.NOT_APPLICABLE].in_(self._lang)
        alike = f"{question.kind}{question.may_not_apply}{question.most}"
        if question.kind is AnswerKind.YES_NO:
            words = [WORDS[said].in_(self._lang) for said in Said]
            words = words if question.may_not_apply else words[:-1]
            rule = DataValidation(type="list", formula1=f'"{",".join(words)}"', allow_blank=True)
        else:
            here = self._cell(Part.ANSWER).coordinate
            most = f",{here}<={question.most}" if question.most is not None else ""
            formula = f'OR(AND(ISNUMBER({here}),{here}>=0{most}),{here}="{apply}")'
            rule = DataValidation(type="custom", formula1=formula, allow_blank=True)
        return self._kept(alike, rule, asked(question, self._lang))

    def _day_rule(self) -> DataValidation:
        rule = DataValidation(
            type="date", operator="greaterThan", formula1="36526", allow_blank=True
        )
        return self._kept("day", rule, Text(id="tanggal", en="a date").in_(self._lang))

    def _kept(self, alike: str, rule: DataValidation, told: str) -> DataValidation:
        if alike not in self._rules:
            rule.error, rule.showErrorMessage = told[:200], True
            self._rules[alike] = rule
            self._sheet.add_data_validation(rule)
        return self._rules[alike]

    def _finish(self) -> None:
        for number, width in enumerate(_WIDTHS, 1):
            self._sheet.column_dimensions[get_column_letter(number)].width = width
        self._sheet.protection.sheet = True
        self._sheet.protection.formatColumns = False
        self._sheet.protection.formatRows = False
        self._sheet.page_setup.orientation = "landscape"
        self._sheet.page_setup.fitToHeight = 0
        self._sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _put(cell: Cell, text: str) -> None:
    """Write a text as a text: one that begins with = is no formula."""
    cell.value = inert(text)
    cell.data_type = "s"


def columns() -> Iterator[tuple[int, Part]]:
    """Yield the column of each part, from 0."""
    for number, part in enumerate(Part):
        yield FIRST - 1 + number, part


def as_text(value: object) -> str:
    """Return a cell's value as one would type it; days as 2026-12-31."""
    if isinstance(value, dt.datetime) and value.time() == dt.time.min:
        value = value.date()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value).strip()
