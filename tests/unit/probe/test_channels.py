"""Channels of complaint and openness: what is found, what is said, whether reporters are safe."""

import pytest

from auditor.model.fact import GAP, Why
from auditor.probe.channels import PROBE, read
from auditor.probe.channels_dates import newest
from auditor.probe.channels_find import CHANNELS, official, social
from auditor.probe.channels_said import CONTACT, RESULT, TIMES
from auditor.probe.crawl import Topic
from auditor.probe.http_talk import Answer
from tests.unit.probe.crawled import NOW, SILENT, SITE, crawl, link, moved, page, raw

WORDS = "Layanan warga kota setiap hari kerja dengan ramah. " * 12
SAFE = {"cache_control": "no-store", "referrer_policy": "no-referrer"}


def record(pages, **more):
    return read(PROBE.args(), crawl(pages, **more))


def row(pages, name, **more):
    (found,) = [one for one in record(pages, **more)["channels"] if one["name"] == name]
    return found


class TestUnseen:
    """What was not seen is never absent."""

    def test_a_front_page_of_scripts(self):
        seen = record({"/": page('<div id=app></div><script src="/a.js"></script>')})
        assert seen[GAP]["why"] is Why.UNSUPPORTED
        assert all("found" not in one for one in seen["channels"])
        assert not {"broken", "insecure", "unofficial"} & set(seen)
        assert [one.keys() for one in seen["strict"]] == [{"url", "kind", GAP}]
        assert all(seen[name].keys() == {GAP} for name in ("complaint", "ppid", "survey", "csirt"))

    def test_a_link_that_a_firewall_keeps_us_from_may_be_dead(self):
        seen = record({"/": page(link("/wbs", "WBS") + WORDS), "/wbs": raw("", status=403)})
        assert "broken" not in seen
        assert seen[GAP]["why"] is Why.DENIED

    def test_news_are_no_channel(self):
        front = page(link("/berita", "Berita") + link("/artikel", "Artikel") + WORDS)
        seen = record({"/": front, "/artikel": SILENT})
        assert seen["broken"] == []
        assert GAP not in seen

    def test_a_front_page_that_is_cut_may_lead_to_more_reports(self):
        front = page(link("/wbs", "WBS") + "a " * 600_000)
        rows = record({"/": front, "/wbs": page(WORDS, **SAFE)})["strict"]
        assert [one.get(GAP, {}).get("why") for one in rows] == [None, Why.CUT]

    @pytest.mark.parametrize(
        "body",
        [
            "<img src='http://['>" + "".join(f"<img src=/{n}>" for n in range(3_001)),
            "<script>" + "x;" * 250_000 + "fbq('init')</script>" + WORDS,
        ],
    )
    def test_more_in_a_page_of_reports_than_is_read(self, body):
        pages = {
            "/": page(link("/wbs", "WBS") + WORDS),
            "/wbs": page(body + "Cara melapor dugaan korupsi pegawai. " + WORDS, **SAFE),
        }
        (row,) = record(pages)["strict"]
        assert row[GAP]["why"] is Why.CUT
        assert not {"trackers", "foreign", "mixed"} & row.keys()

    def test_more_text_than_is_read(self):
        pages = {"/": page(link("/wbs", "WBS") + WORDS), "/wbs": page("kata " * 50_000)}
        assert record(pages)["whistleblowing"][GAP]["why"] is Why.CUT

    def test_what_is_found_on_such_a_page_counts(self):
        body = link("http://lama.example/skm", "SKM") + '<script src="/a.js"></script>'
        seen = record({"/": page(body)})
        assert seen["insecure"] == ["http://lama.example/skm"]
        assert seen["unofficial"] == ["lama.example"]

    def test_a_page_that_does_not_answer(self):
        seen = record({"/": page(link("/wbs", "WBS") + WORDS), "/wbs": SILENT})
        (found,) = [one for one in seen["channels"] if one["name"] == "whistleblowing"]
        assert found.keys() == {"name", GAP}
        assert seen["strict"] == [
            {
                "url": f"https://{SITE}/wbs",
                "kind": "whistleblowing",
                GAP: {"why": Why.TIMEOUT, "detail": f"https://{SITE}/wbs: no answer"},
            }
        ]
        assert "broken" not in seen
        assert seen[GAP]["why"] is Why.TIMEOUT

    def test_dead_links_are_told_beside_it(self):
        pages = {"/": page(link("/wbs", "WBS") + link("/skm", "SKM") + WORDS), "/wbs": SILENT}
        assert record(pages)["broken"] == [f"https://{SITE}/skm"]

    def test_what_robots_bar_is_not_dead(self):
        pages = {
            "/": page(link("/wbs", "WBS") + WORDS),
            "/robots.txt": raw("User-agent: *\nDisallow: /wbs"),
        }
        assert record(pages)["broken"] == []
        assert row(pages, "sp4n") == {"name": "sp4n", "found": False, "url": ""}

    def test_the_complaint_page_might_lead_to_sp4n(self):
        pages = {"/": page(link("/pengaduan", "Pengaduan") + WORDS), "/pengaduan": SILENT}
        assert GAP in row(pages, "sp4n")
        standards = {"/": page(link("/standar", "Standar Pelayanan") + WORDS), "/standar": SILENT}
        assert GAP in row(standards, "pledge")

    def test_a_page_that_was_cut_tells_no_absence(self):
        long = page("Nilai 12 hari kerja " + "a " * 600_000)
        seen = record({"/": page(link("/pengaduan", "Pengaduan") + WORDS), "/pengaduan": long})
        assert seen["complaint"] == {
            "read": True,
            "times": True,
            GAP: {"why": Why.CUT, "detail": "the page goes on beyond what was read"},
        }
        (strict,) = seen["strict"]
        assert strict["secure"] is True
        assert strict["cookies"] == []
        assert strict["cached"] is True
        assert not {"foreign", "trackers", "login"} & set(strict)


