"""The record of a site: cloaking, drift, exhibits, and what was not seen."""

import re

import pytest

from auditor.model.fact import Why
from auditor.model.shape import misfits
from auditor.probe.crawl import Guise, Missed, Sitemap, Topic
from auditor.probe.http_talk import Mute
from auditor.probe.integrity import PROBE
from auditor.probe.integrity_cloaking import alike
from auditor.probe.integrity_exhibits import masked
from tests.unit.probe.integrity_pages import NOW, SITE, page, record, sheet

SPAM = page('<h2>Situs Slot Gacor</h2><a href="https://slot88.example/">Daftar</a>')
NEWS = (
    "<title>Diskominfo blokir 1.000 situs judi slot</title>"
    '<meta name="description" content="Diskominfo dan polisi memberantas judi online">'
)
NEWS_BODY = (
    "<h1>Diskominfo blokir 1.000 situs judi slot</h1><p>Situs itu menawarkan slot gacor, bandar "
    "togel, maxwin, depo 10k, scatter hitam, rtp live dan link alternatif.</p><p>Polisi menangkap "
    "tersangka. Warga diminta melapor.</p><p>" + "Kata lain. " * 30 + "</p><p>Kata pencarian "
    'populer: slot gacor, togel hari ini.</p><img src=/a.jpg alt="layar situs slot gacor">'
    '<a href="/tag/slot-gacor">slot gacor</a><a href="https://koran.example/1">Sumber</a>'
)


def sound(found):
    assert list(misfits({"sites": [{"site": SITE, **found}]}, PROBE.gives)) == []
    return found


def cloaking(guise, seen, **more):
    found = sound(record(guises={guise: seen}, **more))
    return found["cloaking"][guise.value], found


@pytest.mark.parametrize(
    "shown", ["", "<script src=/a.js></script><p>Mohon tunggu, kami memeriksa peramban Anda."]
)
def test_a_guise_that_is_shown_nothing(shown):
    seen, found = cloaking(Guise.CRAWLER, sheet(f"<html><title>Dinas Contoh</title>{shown}"))
    assert seen == {
        "similarity": 0,
        "gap": {"why": Why.NO_DATA, "detail": "next to nothing is shown in this guise"},
    }
    assert found["cloaking"]["differences"] == ["crawler: text"]


@pytest.mark.parametrize(
    "body",
    [
        "<script>" + "x;" * 160_000 + "eval(atob('x'))</script>",
        "<script>" + "x;" * 150_000 + "</script><script>eval(atob('x'))</script>",
        "<i title=x></i>" * 3_001,
        "<iframe src=/a></iframe>" * 501,
    ],
)
def test_more_in_a_page_than_is_read(body):
    found = sound(record(sheet(page(body))))
    assert found["injected"]["gap"]["why"] is Why.CUT


@pytest.mark.parametrize(
    "value", ['"' + "kata " * 500 + 'slot gacor maxwin"', '"a",' * 500 + '"slot gacor maxwin"']
)
def test_spam_far_inside_of_data(value):
    data = f'<script type="application/ld+json">{{"a": [{value}]}}</script>'
    assert sound(record(sheet(page(data))))["gambling"]["data"]


def test_a_list_of_pages_that_was_not_seen_is_not_absent():
    unseen = Mute(why=Why.TIMEOUT, detail="no answer")
    found = sound(record(sitemap=Sitemap(whole=False, unseen=unseen)))
    assert found["sitemap"] == {"gap": {"why": Why.TIMEOUT, "detail": "no answer"}}
    assert "sitemap" not in found["signature"]


def test_a_sound_site():
    found = sound(record())
    assert found["exhibits"] == []
    assert found["drift"] == {"compared": False, "counted": False}
    assert found["pages"] == {"read": 1, "missed": 0}
    empty = [
        found[section]
        for section in ("gambling", "doorways", "defacement", "injected")
        if any(found[section].values())
    ]
    assert empty == []


def test_news_against_gambling():
    found = sound(record(sheet(page(NEWS_BODY, NEWS), "/berita/diskominfo-blokir-judi-slot")))
    assert not any(found["gambling"].values())
    assert found["exhibits"] == []


@pytest.mark.parametrize(
    "injected",
    [
        '<a href="https://slot88.example/">Sumber</a>',
        '<a href="https://asing.example/">slot gacor</a>',
        '<div style="position:absolute;left:-9999px">situs slot gacor</div>',
        '<a style="font-size:0" href="https://asing.example/">slot gacor</a>',
    ],
)
def test_spam_on_a_page_of_news_against_gambling(injected):
    found = record(sheet(page(NEWS_BODY + "<p>" + "kata " * 40 + injected, NEWS)))
    assert any(found["gambling"].values())


