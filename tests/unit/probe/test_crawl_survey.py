"""The crawl of a site: hostile answers first, then what is read, dead, missed."""

import gzip
from functools import partial

import pytest

from auditor.model.fact import Why
from auditor.probe.crawl import Crawl, DocumentKind, Guise, Topic
from auditor.probe.crawl_reading import MOST_PAGES
from auditor.probe.crawl_survey import GUISES
from auditor.probe.crawl_visit import MOST_REQUESTS
from auditor.probe.http_talk import Answer, Mute, absent
from tests.unit.probe.crawled import (
    CLOSED,
    GONE,
    HTML,
    SILENT,
    SITE,
    Site,
    crawl,
    link,
    moved,
    page,
    raw,
)

WORDS = "Layanan warga kota setiap hari kerja dengan ramah. " * 12
TOPICS = (
    *("privasi", "pengaduan", "wbs", "ppid", "keberatan", "kontak", "gratifikasi", "skm"),
    *("maklumat", "berita", "apbd", "csirt", "jdih", "profil", "lpse", "formulir", "dataset"),
    *("aksesibilitas", "bpbd"),
)
PDF = b"%PDF-1.7\n" + bytes(400)


def visited(found: Crawl) -> set[str]:
    return {sheet.place.path for sheet in found.sheets}


class TestFront:
    @pytest.mark.parametrize(
        ("answer", "why"),
        [
            (SILENT, Why.TIMEOUT),
            (moved("https://judi.example/"), Why.NO_DATA),
            (raw("", status=403), Why.DENIED),
            (raw("", status=500), Why.UNREADABLE),
            (raw(PDF, "application/pdf"), Why.UNREADABLE),
            (page("<b x>" * 20_001), Why.CUT),
            (moved("/"), Why.UNREADABLE),
            (
                page('<meta http-equiv="refresh" content="0; url=http://lain.example/">'),
                Why.NO_DATA,
            ),
            (page("x" * 10 + "<title>Just a moment...</title>_cf_chl_opt"), Why.DENIED),
        ],
    )
    def test_unseen(self, answer, why):
        found = Site({"/": answer}).crawl()
        assert isinstance(found, Mute)
        assert found.why is why

    def test_endless_redirects(self):
        site = Site({"/": moved("/1"), **{f"/{n}": moved(f"/{n + 1}") for n in range(1, 40)}})
        found = site.crawl()
        assert isinstance(found, Mute)
        assert len(site.asked) <= 7

    def test_in_clear_where_nothing_is_encrypted(self):
        pages = {f"https://{SITE}/": CLOSED, f"http://{SITE}/": page(WORDS)}
        found = crawl(pages, missing=CLOSED)
        assert found.front.place.url == f"http://{SITE}/"

    def test_closed_altogether(self):
        found = Site({}, missing=CLOSED).crawl()
        assert isinstance(found, Mute)
        assert found.why is Why.REFUSED

    def test_www_and_refresh(self):
        pages = {
            "/": page(
                '<noscript><meta http-equiv="refresh" content="0;url=/x"></noscript>'
                '<meta http-equiv="refresh" content="0; url=/beranda">'
            ),
            "/beranda": moved(f"https://www.{SITE}/"),
            f"https://www.{SITE}/": page(link("/wbs", "WBS")),
            f"https://www.{SITE}/wbs": page("lapor"),
        }
        found = crawl(pages)
        assert found.front.place.name == f"www.{SITE}"
        assert found.about(Topic.WHISTLEBLOWING)

    def test_refresh_by_header_to_itself(self):
        assert crawl({"/": page(WORDS, refresh="0; url=/")}).front.place.path == "/"


class TestHidden:
    """Where the front page does not show where it leads, nothing is absent."""

    @pytest.mark.parametrize(
        ("front", "why"),
        [
            (page('<div id=app></div><script src="/a.js"></script>'), Why.UNSUPPORTED),
            (page("<script>x</script><frameset><frame src=/a></frameset>"), Why.UNSUPPORTED),
            (page("".join(f'<a href="/{n}">{n}</a>' for n in range(2_100))), Why.CUT),
            (page("a " * 600_000), Why.CUT),
        ],
    )
    def test_all_topics_are_missed(self, front, why):
        found = crawl({"/": front})
        assert {one.why for one in found.missed_about(Topic.WHISTLEBLOWING)} == {why}

    def test_a_frameset(self):
        body = b"<html><head><title>x</title></head><frameset><frame src=/a></frameset></html>"
        found = crawl({"/": raw(body, "text/html")})
        assert found.missed_about(Topic.PRIVACY)

    def test_a_short_page_without_scripts_hides_nothing(self):
        assert crawl({"/": page("Segera hadir")}).missed == ()


