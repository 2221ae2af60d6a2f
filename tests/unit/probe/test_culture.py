"""How a site is looked after: dates, signs of neglect, contact, data; hostile pages first."""

import time
from datetime import date

import pytest

from auditor.model.fact import Why
from auditor.model.shape import misfits
from auditor.probe.crawl import Missed, Topic
from auditor.probe.culture import PROBE, CultureArgs, read
from auditor.probe.culture_contact import keeper, mail_of, reached
from auditor.probe.culture_data import data_record
from auditor.probe.culture_dates import changed, newest
from auditor.probe.culture_signs import copyright_year, rights, samples, works
from auditor.probe.written_days import days_in
from tests.unit.probe.inclusion_sites import HTML, NOW, crawl, sheet

TODAY = NOW.date()
WORDS = "kata yang ada di dalam halaman ini untuk warga dan dinas " * 20


def told(*sheets, **more):
    site = crawl(*sheets, **more)
    record = read(CultureArgs(), site)
    assert list(misfits({"sites": [{"site": site.site, **record}]}, PROBE.gives)) == []
    return record


def missed(*topics, why=Why.TIMEOUT, left_out=False):
    wanted = frozenset(topics)
    return (Missed(address="https://x/", topics=wanted, why=why, detail="d", left_out=left_out),)


@pytest.mark.parametrize(
    "text",
    [
        "1 " * 200_000,
        "senin " * 100_000,
        "a@" * 200_000,
        "a.b" * 200_000 + "@" + "c." * 50_000,
        "0341-" * 100_000,
        "\u00a9 " * 100_000,
        "hak cipta " * 50_000 + "19",
        "1 januari " * 50_000,
        "halaman ini masih dalam tahap " * 20_000,
        "jl " * 100_000,
    ],
)
def test_no_text_takes_long(text):
    begun = time.process_time()
    told(sheet(text, "/", Topic.FRONT, Topic.NEWS, Topic.OPEN_DATA))
    assert time.process_time() - begun < 5


def test_nobodys_address_is_kept():
    page = sheet(
        '<a href="mailto:budi.santoso@gmail.com">budi</a> siti99@yahoo.co.id siti99 [at] gmail.com'
        " siti99@yahoo.co.id a@dinas.go.id b@kota.com (0341) 500-100 081234567890",
    )
    record = told(page)
    assert record["mail"] == {
        "free": ["gmail.com (2)", "yahoo.co.id (1)"],
        "official": 1,
        "other": 1,
    }
    for piece in ("budi", "siti", "0812", "500"):
        assert piece not in repr(record)


def test_more_addresses_than_are_read():
    page = sheet(" ".join(f"a{n}@gmail.com" for n in range(1000)))
    assert mail_of([page]).free == ("gmail.com (300)",)


def test_addresses_in_news_and_data_are_not_the_offices():
    assert mail_of([sheet("a@gmail.com", "/b", Topic.NEWS)]).free == ()


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Senin, 5 Oktober 2026", {date(2026, 10, 5)}),
        ("05-Nop-2025", {date(2025, 11, 5)}),
        ("October 5, 2026", {date(2026, 10, 5)}),
        ("Oct. 5 2026", {date(2026, 10, 5)}),
        ("2026-10-05T08:00", {date(2026, 10, 5)}),
        ("05/10/2026 dan 6.10.2026", {date(2026, 10, 5), date(2026, 10, 6)}),
        ("3 hari yang lalu", {date(2026, 11, 21)}),
        ("2 weeks ago", {date(2026, 11, 10)}),
        ("25 November 2026", {date(2026, 11, 25)}),
        ("26 November 2026", set()),
        ("31 Februari 2026", set()),
        ("5 Gajah 2026", set()),
        ("99/99/2026", set()),
        ("2026-10-055", set()),
        ("nomor 123/456/2026", set()),
        ("tahun 2026", set()),
    ],
)
def test_days(text, days):
    assert days_in(text, TODAY) == days


def test_the_newest_day_is_that_of_all_pages():
    pages = [
        sheet("1 Januari 2020"),
        sheet('<time datetime="2026-03-02">x</time><time datetime>y</time>', "/b"),
    ]
    assert newest(pages, NOW).date() == date(2026, 3, 2)
    assert newest([sheet("x")], NOW) is None


def test_todays_date_on_every_page_is_a_clock():
    pages = [sheet("24 November 2026 1 Mei 2019", f"/{n}") for n in range(3)]
    assert newest(pages, NOW).date() == date(2019, 5, 1)
    assert newest(pages[:2], NOW).date() == TODAY
    assert newest([*pages, sheet("x", "/x")], NOW).date() == TODAY