def test_spam_beside_news_in_one_title():
    found = record(sheet(page("", "<title>Slot gacor maxwin hari ini</title>")))
    assert found["gambling"]["titles"]


@pytest.mark.parametrize("guise", [Guise.CRAWLER, Guise.PHONE, Guise.SEARCHER])
def test_gambling_for_one_guise(guise):
    seen, found = cloaking(guise, sheet(SPAM))
    assert seen["suspicious"] == ["gacor, situs slot", "slot88.example: slot88"]
    assert not any(found["gambling"].values())
    first = found["exhibits"][0]
    assert first["guise"] == guise.value
    assert first["time"] == NOW.isoformat()
    assert re.fullmatch("[0-9a-f]{64}", first["sha256"])
    others = [g for g in ("crawler", "phone", "searcher") if g != guise]
    assert all(found["cloaking"][other]["suspicious"] == [] for other in others)


def test_gambling_for_browsers_alone_is_gambling():
    found = sound(record(guises={Guise.BROWSER: sheet(SPAM)}))
    assert found["gambling"]["texts"]
    assert found["exhibits"][0]["guise"] == "browser"


@pytest.mark.parametrize(
    "seen",
    [
        sheet("", "/", ("location", "https://asing.example/x"), status=302),
        sheet(page(), site="asing.example"),
        sheet(page(head='<meta http-equiv="refresh" content="0;url=https://asing.example/">')),
    ],
)
def test_a_guise_is_sent_to_a_stranger(seen):
    found, whole = cloaking(Guise.SEARCHER, seen)
    assert found == {"suspicious": ["redirect → asing.example"]}
    assert whole["exhibits"][0]["what"] == "redirect → asing.example"
    assert whole["exhibits"][0]["place"] == "page"


def test_all_are_sent_to_the_same_stranger():
    away = sheet(page(head='<meta http-equiv="refresh" content="0;url=https://asing.example/">'))
    found = sound(record(away))
    assert found["doorways"]["refresh"]
    assert found["cloaking"]["phone"]["suspicious"] == []


def test_strangers_for_one_guise():
    body = "".join(f"<a href=https://asing{n}.example>Kata yang lain</a>" for n in range(3))
    assert cloaking(Guise.CRAWLER, sheet(page(body)))[0]["suspicious"] == []
    text = " ".join(f"{one}{two} baru" for one in "abcdefgh" for two in "klmnopqr")
    seen, _ = cloaking(Guise.CRAWLER, sheet(page(body + text)))
    assert seen["suspicious"] == ["links → asing0.example, asing1.example, asing2.example"]


def test_many_strangers_for_one_guise():
    body = "".join(f"<a href=https://asing{n}.example>x</a>" for n in range(6))
    assert cloaking(Guise.CRAWLER, sheet(page(body)))[0]["suspicious"]


def test_a_foreign_script_for_one_guise():
    seen, _ = cloaking(Guise.CRAWLER, sheet(page("<p>" + "公式通販サイト送料無料" * 9)))
    assert seen["suspicious"] == ["text in zh"]


def test_a_site_for_phones_differs_honestly():
    phone = sheet("<title>Mobile</title><h1>Menu</h1><p>Layanan ringkas untuk ponsel.</p>")
    seen, found = cloaking(Guise.PHONE, phone)
    assert seen["suspicious"] == []
    assert seen["similarity"] < 30
    assert found["cloaking"]["differences"] == ["phone: title", "phone: text"]


def test_what_changes_with_every_visit_is_no_difference():
    def visit(number):
        return sheet(
            page(
                f"<p>{'Berita warga hari ini lengkap dan jelas. ' * 9}</p><p>Pengunjung: {number}"
                f"</p><p>{number} November 2026</p><input name=csrf value=t{number}>"
                f"<ins>Iklan layanan {'satu' if number % 2 else 'dua'}</ins>"
            )
        )

    found = record(visit(1), guises={guise: visit(n) for n, guise in enumerate(Guise)})
    assert found["cloaking"]["differences"] == []
    assert found["cloaking"]["crawler"]["similarity"] > 50


@pytest.mark.parametrize(
    ("seen", "why"),
    [
        (Mute(why=Why.TIMEOUT, detail="x"), "timeout"),
        (sheet("Forbidden", status=403), "refused"),
        (sheet("", "/", ("location", "/login"), status=302), "refused"),
        (sheet("%PDF", "/", ("content-type", "application/pdf")), "unreadable"),
        (sheet(page(), cut=True), "cut"),
    ],
)
def test_a_guise_that_was_not_seen(seen, why):
    found, whole = cloaking(Guise.CRAWLER, seen)
    assert found["gap"]["why"] == why
    assert "suspicious" not in found
    if why != "cut":
        told = whole["cloaking"]
        assert told.get("differences") or told["gap"]["why"] == why


