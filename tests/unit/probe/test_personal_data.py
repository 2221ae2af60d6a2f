"""The record of a site: counts, places and gaps; and not one number in it."""

import io
import json
from datetime import UTC, datetime

import pypdf
import pytest

from auditor.model.fact import GAP, Why
from auditor.probe.base import Probe
from auditor.probe.catalogue import CATALOGUE
from auditor.probe.crawl import Crawl, Missed, Sheet, Topic
from auditor.probe.personal_data import MOST_PLACES, PROBE, PersonalDataArgs
from auditor.probe.site_url import Place
from tests.unit.probe.crawled import page, raw
from tests.unit.probe.personal_made import KKS, NIKS, NPWPS, document, pdf, table, xlsx

N, W, B = NIKS[:3]
K = KKS[0]
NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


def sheet(body, path="/", answer=None):
    place = Place(secure=True, name="dinas.batukota.go.id", path=path)
    return Sheet(place, answer or page(body))


def read(*sheets, **more):
    crawl = Crawl(site="dinas.batukota.go.id", now=NOW, sheets=sheets or (sheet(""),), **more)
    return PROBE.read(PersonalDataArgs(), crawl)


def rows(record):
    return {
        row["address"].removeprefix("https://dinas.batukota.go.id"): row for row in record["places"]
    }


def missed(address):
    topics = frozenset({Topic.PPID})
    return Missed(address=address, topics=topics, why=Why.TIMEOUT, detail="no answer")


def test_a_clean_site_has_no_rows():
    record = read(sheet("<p>Selamat datang</p>"), documents=(document("csv", b"a,b\n1,2\n"),))

    assert record == {
        "pages": 1,
        "places": [],
        "more": 0,
        "documents": {"linked": 1, "read": 1, "unexamined": 0},
    }


def test_what_each_place_shows():
    record = read(
        sheet(f"<p>NIK {N}, KK {K}, NPWP {NPWPS[0]}, WA 081234567890, a@gmail.com</p>"),
        sheet(f"<p>Pasien TBC, NIK {W} dan <a href='/x?nik={B}'>x</a></p>", "/a?id=1"),
        documents=(
            document("xlsx", xlsx({"a": [["NIK"], [float(N[:15] + "0")]]}), path="/b.xlsx"),
            document("pdf", pdf(f"NIK {N}", author="Budi Santoso"), path="/c.pdf"),
        ),
        linked_documents=5,
    )
    found = rows(record)

    front = found["/"]
    assert [front[n] for n in ("nik", "kk", "npwp", "phones", "mails")] == [1] * 5
    assert front["kind"] == "page"
    assert front["state"] == "read"
    assert found["/a"]["nik"] == 2
    assert found["/a"]["minors"] == 1
    assert found["/a"]["specific"] == ["health"]
    assert found["/a"]["in_address"] is True
    assert found["/b.xlsx"]["columns"] == ["nik"]
    assert found["/b.xlsx"]["rounded"] == 1
    assert found["/b.xlsx"]["place"].endswith("/b.xlsx#sheet=1&row=1-100")
    assert found["/c.pdf"]["author"] is True
    assert found["/c.pdf"]["spots"] == ["#page=1"]
    assert found["/c.pdf"]["samples"] == ["357901xxxxxxxxxx"]
    assert record["documents"] == {"linked": 5, "read": 2, "unexamined": 3}


def test_no_number_is_in_the_record():
    record = read(
        sheet(f"<table><tr><th>NIK<th>KK<tr><td>{N}<td>{K}</table> 081234567890", f"/{W}?nik={B}"),
        documents=(document("csv", table([["NIK"], [W]]), path=f"/ktp/{N}.csv"),),
        missed=(missed(f"https://x/{B}"),),
    )
    text = json.dumps(record)

    for number in (N, W, B, K, "81234567890"):
        assert number not in text
    assert "/ktp/357901xxxxxxxxxx.csv" in text