@pytest.mark.parametrize(
    ("said", "sent", "day"),
    [
        ("Mon, 02 Mar 2026 08:00:00 GMT", "Tue, 24 Nov 2026 08:00:00 GMT", date(2026, 3, 2)),
        ("Tue, 24 Nov 2026 07:59:30 GMT", "Tue, 24 Nov 2026 08:00:00 GMT", None),
        ("Mon, 02 Mar 2026 08:00:00 GMT", "", date(2026, 3, 2)),
        ("Mon, 02 Mar 2026 08:00:00 -0000", "", date(2026, 3, 2)),
        ("kemarin", "", None),
        ("", "", None),
    ],
)
def test_when_a_server_says_that_a_page_was_changed(said, sent, day):
    page = sheet("x", fields=(HTML, ("last-modified", said), ("date", sent)))
    assert changed(page) == day


def test_a_change_to_come_does_not_count():
    page = sheet("x", fields=(HTML, ("last-modified", "Mon, 02 Mar 2099 08:00:00 GMT")))
    assert newest([page], NOW) is None


def test_samples():
    pages = [
        sheet("Hello world! Lorem ipsum dolor sit amet"),
        sheet("<title>Just another WordPress site</title>", "/b"),
        sheet("This is an example page.", "/c"),
        sheet("Halo dunia dalam angka", "/d"),
    ]
    assert samples(pages) == [
        "/: Lorem ipsum",
        "/: Hello world",
        "/b: WordPress",
        "/c: Sample Page",
    ]


@pytest.mark.parametrize(
    ("html", "off"),
    [
        ("Situs ini sedang dalam perbaikan, mohon maaf.", True),
        (f"<title>Under construction</title>{WORDS}", True),
        (f"{WORDS} Pasar baru segera hadir.", False),
        ("<p>Layanan warga kota yang ramah.</p>", False),
        ("", True),
    ],
)
def test_pages_that_put_their_reader_off(html, off):
    assert works([sheet(html)]) == (["/"] if off else [])


def test_another_page_may_be_short():
    assert works([sheet("Data", "/b")]) == []


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("\u00a9 2019 Dinas", 2019),
        ("Copyright 2015 - 2021", 2021),
        ("Hak cipta Pemerintah Kota 2024", 2024),
        ("(c) 2099", None),
        ("2019", None),
    ],
)
def test_the_year_beside_a_copyright(text, year):
    assert copyright_year([sheet(text)], 2026) == year


@pytest.mark.parametrize(
    ("html", "said"),
    [
        ("\u00a9 Dinas", True),
        ("Isi berlisensi bebas", True),
        ('<a rel="license" href="/l">x</a>', True),
        ("Dinas", False),
    ],
)
def test_rights(html, said):
    assert rights(sheet(html)) is said


ALL = "Jalan Contoh 1, telepon (0341) 500-100, surel a@kota.go.id, jam layanan 08.00"


@pytest.mark.parametrize(
    ("html", "ways"),
    [
        (ALL, {"address", "phone", "mail", "hours"}),
        ("Jl. Contoh", {"address"}),
        ("+62 341 500100", {"phone"}),
        ("call center 112", {"phone"}),
        ("Telepon: 1500", {"phone"}),
        ('<a href="tel:112">Darurat</a>', {"phone"}),
        ("<a href='mailto:x@gmail.com'>s</a>", {"mail"}),
        ("Senin sampai Jumat", {"hours"}),
        ('<a href="https://www.instagram.com/d">IG</a>', {"social_only"}),
        ('<a href="https://www.instagram.com/d">IG</a> Jalan Contoh', {"address"}),
        ('<a href="https://wa.me/62">WA</a><form><textarea></textarea></form>', set()),
        ('<a href="https://batukota.go.id/">Kota</a>', set()),
    ],
)
def test_ways_to_an_office(html, ways):
    assert {way for way, there in reached([sheet(html)]).items() if there} == ways


def test_who_keeps_a_site():
    assert keeper(sheet("Dinas Komunikasi"))
    assert keeper(sheet("<title>Kecamatan Bumiaji</title>"))
    assert not keeper(sheet("Selamat datang"))


DATA = (
    "<main>Lisensi CC BY. Sumber: Dinas. Periode: tahunan. 1 Mei 2026 "
    '<a href="/a.csv">CSV</a></main>'
)


def test_open_data():
    assert data_record([], NOW) == {"found": False}
    assert data_record([sheet(DATA)], NOW) == {
        "found": True,
        "licence": True,
        "dated": True,
        "described": True,
        "files": True,
        "formats": ["csv"],
        "open": True,
    }
    assert data_record([sheet('<a href="/a.pdf">Sumber</a>')], NOW) == {
        "found": True,
        "licence": False,
        "dated": False,
        "described": False,
        "files": True,
        "formats": ["pdf"],
        "open": False,
    }
    linked = '<a href="https://creativecommons.org/licenses/by/4.0/">x</a>'
    assert data_record([sheet(linked)], NOW)["licence"] is True