def test_a_guise_that_was_not_asked():
    found = sound(record(guises={Guise.CRAWLER: None}))
    assert found["cloaking"]["crawler"]["gap"]["why"] == "no_data"


def test_a_finding_in_a_guise_that_was_cut_counts():
    assert cloaking(Guise.CRAWLER, sheet(SPAM, cut=True))[0]["suspicious"]


def test_without_a_browser_the_auditors_own_visit_is_ordinary():
    mute = Mute(why=Why.TIMEOUT, detail="x")
    found = sound(record(guises={Guise.BROWSER: mute, Guise.CRAWLER: sheet(SPAM)}))
    assert found["cloaking"]["crawler"]["suspicious"]


def test_without_any_ordinary_page_nothing_is_compared():
    unread = sheet("%PDF", "/", ("content-type", "application/pdf"))
    mute = Mute(why=Why.TIMEOUT, detail="x")
    guises = {Guise.BROWSER: mute, Guise.CRAWLER: sheet(page())}
    found = sound(record(unread, guises=guises))
    assert found["cloaking"]["crawler"]["gap"]["why"] == "no_data"
    assert found["drift"]["gap"]["why"] == "unreadable"
    assert "signature" not in found
    assert found["gambling"] == {"gap": {"why": Why.UNREADABLE, "detail": "the answer is no page"}}


def test_a_phone_that_is_sent_away_like_all():
    away = sheet(page(), site="asing.example")
    assert record(guises=dict.fromkeys(Guise, away))["cloaking"]["phone"]["suspicious"]
    unread = sheet("%PDF", "/", ("content-type", "application/pdf"))
    found = record(unread, guises=dict.fromkeys(Guise, away))
    assert found["cloaking"]["phone"]["gap"]["why"] == "no_data"


def test_alike():
    assert alike("", "") == 100
    assert alike("satu dua tiga", "satu dua tiga 99") == 100
    assert alike("satu dua tiga", "empat lima enam") == 0


def missed(why, *topics, left_out=False):
    return Missed(address="x", topics=frozenset(topics), why=why, detail="y", left_out=left_out)


@pytest.mark.parametrize(
    ("one", "gap"),
    [
        (missed(Why.TIMEOUT, Topic.NEWS), True),
        (missed(Why.UNSUPPORTED, Topic.NEWS), True),
        (missed(Why.CUT, Topic.NEWS), True),
        (missed(Why.DENIED, Topic.NEWS), True),
        (missed(Why.CUT, Topic.NEWS, left_out=True), False),
        (missed(Why.DENIED, Topic.NEWS, left_out=True), True),
        (missed(Why.TIMEOUT), False),
    ],
)
def test_pages_that_were_missed(one, gap):
    found = sound(record(missed=(one,)))
    assert ("gap" in found["gambling"]) is gap
    assert ("most_domains" in found["links"]) is not gap
    assert found["pages"]["missed"] == 1


def test_one_page_that_robots_are_kept_from_hides_nothing():
    kept = missed(Why.DENIED, Topic.NEWS, left_out=True)
    found = sound(record(sheet(page()), sheet(page(), "/b"), missed=(kept,)))
    assert "gap" not in found["gambling"]


def test_what_was_found_counts_beside_a_gap():
    found = record(sheet(SPAM), missed=(missed(Why.TIMEOUT, Topic.NEWS),))
    assert found["gambling"]["texts"]
    assert "titles" not in found["gambling"]


def test_a_page_among_many():
    pages = (sheet(page()), sheet("x", "/a.txt", ("content-type", "text/plain")))
    plain = sheet("x", "/b")
    plain.answer = plain.answer.__class__(status=200, fields=(("content-type", "text/plain"),))
    found = record(*pages[:1], plain, sheet(SPAM, "/x?page=slot-gacor&token=rahasia"))
    assert found["pages"]["read"] == 2
    assert found["gambling"]["texts"] == [f"https://{SITE}/x: gacor, situs slot"]
    assert found["gambling"]["addresses"] == [f"https://{SITE}/x: slot gacor"]
    assert "rahasia" not in str(found)


LISTED = Sitemap(
    found=True,
    count=3,
    addresses=(
        f"https://{SITE}/profil",
        f"https://{SITE}/berita/diskominfo-blokir-situs-judi-slot",
        f"https://{SITE}/sl0t-g4cor/%E0%B8%AA?x=1",
    ),
)


def test_a_sitemap_of_spam():
    found = sound(record(sitemap=LISTED))
    assert found["sitemap"] == {"found": True, "count": 3, "odd": [f"https://{SITE}/sl0t-g4cor/ส"]}
    assert found["exhibits"][0]["place"] == "sitemap"


