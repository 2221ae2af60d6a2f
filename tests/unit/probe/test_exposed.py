"""The survey of what lies open: its verdicts, and what it must not conclude."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.model.fact import Kind, Why
from auditor.model.shape import misfits
from auditor.probe.cms_lifespans import Lifespans
from auditor.probe.exposed import PROBE
from auditor.probe.exposed_look import ASKS
from auditor.probe.exposed_paths import places
from auditor.probe.exposed_survey import survey
from auditor.probe.http_talk import Answer, Ask, Mute, absent
from tests.unit.probe.talking import GONE, REFUSED, TIMEOUT, page, talk

SITE = "dinkes.test"
TODAY = dt.date(2026, 11, 24)
NOTHING = Lifespans(source="", as_of=TODAY, products={})
FRONT = page(b"<!doctype html><title>Dinas Kesehatan</title><p>Layanan untuk warga kota")
CHECKED = {
    *("secrets", "vcs", "dump", "backup", "log", "debug", "admin", "status", "api_docs"),
    *("editor", "listing", "default_page"),
}


def look(answers, site=SITE):
    """Drive the survey; `answers` is a dict by path, what is missing is 404."""
    record, asked = talk(
        survey(site, NOTHING, TODAY),
        answers if callable(answers) else lambda ask: answers.get(ask.path, GONE),
    )
    items = {"sites": [{"site": site, **record}]}
    assert list(misfits(items, PROBE.gives)) == []
    return record, asked


def row(record, path):
    (found,) = [r for r in record["paths"] if r["path"] == path and r["kind"] != "default_page"]
    return found


def test_a_tidy_site_has_every_kind_seen_and_closed():
    record, asked = look({"/": FRONT})

    assert {r["kind"] for r in record["paths"]} >= CHECKED
    assert all(r["open"] is False and r["how"] == "" for r in record["paths"])
    assert (record["asked"], record["front"], record["absent"]) == (f"https://{SITE}/", 200, 404)
    assert record["software"] == []
    assert len(asked) <= 26
    assert {ask.method for ask in asked} == {"GET", "HEAD"}


@pytest.mark.parametrize("cms", ["", "WordPress", "Joomla", "Moodle", "OJS", "SLiMS", "OpenSID"])
def test_every_kind_is_asked_of_every_stack(cms):
    kinds = {place.kind for place in places("10.0.0.1", cms)} | {"default_page"}

    assert kinds >= CHECKED
    assert len(places(SITE, cms)) <= 21


@pytest.mark.parametrize(
    ("site", "named"),
    [
        ("dinkes.kota.go.id", "/dinkes.zip"),
        ("www.kota.go.id", "/kota.zip"),
        ("10.0.0.1", None),
        ("::1", None),
        ("backup.kota.go.id", None),
        ("a_b.kota.go.id", None),
    ],
)
def test_backups_are_named_after_the_site(site, named):
    paths = [place.path for place in places(site, "")]

    assert all("{" not in path for path in paths)
    assert len(set(paths)) == len(paths)
    assert (named in paths) if named else not any("a_b" in path for path in paths)


def test_a_leak_is_open_and_none_of_it_is_kept():
    secret = page(b"APP_KEY=base64:x\nDB_PASSWORD=rahasia\n", type_="text/plain")

    record, _ = look({"/": FRONT, "/.env": secret})

    assert row(record, "/.env") == {
        "path": "/.env",
        "kind": "secrets",
        "open": True,
        "how": "KEY=VALUE lines",
    }
    assert "rahasia" not in str(record)


def test_a_large_file_is_read_after_head_alone():
    dump = page(b"-- MySQL dump 10.13", 206, "application/sql")

    def answers(ask):
        if ask.path == "/":
            return FRONT
        if ask.path == "/backup.sql":
            return dump if ask.method == "GET" else page(type_="application/sql")
        return GONE

    record, asked = look(answers)

    mine = [ask for ask in asked if ask.path == "/backup.sql"]
    assert [ask.method for ask in mine] == ["HEAD", "GET"]
    assert dict(mine[1].fields)["Range"] == "bytes=0-511"
    assert mine[1].body == 512
    assert row(record, "/backup.sql")["how"] == "MySQL dump"


@pytest.mark.parametrize("status", [405, 501])
def test_head_that_is_not_allowed_is_asked_by_get(status):
    def answers(ask):
        if ask.path == "/":
            return FRONT
        if ask.path == "/backup.sql":
            return page(b"-- MySQL dump") if ask.method == "GET" else page(b"", status)
        return GONE

    assert row(look(answers)[0], "/backup.sql")["open"] is True


def test_head_is_not_trusted_where_it_differs_from_get():
    def answers(ask):
        if ask.path == "/":
            return FRONT if ask.method == "GET" else GONE
        if ask.method == "HEAD":
            return GONE
        return page(b"-- MySQL dump") if ask.path == "/backup.sql" else GONE

    record, asked = look(answers)

    assert row(record, "/backup.sql")["open"] is True
    assert sum(ask.method == "HEAD" for ask in asked) == 1


@pytest.mark.parametrize(
    ("answer", "seen"),
    [
        (page(b"", 410), False),
        (page(b"", 401), False),
        (page(b"", 400), False),
        (page(b"", 302, location="/masuk"), False),
        (page(b"", 200), False),
        (page(b"<html>halaman lain sama sekali tentang berita"), False),
        (page(b"\x00\x01\x02", type_="application/octet-stream"), Why.UNREADABLE),
        (page(b"", 500), Why.UNREADABLE),
        (page(b"", 999), Why.UNREADABLE),
        (page(b"<title>Just a moment...</title>"), Why.DENIED),
        (TIMEOUT, Why.TIMEOUT),
    ],
)
def test_what_an_answer_shows(answer, seen):
    found = row(look({"/": FRONT, "/.env": answer})[0], "/.env")

    assert (found["gap"]["why"] if "gap" in found else found["open"]) == seen


def soft(ask):
    return page(b"<!doctype html><title>Aplikasi</title><p>Selamat datang di aplikasi layanan kota")


def moved(ask):
    return FRONT if ask.path == "/" else page(b"", 302, location="/")


def unplain(ask):
    return FRONT if ask.path == "/" else page(b"<h1>ditolak", 400)


def plain(ask):
    return FRONT if ask.path == "/" else page(b"ok", type_="text/plain")


@pytest.mark.parametrize("answers", [unplain, plain])
def test_a_site_that_answers_all_alike_shows_nothing(answers):
    record, _ = look(answers)

    asked = [r for r in record["paths"] if r["path"] not in {"/", absent(SITE)}]
    assert {r["gap"]["why"] for r in asked} == {Why.UNREADABLE}
    assert record["absent"] != 404


@pytest.mark.parametrize("answers", [soft, moved])
def test_an_application_s_page_in_the_place_of_a_file_shows_that_the_file_is_not_there(answers):
    record, _ = look(answers)

    asked = [r for r in record["paths"] if r["path"] not in {"/", absent(SITE)}]
    assert {r["open"] for r in asked} == {False}


def test_a_leak_shows_through_a_site_that_answers_all_alike():
    def answers(ask):
        if ask.path == "/.git/HEAD":
            return page(b"ref: refs/heads/main\n", type_="application/octet-stream")
        if ask.path == "/backup.zip":
            return page(b"PK\x03\x04" if ask.body else b"", type_="application/zip")
        return soft(ask)

    record, _ = look(answers)

    assert {r["path"] for r in record["paths"] if r.get("open")} == {"/.git/HEAD", "/backup.zip"}


def test_refusals_count_where_the_front_page_is_still_answered():
    record, asked = look({"/": FRONT, "/.env": page(b"", 403)})

    assert row(record, "/.env")["open"] is False
    assert asked[-1].fields == (("Cache-Control", "no-cache"),)


@pytest.mark.parametrize("last", [page(b"", 403), TIMEOUT])
def test_refusals_show_nothing_where_the_front_page_is_refused_at_last(last):
    def answers(ask):
        if ask.path == "/":
            return last if ask.fields else FRONT
        return page(b"", 403) if ask.path == "/.env" else GONE

    record, _ = look(answers)

    assert row(record, "/.env")["gap"]["why"] is Why.DENIED
    assert row(record, "/.git/HEAD")["open"] is False


def test_refusals_show_nothing_after_the_client_stopped():
    def answers(ask):
        if ask.path == "/":
            return FRONT
        if ask.path == "/.env":
            return page(b"", 403)
        halted = ask.path in {"/adminer.php", "/server-status"}
        return Mute(why=Why.DENIED, detail="a firewall") if halted else GONE

    record, asked = look(answers)

    assert row(record, "/.env")["gap"]["why"] is Why.DENIED
    assert not any(ask.fields == (("Cache-Control", "no-cache"),) for ask in asked)


@pytest.mark.parametrize("status", [403, 429])
def test_a_site_that_refuses_all_shows_nothing(status):
    record, _ = look(lambda _ask: page(b"", status))

    assert all("gap" in r for r in record["paths"])
    assert record["gap"]["why"] is Why.UNREADABLE
    assert "software" not in record


def test_a_refused_front_page_with_nothing_else_heard_shows_nothing():
    record, _ = look(lambda ask: page(b"", 403) if ask.path == "/" else TIMEOUT)

    assert all("gap" in r for r in record["paths"])
    assert "absent" not in record


def test_a_broken_front_page_says_nothing_of_itself():
    record, _ = look({"/": page(b"", 500)})

    front = [r for r in record["paths"] if r["path"] == "/"]
    assert {r["gap"]["why"] for r in front} == {Why.UNREADABLE}
    assert row(record, "/.env")["open"] is False


def test_a_firewall_in_place_of_the_site():
    record, asked = look(lambda _ask: page(b"<title>Just a moment...</title>"))

    assert set(record) == {"gap"}
    assert record["gap"]["why"] is Why.DENIED
    assert len(asked) == 1


@pytest.mark.parametrize("mute", [REFUSED, TIMEOUT])
def test_a_site_that_does_not_answer(mute):
    record, asked = look(lambda _ask: mute)

    assert record == {"gap": {"why": mute.why, "detail": mute.detail}}
    assert len(asked) == 2


def test_a_site_without_tls_is_asked_in_clear():
    record, asked = look(lambda a: REFUSED if a.secure else FRONT if a.path == "/" else GONE)

    assert record["asked"] == f"http://{SITE}/"
    assert sum(ask.secure for ask in asked) == 1


def goal(site, path="/", **how):
    return Answer(status=302, leads=Ask(site=site, path=path, **how))


@pytest.mark.parametrize(
    ("first", "asked_at"),
    [
        (goal(f"www.{SITE}"), f"https://www.{SITE}/"),
        (goal(SITE, "/index.php"), f"https://{SITE}/"),
        (goal(SITE, secure=False), f"http://{SITE}/"),
        (goal("masuk.lain.test"), f"https://{SITE}/"),
    ],
)
def test_the_front_page_is_followed_within_the_site(first, asked_at):
    def answers(ask):
        begin = (ask.site, ask.path, ask.secure) == (SITE, "/", True)
        home = ask.path in {"/", "/index.php"}
        return first if begin and ask.body else FRONT if home else GONE

    record, asked = look(answers)

    assert record["asked"] == asked_at
    assert all(not ask.site.startswith("masuk") for ask in asked)


def test_a_circle_of_redirects_ends():
    record, asked = look(lambda _ask: goal(SITE, "/lagi"))

    assert record["front"] == 302
    assert sum(ask.body > 500_000 for ask in asked) == 4


def test_a_front_page_that_falls_silent_on_the_way():
    record, _ = look(lambda ask: goal(SITE, "/lagi") if ask.path == "/" else TIMEOUT)

    assert record["gap"]["why"] is Why.TIMEOUT


@pytest.mark.parametrize(
    ("path", "to", "opened"),
    [
        ("/phpmyadmin/", "/phpmyadmin/index.php", True),
        ("/phpmyadmin/", "/", False),
        ("/.env", "/.env/x", False),
    ],
)
def test_a_page_that_leads_deeper_into_itself_is_followed(path, to, opened):
    login = page(b"<title>phpMyAdmin</title>")

    record, _ = look({"/": FRONT, path: goal(SITE, to), to: login if to != "/" else FRONT})

    assert row(record, path)["open"] is opened


def test_requests_are_bounded_on_a_site_that_has_it_all():
    def answers(ask):
        if ask.path == "/":
            return FRONT
        if ask.path.startswith("/audit-"):
            return GONE
        return page(b"\x00\x00\x00\x01Bud1", type_="application/octet-stream")

    record, asked = look(answers)

    assert len(asked) <= ASKS + 8
    assert any(r["path"] == "/.DS_Store" and r["open"] for r in record["paths"])


def test_requests_beyond_the_agreed_are_unseen(monkeypatch):
    monkeypatch.setattr("auditor.probe.exposed_look.ASKS", 3)

    record, asked = look({"/": FRONT})

    assert len(asked) == 4 + 3
    assert next(r["gap"]["why"] for r in record["paths"] if "gap" in r) is Why.CUT


def test_debug_and_default_pages_and_listings_of_the_front():
    body = b"<title>Index of /</title><h1>It works!</h1> Using the URLconf defined in x"

    record, _ = look({"/": page(body), absent(SITE): page(b"__debugger__", 404)})

    found = {(r["kind"], r["path"]) for r in record["paths"] if r.get("open")}
    assert found == {
        ("default_page", "/"),
        ("listing", "/"),
        ("debug", "/"),
        ("debug", absent(SITE)),
    }


@given(st.binary(max_size=600), st.integers(100, 999), st.sampled_from(["", "text/html", "a/b"]))
def test_any_answer_gives_a_record(body, status, type_):
    record, asked = look(lambda _ask: page(body, status, type_))

    assert record
    assert len(asked) <= ASKS + 12


def test_every_fact_is_labelled_in_both_languages():
    table = PROBE.gives.at("sites")
    for field in (table, *table.fields.values(), *table.fields["paths"].fields.values()):
        assert field.label.id
        assert field.label.en
    assert table.fields["paths"].kind is Kind.TABLE


def everywhere(asked_at):
    """Only the front page stands here: all else is sent to the same path elsewhere."""

    def answers(ask):
        if ask.site != SITE:
            return (
                page(b"APP_KEY=x\nDB_HOST=y", type_="text/plain") if ask.path == "/.env" else GONE
            )
        if ask.path == "/":
            return FRONT
        leads = Ask(site=asked_at, path=ask.path) if asked_at else None
        where = f"https://{asked_at or 'x:8443'}{ask.path}"
        return Answer(status=301, fields=(("location", where),), leads=leads)

    return answers


def test_a_redirect_that_keeps_the_path_is_followed_on_the_site():
    record, _ = look(everywhere(f"www.{SITE}"))

    assert row(record, "/.env")["open"] is True
    assert row(record, "/.git/HEAD")["open"] is False
    assert row(record, "/backup.sql")["open"] is False


@pytest.mark.parametrize("elsewhere", ["lain.test", SITE, ""])
def test_a_redirect_that_keeps_the_path_is_no_closed_door(elsewhere):
    record, asked = look(everywhere(elsewhere))

    for path in ("/.env", "/backup.sql", "/phpinfo.php"):
        assert row(record, path)["gap"]["why"] is Why.NO_DATA
    assert {ask.site for ask in asked} == {SITE}


def test_a_front_page_that_leads_on_without_end_shows_nothing_of_itself():
    record, _ = look(lambda _ask: goal(SITE, "/lagi"))

    assert "open" not in next(r for r in record["paths"] if r["path"] == "/")