HEAD = '<title>Dinas Contoh</title><meta name="Viewport" content="width = device-width">'


def test_a_site_that_is_looked_after():
    front = sheet(f"{HEAD}<main>{WORDS}{ALL} \u00a9 2026. 1 November 2026</main>")
    news = sheet(f"<p>{WORDS}</p><p>3 November 2026</p>", "/berita/a", Topic.NEWS)
    assert told(front, news, sheet(DATA, "/data", Topic.OPEN_DATA)) == {
        "pages": 3,
        "suffix": "go.id",
        "front_suffix": "go.id",
        "mobile": True,
        "language": "id",
        "freshness": {"dated": True, "newest": "2026-11-03T00:00:00+00:00"},
        "copyright": {"found": True, "year": 2026, "age": 0},
        "mail": {"free": [], "official": 1, "other": 0},
        "contact": {
            "address": True,
            "phone": True,
            "mail": True,
            "hours": True,
            "social_only": False,
        },
        "data": data_record([sheet(DATA)], NOW),
        "news": {"found": True, "undated": []},
        "samples": [],
        "works": [],
        "keeper": True,
        "rights": True,
    }


def test_a_site_of_few_words_tells_that_there_is_nothing():
    record = told(sheet("<p>Selamat datang di situs kami</p>"), site="dinas.example.com")
    assert record["suffix"] == "com"
    assert record["mobile"] is False
    assert record["language"] == ""
    assert record["freshness"] == {"dated": False}
    assert record["copyright"] == {"found": False}
    assert record["data"] == {"found": False}
    assert record["news"] == {"found": False}
    assert (record["keeper"], record["rights"]) == (False, False)


@pytest.mark.parametrize(
    ("html", "undated"),
    [
        (f"<p>{WORDS}</p>", True),
        (f"<p>{WORDS}</p><footer>1 Mei 2026</footer>", True),
        (f"<p>{WORDS}</p><p>1 Mei 2026</p>", False),
        (f'<p>{WORDS}</p><time datetime="2026-05-01">kemarin</time>', False),
        (f'<meta property="article:published_time" content="x"><p>{WORDS}</p>', False),
        ("<p>Berita</p>", False),
    ],
)
def test_news_without_a_date(html, undated):
    record = told(sheet("Dinas Contoh"), sheet(html, "/berita/a", Topic.NEWS))
    assert record["news"]["undated"] == (["/berita/a"] if undated else [])


def test_what_was_not_read_hides_what_is_missing():
    every = missed(*(topic for topic in Topic if topic is not Topic.FRONT))
    gap = {"why": "timeout", "detail": "d"}
    old = told(sheet("1 Mei 2019 \u00a9 2019 a@gmail.com"), missed=every)
    assert old["freshness"] == old["copyright"] == old["data"] == old["news"] == {"gap": gap}
    assert old["mail"] == {"free": ["gmail.com (1)"], "gap": gap}
    assert old["contact"] == {"mail": True, "gap": gap, "social_only": False}
    assert "keeper" not in old
    assert old["rights"] is True
    assert told(sheet("x"), missed=every)["contact"] == {"gap": gap}


def test_what_was_read_counts_though_something_was_not():
    record = told(
        sheet("20 November 2026 \u00a9 2026"),
        sheet(f"<p>{WORDS}</p>", "/b", Topic.NEWS),
        sheet("<p>Lisensi</p>", "/d", Topic.OPEN_DATA),
        missed=missed(Topic.NEWS, Topic.OPEN_DATA),
    )
    assert record["freshness"]["newest"] == "2026-11-20T00:00:00+00:00"
    assert record["copyright"]["age"] == 0
    assert record["news"] == {
        "found": True,
        "undated": ["/b"],
        "gap": {"why": "timeout", "detail": "d"},
    }
    assert record["data"] == {
        "found": True,
        "licence": True,
        "gap": {"why": "timeout", "detail": "d"},
    }


def test_a_contact_page_that_robots_are_kept_from_is_not_absent():
    kept = missed(Topic.CONTACT, why=Why.DENIED, left_out=True)
    record = told(sheet("Selamat datang"), sheet("Profil", "/profil"), missed=kept)
    assert record["contact"] == {"gap": {"why": "denied", "detail": "d"}}
    assert record["mail"] == {"gap": {"why": "denied", "detail": "d"}}
    assert "gap" not in record
