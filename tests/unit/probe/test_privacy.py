"""The record of a site: what was found, and what was not seen."""

import pytest

from auditor.model.fact import Why
from auditor.probe.crawl import Topic
from tests.unit.probe.privacy_sites import (
    LINK,
    NOTICE,
    dead,
    front,
    missed,
    privacy_page,
    read,
    sheet,
)

CONTACT = f"<form method=post><label for=n>Nama</label><input id=n name=n></form>{LINK}"


def test_a_site_that_asks_nothing():
    record = front("<h1>Dinas</h1>")
    assert record["forms"] == record["boxes"] == record["cookies"] == record["embeds"] == []
    assert record["third_parties"] == record["foreign_forms"] == record["snippets"] == []
    assert record["notice"] == {"standing": "none", "address": "", "linked_front": False}
    (page,) = record["pages"]
    assert page == {
        "page": "dinas.batukota.go.id/",
        "collects": False,
        "banner": False,
        "implied": False,
        "notice_linked": False,
    }


def test_a_page_with_a_form_collects():
    record = read(sheet(CONTACT), privacy_page())
    assert record["pages"][0]["collects"]
    assert record["pages"][0]["notice_linked"]
    assert record["notice"]["linked_front"]


@pytest.mark.parametrize(
    ("topic", "html", "collects"),
    [
        (Topic.COMPLAINT, "<p>Lapor", True),
        (Topic.WHISTLEBLOWING, "<p>WBS", True),
        (Topic.NEWS, "<p>Berita", False),
        (Topic.NEWS, "<form role=search><input type=search name=q></form>", False),
        (Topic.NEWS, "<iframe src=https://docs.google.com/forms/d/x></iframe>", True),
        (Topic.NEWS, "<iframe src=https://docs.google.com/document/d/x></iframe>", False),
        (Topic.NEWS, "<iframe src=https://www.youtube.com/embed/x></iframe>", False),
    ],
)
def test_which_pages_collect(topic, html, collects):
    assert read(sheet(html, "/x", (topic,)))["pages"][0]["collects"] is collects


def test_others_on_pages_that_collect():
    html = "<script src=https://www.google-analytics.com/a.js></script><img src=//lapor.go.id/a>"
    html += "<p>" + "kata " * 80
    record = read(sheet(html), sheet(html, "/wbs", (Topic.WHISTLEBLOWING,)))
    (row,) = record["embeds"]
    assert row == {
        "page": "dinas.batukota.go.id/wbs",
        "domain": "google-analytics.com",
        "service": "Google Analytics",
        "use": "analytics",
        "tracks": True,
        "known": True,
        "operator": "Google",
        "country": "US",
        "resources": ["script"],
    }
    parties = {row["domain"]: row for row in record["third_parties"]}
    assert parties["google-analytics.com"]["pages"] == 2
    assert parties["lapor.go.id"]["use"] == "government"


def gaps(record, table):
    return [row for row in record[table] if "gap" in row]


def test_a_page_that_was_missed_leaves_absence_untold():
    record = read(sheet("<p>x"), missed=(missed("/wbs", Topic.WHISTLEBLOWING),))
    for table in ("forms", "boxes", "embeds", "foreign_forms", "third_parties", "snippets"):
        (row,) = gaps(record, table)
        assert row["gap"] == {"why": Why.TIMEOUT, "detail": "no answer"}
    assert record["pages"][1] == {"page": "dinas.batukota.go.id/wbs", "gap": row["gap"]}


def test_a_missed_page_of_news_says_nothing_of_forms():
    record = read(sheet("<p>x"), missed=(missed("/berita/1", Topic.NEWS),))
    assert gaps(record, "forms") == gaps(record, "pages") == []
    assert gaps(record, "third_parties")


def test_a_page_that_was_cut_tells_what_it_holds_and_not_what_it_lacks():
    record = read(sheet(CONTACT, cut=True), privacy_page())
    assert [row["form"] for row in record["forms"]] == ["#1", "?"]
    page = record["pages"][0]
    assert page["collects"]
    assert page["notice_linked"]
    assert "banner" not in page
    assert page["gap"]["why"] == "cut"
    banner = "<div id=cookie><button>Terima</button><button>Tolak</button></div>"
    (page,) = read(sheet(banner, cut=True))["pages"]
    assert page["refusable"]
    (page,) = read(sheet("<div id=cookie><button>Terima</button></div>", cut=True))["pages"]
    assert "refusable" not in page


