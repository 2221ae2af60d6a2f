import io
import random
import re
import time
import zipfile

import pytest
from openpyxl import Workbook, load_workbook

from auditor.errors import ConfigError
from auditor.load.attest_sheet import SHEET
from auditor.load.attest_words import FORM, Part
from auditor.load.attest_workbook import CELL_LIMIT, FILE_LIMIT, ROWS_LIMIT, read_workbook
from auditor.model.base import Lang
from tests.unit.load.asking import COMMON, sheet

YES = {**COMMON, ("policy", Part.ANSWER): "ya"}


@pytest.fixture
def read(tmp_path):
    def reading(data):
        path = tmp_path / "form.xlsx"
        path.write_bytes(data)
        return read_workbook(path)

    return reading


def repacked(data, changes=None, more=None, method=zipfile.ZIP_DEFLATED):
    """Return an archive with some of its members changed (by a function) or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", method) as new:
        for name in old.namelist():
            change = (changes or {}).get(name, lambda content: content)
            new.writestr(name, change(old.read(name)))
        for name, content in (more or {}).items():
            new.writestr(name, content)
    return out.getvalue()


def shared(data):
    """Return a workbook with its texts in one table, as office programs save them."""
    texts = []

    def into_table(xml):
        return re.sub(rb't="inlineStr"><is><t[^>]*>([^<]*)</t></is></c>', _shared(texts), xml)

    name = "xl/sharedStrings.xml"
    types = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    override = f'<Override PartName="/{name}" ContentType="{types}"/></Types>'.encode()
    changed = repacked(
        data,
        {
            SHEET_XML: into_table,
            "[Content_Types].xml": lambda xml: xml.replace(b"</Types>", override),
        },
    )
    table = b"".join(b"<si><t>%s</t></si>" % text for text in texts)
    space = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    assert texts
    return repacked(changed, more={name: b'<sst xmlns="%s">%s</sst>' % (space, table)})


def _shared(texts):
    def moved(match):
        texts.append(match[1])
        return b't="s"><v>%d</v></c>' % (len(texts) - 1)

    return moved


SHEET_XML = "xl/worksheets/sheet1.xml"


def test_what_is_no_archive_is_refused(read):
    for data in (
        b"",
        b"PK",
        b"\0" * 1000,
        b"<html>",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600,
    ):
        with pytest.raises(ConfigError, match="no XLSX file"):
            read(data)


def test_an_archive_that_is_no_workbook_is_refused(read):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("readme.txt", "hello")

    with pytest.raises(ConfigError, match="cannot be read"):
        read(out.getvalue())


def test_a_large_file_is_not_opened(read):
    with pytest.raises(ConfigError, match="larger than 4 MB"):
        read(b"PK" + b"x" * FILE_LIMIT)


def test_a_bomb_is_refused_before_it_is_unpacked(read):
    bomb = repacked(sheet(), more={"xl/media/zero.bin": b"\0" * 200 * 2**20})
    assert len(bomb) < 2**20

    begun = time.monotonic()
    with pytest.raises(ConfigError, match="unpacks to more"):
        read(bomb)
    assert time.monotonic() - begun < 1


def test_a_bomb_that_lies_about_its_size_unpacks_to_what_it_said(read):
    bomb = bytearray(repacked(sheet(), {SHEET_XML: lambda xml: xml + b" " * 50 * 2**20}))
    with zipfile.ZipFile(io.BytesIO(bomb)) as archive:
        size = archive.getinfo(SHEET_XML).file_size
    assert size > 50 * 2**20
    lied = bytes(bomb).replace(size.to_bytes(4, "little"), (1000).to_bytes(4, "little"))

    with pytest.raises(ConfigError, match="cannot be read"):
        read(lied)


def test_many_members_are_refused(read):
    with pytest.raises(ConfigError, match="unpacks to more"):
        read(repacked(sheet(), more={f"x{n}": b"" for n in range(300)}))


def test_an_odd_way_of_packing_is_refused(read):
    with pytest.raises(ConfigError, match="packed in a way"):
        read(repacked(sheet(), method=zipfile.ZIP_LZMA))


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("xl/vbaProject.bin", "macros"),
        ("xl/macrosheets/sheet1.xml", "macros"),
        ("xl/activeX/activeX1.xml", "controls"),
        ("xl/embeddings/oleObject1.bin", "other files"),
        ("xl/externalLinks/externalLink1.xml", "links to other files"),
        ("xl/connections.xml", "links to data sources"),
        ("xl/queryTables/queryTable1.xml", "links to data sources"),
    ],
)
def test_what_a_form_has_no_need_of_is_not_opened(read, name, what):
    with pytest.raises(ConfigError, match=f"holds {what}"):
        read(repacked(sheet(YES), more={name: b"x"}))


@pytest.mark.parametrize(
    "entities",
    [
        b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>',
        b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
    ],
)
def test_entities_are_not_expanded(read, entities):
    def with_entities(xml):
        start = xml.index(b"?>") + 2 if xml.startswith(b"<?xml") else 0
        return xml[:start] + entities + xml[start:]

    for member in (SHEET_XML, "xl/sharedStrings.xml", "xl/workbook.xml", "xl/styles.xml"):
        with pytest.raises(ConfigError, match="cannot be read"):
            read(repacked(shared(sheet(YES)), {member: with_entities}))


@pytest.mark.parametrize("formula", ['=HYPERLINK("http://x")', "=1+1", "=cmd|' /C calc'!A0"])
def test_a_formula_is_refused_with_its_row(read, formula):
    with pytest.raises(ConfigError, match=r"form\.xlsx:\d+: holds a formula"):
        read(sheet({**YES, ("policy", Part.NOTE): formula}))


def test_an_error_value_is_refused(read):
    book = load_workbook(io.BytesIO(sheet(YES)))
    cell = book.worksheets[0].cell(9, 11)
    cell.value = "#REF!"
    cell.data_type = "e"
    out = io.BytesIO()
    book.save(out)

    with pytest.raises(ConfigError, match="holds the error #REF!"):
        read(out.getvalue())


def test_a_long_text_is_refused(read):
    with pytest.raises(ConfigError, match="more than 4000 characters"):
        read(sheet({**YES, ("policy", Part.NOTE): "x" * (CELL_LIMIT + 1)}))


def test_a_huge_sheet_is_refused_in_time(read):
    book = Workbook(write_only=True)
    page = book.create_sheet()
    for _ in range(20_000):
        page.append(["x"] * 5)
    out = io.BytesIO()
    book.save(out)

    begun = time.monotonic()
    with pytest.raises(ConfigError, match=f"more than {ROWS_LIMIT} rows"):
        read(out.getvalue())
    assert time.monotonic() - begun < 5


def test_a_row_far_below_costs_nothing(read):
    def far(xml):
        row = b'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row>'
        return xml.replace(b"</sheetData>", row + b"</sheetData>")

    begun = time.monotonic()
    read(repacked(sheet(YES), {SHEET_XML: far}))
    assert time.monotonic() - begun < 5


def test_a_size_that_lies_hides_no_answer(read):
    def lie(xml):
        start = xml.index(b"<dimension ref=")
        end = xml.index(b"/>", start)
        return xml[:start] + b'<dimension ref="A1:B2"' + xml[end:]

    (entry,) = [one for one in read(repacked(sheet(YES), {SHEET_XML: lie})).entries if one.said]
    assert entry.said == {Part.ANSWER: "ya"}


def test_spoilt_files_are_refused_in_words_or_read(read):
    """Whatever byte or member is spoilt, nothing but a `ConfigError` comes out."""
    data, chance = sheet(YES), random.Random(6)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()

    def spoil(content):
        if not content:
            return content
        spoilt = bytearray(content)
        for _ in range(chance.randint(1, 6)):
            spoilt[chance.randrange(len(spoilt))] = chance.randrange(256)
        return bytes(spoilt[: chance.randint(len(spoilt) // 2, len(spoilt))])

    refused = 0
    for number in range(300):
        spoilt = repacked(data, {chance.choice(names): spoil}) if number % 3 else spoil(data)
        try:
            read(spoilt)
        except ConfigError:
            refused += 1
    assert refused > 100


def test_columns_that_were_moved_are_noticed(read):
    book = load_workbook(io.BytesIO(sheet(YES)))
    book.worksheets[0].insert_cols(2)
    out = io.BytesIO()
    book.save(out)

    with pytest.raises(ConfigError, match="columns were moved"):
        read(out.getvalue())


def test_another_workbook_is_no_form(read):
    for rows in ([], [["hello"]], [[FORM, "dinkes"]]):
        book = Workbook()
        for row in rows:
            book.worksheets[0].append(row)
        out = io.BytesIO()
        book.save(out)
        with pytest.raises(ConfigError, match="is no form"):
            read(out.getvalue())


def test_an_answer_beside_no_question_is_told(read):
    book = load_workbook(io.BytesIO(sheet(YES)))
    book.worksheets[0].cell(40, 5).value = "ya"
    out = io.BytesIO()
    book.save(out)

    with pytest.raises(ConfigError, match=r"form\.xlsx:40: stands beside no question"):
        read(out.getvalue())


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(ConfigError, match="cannot be read"):
        read_workbook(tmp_path / "none.xlsx")


@pytest.mark.parametrize("lang", Lang)
def test_an_empty_form_says_nothing(read, lang):
    found = read(sheet(lang=lang))

    assert (found.opd, found.common) == ("dinkes", {})
    assert [one.question for one in found.entries] == ["policy", "share", "drill", "count", "rules"]
    assert not any(one.said or one.evidence for one in found.entries)


def test_what_was_filled_in_comes_back_with_its_row(read):
    found = read(
        sheet(
            {
                **COMMON,
                ("share", Part.ANSWER): 85.0,
                ("share", Part.EVIDENCE): "a.pdf; b.pdf\nc.pdf",
                ("share", Part.NOTE): " catatan ",
            }
        )
    )

    (entry,) = [one for one in found.entries if one.said]
    assert found.common == {
        Part.ROLE: "Kepala Dinas",
        Part.DATE: "2026-11-01",
        Part.LETTER: "800/12",
    }
    assert entry.said == {Part.ANSWER: "85", Part.NOTE: "catatan"}
    assert entry.evidence == ("a.pdf", "b.pdf", "c.pdf")
    page = load_workbook(io.BytesIO(sheet())).worksheets[0]
    assert page.cell(entry.line, 2).value == "share"


def test_texts_in_one_table_are_read_as_well(read):
    plain, office = read(sheet(YES)), read(shared(sheet(YES)))

    assert (office.common, office.entries) == (plain.common, plain.entries)


def test_only_what_may_be_filled_in_is_open():
    page = load_workbook(io.BytesIO(sheet())).worksheets[0]

    assert page.title == SHEET
    assert page.protection.sheet
    open_cells = {c.coordinate for row in page.iter_rows() for c in row if not c.protection.locked}
    row = next(row[0].row for row in page.iter_rows() if row[1].value == "policy")
    assert {f"{column}{row}" for column in "EFGHIJK"} <= open_cells
    assert not any(f"{column}{row}" in open_cells for column in "ABCD")


def test_answers_are_offered_and_checked_by_the_program():
    page = load_workbook(io.BytesIO(sheet())).worksheets[0]
    rules = {rule.type: rule for rule in page.data_validations.dataValidation}
    lists = [r.formula1 for r in page.data_validations.dataValidation if r.type == "list"]

    assert sorted(lists) == ['"ya,sebagian,tidak"', '"ya,sebagian,tidak,tidak berlaku"']
    assert rules["date"].formula1 == "36526"
    assert "ISNUMBER" in rules["custom"].formula1


def test_a_name_that_looks_like_a_formula_is_a_text():
    page = load_workbook(io.BytesIO(sheet())).worksheets[0]

    kinds = {cell.data_type for row in page.iter_rows() for cell in row if cell.value is not None}
    assert "f" not in kinds
    assert "=Dinkes" in page.cell(1, 1).value