def test_a_sitemap_in_a_foreign_script():
    one = Sitemap(found=True, count=1, addresses=(f"https://{SITE}/%E7%A7%81%E5%AF%8C%E5%BD%A9",))
    assert record(sitemap=one)["sitemap"]["odd"]


@pytest.mark.parametrize(
    ("count", "whole", "leaves"),
    [
        (1, True, {"found", "count", "odd"}),
        (9, True, {"found", "count", "gap"}),
        (1, False, {"found", "gap"}),
    ],
)
def test_a_sitemap_that_is_longer(count, whole, leaves):
    one = Sitemap(found=True, count=count, whole=whole, addresses=(f"https://{SITE}/",))
    assert set(record(sitemap=one)["sitemap"]) == leaves


def test_no_sitemap():
    assert record()["sitemap"] == {"found": False}


def later(first, second, **more):
    before = {"integrity": {"site": SITE, **first}}
    return sound(record(second, before=before, **more))["drift"]


def test_nothing_has_changed():
    assert later(record(), sheet(page())) == {
        "compared": True,
        "changed": 0,
        "title": False,
        "scripts": [],
        "domains": [],
        "counted": True,
        "added": 0,
    }


def test_much_has_changed():
    other = sheet(
        "<title>Lain</title><table><tr><td><center><font>x</font></center></td></tr></table>"
        "<script src=https://s.asing.example/x.js></script><a href=https://b.example>x</a>"
        "<a href=https://www.youtube.com/>y</a>"
    )
    drift = later(record(), other, sitemap=LISTED)
    assert drift["changed"] > 60
    assert drift["title"]
    assert drift["scripts"] == ["asing.example"]
    assert drift["domains"] == ["b.example"]
    assert drift["added"] == 3


def test_more_news_is_no_change():
    news = "<ul>" + "<li><a href=/b>Berita</a></li>" * 3 + "</ul>"
    more = "<ul>" + "<li><a href=/c>Kabar</a></li>" * 30 + "</ul>"
    assert later(record(sheet(page(news))), sheet(page(more)))["changed"] == 0


@pytest.mark.parametrize(
    "before",
    [
        {},
        {"signature": None},
        {"signature": {"title": 1, "structure": []}},
        {"signature": {"title": "x", "structure": [1]}},
        {"signature": {"title": "x", "structure": "x"}},
    ],
)
def test_an_odd_record_from_before(before):
    assert later(before, sheet(page())) == {"compared": False, "counted": False}


def test_lists_too_long_to_compare():
    crowd = "".join(f"<a href=https://asing{n}.example>x</a>" for n in range(70))
    before = record(sheet(page(crowd)), sitemap=Sitemap(found=True, whole=False))
    assert "domains" not in before["signature"]
    drift = later(before, sheet(page()))
    assert drift["gap"]["why"] == "cut"
    assert drift["scripts"] == []
    assert not drift["counted"]
    assert "domains" in later(record(), sheet(page(crowd)))["gap"]["detail"]


def test_a_page_without_elements_of_its_own_is_compared():
    assert later({"signature": {"title": "x", "structure": []}}, sheet(page()))["changed"] == 100


def test_exhibits_are_few_short_and_impersonal():
    body = "".join(
        f"<p>{'kata ' * 70} slot gacor wa 0812-3456-7890 a@b.example \x1b[31m {n}</p>"
        f"<a href=https://slot{n}00.example/>slot gacor 3579010101900001</a>"
        for n in range(60)
    )
    found = sound(record(sheet(page(body, "<title>slot gacor 081234567890</title>"))))
    rows = found["exhibits"]
    assert len(rows) == 30
    assert len({(r["page"], r["guise"], r["place"], r["what"]) for r in rows}) == 30
    assert all(len(row["excerpt"]) <= 300 for row in rows)
    for text in ("081234", "3456", "3579010101", "a@b", "\x1b"):
        assert text not in str(found)


def test_exhibits_of_each_kind():
    body = (
        '<div style="font-size:0"><a href="https://asing.example">x</a></div>'
        '<iframe src="https://asing.example" width=1></iframe><script>eval(atob("x"))</script>'
    )
    found = record(sheet(page(body, "<title>Hacked by X</title>")))
    places = {row["place"] for row in found["exhibits"]}
    assert places == {"tricked", "hidden_frames", "scripts", "signs"}
    assert all(row["excerpt"] == "Hacked by X" for row in found["exhibits"])


def test_masked():
    assert masked("a  b\n3579 0101 0190 0001 x@y.example") == "a b … …@…"
    assert masked("tahun 2026, pukul 08.00") == "tahun 2026, pukul 08.00"
