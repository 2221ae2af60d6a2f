"""What a link is about, what is chosen, what a page shows, what a document is."""

import pytest

from auditor.probe.base import Unseen
from auditor.probe.crawl import DocumentKind, Link, Sheet, Topic
from auditor.probe.crawl_choice import Choice, address_key, tidy
from auditor.probe.crawl_documents import Shelf, kind_of
from auditor.probe.crawl_robots import KEEP_AWAY, Rules
from auditor.probe.crawl_topics import topics_of
from auditor.probe.crawl_visit import Visitor
from auditor.probe.http_talk import Ask, Mute
from auditor.probe.site_url import Place, refer
from tests.unit.probe.crawled import SITE, page, raw

HERE = Place(secure=True, name=SITE, path="/")
PDF = b"%PDF-1.7\n"
XLSX = b"PK\x03\x04....[Content_Types].xml....xl/workbook.xml"


def about(text: str, address: str = "/x") -> set[Topic]:
    reference = refer(HERE, address)
    assert reference is not None
    return set(topics_of(SITE, reference, text))


def sheet(body: str, path: str = "/", **more) -> Sheet:
    return Sheet(Place(secure=True, name=SITE, path=path), page(body, **more))


def links(*pairs: tuple[str, str]) -> list[Link]:
    found = ((refer(HERE, address), text) for address, text in pairs)
    return [Link(reference=one, text=text) for one, text in found if one is not None]


class TestTopics:
    @pytest.mark.parametrize(
        ("text", "address", "topics"),
        [
            ("Kebijakan Privasi", "/x", {Topic.PRIVACY}),
            ("", "/halaman/pelindungan-data-pribadi", {Topic.PRIVACY}),
            ("PPID", "/x", {Topic.PPID}),
            ("", "https://ppid.batukota.go.id/", {Topic.PPID}),
            ("Daftar Informasi Publik (DIP)", "/x", {Topic.INFORMATION_LIST}),
            ("Laporan Layanan Informasi 2025", "/x", {Topic.INFORMATION_REPORT}),
            ("Formulir Permohonan Informasi", "/x", {Topic.INFORMATION_REQUEST}),
            ("Pengajuan Keberatan", "/x", {Topic.OBJECTION}),
            ("Pengaduan", "/x", {Topic.COMPLAINT}),
            ("SP4N-LAPOR!", "https://www.lapor.go.id/", {Topic.COMPLAINT}),
            ("", "https://www.lapor.go.id", {Topic.COMPLAINT}),
            ("Whistleblowing System", "/x", {Topic.WHISTLEBLOWING}),
            ("Lapor Korupsi", "/x", {Topic.WHISTLEBLOWING}),
            ("Gratifikasi", "https://gol.kpk.go.id/", {Topic.GRATIFICATION}),
            ("Survei Kepuasan Masyarakat", "/x", {Topic.SURVEY}),
            ("Maklumat Pelayanan", "/x", {Topic.STANDARDS}),
            ("", "https://jdih.batukota.go.id/", {Topic.JDIH}),
            ("", "https://spse.inaproc.id/batukota", {Topic.PROCUREMENT}),
            ("", "https://data.batukota.go.id/", {Topic.OPEN_DATA}),
            ("", "https://csirt.batukota.go.id/", {Topic.CSIRT}),
            ("BatuKota-CSIRT", "/x", {Topic.CSIRT}),
            ("Hubungi Kami", "/x", {Topic.CONTACT}),
            ("Struktur Organisasi", "/x", {Topic.PROFILE}),
            ("Berita", "/x", {Topic.NEWS}),
            ("Informasi Berkala", "/x", {Topic.PERIODIC}),
            ("LKjIP 2025", "/x", {Topic.PERIODIC}),
            ("Informasi Serta Merta", "/x", {Topic.IMMEDIATE}),
            ("Pendaftaran", "/x", {Topic.FORM}),
            ("Wali Kota terima pengaduan warga", "/berita/2026/wali-kota", {Topic.NEWS}),
            ("Pengaduan", "/2026/11/isi", {Topic.NEWS}),
            ("satu dua tiga empat lima enam tujuh delapan sembilan pengaduan", "/x", set()),
            ("Pelaporan", "/x", set()),
            ("Kupon diskon", "/index.html", set()),
            ("", "/", set()),
            ("", "/skm/index.php", {Topic.SURVEY}),
        ],
    )
    def test_told_by_words_path_and_host(self, text, address, topics):
        assert about(text, address) == topics

    def test_the_sites_own_host_says_nothing(self):
        assert topics_of(f"ppid.{SITE}", refer(HERE, f"https://ppid.{SITE}/x"), "Beranda") == {}

    def test_a_hostile_text_costs_little(self):
        assert about("lapor " * 5_000, "/" + "a-" * 2_000) == set()


