"""Numbers of people who do not exist, and documents that hold them; for tests only."""

import csv
import io
import zipfile
from datetime import date, timedelta

import openpyxl
from fpdf import FPDF
from hypothesis import strategies as st

from auditor.probe.crawl import Document, DocumentKind
from auditor.probe.personal_regions import FIRST_CITY, REGENCIES
from auditor.probe.site_url import Place

TODAY = date(2026, 11, 24)
NIKS = (
    "3579010101900001",
    "3573014505850002",
    "3507111212120003",
    "1171055708990004",
    "9471016002000005",
    "5271023112650006",
)
"""A man and a woman of Batu and Malang, a boy, people of other islands; one was born in 2000."""
KKS = ("3579010502150003", "3573012907200011", "1171050101080123")
NPWPS = ("09.254.294.3-407.000", "47.881.223.1-652.000")


@st.composite
def regions(draw):
    province = draw(st.sampled_from(sorted(REGENCIES)))
    last, last_city = REGENCIES[province]
    regency = draw(st.integers(1, last) | st.integers(FIRST_CITY, last_city))
    return f"{province}{regency:02}{draw(st.integers(1, 60)):02}"


@st.composite
def niks(draw):
    """A valid number: of a known region, born on a day that was, of either sex."""
    birth = draw(st.dates(date(1930, 1, 1), TODAY))
    day = birth.day + (40 if draw(st.booleans()) else 0)
    serial = draw(st.integers(1, 9999))
    return f"{draw(regions())}{day:02}{birth:%m%y}{serial:04}"


@st.composite
def kks(draw):
    issued = draw(st.dates(date(2000, 1, 1), TODAY))
    return f"{draw(regions())}{issued:%d%m%y}{draw(st.integers(1, 9999)):04}"


@st.composite
def broken(draw):
    """A number of 16 digits that is none of a person, by one thing that is wrong with it."""
    number = draw(niks())
    region, birth, serial = number[:6], number[6:12], number[12:]
    match draw(st.sampled_from(("province", "regency", "district", "day", "month", "serial"))):
        case "province":
            region = (
                draw(st.sampled_from(("00", "10", "20", "22", "30", "37", "40", "50", "77", "99")))
                + region[2:]
            )
        case "regency":
            region = f"{region[:2]}00{region[4:]}"
        case "district":
            region = f"{region[:4]}00"
        case "day":
            birth = draw(st.sampled_from(("00", "32", "40", "72", "99"))) + birth[2:]
        case "month":
            birth = birth[:2] + draw(st.sampled_from(("00", "13", "99"))) + birth[4:]
        case "serial":
            serial = "0000"
    return region + birth + serial


def written(number: str) -> list[str]:
    """Return the ways in which people write a number."""
    n = number
    return [
        n,
        f"{n[:4]} {n[4:8]} {n[8:12]} {n[12:]}",
        f"{n[:6]} {n[6:12]} {n[12:]}",
        f"{n[:6]}-{n[6:12]}-{n[12:]}",
        f"{n[:6]}.{n[6:12]}.{n[12:]}",
        f"{n[:2]}.{n[2:4]}.{n[4:6]}.{n[6:12]}.{n[12:]}",
        f"{n[:2]}.{n[2:4]}.{n[4:6]}.{n[6:8]}.{n[8:10]}.{n[10:12]}.{n[12:]}",
        " ".join(n),
        n.translate({ord(str(d)): chr(0xFF10 + d) for d in range(10)}),
        f"{n[:4]}\u00a0{n[4:8]}\u00a0{n[8:12]}\u00a0{n[12:]}",
        "\u200b".join(n),
        f"{n[:6]}\u2013{n[6:12]}\u2013{n[12:]}",
    ]


def document(kind: str, body: bytes, *, cut: bool = False, path: str = "/x") -> Document:
    place = Place(secure=True, name="dinas.batukota.go.id", path=path)
    return Document(place=place, kind=DocumentKind(kind), body=body, cut=cut)


def pdf(*pages, author="", table=None) -> bytes:
    """A PDF with text on each page; a page may be a function that draws on it."""
    made = FPDF()
    made.set_font("helvetica", size=11)
    for page in pages:
        made.add_page()
        if callable(page):
            page(made)
        else:
            made.multi_cell(0, text=page)
    if table:
        made.add_page()
        with made.table() as rows:
            for row in table:
                line = rows.row()
                for text in row:
                    line.cell(text)
    if author:
        made.set_author(author)
    return bytes(made.output())


def xlsx(sheets, change=None) -> bytes:
    """A workbook: name → rows; `change` may alter it before it is written."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    if change:
        change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def parts(changes, base=None) -> bytes:
    """A workbook whose parts are replaced or added: name → bytes, None to leave out."""
    whole = {}
    with zipfile.ZipFile(io.BytesIO(base or xlsx({"a": [["NIK"], [NIKS[0]]]}))) as archive:
        whole = {name: archive.read(name) for name in archive.namelist()}
    whole |= changes
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in whole.items():
            if data is not None:
                archive.writestr(name, data)
    return out.getvalue()


def table(rows, separator=",", encoding="utf-8") -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=separator).writerows(rows)
    return out.getvalue().encode(encoding)


def years_ago(years: int) -> date:
    return TODAY - timedelta(days=365 * years + years // 4)