def test_answers_of_one_address_are_one_place():
    record = read(sheet(f"NIK {N}", "/a?x=1"), sheet(f"NIK {N} NIK {W}", "/a?x=2"))

    assert rows(record)["/a"]["nik"] == 2


def test_a_place_that_was_not_read_whole_has_no_zeros():
    cut = raw(f"<p>NIK {N}", "text/html", cut=True)
    record = read(
        sheet("", "/cut", cut),
        sheet("", "/bomb", raw("<b>" * 30_000, "text/html")),
        documents=(
            document("pdf", b"%PDF-1.4 x", path="/broken.pdf"),
            document("csv", b"a", cut=True, path="/c.csv"),
        ),
        missed=(missed("https://x/y"),),
    )
    found = rows(record)

    assert found["/cut"]["nik"] == 1
    assert "kk" not in found["/cut"]
    assert found["/cut"]["state"] == "cut"
    assert found["/bomb"][GAP]["why"] is Why.CUT
    assert found["/broken.pdf"]["state"] == "unreadable"
    assert found["/broken.pdf"][GAP]["why"] is Why.UNREADABLE
    assert found["/c.csv"]["state"] == "cut"
    assert "columns" not in found["/c.csv"]
    assert found["https://x/y"]["state"] == "missed"
    assert found["https://x/y"][GAP] == {"why": Why.TIMEOUT, "detail": "no answer"}


def test_what_was_missed_and_read_after_all_is_read():
    missed = Missed(
        address="https://dinas.batukota.go.id/", topics=frozenset(), why=Why.TIMEOUT, detail="x"
    )

    assert read(missed=(missed,))["places"] == []


def test_texts_that_are_no_page():
    assert (
        rows(read(sheet("", "/d.json", raw(f'{{"nik":"{N}"}}', "application/json"))))["/d.json"][
            "nik"
        ]
        == 1
    )


def test_more_numbers_than_are_looked_at():
    body = raw("NIK 3579010101900001 " * 50_001, "text/plain")

    assert rows(read(sheet("", "/x.txt", body)))["/x.txt"]["state"] == "cut"


def test_places_are_bounded_and_the_worst_stand_first():
    pages = [
        sheet(f"<p>NIK {N}" * (n + 1) if n == 70 else "WA 081234567890", f"/{n}") for n in range(80)
    ]
    record = read(*pages)

    assert len(record["places"]) == MOST_PLACES
    assert record["more"] == 30
    assert record["places"][0]["nik"] == 1


def test_a_picture_waits_and_an_error_outweighs_it():
    body = pdf(lambda made: made.image(io.BytesIO(png()), w=9))
    picture = document("pdf", body, path="/p.pdf")
    cut = document("pdf", body, cut=True, path="/q.pdf")
    found = rows(read(documents=(picture, cut)))

    assert found["/p.pdf"]["state"] == "pictures"
    assert found["/p.pdf"][GAP]["why"] is Why.NO_TOOL
    assert found["/q.pdf"]["state"] == "cut"


def test_a_locked_document_says_so():
    writer = pypdf.PdfWriter(io.BytesIO(pdf("x")))
    writer.encrypt("rahasia", algorithm="AES-256")
    out = io.BytesIO()
    writer.write(out)
    found = rows(read(documents=(document("pdf", out.getvalue()),)))

    assert found["/x"]["state"] == "encrypted"


def png():
    from tests.unit.probe.test_personal_documents import png as made

    return made()


def test_the_record_fits_its_fields():
    record = read(sheet(f"NIK {N}"))
    sites = PROBE.gives.fields["sites"]

    assert set(record) == set(sites.fields) - {"site"}
    assert set(record["places"][0]) == set(sites.fields["places"].fields)
    assert set(record["documents"]) == set(sites.fields["documents"].fields)
    assert CATALOGUE["personal_data"] is PROBE
    assert Probe(type=PROBE, args=PersonalDataArgs()).key == "personal_data"


@pytest.mark.parametrize("path", ["/", f"/x/{N}"])
def test_an_address_is_looked_at_too(path):
    assert bool(read(sheet("", path))["places"]) is (path != "/")
