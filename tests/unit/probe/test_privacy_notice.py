"""Is there a privacy notice, who leads to it, and what it says."""

import pytest

from auditor.probe.crawl import Topic
from auditor.probe.privacy_items import Item, denied, items_of
from tests.unit.probe.privacy_sites import LINK, NOTICE, missed, privacy_page, read, sheet


def notice(*sheets, **more):
    return read(*sheets, **more)["notice"]


def test_a_notice_says_all_items():
    found = notice(sheet(LINK), privacy_page())
    assert found["standing"] == "here"
    assert found["address"] == "dinas.batukota.go.id/privasi"
    assert {item.value for item in Item if not found[item.value]} == set()


ITEMS = {
    Item.BASIS: "Dasar hukum pemrosesan: UU Nomor 27 Tahun 2022.",
    Item.PURPOSE: "Tujuan pemrosesan: menjawab permohonan.",
    Item.KINDS: "Jenis data dan relevansinya: nama dan surel.",
    Item.DETAILS: "Rincian informasi yang dikumpulkan: formulir kontak.",
    Item.RETENTION: "Retensi: dua tahun.",
    Item.PERIOD: "Jangka waktu pemrosesan: enam bulan.",
    Item.RIGHTS: "Hak subjek data: melihat, memperbaiki, menghapus.",
    Item.OFFICER: "Pejabat pelindungan data pribadi: pdp@batukota.go.id.",
    Item.THIRD_PARTIES: "Pihak ketiga: tidak ada.",
    Item.TRANSFER: "Data tidak dikirim ke luar negeri.",
    Item.DATED: "Berlaku sejak 1 Mei 2026.",
    Item.COOKIES: "Kami memakai kuki sesi.",
}


@pytest.mark.parametrize("item", ITEMS)
def test_each_item_is_missed_where_its_words_are_missing(item):
    assert ITEMS[item] in NOTICE
    without = NOTICE.replace(ITEMS[item], "Ini kalimat lain.")
    gone = {item, Item.CHANNEL} if item is Item.OFFICER else {item}
    assert set(Item) - items_of(without) == gone


@pytest.mark.parametrize(
    ("text", "item"),
    [
        ("Undang-Undang No. 27 Tahun 2022", Item.BASIS),
        ("data Anda akan kami gunakan", None),
        ("data Anda akan digunakan oleh kami untuk menjawab", Item.PURPOSE),
        ("Informasi yang kami kumpulkan", Item.DETAILS),
        ("data disimpan selama lima tahun", Item.RETENTION),
        ("data diproses paling lama 30 hari", Item.PERIOD),
        ("Hak Anda atas data", Item.RIGHTS),
        ("hak cipta dilindungi", None),
        ("Data Protection Officer", Item.OFFICER),
        ("petugas perlindungan data pribadi", Item.OFFICER),
        ("Diperbarui pada 12/05/2026", Item.DATED),
        ("Last updated: May 12, 2026", Item.DATED),
        ("Terakhir diperbarui: 2026-05-12", Item.DATED),
        ("berlaku sejak lama", None),
        ("surat ke ppid@batukota.go.id", Item.CHANNEL),
        ("telepon (0341) 500100", Item.CHANNEL),
        ("cookies", Item.COOKIES),
    ],
)
def test_words_of_items(text, item):
    assert items_of(text) == ({item} if item else set())


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("Situs ini tidak menggunakan cookie.", {"cookies"}),
        ("Kami tidak memakai pelacak pihak ketiga", {"trackers"}),
        ("Kami tidak akan membagikan data Anda kepada pihak ketiga", {"third parties"}),
        ("Kami memakai kuki", set()),
        ("Anda dapat tidak menyetujui kuki", set()),
    ],
)
def test_denials(text, what):
    assert denied(text) == what