class TestRobots:
    def test_obeyed(self):
        rules = "User-agent: *\nDisallow: /wbs\nCrawl-delay: 2\n"
        site = Site(
            {
                "/": page(link("/wbs", "WBS") + link("/pengaduan", "Pengaduan")),
                "/robots.txt": raw(rules),
                "/wbs": page("x"),
                "/pengaduan": page("y"),
            }
        )
        found = site.crawl()
        assert "/wbs" not in site.paths
        assert found.missed_about(Topic.WHISTLEBLOWING)[0].why is Why.DENIED
        assert {ask.pause for ask in site.asked[2:]} == {2.0}
        assert found.robots == rules

    @pytest.mark.parametrize("robots", [SILENT, raw("", status=503)])
    def test_unseen_is_no_wish_of_the_site(self, robots):
        found = crawl({"/": page(link("/wbs", "WBS")), "/robots.txt": robots, "/wbs": page("x")})
        (missed,) = found.missed_about(Topic.WHISTLEBLOWING)
        assert "robots.txt: " in missed.detail
        assert not missed.left_out

    @pytest.mark.parametrize("robots", [SILENT, raw("", status=503)])
    def test_unseen_bars_all_but_the_front(self, robots):
        found = crawl({"/": page(link("/wbs", "WBS")), "/robots.txt": robots, "/wbs": page("x")})
        assert visited(found) == {"/"}
        assert {type(seen) for seen in found.guises.values()} == {Mute}

    def test_moved(self):
        found = crawl({"/": page(WORDS), "/robots.txt": moved("/r"), "/r": raw("User-agent: *")})
        assert found.robots == "User-agent: *"


class TestGuises:
    def test_each_is_asked_as_itself(self):
        site = Site({"/": lambda ask: page(dict(ask.fields).get("Referer", "-"))})
        found = site.crawl()
        assert set(found.guises) == set(Guise) == set(GUISES)
        assert found.guises[Guise.SEARCHER].text == "https://www.google.com/"
        agents = [dict(ask.fields).get("User-Agent", "") for ask in site.asked[-4:]]
        assert sum("Googlebot" in agent for agent in agents) == 1
        assert sum("Mobile" in agent for agent in agents) == 1

    def test_sent_away_or_silent(self):
        def front(ask):
            agent = dict(ask.fields).get("User-Agent", "")
            if "Googlebot" in agent:
                return moved("https://judi.example/")
            return SILENT if "Mobile" in agent else page("x")

        guises = crawl({"/": front}).guises
        assert guises[Guise.CRAWLER].answer.value("location") == "https://judi.example/"
        assert guises[Guise.PHONE].why is Why.TIMEOUT


class TestSitemap:
    def at(self, body, robots="", **more):
        pages = {"/": page(WORDS), "/robots.txt": raw(robots), "/sitemap.xml": body, **more}
        return crawl({**pages, "/wbs": page("lapor korupsi")})

    def test_leads_to_pages(self):
        urls = "".join(f"<url><loc>https://{SITE}/{p}</loc></url>" for p in ("wbs", "x&amp;y"))
        found = self.at(raw(f"<urlset>{urls}<url><loc>http://[</loc></url></urlset>"))
        assert found.sitemap.count == 3
        assert found.sitemap.addresses[1] == f"https://{SITE}/x&y"
        assert found.about(Topic.WHISTLEBLOWING)

    @pytest.mark.parametrize(
        "body",
        [
            raw(
                '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "b">]><urlset><loc>&a;</loc></urlset>'
            ),
            raw("<html>x</html>", "text/html"),
            raw(b"\x1f\x8bnot gzip"),
            GONE,
            SILENT,
            moved("https://lain.example/sitemap.xml"),
        ],
    )
    def test_none(self, body):
        assert not self.at(body).sitemap.found

    @pytest.mark.parametrize(
        ("body", "why"),
        [
            (SILENT, Why.TIMEOUT),
            (raw("", status=403), Why.DENIED),
            (raw("<?xml version='1.0'?><!DOCTYPE l><urlset></urlset>"), Why.UNREADABLE),
            (raw(b"\x1f\x8bnot gzip"), Why.UNREADABLE),
            (raw("<urlset>".encode("utf-16")), Why.UNREADABLE),
        ],
    )
    def test_one_that_could_not_be_seen(self, body, why):
        sitemap = self.at(body).sitemap
        assert not sitemap.found
        assert not sitemap.whole
        assert sitemap.unseen.why is why

    @pytest.mark.parametrize(
        "body",
        [
            GONE,
            page("Tidak ada"),
            raw("<?xml version='1.0'?><html>Tidak ada"),
            raw("tidak ada"),
            moved("https://lain.example/sitemap.xml"),
        ],
    )
    def test_there_is_none(self, body):
        assert self.at(body).sitemap.unseen is None

    def test_one_on_another_site(self):
        found = self.at(GONE, "Sitemap: http://[\nSitemap: https://lain.example/s.xml").sitemap
        assert found.unseen.why is Why.SCOPE

    def test_ten_million_entries(self):
        entry = b"<url><loc>https://x.go.id/</loc></url>"
        packed = gzip.compress(b"<urlset>" + entry * 300_000)
        found = self.at(raw(packed, "application/gzip"))
        assert found.sitemap.found
        assert not found.sitemap.whole
        assert found.sitemap.count < 30_000
        assert len(found.sitemap.addresses) == 2_000

    def test_an_index_is_followed_so_far(self):
        index = "".join(f"<sitemap><loc>/s{n}.xml</loc></sitemap>" for n in range(1, 9))
        parts = {f"/s{n}.xml": raw("<urlset><loc>/a</loc></urlset>") for n in range(1, 9)}
        robots = "Sitemap: /i.xml\nSitemap: https://lain.example/s.xml"
        found = self.at(
            GONE, robots, **{"/i.xml": raw(f"<sitemapindex>{index}</sitemapindex>")}, **parts
        )
        assert found.sitemap.count == 2
        assert not found.sitemap.whole

    def test_whole(self):
        assert self.at(raw(gzip.compress(b"<urlset><loc>/a</loc></urlset>"))).sitemap.whole