class TestFound:
    def test_nothing_at_all(self):
        seen = record({"/": page("Segera hadir")})
        assert {one["name"] for one in seen["channels"]} == {*CHANNELS, "sp4n", "pledge"}
        assert all(
            one == {"name": one["name"], "found": False, "url": ""} for one in seen["channels"]
        )
        assert seen["strict"] == seen["broken"] == seen["insecure"] == seen["unofficial"] == []
        assert seen["csirt"] == {"read": False}

    def test_a_page_of_its_own(self):
        pages = {
            "/": page(link("/skm", "Survei Kepuasan")),
            "/skm": page("Nilai IKM 88,4. Dipublikasikan 3 Maret 2026. Rapat 4 Mei 2099."),
        }
        assert row(pages, "survey") == {
            "name": "survey",
            "found": True,
            "own": True,
            "url": f"https://{SITE}/skm",
            "host": SITE,
            "secure": True,
            "official": True,
            "alive": True,
            "dated": True,
            "updated": "2026-03-03T00:00:00+00:00",
        }

    def test_a_link_in_clear_is_one(self):
        pages = {
            "/": page(link(f"http://{SITE}/skm", "SKM")),
            f"http://{SITE}/skm": moved(f"https://{SITE}/skm"),
            "/skm": page("SKM"),
        }
        seen = record({**pages, f"http://{SITE}/robots.txt": raw("")})
        (found,) = [one for one in seen["channels"] if one["name"] == "survey"]
        assert found["secure"] is False
        assert found["dated"] is False
        assert seen["insecure"] == [f"http://{SITE}/skm"]

    def test_elsewhere_the_official_one_first(self):
        body = link("https://toko.example/lpse", "LPSE") + link(
            "http://lpse.batukota.go.id/?t=1", "LPSE"
        )
        found = row({"/": page(body)}, "procurement")
        assert found["url"] == "http://lpse.batukota.go.id/"
        assert (found["official"], found["secure"], found["own"]) == (True, False, False)
        assert found[GAP]["why"] is Why.SCOPE
        assert "alive" not in found

    def test_sp4n_in_clear_anywhere(self):
        body = link("https://www.lapor.go.id/", "LAPOR") + link("http://lapor.go.id", "SP4N")
        assert row({"/": page(body)}, "sp4n")["secure"] is False
        assert row({"/": page(link("https://www.lapor.go.id/"))}, "sp4n")["secure"] is True
        assert (
            row({"/": page(link("https://lapor.go.id.example/", "Lapor"))}, "sp4n")["found"]
            is False
        )

    def test_a_dead_one_is_not_found(self):
        assert row({"/": page(link("/wbs", "WBS") + WORDS)}, "whistleblowing") == {
            "name": "whistleblowing",
            "found": False,
            "url": f"https://{SITE}/wbs",
            "alive": False,
        }

    def test_a_document_is_one(self):
        body = link("/dip.pdf", "Daftar Informasi Publik 2026") + link("/x.pdf", "")
        pdf = raw(b"%PDF-1.7", "application/pdf")
        found = row({"/": page(body), "/dip.pdf": pdf, "/x.pdf": pdf}, "information_list")
        assert (found["found"], found["alive"], found["url"]) == (
            True,
            True,
            f"https://{SITE}/dip.pdf",
        )

    def test_a_service_pledge(self):
        pages = {
            "/": page(link("/standar", "Standar Pelayanan")),
            "/standar": page("Syarat", "Maklumat"),
        }
        assert row(pages, "pledge")["url"] == f"https://{SITE}/standar"
        bare = {"/": pages["/"], "/standar": page("Syarat dan biaya")}
        assert row(bare, "pledge")["found"] is False
        other = {"/": page(link("https://batukota.go.id/maklumat", "Maklumat Pelayanan"))}
        assert row(other, "pledge")["own"] is False

    def test_social_networks_are_no_channels_but_foreign_forms_are(self):
        body = (
            link("https://wa.me/62811", "Pengaduan WhatsApp")
            + link("https://docs.google.com/forms/d/1", "Survei Kepuasan")
            + link("https://www.facebook.com/x", "Kontak")
            + link("https://batukota.go.id/", "Profil")
        )
        seen = record({"/": page(body)})
        assert seen["unofficial"] == ["docs.google.com"]
        assert not any(
            one["found"] for one in seen["channels"] if one["name"] in {"complaint", "profile"}
        )

    def test_thousands_of_links(self):
        def many(letter):
            return "".join(link(f"https://{letter}{n}.example/skm", "SKM") for n in range(1_900))

        paths = ("/wbs", "/skm", "/ppid")
        seen = record(
            {
                "/": page(many("a") + "".join(link(path) for path in paths)),
                **{path: page(many(path[1])) for path in paths},
            }
        )
        assert len(seen["unofficial"]) == 40

    def test_hosts(self):
        assert official("www.lapor.go.id")
        assert official("spse.inaproc.id")
        assert not official("go.id.example")
        assert not official("ago.id")
        assert social("m.facebook.com")
        assert not social("forms.gle")