def test_a_page_that_scripts_make_takes_a_browser():
    record = front("<div id=app></div><script src=/app.js></script>")
    assert gaps(record, "forms")[0]["gap"]["why"] == "no_tool"
    assert record["notice"]["gap"]["why"] == "no_tool"
    assert record["pages"][0]["gap"]["why"] == "no_tool"


def test_a_page_that_cannot_be_parsed():
    record = read(sheet("<p>x"), sheet("<b>" * 30_000, "/lapor", (Topic.COMPLAINT,)))
    assert gaps(record, "forms")[0]["page"] == "dinas.batukota.go.id/lapor"
    assert record["pages"][1]["gap"]["why"] == "cut"


def test_what_is_no_page_is_left_out():
    picture = sheet("x", "/a.png", (Topic.COMPLAINT,), ("content-type", "image/png"))
    record = read(sheet("<p>x"), picture)
    assert len(record["pages"]) == 1
    assert gaps(record, "forms") == []


def test_where_the_notice_was_not_seen_links_to_it_are():
    gone = (missed("/privasi", Topic.PRIVACY),)
    record = read(sheet(CONTACT), sheet("<p>x", "/b", (Topic.NEWS,)), missed=gone)
    assert record["notice"]["gap"]["why"] == "timeout"
    assert record["pages"][0]["notice_linked"] is True
    assert record["pages"][1]["gap"]["why"] == "timeout"


def test_a_link_to_a_notice_that_is_gone():
    record = read(sheet(CONTACT), dead=(dead("/privasi", Topic.PRIVACY),))
    assert record["notice"]["standing"] == "none"
    assert record["pages"][0]["notice_linked"] is False


def test_promises_that_are_not_kept():
    text = NOTICE.replace(
        "Kami memakai kuki sesi", "Kami tidak memakai kuki dan tidak memakai pelacak"
    )
    tracker = "<script src=https://www.clarity.ms/tag/x></script>"
    cookie = sheet(f"{LINK}{tracker}", "/", (Topic.FRONT,), ("set-cookie", "a=b"))
    assert read(cookie, privacy_page(text))["notice"]["broken"] == ["cookies", "trackers"]
    assert read(sheet(LINK), privacy_page(text))["notice"]["broken"] == []
    gone = (missed("/x", Topic.NEWS),)
    notice = read(sheet(LINK), privacy_page(text), missed=gone)["notice"]
    assert "broken" not in notice
    assert notice["gap"]["why"] == "timeout"


def test_scripts_are_told_once():
    html = "<p>" + "kata " * 80 + "<script>fbq('init', 'x')</script>"
    record = read(sheet(html), sheet(html, "/b", (Topic.NEWS,)))
    assert record["snippets"] == [
        {"name": "Meta Pixel", "use": "advertising", "page": "dinas.batukota.go.id/"}
    ]


def test_many_missed_pages_hide_none_that_asks_something():
    gone = tuple(missed(f"/b{n}", Topic.NEWS) for n in range(70))
    assert len(gaps(read(sheet("<p>x"), missed=(*gone, missed("/wbs", Topic.FORM))), "forms")) == 1


@pytest.mark.parametrize(
    "html",
    [
        "<a href=/x>x</a>" * 2_000,
        "<p>" + "kata " * 45_000,
        "<input name=a>" * 501 + "<form><input name=nik></form>",
        "".join(f"<img src=/{n}>" for n in range(2_000))
        + "<script src=//hotjar.com/a.js></script><p>"
        + "kata " * 100,
        "<script>" + "x;" * 300_000 + "hj('a')</script>" + "kata " * 100,
        "<script>"
        + "".join(f"'//a{n}.id/'" for n in range(300))
        + "'//hotjar.com/'</script><p>"
        + "kata " * 100,
    ],
)
def test_more_in_a_page_than_is_read(html):
    record = read(sheet(html, "/wbs", (Topic.WHISTLEBLOWING,)))
    for table in ("forms", "foreign_forms", "third_parties", "snippets"):
        assert [one["gap"]["why"] for one in gaps(record, table)] == ["cut"]


def test_a_page_that_was_not_fetched_may_set_cookies():
    gone = (missed("/b", Topic.NEWS), missed("/c", Topic.NEWS, why=Why.CUT, left_out=True))
    record = read(sheet("<p>x"), sheet("<p>x", "/y", cut=True), missed=gone)
    assert record["cookies"] == [
        {"name": "dinas.batukota.go.id/b", "gap": {"why": "timeout", "detail": "no answer"}}
    ]


def test_only_so_many_missed_pages_are_told():
    gone = tuple(missed(f"/f{n}", Topic.FORM) for n in range(70))
    assert len(gaps(read(sheet("<p>x"), missed=gone), "forms")) == 50
