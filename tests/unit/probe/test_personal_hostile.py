"""Documents that want to cost time or memory, or to be taken for clean: each is a gap, soon."""

import io
import time
import tracemalloc
import zipfile
import zlib

import pytest

from auditor.model.fact import Why
from auditor.probe import personal_csv, personal_parts, personal_xlsx
from auditor.probe.personal_documents import read_document
from auditor.probe.personal_find import MOST_CANDIDATES, Finder
from auditor.probe.personal_pdf import MOST_PAGES, Purse
from tests.unit.probe.personal_made import NIKS, TODAY, document, parts, pdf, table, xlsx

N = NIKS[0]
SECONDS = 25
MEGABYTES = 300
FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
FONTS = b"/Font<</F1 4 0 R>>"


def look(kind, body, purse=None):
    """Read a document within bounds; return what was found and why not all was seen."""
    finder = Finder(TODAY)
    begun = time.process_time()
    reading = read_document(document(kind, body), finder, purse or Purse())
    finder.settle()
    assert time.process_time() - begun < SECONDS
    return finder, [error.why for error in reading.unseen]


def stream(data: bytes, more=b"") -> bytes:
    packed = zlib.compress(data, 9)
    return b"<</Length %d/Filter/FlateDecode%s>>stream\n%s\nendstream" % (len(packed), more, packed)


def form(data: bytes, resources=FONTS) -> bytes:
    return stream(data, b"/Type/XObject/Subtype/Form/BBox[0 0 1 1]/Resources<<%s>>" % resources)


def file(objects) -> bytes:
    out = b"%PDF-1.7\n"
    places = []
    for at, data in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (at, data)
    lines = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return out + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n"
        b"%%%%EOF" % (size, lines, size, len(out))
    )


def drawn(content: bytes, more=(), resources=FONTS, pages=1, font=FONT) -> bytes:
    """A PDF whose pages all draw the same; objects 6 and on are `more`."""
    kids = b" ".join([b"3 0 R"] * pages)
    return file(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, pages),
            b"<</Type/Page/Parent 2 0 R/Resources<<%s>>/Contents 5 0 R>>" % resources,
            font,
            stream(content),
            *more,
        ]
    )


NAMED = b"BT /F1 12 Tf (NIK 3579010101900001) Tj ET "
MAP = stream(b"begincmap 1 beginbfrange <0000> <FFFF> <0000> endbfrange endcmap")
WIDE = (
    b"<</Type/Font/Subtype/Type0/BaseFont/X/Encoding/Identity-H/ToUnicode 6 0 R/DescendantFonts"
    b"[<</Type/Font/Subtype/CIDFontType2/W[0 65000 500 70000[1 2]]>>]>>"
)
ODD = b"<</Type/Font/Subtype/Type0/BaseFont/X/ToUnicode/Identity-H/DescendantFonts[<</W 5>>]>>"
SELF = b"/Font<</F1 4 0 R>>/XObject<</A 6 0 R>>"