class TestPages:
    def test_a_budget_of_requests_whatever_is_linked(self):
        names = ("privasi", "pengaduan", "wbs", "ppid", "keberatan", "kontak", "skm", "berita")
        links = "".join(link(f"/{n}/{k}", n) for n in names for k in range(60))
        site = Site({"/": page(links)}, missing=moved("/a/b/c"))
        site.pages |= {"/robots.txt": GONE}
        site.crawl()
        assert len(site.asked) <= MOST_REQUESTS

    def test_pages_beyond_the_budget_are_missed(self):
        topics = TOPICS
        links = "".join(link(f"/{n}-{k}", f"{n} {k}") for n in topics for k in range(4))
        pages = {f"/{n}-{k}": page(f"{n} {k} isi") for n in topics for k in range(4)}
        found = crawl({"/": page(links), **pages})
        assert len(found.sheets) == MOST_PAGES
        assert {one.why for one in found.missed} == {Why.CUT}
        assert found.about(Topic.IMMEDIATE)

    def test_what_is_missed_and_dead_has_an_end(self):
        links = "".join(link(f"/skm/{n}", "SKM") for n in range(200))
        barred = raw("User-agent: *\nDisallow: /skm/")
        found = crawl({"/": page(links), "/robots.txt": barred})
        assert len(found.missed) == 60

    def test_many_that_are_missed_hide_no_other_topic(self):
        links = "".join(link(f"/skm/{n}", "SKM") for n in range(200)) + link("/wbs", "WBS")
        barred = raw("User-agent: *\nDisallow: /skm/")
        links += link("/bpbd", "BPBD")
        found = crawl({"/": page(links), "/robots.txt": barred, "/bpbd": SILENT})
        (missed,) = found.missed_about(Topic.IMMEDIATE)
        assert not missed.left_out
        found = crawl({"/": page(links), "/robots.txt": barred, "/wbs": SILENT})
        assert found.missed_about(Topic.WHISTLEBLOWING)

    def test_links_about_nothing_crowd_nobody_out(self):
        links = "".join(link(f"/x{n}", f"Judul {n}") for n in range(1_000))
        found = crawl({"/": page(links + link("/wbs", "WBS")), "/wbs": page(WORDS)})
        assert found.about(Topic.WHISTLEBLOWING)

    def test_more_pages_than_are_kept_in_mind(self):
        links = "".join(link(f"/skm/{n}", "SKM") for n in range(900)) + link("/wbs", "WBS")
        found = crawl({"/": page(links), "/wbs": page(WORDS), "/skm/0": page(WORDS + "skm")})
        (missed,) = found.missed_about(Topic.WHISTLEBLOWING)
        assert missed.why is Why.CUT
        assert missed.left_out is False

    def test_a_picture_before_the_site(self):
        cover = '<a href="/beranda"><img src=/a.jpg alt=""></a>'
        home = page(link("/wbs", "WBS") + link("/sejarah", "Sejarah") + WORDS)
        found = crawl({"/": page(cover), "/beranda": home, "/wbs": page("lapor" + WORDS)})
        assert visited(found) == {"/", "/beranda", "/wbs"}

    def test_no_room_for_a_document_in_the_place_of_a_page(self):
        links = "".join(link(f"/{n}", n) for n in TOPICS)
        pdfs = {f"/{n}": raw(PDF, "application/pdf") for n in TOPICS}
        found = crawl({"/": page(links), **pdfs})
        assert len(found.documents) == 8
        assert len(found.missed) == len(TOPICS) - 8
        assert len(crawl({"/": page(links)}).dead) < MOST_REQUESTS

    def test_soft_404(self):
        def lost(ask):
            return page(f"Maaf, {ask.path} tidak ada. Kode 123{len(ask.path)}", "Tidak ada")

        ghost = absent(SITE, ".html")
        found = crawl(
            {
                "/": page(link("/wbs", "WBS") + link("/kontak", "Kontak") + WORDS),
                ghost: lost,
                "/wbs": lost,
                "/kontak": page("Telepon kami setiap hari kerja", "Kontak"),
            }
        )
        assert visited(found) == {"/", "/kontak"}
        assert [(one.status, one.topics) for one in found.dead] == [
            (200, frozenset({Topic.WHISTLEBLOWING}))
        ]
        assert not found.missed_about(Topic.WHISTLEBLOWING)

    def test_a_site_of_scripts_shows_one_page_for_all(self):
        shell = page(link("/wbs", "WBS") + "<div id=app></div><script src=/a.js></script>")
        found = crawl({"/": shell}, missing=shell)
        assert visited(found) == {"/"}
        assert found.missed_about(Topic.WHISTLEBLOWING)
        assert found.dead == ()

    def test_dead_links_and_ways_back_to_the_front(self):
        links = "".join(
            (
                link("/wbs", "WBS"),
                link("/ppid", "PPID"),
                link("/skm", "SKM"),
                link("/entah", "Lain"),
            )
        )
        found = crawl({"/": page(links + WORDS), "/ppid": moved("/"), "/skm": page(links + WORDS)})
        assert {(one.address.rpartition("/")[2], one.status) for one in found.dead} == {
            ("wbs", 404),
            ("ppid", 200),
            ("skm", 200),
        }

    def test_what_cannot_be_read_is_missed(self):
        names = {
            "wbs": page("<b x>" * 20_001),
            "ppid": moved("https://ppid.example.go.id/"),
            "skm": SILENT,
            "jdih": raw("x", status=401),
            "csirt": raw(b"\x89PNG", "image/png"),
        }
        links = "".join(link(f"/{name}", name.upper()) for name in names)
        found = crawl({"/": page(links), **{f"/{name}": body for name, body in names.items()}})
        assert {one.address.rpartition("/")[2]: one.why for one in found.missed} == {
            "wbs": Why.CUT,
            "ppid": Why.SCOPE,
            "skm": Why.TIMEOUT,
            "jdih": Why.DENIED,
            "csirt": Why.UNREADABLE,
        }

    def test_two_links_to_one_page(self):
        found = crawl(
            {
                "/": page(link("/pengaduan", "Pengaduan") + link("/aduan-wbs", "WBS")),
                "/pengaduan": page("satu"),
                "/aduan-wbs": moved("/pengaduan"),
            }
        )
        (sheet,) = found.about(Topic.WHISTLEBLOWING)
        assert sheet.topics == {Topic.COMPLAINT, Topic.WHISTLEBLOWING}
        assert sheet.linked == ("Pengaduan", "WBS")

    def test_the_targets_other_site_is_read_by_its_own_rules(self):
        other = f"ppid.{SITE}"
        pages = {
            "/": page(link(f"https://{other}/", "PPID")),
            f"https://{other}/": page(link("/keberatan", "Keberatan")),
            f"https://{other}/keberatan": page("x"),
            f"https://{other}/robots.txt": raw("User-agent: *\nDisallow: /keberatan"),
        }
        assert len(crawl(pages, own=(SITE, other)).about(Topic.PPID)) == 1
        assert crawl(pages, own=(SITE, other)).missed_about(Topic.OBJECTION)
        assert not crawl(pages).about(Topic.PPID)

    def test_one_level_deeper_and_no_further(self):
        pages = {
            "/": page(link("/ppid", "PPID") + link("/kontak", "Kontak") + WORDS),
            "/kontak": page(link("/wbs", "WBS")),
            "/ppid": page(link("/dip", "Daftar Informasi Publik")),
            "/dip": page(link("/keberatan", "Keberatan")),
            "/keberatan": page("x"),
            "/wbs": page("x"),
        }
        assert visited(crawl(pages)) == {"/", "/ppid", "/kontak", "/dip"}

    def test_bytes_of_all_pages_have_an_end(self):
        names = TOPICS[:9] + TOPICS[10:16]
        links = "".join(link(f"/{name}", name) for name in names)
        pages = {f"/{name}": page(f"{name} " + "z" * 1_100_000) for name in names}
        found = crawl({"/": page(links), **pages})
        assert sum(len(sheet.answer.body) for sheet in found.sheets) <= 10 * 2**20
        assert found.missed