NO_NOTICE = {
    "a headline": "<title>Kebijakan Privasi</title><h1>Kebijakan Privasi</h1><p>Segera hadir.",
    "news about the law": "<title>Sosialisasi UU PDP</title><p>"
    + "Wali kota membuka sosialisasi pelindungan data pribadi bagi pegawai. " * 20,
    "something else": "<title>Peraturan</title><p>"
    + "Dasar hukum, tujuan pemrosesan, retensi, hak Anda, pihak ketiga dan lain lain. " * 20,
    "a menu alone": "<title>Kebijakan Privasi</title><nav>" + NOTICE + "</nav>",
}


@pytest.mark.parametrize("name", NO_NOTICE)
def test_what_is_no_notice(name):
    found = notice(sheet(LINK), privacy_page(NO_NOTICE[name]))
    assert found["standing"] == "none"
    assert not found["linked_front"]


def test_a_page_of_that_title_counts_wherever_it_was_found():
    found = notice(sheet("<p>x"), sheet(NOTICE, "/hal/7", (Topic.OTHER,)))
    assert found["standing"] == "here"
    assert found["linked_front"] is False


def test_the_page_that_says_most_is_the_notice():
    less = NOTICE.replace("Retensi: dua tahun.", "")
    found = notice(sheet(LINK), privacy_page(less, "/a"), privacy_page())
    assert found["address"].endswith("/privasi")


def test_a_letterbox_in_the_text_is_a_channel():
    bare = NOTICE.replace("pdp@batukota.go.id", "loket")
    assert not notice(sheet(LINK), privacy_page(bare))["channel"]
    link = bare.replace("loket", "<a href=mailto:pdp@batukota.go.id>surel</a>")
    assert notice(sheet(LINK), privacy_page(link))["channel"]


@pytest.mark.parametrize(
    ("href", "standing"),
    [
        ("https://batukota.go.id/kebijakan-privasi", "elsewhere"),
        ("https://policies.google.com/privacy", "none"),
        ("/unduh/kebijakan-privasi.pdf", "document"),
        ("https://batukota.go.id/kebijakan-privasi.pdf", "document"),
    ],
)
def test_a_notice_that_stands_elsewhere(href, standing):
    found = notice(sheet(f"<a href={href}>Kebijakan Privasi</a>"))
    assert found["standing"] == standing
    assert found["linked_front"] is (standing != "none")
    assert ("gap" in found) is (standing == "document")


def test_any_link_to_the_citys_notice_will_do():
    city = "<a href=https://batukota.go.id/kebijakan-privasi>Kebijakan Privasi</a>"
    other = "<a href=https://batukota.go.id/privasi>Privasi</a>"
    record = read(sheet(city), sheet(other, "/x", (Topic.CONTACT,)))
    assert [page["notice_linked"] for page in record["pages"]] == [True, True]


def test_a_link_to_a_page_that_was_not_read_is_a_gap():
    found = notice(sheet(LINK))
    assert found["gap"]["why"] == "no_data"


def test_a_thin_page_is_no_gap():
    assert notice(sheet(LINK), privacy_page("<p>Segera hadir"))["standing"] == "none"


def test_a_privacy_page_that_was_missed_is_a_gap():
    found = notice(sheet("<p>x"), missed=(missed("/privasi", Topic.PRIVACY),))
    assert found == {"gap": {"why": "timeout", "detail": "dinas.batukota.go.id/privasi: no answer"}}


def test_another_page_that_was_missed_is_none():
    gone = (missed("/berita", Topic.NEWS),)
    assert notice(sheet("<p>x"), missed=gone)["standing"] == "none"


def test_a_notice_that_was_cut_tells_what_it_says():
    half = NOTICE[: NOTICE.index("Retensi")]
    found = notice(sheet(LINK), privacy_page(half + " kata" * 60, cut=True))
    assert found["purpose"]
    assert "retention" not in found
    assert found["gap"]["why"] == "cut"


def test_a_front_page_that_was_cut_may_link():
    found = notice(sheet("<p>x", cut=True), privacy_page())
    assert "linked_front" not in found
    assert found["gap"]["why"] == "cut"
    assert notice(sheet(LINK, cut=True), privacy_page())["linked_front"]