class TestPdf:
    def test_what_is_sound_is_read(self):
        finder, why = look("pdf", drawn(NAMED, pages=3))
        assert finder.niks == {N}
        assert why == []

    @pytest.mark.parametrize(
        ("name", "body", "why"),
        [
            ("nothing", b"", Why.UNREADABLE),
            ("a mark only", b"%PDF-1.7\n", Why.UNREADABLE),
            ("zeros", b"%PDF-1.7\n" + bytes(500_000), Why.UNREADABLE),
            ("100,000 pages", drawn(NAMED, pages=100_000), Why.CUT),
            ("more pages than are read", drawn(NAMED, pages=MOST_PAGES + 1), Why.CUT),
            ("a zlib bomb", drawn(b"q " * 30_000_000), Why.CUT),
            ("a large page", drawn(b"q " * 1_000_000), Why.CUT),
            ("many instructions", drawn(b"(a)Tj " * 120_000, pages=50), Why.CUT),
            ("nested arrays", drawn(b"[" * 100_000 + NAMED), Why.CUT),
            (
                "pages that contain themselves",
                file([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R]/Count 1>>"]),
                Why.UNREADABLE,
            ),
            (
                "no pages",
                file([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[]/Count 0>>"]),
                Why.UNREADABLE,
            ),
            ("no page tree", file([b"<</Type/Catalog>>"]), Why.UNREADABLE),
            ("many objects", b"%PDF-1.4\n" + b"1 0 obj " * 300_000, Why.UNREADABLE),
            (
                "many trailers",
                b"%PDF-1.4\n" + b"trailer <</Root 1 0 R>> " * 100_000,
                Why.UNREADABLE,
            ),
            ("a large form", drawn(b"/A Do", [form(b"q " * 600_000)], SELF), Why.CUT),
            (
                "broken data",
                drawn(NAMED).replace(b"stream\nx\xda", b"stream\n\xff\xff"),
                Why.UNREADABLE,
            ),
            (
                "fonts that cost",
                drawn(
                    NAMED,
                    [MAP],
                    b"/Font<<" + b"".join(b"/F%d 4 0 R" % n for n in range(200)) + b">>",
                    50,
                    WIDE,
                ),
                Why.CUT,
            ),
            (
                "many forms",
                drawn(
                    b"q",
                    [form(b"q")] + [form(b"q", b"") for _ in range(400)],
                    b"/XObject<<"
                    + b"".join(b"/A%d %d 0 R" % (n, n) for n in range(6, 400))
                    + b">>",
                ),
                Why.CUT,
            ),
            (
                "a broken catalog",
                drawn(NAMED).replace(
                    b"/Catalog/Pages 2 0 R", b"/Catalog/Pages 2 0 R/Metadata 9 9 R/Names 5"
                ),
                None,
            ),
        ],
    )
    def test_what_is_hostile_is_a_gap(self, name, body, why):
        _, seen = look("pdf", body)
        assert (why in seen) if why else (seen == [])

    @pytest.mark.parametrize(
        ("name", "body"),
        [
            (
                "a form that draws itself",
                drawn(b"/A Do", [form(b"/A Do /A Do " + NAMED, SELF)], SELF),
            ),
            (
                "forms that double",
                drawn(
                    b"/A Do",
                    [form(b"/A Do /A Do", b"/XObject<</A %d 0 R>>" % (7 + n)) for n in range(30)]
                    + [form(NAMED)],
                    SELF,
                ),
            ),
            ("one form many times", drawn(b"/A Do " * 5_000, [form(NAMED * 200)], SELF)),
            (
                "objects that are none",
                drawn(NAMED, [b"5"], b"/Font<</F1 4 0 R/F2 6 0 R/F3 5 0 R>>/XObject<</A 6 0 R>>"),
            ),
            ("odd fonts", drawn(NAMED, [ODD], b"/Font<</F1 4 0 R/F2 6 0 R>>")),
            (
                "odd notes",
                drawn(NAMED).replace(
                    b"/Contents 5 0 R", b"/Contents 5 0 R/Annots[5 <</A 5/V[]>> null]"
                ),
            ),
        ],
    )
    def test_what_is_odd_is_read(self, name, body):
        finder, why = look("pdf", body)
        assert finder.niks == {N}
        assert why == []

    def test_a_lock_that_nobody_knows(self):
        lock = b"/Encrypt <</Filter/Foo/V 9>>/ID[(a)(b)]/Root"
        body = drawn(NAMED).replace(b"/Root", lock)
        reading = read_document(document("pdf", body), Finder(TODAY), Purse())
        assert [error.detail for error in reading.unseen] == ["it is encrypted"]

    def test_documents_share_what_they_may_cost(self):
        purse = Purse(200)
        assert look("pdf", drawn(NAMED), purse)[1] == []
        assert look("pdf", drawn(NAMED), purse)[1] == [Why.CUT]

    def test_any_byte_may_be_wrong(self):
        whole = pdf(f"NIK {N}", author="Budi Santoso", table=[["NIK"], [N]])
        for at in range(9, len(whole), 11):
            look("pdf", whole[:at] + b"\xff\x00("[at % 3 :] + whole[at + 1 :])
        for at in range(9, len(whole), 29):
            look("pdf", whole[:at])


def packed(name: str, data: bytes, method=zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr(name, data)
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
LAUGHS = (
    b'<!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>'
    b"<worksheet><row><c><v>&c;</v></c></row></worksheet>"
)
OUTSIDE = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><worksheet>&a;</worksheet>'


class TestXlsx:
    @pytest.mark.parametrize(
        ("name", "body", "why"),
        [
            ("nothing", b"", Why.UNREADABLE),
            ("a mark only", b"PK\x03\x04", Why.UNREADABLE),
            ("no sheet", packed("a.txt", b"x"), Why.UNREADABLE),
            ("a ratio bomb", packed(SHEET, b" " * 30_000_000), Why.CUT),
            ("billion laughs", packed(SHEET, LAUGHS), Why.UNREADABLE),
            ("an entity from outside", packed(SHEET, OUTSIDE), Why.UNREADABLE),
            ("no XML", packed(SHEET, b"<worksheet><row>"), Why.UNREADABLE),
            ("another packing", packed(SHEET, b"<worksheet/>", zipfile.ZIP_LZMA), Why.UNSUPPORTED),
            (
                "broken data",
                packed(SHEET, bytes(range(256)) * 9, zipfile.ZIP_STORED).replace(
                    b"\x05\x06\x07", b"\x05\x06\x08", 1
                ),
                Why.UNREADABLE,
            ),
            ("many parts", parts({f"x{n}": b"" for n in range(2_001)}), Why.CUT),
            (
                "many sheets",
                parts({f"xl/worksheets/s{n}.xml": b"<worksheet/>" for n in range(101)}),
                Why.CUT,
            ),
        ],
    )
    def test_what_is_hostile_is_a_gap(self, name, body, why):
        _, seen = look("xlsx", body)
        assert why in seen

    def test_a_locked_part(self):
        body = bytearray(packed(SHEET, b"<worksheet/>"))
        at = body.rindex(b"PK\x01\x02")
        body[at + 8] |= 1
        assert Why.UNREADABLE in look("xlsx", bytes(body))[1]

    def test_many_elements_cost_no_memory(self):
        data = b"<worksheet>" + b"<row r='1'><c/></row>" * 60_000 + b"<a>" * 1_400_000
        body = packed(SHEET, data, zipfile.ZIP_STORED)
        tracemalloc.start()
        _, seen = look("xlsx", body)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert Why.CUT in seen
        assert peak < MEGABYTES * 2**20

    def test_bounds_over_all_parts(self, monkeypatch):
        monkeypatch.setattr(personal_parts, "MOST_BYTES", 3_000)
        assert Why.CUT in look("xlsx", xlsx({"a": [["NIK", N]] * 500}))[1]

    def test_many_strings(self, monkeypatch):
        monkeypatch.setattr(personal_xlsx, "MOST_STRINGS", 2)
        strings = b"<sst><si><t>NIK</t></si><si><t>%s</t></si><si><t>x</t></si></sst>" % N.encode()
        cells = (b'<row><c t="s"><v>%d</v></c></row>' % at for at in (0, 1))
        sheet = b"<worksheet>%s</worksheet>" % b"".join(cells)
        finder, seen = look("xlsx", parts({"xl/sharedStrings.xml": strings, SHEET: sheet}))
        assert seen == [Why.CUT]
        assert finder.niks == {N}

    def test_a_cell_of_a_million_numbers(self):
        text = f"{N} ".encode() * 200_000
        body = packed(
            SHEET, b"<worksheet><row><c t='str'><v>" + text + b"</v></c></row></worksheet>"
        )
        assert Why.CUT in look("xlsx", body)[1]

    def test_any_byte_may_be_wrong(self):
        whole = xlsx({"a": [["NIK"], [N]]})
        for at in range(0, len(whole), 7):
            look("xlsx", whole[:at] + b"\xff" + whole[at + 1 :])


class TestCsv:
    def test_a_quote_that_never_ends(self):
        finder, seen = look("csv", f'NIK,Nama\n{N},"'.encode() + b"x," * 100_000)
        assert finder.niks == {N}
        assert seen == []

    def test_many_rows(self, monkeypatch):
        monkeypatch.setattr(personal_csv, "MOST_ROWS", 50)
        finder, seen = look("csv", table([["NIK"], *([N] for _ in range(60))]))
        assert finder.niks == {N}
        assert seen == [Why.CUT]

    @pytest.mark.parametrize(
        "piece", [b",", b"\n", b'"', b"3579010101900001\n", b"1 ", b"\x00\x01", b"NIK,", b"\xff"]
    )
    def test_monotony(self, piece):
        look("csv", piece * (1_000_000 // len(piece)))


def test_more_numbers_than_are_looked_at():
    finder = Finder(TODAY)
    finder.text("NIK 3579010101900001\n" * (MOST_CANDIDATES + 1))
    assert finder.full
    assert finder.niks == {N}