class TestSaid:
    @pytest.mark.parametrize(
        "text",
        [
            "10 (sepuluh) hari kerja",
            "paling lambat 3 x 24 jam",
            "selambat-lambatnya dalam 14 hari",
            "within 5 days",
            "jangka waktu penyelesaian 2 jam",
        ],
    )
    def test_times(self, text):
        assert TIMES.search(text)

    @pytest.mark.parametrize("text", ["buka 24 jam", "sejak 2 hari lalu", "pukul 08.00"])
    def test_no_times(self, text):
        assert not TIMES.search(text)

    def test_contacts(self):
        assert CONTACT.search("telepon (0341) 500-100")
        assert CONTACT.search("surel ppid [at] batukota.go.id")
        assert CONTACT.search("+62 341 500100")
        assert not CONTACT.search("nomor 27 tahun 2022, jam 08.00")

    def test_results(self):
        assert RESULT.search("hasil survei kepuasan")
        assert RESULT.search("ikm tahun lalu 88,41")
        assert not RESULT.search("isi survei di loket")

    def test_pages_speak_together(self):
        pages = {
            "/": page(link("/pengaduan", "Pengaduan") + link("/aduan", "Aduan")),
            "/pengaduan": page("Boleh anonim. Formulir di bawah."),
            "/aduan": page("Dijawab 5 hari kerja oleh petugas kami."),
        }
        assert record(pages)["complaint"] == {"read": True, "times": True, "anonymous": True}
        silent = {
            "/": pages["/"],
            "/pengaduan": page("Isi formulir aduan"),
            "/aduan": page("Loket"),
        }
        assert record(silent)["complaint"] == {"read": True, "times": False, "anonymous": False}

    def test_an_address_that_is_only_linked(self):
        pages = {
            "/": page(link("/csirt", "CSIRT")),
            "/csirt": page('<a href="mailto:csirt@batukota.go.id">Surel</a> RFC-2350'),
        }
        assert record(pages)["csirt"] == {"read": True, "rfc2350": True, "contact": True}

    def test_a_page_on_another_site_is_not_judged(self):
        pages = {
            "/": page(link("/ppid", "PPID") + WORDS),
            "/ppid": moved("https://ppid.example.go.id/"),
        }
        assert record(pages)["ppid"] == {"read": False}
        assert record(pages)["broken"] == []