class TestChoice:
    def test_endless_links_are_few_pages(self):
        choice = Choice(SITE, HERE)
        choice.add(links(*((f"/kal?bulan={n}", "Berikutnya") for n in range(2_000))), 0)
        assert choice.next() is None
        choice.add(links(*((f"/skm?n={n}", f"Survei {n}") for n in range(2_000))), 0)
        first = choice.next()
        choice.count(first)
        assert choice.next() is None

    def test_sessions_campaigns_and_twins_are_one_page(self):
        choice = Choice(SITE, HERE)
        same = (
            "/skm?PHPSESSID=1a",
            "/skm;jsessionid=2b",
            "/skm/?utm_source=x&sid=3",
            f"http://www.{SITE}/skm",
            "/skm/index.php",
        )
        choice.add(links(*((address, f"SKM {n}") for n, address in enumerate(same))), 0)
        found = choice.next()
        assert found.words == ["SKM 0", "SKM 1", "SKM 2", "SKM 3", "SKM 4"]
        assert found.place.path == "/skm"
        assert choice.next() is None

    def test_a_page_that_was_read_is_not_chosen_again(self):
        choice = Choice(SITE, HERE)
        choice.add(links(("/privasi", "Privasi")), 0)
        assert choice.next() is not None
        choice.add(links(("/privasi", "Privasi kami"), ("/", "Beranda")), 1)
        assert choice.next() is None

    @pytest.mark.parametrize(
        "address", ["/skm.jpg", "/skm.docx", "/logout?skm", "/wp-admin/skm", "/keluar-skm"]
    )
    def test_never_asked(self, address):
        choice = Choice(SITE, HERE)
        choice.add(links((address, "SKM")), 0)
        assert choice.next() is None

    def test_others_are_a_sample_of_the_front_page(self):
        choice = Choice(SITE, HERE)
        choice.add(links(*((f"/{n}", "x") for n in "abcdef"), ("/g?h=i", "x")), 0)
        choice.add(links(("/dalam", "x")), 1)
        read = 0
        while (found := choice.next()) is not None:
            choice.count(found)
            read += 1
        assert read == 2

    def test_known_topics_replace_no_topic(self):
        choice = Choice(SITE, HERE)
        choice.add(links(("/a", "lainnya"), ("/a", "Kontak"), ("/a", "x" * 500)), 0)
        found = choice.next()
        assert set(found.topics) == {Topic.CONTACT}
        assert max(map(len, found.words)) == 120

    def test_the_best_link_of_a_topic_comes_first(self):
        choice = Choice(SITE, HERE)
        choice.add(
            links(("/a", "Tempat warga bertanya dan tentang kontak"), ("/kontak", "Kontak")), 0
        )
        assert choice.next().place.path == "/kontak"

    def test_complaint_comes_twice_before_others_twice(self):
        choice = Choice(SITE, HERE)
        names = ("pengaduan-1", "pengaduan-2", "pengaduan-3", "berita", "kabar")
        choice.add(links(*((f"/{name}", name.replace("-", " ")) for name in names)), 0)
        order = []
        while (found := choice.next()) is not None:
            choice.count(found)
            order.append(found.place.path)
        assert order == ["/pengaduan-1", "/pengaduan-2", "/berita", "/pengaduan-3", "/kabar"]

    def test_no_more_are_kept_than_can_be_looked_through(self):
        choice = Choice(SITE, HERE)
        choice.add(links(*((f"/{n}", "SKM") for n in range(900))), 0)
        assert len(choice._waiting) == 800

    def test_words_have_an_end(self):
        choice = Choice(SITE, HERE)
        choice.add(links(*(("/skm", f"SKM {n}") for n in range(50)), ("/skm", "")), 0)
        assert len(choice.next().words) == 10

    def test_addresses(self):
        bare = tidy(Place(secure=True, name=SITE, path="/a?x=1&_token=2&y=3"))
        assert bare.path == "/a?x=1&y=3"
        assert address_key(Place(secure=False, name=f"WWW.{SITE}")) == f"{SITE}/"


