"""Names from pages, kept without what tells who somebody is; where complaints go."""

import pytest

from auditor.probe.browser_links import complaint_page
from auditor.probe.browser_names import criteria, plain
from auditor.probe.site_url import Place

FRONT = Place(secure=True, name="dinas.kota.test", path="/")


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("_ga", "_ga"),
        ("_ga_ABC12", "_ga_ABC12"),
        ("_hjSession_1234567", "_hjSession_#"),
        ("user_3579012345678901", "user_#"),
        ("mail budi@contoh.test x", "mail # x"),
        ("id-0f3c9a7e-11d2-4e5f", "i#"),
        ("a\x1b[31m\u202e", "a\ufffd[31m\ufffd"),
        ("x" * 500, "x" * 60),
    ],
)
def test_names_are_kept_without_the_person(name, kept):
    assert plain(name) == kept


def test_tags_of_axe_are_criteria():
    tags = ["wcag2a", "wcag143", "wcag1410", "wcag143", "cat.color", "best-practice"]
    assert criteria(tags) == ["1.4.10", "1.4.3"]


@pytest.mark.parametrize(
    ("links", "found"),
    [
        ([], None),
        ([("/berita", "Berita")], None),
        ([("/a", "Pengaduan warga")], "https://dinas.kota.test/a"),
        ([("/layanan/aduan", "")], "https://dinas.kota.test/layanan/aduan"),
        ([("wbs.html", "Whistleblowing System")], "https://dinas.kota.test/wbs.html"),
        ([("https://www.lapor.go.id/", "LAPOR!")], None),
        ([("/formulir-pengaduan.pdf", "Pengaduan")], None),
        ([("/#pengaduan", "Pengaduan")], None),
        ([("mailto:a@b.test", "Pengaduan"), ("javascript:x", "Pengaduan")], None),
        ([("https://u@dinas.kota.test/aduan", "Pengaduan")], None),
        ([("/x", "Pengaduan"), ("/y", "Pengaduan")], "https://dinas.kota.test/x"),
        ([("/berita", "Berita")] * 500 + [("/x", "Pengaduan")], None),
    ],
)
def test_where_complaints_go(links, found):
    place = complaint_page(FRONT, links)
    assert (place.url if place else None) == found
