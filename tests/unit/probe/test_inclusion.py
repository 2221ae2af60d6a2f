"""The record of a site's accessibility: what was read, and what cannot be told."""

from auditor.model.fact import Why
from auditor.model.shape import misfits
from auditor.probe.crawl import Missed, Topic
from auditor.probe.inclusion import PROBE, InclusionArgs, read
from auditor.probe.inclusion_rules import CONTRAST, RULES
from tests.servers.inclusion_lab import page
from tests.unit.probe.inclusion_sites import crawl, sheet

SOUND = page("<p>Layanan</p>")
LISTS = {*RULES, CONTRAST, "titles_same"}


def told(*sheets, **more):
    site = crawl(*sheets, **more)
    record = read(InclusionArgs(), site)
    assert list(misfits({"sites": [{"site": site.site, **record}]}, PROBE.gives)) == []
    return record


def missed(why, *, left_out=False):
    topics = frozenset({Topic.NEWS})
    return (Missed(address="https://x/", topics=topics, why=why, detail="d", left_out=left_out),)


def test_a_sound_site():
    record = told(sheet(SOUND))
    assert record == {"pages": 1} | {fact: [] for fact in LISTS}


def test_one_line_a_page():
    pages = [sheet(page("<img><img>"), "/a"), sheet(page("<img>"), "/b")]
    assert told(sheet(SOUND), *pages)["pictures"] == ["/a: img (+1)", "/b: img"]


def test_pages_of_one_title():
    pages = [sheet(SOUND, "/a"), sheet(SOUND, "/a?halaman=2"), sheet(page(title=""), "/b")]
    assert told(*pages[:2])["titles_same"] == []
    assert told(sheet(SOUND), *pages)["titles_same"] == ["dinas contoh: /, /a"]


def test_what_was_tried_and_not_read_hides_that_there_is_no_fault():
    record = told(sheet(page("<img>")), missed=missed(Why.TIMEOUT))
    assert record == {
        "pages": 1,
        "pictures": ["/: img"],
        "gap": {"why": "timeout", "detail": "d"},
    }


def test_what_was_left_out_on_purpose_hides_nothing():
    other = sheet(page("<p>Layanan lain", title="Lain"), "/b")
    for why in (Why.CUT, Why.DENIED, Why.SCOPE):
        assert "gap" not in told(sheet(SOUND), other, missed=missed(why, left_out=True))
        assert "gap" in told(sheet(SOUND), other, missed=missed(why))


def test_a_site_that_keeps_us_from_all_but_its_front_page_was_not_seen():
    record = told(sheet(SOUND), missed=missed(Why.DENIED, left_out=True))
    assert record == {"pages": 1, "gap": {"why": "denied", "detail": "d"}}


def test_what_scripts_may_make_is_not_lacking():
    shell = "<html lang=id><div id=app></div><img src=/a.jpg><script src=/a.js></script>"
    record = told(sheet(shell))
    assert record.keys() == {"pages", "pictures", "gap"}
    record = told(sheet("<html lang=id><nav><a href=/a>Profil</a></nav><p>isi", cut=True))
    assert record.keys() == {"pages", "gap"}


def test_a_page_that_goes_on_hides_the_rest():
    assert told(sheet(SOUND, cut=True))["gap"]["why"] == "cut"


def test_a_page_made_by_scripts_takes_a_browser():
    made = sheet("<html lang=id><title>x</title><script>x</script>", "/b")
    record = told(sheet(SOUND), made, missed=missed(Why.UNSUPPORTED))
    assert record["gap"]["why"] == "no_tool"
    assert told(sheet(SOUND), made)["gap"]["why"] == "no_tool"


def test_what_is_no_page_is_not_judged():
    data = sheet("{}", "/a.json", fields=(("content-type", "application/json"),))
    assert told(sheet(SOUND), data)["pages"] == 1