class TestSheet:
    def test_text_and_content(self):
        seen = sheet(
            "<header>menu</header><main>isi <b>tebal</b><script>x</script></main>"
            "<nav>n<p>m</p></nav><aside>a</aside>akhir<footer>f</footer>"
        )
        assert seen.text == "menu isi tebal n m a akhir f"
        assert seen.content == "isi tebal akhir"
        assert seen.title == "Dinas"

    def test_deep_nesting_ends_soon(self):
        assert sheet("<nav>" + "<div>" * 15_000 + "</nav>akhir").content == "akhir"

    def test_links_by_what_they_are_called(self):
        seen = sheet(
            '<base href="/a/"><a href="b" rel="NOFOLLOW me">kata</a><a href="c"><img alt="gambar">'
            '</a><a href="d" aria-label="sebutan"></a><a href="e" title="judul"></a>'
            '<a href="f"></a><map><area href="g" alt="x"></map><a href="mailto:a@b.c">m</a>'
        )
        assert [(link.reference.path, link.text) for link in seen.links] == [
            ("/a/b", "kata"),
            ("/a/c", "gambar"),
            ("/a/d", "sebutan"),
            ("/a/e", "judul"),
            ("/a/f", ""),
            ("/a/g", ""),
        ]
        assert seen.links[0].rel == ("nofollow", "me")

    def test_links_inside_each_other_cost_little(self):
        inner = "".join(f'<a href="/{n}">{"kata " * 60}' for n in range(2_000))
        assert len(sheet(f"<svg>{inner}</svg>").links) == 2_000

    def test_what_cannot_be_parsed(self, monkeypatch):
        def refuse(_text):
            raise ValueError

        monkeypatch.setattr("selectolax.lexbor.LexborHTMLParser", refuse)
        with pytest.raises(Unseen):
            _ = sheet("x").tree

    def test_no_page_raises(self):
        with pytest.raises(Unseen):
            _ = Sheet(HERE, raw(PDF, "application/pdf")).tree

    def test_a_base_that_leads_nowhere(self):
        assert sheet('<base href="data:x"><a href="b">b</a>').base == HERE

    def test_no_title(self):
        assert Sheet(HERE, raw("<p>x", "text/html")).title == ""


class TestDocuments:
    @pytest.mark.parametrize(
        ("path", "body", "kind", "found"),
        [
            ("/a", PDF, "text/html", DocumentKind.PDF),
            ("/a.xlsx", XLSX, "application/octet-stream", DocumentKind.XLSX),
            (
                "/a",
                XLSX,
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                DocumentKind.XLSX,
            ),
            ("/a.xlsx", b"PK\x03\x04zip", "application/zip", None),
            ("/a.zip", XLSX, "application/zip", None),
            ("/a", b"a,b\n", "text/csv; charset=utf-8", DocumentKind.CSV),
            ("/a.csv", b"a,b\n", "text/plain", DocumentKind.CSV),
            ("/a.csv", b"<html>", "text/csv", None),
            ("/a.csv", b"a\0b", "text/csv", None),
            ("/a.pdf", b"<html>", "text/html", None),
        ],
    )
    def test_kind(self, path, body, kind, found):
        assert kind_of(Place(secure=True, name=SITE, path=path), raw(body, kind)) is found

    def test_a_shelf_has_an_end_and_begins_with_lists(self):
        shelf = Shelf()
        many = links(("/a.pdf", "Surat"), ("/b.pdf", "Daftar penerima bantuan"))
        shelf.add(sheet("x"), many)
        for n in range(8):
            shelf.add(sheet("x", title=f"T{n}"), links(("/a.pdf", f"lagi {n}")))
        assert shelf.ranked()[0][0].path == "/b.pdf"
        assert len(shelf.ranked()[1][1]) <= 7
        shelf.add(sheet("x"), links(*((f"/{n}.pdf", "x") for n in range(1_500))))
        assert len(shelf) == 1_000


class TestRules:
    def test_delay_for_us_and_all_not_for_others(self):
        text = (
            "Crawl-delay: 9\nUser-agent: lain\nCrawl-delay: 4\n\nUser-agent: x\nUser-agent: *\n"
            "Crawl-delay: 1.5 # pelan\nCrawl-delay: kadang\n: tanpa nama\nSitemap: /a.xml\n"
        )
        rules = Rules(raw(text))
        assert rules.delay == 1.5
        assert rules.sitemaps == ("/a.xml",)

    def test_a_delay_without_end_is_cut(self):
        assert Rules(raw("User-agent: auditor\nCrawl-delay: 86400")).delay == 5.0

    def test_a_page_in_its_place_is_no_rule(self):
        assert Rules(raw("User-agent: *\nDisallow: /", "text/html")).text == ""
        assert Rules(raw("<html>")).text == ""
        assert Rules(raw("x", status=404)).bars("/") is False


def test_a_visitor_asks_no_more_than_agreed():
    visitor = Visitor(SITE, frozenset())
    visitor.left = 0
    with pytest.raises(StopIteration) as end:
        next(visitor.ask(Ask(site=SITE)))
    assert isinstance(end.value.value, Mute)
    assert KEEP_AWAY.detail
