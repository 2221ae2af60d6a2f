"""Personal data in documents: PDF, spreadsheets and tables, as real programs make them."""

import io
import json

import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject, TextStringObject

from auditor.model.fact import Why
from auditor.probe.personal_documents import is_person, read_document
from auditor.probe.personal_find import Finder
from auditor.probe.personal_pdf import Purse
from tests.unit.probe.personal_made import KKS, NIKS, TODAY, document, niks, parts, pdf, table, xlsx

N, W, B, OTHER = NIKS[:4]
K = KKS[0]


def look(kind, body, *, cut=False, purse=None):
    finder = Finder(TODAY)
    reading = read_document(document(kind, body, cut=cut), finder, purse or Purse())
    finder.settle()
    return finder, reading


def whys(reading):
    return [error.why for error in reading.unseen]


class TestPdf:
    def test_a_table_of_several_pages(self):
        rows = [["No", "NIK", "Nama", "No KK"]]
        rows += [
            [str(at), f"{N[:12]}{at:04}", "Budi Santoso", f"{K[:12]}{at:04}"]
            for at in range(1, 101)
        ]
        finder, reading = look("pdf", pdf("Daftar penerima", table=rows))

        assert len(finder.niks) == len(finder.kks) == 100
        assert reading.unseen == ()
        assert next(iter(finder.spots)) == "#page=2"

    def test_text_in_pieces(self):
        def draw(page):
            for piece in ("NIK: ", N[:4], N[4:8], N[8:12], N[12:]):
                page.cell(w=page.get_string_width(piece), text=piece)
            page.ln()
            page.write(text=f"NIK {W[:5]}")
            page.set_font(style="B")
            page.write(text=W[5:12])
            page.set_font(style="")
            page.write(text=W[12:])
            page.ln()
            page.set_char_spacing(3)
            page.cell(text=f"NIK: {B}")
            page.ln()
            page.set_char_spacing(0)
            page.multi_cell(22, text=f"NIK {OTHER[:8]} {OTHER[8:]}")

        finder, _ = look("pdf", pdf(draw))

        assert finder.niks == {N, W, B, OTHER}

    def test_what_is_filled_in_noted_linked_or_described(self):
        def draw(page):
            page.cell(text="Formulir", link=f"https://x.go.id/?nik={N}")
            page.text_annotation(20, 20, f"KTP {W}")
            page.set_title(f"NIK {B}")

        writer = pypdf.PdfWriter(io.BytesIO(pdf(draw)))
        field = DictionaryObject(
            {
                NameObject("/Subtype"): NameObject("/Widget"),
                NameObject("/T"): TextStringObject("nik"),
                NameObject("/V"): TextStringObject(OTHER),
            }
        )  # fmt: skip
        writer.pages[0]["/Annots"].append(field)
        out = io.BytesIO()
        writer.write(out)
        finder, _ = look("pdf", out.getvalue())

        assert finder.niks == {N, W, B, OTHER}
        assert finder.in_address

    def test_the_author(self):
        assert look("pdf", pdf("x", author="Budi Santoso, S.Kom"))[1].author
        assert not look("pdf", pdf("x", author="Dinas Kesehatan"))[1].author
        assert not look("pdf", pdf("x"))[1].author

    def test_a_location(self):
        def draw(page):
            page.cell(text="x")
            page.set_xmp_metadata(
                '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/'
                '22-rdf-syntax-ns#"><rdf:Description xmlns:exif="http://ns.adobe.com/exif/1.0/" '
                'exif:GPSLatitude="7,52.2S"/></rdf:RDF></x:xmpmeta>'
            )

        assert look("pdf", pdf(draw))[1].located
        assert not look("pdf", pdf("x"))[1].located

    def test_a_page_that_is_a_picture(self):
        def draw(page):
            page.image(io.BytesIO(png()), w=100)

        _, reading = look("pdf", pdf(draw))
        _, worded = look("pdf", pdf(lambda page: (draw(page), page.cell(text="kata " * 10))))

        assert whys(reading) == [Why.NO_TOOL]
        assert worded.unseen == ()

    def test_a_locked_one(self):
        def locked(password):
            writer = pypdf.PdfWriter(io.BytesIO(pdf(f"NIK {N}")))
            writer.encrypt(password, "owner", algorithm="AES-256")
            out = io.BytesIO()
            writer.write(out)
            return out.getvalue()

        finder, reading = look("pdf", locked("rahasia"))
        opened, free = look("pdf", locked(""))

        assert not finder.niks
        assert [error.detail for error in reading.unseen] == ["it is encrypted"]
        assert opened.niks == {N}
        assert free.unseen == ()

    def test_files_attached_to_it(self):
        writer = pypdf.PdfWriter(io.BytesIO(pdf("x")))
        writer.add_attachment("a.csv", b"NIK")
        out = io.BytesIO()
        writer.write(out)

        assert whys(look("pdf", out.getvalue())[1]) == [Why.UNSUPPORTED]

    def test_text_in_a_form(self):
        finder, reading = look("pdf", formed(f"BT /F1 12 Tf 1 0 0 1 20 20 Tm (NIK {N}) Tj ET"))

        assert finder.niks == {N}
        assert reading.unseen == ()

    def test_a_cut_one_shows_what_it_has(self):
        whole = pdf(f"NIK {N}", "NIK 2", f"NIK {W}")
        finder, reading = look("pdf", whole[: len(whole) * 6 // 10], cut=True)

        assert whys(reading)[0] is Why.CUT
        assert finder.niks <= {N, W}

    @settings(max_examples=25, deadline=None)
    @given(st.lists(niks(), min_size=1, max_size=20, unique=True))
    def test_every_number_is_found(self, numbers):
        rows = [["NIK", "Nama"], *([number, "Budi"] for number in numbers)]

        assert look("pdf", pdf("NIK " + numbers[0], table=rows))[0].niks == set(numbers)


class TestXlsx:
    def test_text_numbers_and_what_was_rounded(self):
        body = xlsx({"a": [["NIK", "Nama"], [N, "A"], [int(W), "B"], [float(B[:15] + "0"), "C"]]})
        finder, reading = look("xlsx", body)

        assert finder.niks == {N, W, B[:15] + "0"}
        assert finder.rounded == 1
        assert finder.columns == {"nik", "name"}
        assert reading.unseen == ()

    @pytest.mark.parametrize(
        "value", ["3.5790101019E+15", "3579010101900000", "3579010101900000.0"]
    )
    def test_what_excel_writes_of_sixteen_digits(self, value):
        cell = f'<c r="A2"><v>{value}</v></c>'
        for head, there in (("NIK", True), ("No Rekening", False), ("Jumlah", True)):
            sheet = rows(f'<row r="1">{inline("A1", head)}</row><row r="2">{cell}</row>')
            finder, _ = look("xlsx", parts({"xl/worksheets/sheet1.xml": sheet}))

            assert finder.niks == ({"3579010101900000"} if there else set()), head
            assert finder.rounded == there

    def test_hidden_sheets_rows_and_columns(self):
        def hide_sheet(book):
            book["b"].sheet_state = "veryHidden"

        def hide_row(book):
            book["a"].row_dimensions[2].hidden = True

        def hide_column(book):
            book["a"].column_dimensions["A"].hidden = True

        sheets = {"a": [["NIK"], [N]], "b": [["NIK"], [W]]}
        for change in (hide_sheet, hide_row, hide_column):
            finder, _ = look("xlsx", xlsx(sheets, change))
            assert finder.niks == {N, W}
            assert finder.hidden, change
        assert not look("xlsx", xlsx(sheets))[0].hidden

    def test_places_follow_the_order_of_the_book(self):
        finder, _ = look("xlsx", xlsx({"a": [["x"]] * 250 + [["NIK"], [N]], "b": [[W]]}))

        assert list(finder.spots) == ["#sheet=1&row=201-300", "#sheet=2&row=1-100"]

    def test_what_lies_beside_the_cells(self):
        from openpyxl.comments import Comment

        def note(book):
            book["a"]["A1"].comment = Comment(f"KTP {N}", "x")

        pivot = f'<pivotCache><cacheField name="NIK"><s v="{W}"/></cacheField></pivotCache>'
        body = parts(
            {
                "xl/pivotCache/pivotCacheDefinition1.xml": pivot.encode(),
                "xl/drawings/drawing1.xml": f"<d><p><t>NIK </t><t>{B}</t></p></d>".encode(),
            },
            xlsx({"a": [["x"]]}, note),
        )
        finder, _ = look("xlsx", body)

        assert finder.niks == {N, W, B}
        assert finder.hidden

    def test_inline_rich_and_formula_text(self):
        sheet = rows(
            f'<row><c t="inlineStr"><is><r><t>{N[:8]}</t></r><r><t>{N[8:]}</t></r></is></c></row>'
            f'<row><c t="str"><f>A1</f><v>{W}</v></c></row>'
            '<row><c r="A9" t="s"><v>99999</v></c><c t="s"><v>x</v></c>'
            f'<c r="??"><v>{B}</v></c></row>'
        )
        finder, _ = look("xlsx", parts({"xl/worksheets/sheet1.xml": sheet}))

        assert finder.niks == {N, W, B}

    def test_strings_that_cells_share(self):
        strings = (
            f"<sst> <si><t>NIK</t></si><si><r><t>{N[:9]}</t></r><r><t>{N[9:]}</t></r></si></sst>"
        )
        sheet = rows('<row><c t="s"><v>0</v></c></row><row><c t="s"><v>1</v></c></row>')
        body = parts({"xl/sharedStrings.xml": strings.encode(), "xl/worksheets/sheet1.xml": sheet})

        assert look("xlsx", body)[0].niks == {N}

    def test_sheets_that_no_book_names(self):
        gone = {"xl/workbook.xml": None, "xl/_rels/workbook.xml.rels": None}

        assert look("xlsx", parts(gone))[0].niks == {N}

    def test_a_column_far_to_the_right_keeps_its_heading(self):
        sheet = rows(
            f'<row r="1">{inline("AB1", "No Rekening")}{inline("AC1", "NIK")}</row>'
            f'<row r="2">{inline("AB2", N)}{inline("AC2", W)}</row>'
        )

        assert look("xlsx", parts({"xl/worksheets/sheet1.xml": sheet}))[0].niks == {W}

    def test_mobile_numbers_without_their_zero(self):
        body = xlsx(
            {"a": [["Nama", "No HP"], ["A", 81234567890], ["B", 85], ["C", "081298765432"]]}
        )

        assert look("xlsx", body)[0].mobiles == {"81234567890", "81298765432"}

    def test_the_author(self):
        def signed(name):
            def change(book):
                book.properties.creator = name

            return look("xlsx", xlsx({"a": [["x"]]}, change))[1].author

        assert signed("Siti Aminah")
        assert not signed("Operator Dinas")
        assert not look("xlsx", parts({"docProps/core.xml": None}))[1].author

    @settings(max_examples=25, deadline=None)
    @given(st.lists(niks(), min_size=1, max_size=30, unique=True))
    def test_every_number_is_found(self, numbers):
        half = len(numbers) // 2
        body = xlsx(
            {
                "a": [["NIK"], *([number] for number in numbers[:half])],
                "b": [
                    ["x", "No. KTP"],
                    *(["y", f"{n[:6]} {n[6:12]} {n[12:]}"] for n in numbers[half:]),
                ],
            }
        )

        assert look("xlsx", body)[0].niks == set(numbers)


class TestCsv:
    @pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
    @pytest.mark.parametrize(
        "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]
    )
    def test_separators_and_encodings(self, separator, encoding):
        data = [
            ["No", "NIK", "Nama", "No KK", "No Rek"],
            ["1", N, 'Budi; "A", É\n2', K, W],
            ["2", B, "x", K, W],
        ]
        finder, reading = look("csv", table(data, separator, encoding))

        assert finder.niks == {N, B}
        assert finder.kks == {K}
        assert list(finder.spots) == ["#row=1-100"]
        assert reading.unseen == ()

    @pytest.mark.parametrize(
        "written", [f'"{N}"', f"'{N}", f'="{N}"', f"{N[:4]} {N[4:8]} {N[8:12]} {N[12:]}"]
    )
    def test_quotes(self, written):
        assert look("csv", f"NIK,Nama\n{written},A\n".encode())[0].niks == {N}

    @pytest.mark.parametrize(
        ("written", "found", "rounded"),
        [
            *(("3.57901E+15", 0, 1), ('"3,57901E+15"', 0, 1), ("3.5790101019E+15", 0, 1)),
            *(("3.57901010190000E+15", 1, 1), ("3.579010101900001E+15", 1, 0)),
            *(("9.9E+15", 0, 1), ("3.5E+03", 0, 0)),
        ],
    )
    def test_scientific_numbers(self, written, found, rounded):
        finder, _ = look("csv", f"NIK,Nama\n{written},A\n".encode())

        assert (len(finder.niks), finder.rounded) == (found, rounded)
        assert not look("csv", f"Nilai,Nama\n{written[:6]},A\n".encode())[0].niks

    def test_a_heading_above_and_a_title(self):
        text = f"DAFTAR SISWA PENERIMA\n\nNo;NIK;Ket\n1;{N};-\n"
        finder, _ = look("csv", text.encode())

        assert finder.niks == {N}
        assert finder.columns == {"nik"}

    def test_one_column_without_separator(self):
        assert look("csv", f"NIK\n{N}\n{W}".encode())[0].niks == {N, W}

    def test_the_empty_one(self):
        assert look("csv", b"")[1].unseen == ()


@pytest.mark.parametrize(
    ("name", "person"),
    [
        *(
            ("Budi Santoso", True),
            ("Siti Aminah, S.Kom", True),
            ("Drs. H. Ahmad", True),
            ("ASUS", False),
        ),
        *(("Budi", False), ("Dinas Contoh", False), ("Microsoft Office User", False), ("", False)),
        *(
            ("user1 ; Budi Santoso", True),
            ("12345 678", False),
            ("HP Laptop", False),
            ("x" * 300, False),
        ),
    ],
)
def test_names_of_persons(name, person):
    assert is_person(name) is person


def png() -> bytes:
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (20, 20), "white").save(out, "PNG")
    return out.getvalue()


def formed(content: str) -> bytes:
    """A PDF whose page draws a form that is drawn by another form, and itself."""
    writer = pypdf.PdfWriter(io.BytesIO(pdf("x")))
    page = writer.pages[0]
    font = page["/Resources"]["/Font"]

    def form(data, inside):
        stream = DecodedStreamObject()
        stream.set_data(data.encode())
        resources = DictionaryObject({NameObject("/Font"): font, NameObject("/XObject"): inside})
        stream.update(
            {NameObject("/Subtype"): NameObject("/Form"), NameObject("/Resources"): resources}
        )
        return writer._add_object(stream)

    inner = form(content, DictionaryObject())
    outer = form(
        "/B Do",
        DictionaryObject({NameObject("/B"): inner, NameObject("/X"): TextStringObject("no")}),
    )
    outer.get_object()["/Resources"]["/XObject"][NameObject("/C")] = outer
    page["/Resources"][NameObject("/XObject")] = DictionaryObject({NameObject("/A"): outer})
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def rows(text: str) -> bytes:
    return f"<worksheet><sheetData>{text}</sheetData></worksheet>".encode()


def inline(at: str, text: str) -> str:
    return f'<c r="{at}" t="inlineStr"><is><t>{text}</t></is></c>'


def test_no_number_leaves_the_finder():
    """What a finder shows is masked, whatever it has seen."""
    finder, _ = look("csv", table([["NIK", "KK"], [N, K], [W, K]]))

    assert json.dumps(finder.samples).count("x" * 10) == 2
    assert N not in json.dumps(finder.samples)