class TestDocuments:
    def test_read_filed_and_told(self):
        pages = {
            "/": page(
                link("/surat.pdf", "Surat")
                + link("/penerima.csv", "Daftar penerima bantuan")
                + link("/hilang.pdf", "x")
                + link("/lain.pdf", "y")
                + link("/bukan.pdf", "z")
                + link("/ppid", "PPID")
            ),
            "/surat.pdf": raw(PDF, "application/pdf"),
            "/penerima.csv": raw("a,b\n1,2\n", "text/csv"),
            "/lain.pdf": SILENT,
            "/bukan.pdf": page("bukan dokumen"),
            "/ppid": raw(PDF + b"2", "application/pdf"),
        }
        found = crawl(pages)
        kinds = {doc.place.path: doc.kind for doc in found.documents}
        assert kinds == {
            "/surat.pdf": DocumentKind.PDF,
            "/penerima.csv": DocumentKind.CSV,
            "/ppid": DocumentKind.PDF,
        }
        assert found.documents[1].linked == ("Daftar penerima bantuan", "Dinas")
        assert [one.address for one in found.missed] == [f"https://{SITE}/lain.pdf"]
        assert found.linked_documents == 5

    def test_no_more_than_eight_and_twelve_mebibytes(self):
        links = "".join(link(f"/{n}.pdf", f"Laporan {n}") for n in range(20))
        pages = {f"/{n}.pdf": raw(PDF, "application/pdf") for n in range(20)}
        assert len(crawl({"/": page(links), **pages}).documents) == 8
        big = {f"/{n}.pdf": raw(PDF + bytes(5 * 2**20), "application/pdf") for n in range(20)}
        found = crawl({"/": page(links), **big})
        assert sum(len(doc.body) for doc in found.documents) <= 12 * 2**20
        assert all(doc.cut for doc in found.documents)

    def test_one_document_under_two_links(self):
        pages = {
            "/": page(link("/a.pdf", "a") + link("/b.pdf", "b") + link("/ppid", "PPID")),
            "/a.pdf": raw(PDF, "application/pdf"),
            "/b.pdf": moved("/a.pdf"),
            "/ppid": moved("/a.pdf"),
        }
        assert len(crawl(pages).documents) == 1