class TestStrict:
    def wbs(self, body, path="/wbs", **fields):
        pages = {"/": page(link(path, "WBS")), path: page(body, "WBS", **fields)}
        (found,) = record(pages)["strict"]
        return found

    def test_clean(self):
        body = '<link rel="stylesheet" href="/a.css"><form method=post><input name=x></form>'
        assert self.wbs(body, **SAFE) == {
            "url": f"https://{SITE}/wbs",
            "kind": "whistleblowing",
            "secure": True,
            "foreign": [],
            "trackers": [],
            "mixed": [],
            "foreign_forms": [],
            "clear_forms": [],
            "login": False,
            "cookies": [],
            "cached": False,
            "referrer": "no-referrer",
        }

    @pytest.mark.parametrize(
        ("body", "host"),
        [
            ('<script src="https://cdn.example/a.js"></script>', "cdn.example"),
            ('<img srcset="https://a.example/1.png 1x">', "a.example"),
            ('<link rel="preconnect" href="https://fonts.example">', "fonts.example"),
            (
                "<style>@import url(https://b.example/x.css);p{background:url(//c.example/y)}</style>",
                "b.example",
            ),
            ('<iframe src="https://docs.google.com/forms/d/1"></iframe>', "docs.google.com"),
            ('<p style="background:url(https://d.example/x)">x</p>', "d.example"),
        ],
    )
    def test_what_others_learn(self, body, host):
        assert host in self.wbs(body)["foreign"]

    def test_the_city_itself_is_no_third_party(self):
        assert self.wbs('<img src="https://batukota.go.id/logo.png">')["foreign"] == []

    @pytest.mark.parametrize(
        ("body", "name"),
        [
            ("<script>gtag('config', 'G-1')</script>", "Google Analytics"),
            ('<script src="//www.googletagmanager.com/gtm.js"></script>', "Google Tag Manager"),
            ("<script>fbq('init', '1')</script>", "Meta Pixel"),
            ('<img src="https://sstatic1.histats.com/0.gif">', "Histats"),
        ],
    )
    def test_trackers(self, body, name):
        assert name in self.wbs(body)["trackers"]

    def test_a_page_that_speaks_of_trackers_has_none(self):
        assert self.wbs("<p>Kami tidak memakai googletagmanager.com</p>")["trackers"] == []

    def test_in_clear(self):
        body = '<img src="http://a.example/x.png"><form action="http://b.example/"><input></form>'
        seen = self.wbs(body)
        assert seen["mixed"] == ["a.example"]
        assert seen["foreign_forms"] == seen["clear_forms"] == ["b.example"]
        upgraded = self.wbs(body, content_security_policy="upgrade-insecure-requests")
        assert upgraded["mixed"] == []

    def test_a_site_in_clear(self):
        pages = {
            f"https://{SITE}/": Answer(status=302, fields=(("location", f"http://{SITE}/"),)),
            f"http://{SITE}/": page(link("/wbs", "WBS")),
            f"http://{SITE}/wbs": page('<img src="/a.png">', "WBS"),
        }
        (seen,) = record(pages)["strict"]
        assert (seen["secure"], seen["mixed"]) == (False, [])

    def test_logins_cookies_copies(self):
        seen = self.wbs(
            '<meta name="REFERRER" content="unsafe-url"><input type="PASSWORD">',
            set_cookie="_ga=1; Max-Age=63072000; Secure",
        )
        assert (seen["login"], seen["cached"], seen["referrer"]) == (True, True, "unsafe-url")
        assert seen["cookies"] == ["_ga"]
        session = self.wbs("x", set_cookie="PHPSESSID=1; Secure; HttpOnly")
        token = self.wbs("x", set_cookie="XSRF-TOKEN=1; Max-Age=7200; Secure")
        assert session["cookies"] == token["cookies"] == []

    def test_bounded(self):
        many = "".join(f'<img src="https://x{n}.example/">' for n in range(9_000))
        assert len(self.wbs(many)["foreign"]) == 30

    def test_pages_that_moved_to_another_site_are_not_judged(self):
        pages = {
            "/": page(link("/wbs", "WBS") + WORDS),
            "/wbs": moved("https://wbs.example.go.id/"),
        }
        assert record(pages)["strict"] == []

    def test_news_about_complaints_are_no_complaint_page(self):
        pages = {"/": page(link("/berita/pengaduan", "Pengaduan")), "/berita/pengaduan": page("x")}
        assert record(pages)["strict"] == []


class TestDates:
    @pytest.mark.parametrize(
        ("text", "day"),
        [
            ("24 November 2026", "2026-11-24"),
            ("3 Agt 2025 dan 1 Mei 2024", "2025-08-03"),
            ("March 5, 2026", "2026-03-05"),
            ("2026-01-31", "2026-01-31"),
            ("31/12/2025", "2025-12-31"),
            ("Laporan tahun 2025", "2025-12-31"),
            ("Renja tahun 2026", "2026-11-24"),
            ("Renstra 2025 sampai 2029", "2025-12-31"),
            ("25 November 2026", "2026-11-25"),
        ],
    )
    def test_newest(self, text, day):
        assert newest(text, NOW).date().isoformat() == day

    @pytest.mark.parametrize(
        "text", ["", "30 Februari 2026", "1 Kucing 2026", "26 November 2026", "tahun 2030", "2026"]
    )
    def test_none(self, text):
        assert newest(text, NOW) is None

    def test_a_hostile_text_costs_little(self):
        assert newest("laporan " * 50_000 + "1" * 100_000, NOW) is None


def test_every_topic_of_a_channel_is_one():
    assert set(CHANNELS.values()) <= set(Topic)