def test_before_is_handed_on():
    found = crawl({"/": page(WORDS)}, before={"integrity": {"site": SITE}})
    assert found.before == {"integrity": {"site": SITE}}


class TestAgain:
    """A page that was at fault is looked at again, whatever leads there now."""

    def at(self, answer, rows=None):
        address = f"https://{SITE}/aneh.html"
        rows = [{"page": address}, {"page": f"https://{SITE}/"}] if rows is None else rows
        before = {"integrity": {"exhibits": rows}}
        return crawl({"/": page(WORDS), "/aneh.html": answer}, before=before)

    def test_read(self):
        assert visited(self.at(page("slot gacor"))) == {"/", "/aneh.html"}

    def test_gone(self):
        found = self.at(GONE)
        assert (found.missed, found.dead) == ((), ())

    def test_missed(self):
        (missed,) = self.at(SILENT).missed
        assert not missed.left_out

    @pytest.mark.parametrize(
        "rows",
        [None, [], [1], [{}], [{"page": 7}], [{"page": "http://["}], [{"page": "//lain.id/a"}]],
    )
    def test_odd_rows(self, rows):
        rows = rows if rows is not None else {"page": "x"}
        assert visited(self.at(page("slot gacor"), rows)) == {"/"}


def test_the_same_answers_give_the_same_crawl():
    make = partial(crawl, {"/": page(link("/wbs", "WBS")), "/wbs": page("x")})
    assert make().missed == make().missed
    assert visited(make()) == visited(make())


def test_what_is_asked_of_a_plain_site():
    site = Site({"/": page(WORDS), "/favicon.ico": Answer(status=200, fields=(HTML,))})
    site.crawl()
    assert site.paths == ["/", "/robots.txt", absent(SITE, ".html"), "/sitemap.xml", *"////"]
