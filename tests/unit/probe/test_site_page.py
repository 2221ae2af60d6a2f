"""What is in a page, however it is written."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from auditor.probe.base import Unseen
from auditor.probe.html_bombs import MOST_ATTRIBUTES, MOST_ELEMENTS, bomb
from auditor.probe.http_talk import Answer
from auditor.probe.site_page import is_html, loads, read_page, shown, text_of
from auditor.probe.site_url import Place
from tests.unit.probe.site_talks import HTML, SITE, page

HERE = Place(secure=True, name=SITE)


def read(html, *fields):
    return read_page(page(html, *fields), HERE)


@pytest.mark.parametrize(
    "html",
    [
        "<script src=http://a.example/x.js></script>",
        "<SCRIPT SRC='hTTp:\\\\a.example\\x.js'></SCRIPT>",
        "<iframe src=http://a.example/></iframe>",
        "<link rel='preload STYLESHEET' href=http://a.example/x.css>",
        "<object data=http://a.example/></object>",
        "<base href=http://a.example/><script src=x.js></script>",
        "<embed src='\nhttp://a.example/'>",
    ],
)
def test_active_content_in_clear(html):
    assert shown(read(html).active)


@pytest.mark.parametrize(
    "html",
    [
        "<script src=//a.example/x.js></script>",
        "<script src=/x.js></script>",
        "<script src=x.js></script><base href=http://a.example/>",
        "<base href=/x/><base href=http://a.example/><script src=x.js></script>",
        "<base href='javascript:x'><script src=x.js></script>",
        "<base><script src=x.js></script>",
        "<!-- <script src=http://a.example/></script> -->",
        "<p><noscript><iframe src=http://a.example/></iframe></noscript>",
        "<link rel=canonical href=http://a.example/>",
        "<link rel=stylesheet>",
        "<a href=http://a.example/>x</a>",
        "<script src></script>",
    ],
)
def test_no_active_content_in_clear(html):
    assert not read(html).active


def test_passive_content_in_clear():
    html = "<img src=http://a.example/1><video src=http://a.example/2><link rel=icon href=http://a.example/3>"
    assert shown(loads(read(html))) == ["a.example/1", "a.example/2", "a.example/3"]


@pytest.mark.parametrize(
    ("attributes", "sealed"),
    [
        ("", False),
        ("integrity", False),
        ("integrity=''", False),
        ("integrity=foo", False),
        ("integrity=md5-AAAA", False),
        ("integrity=sha384-AAAA", True),
        ("integrity='foo sha256-AAAA='", True),
    ],
)
def test_foreign_scripts_and_styles_need_a_hash(attributes, sealed):
    found = read(
        f"<script src=https://cdn.example/x.js?v=1 {attributes}></script>"
        f"<link rel=stylesheet href=//cdn.example/x.css {attributes}>"
    )
    assert shown(found.unsealed_scripts) == ([] if sealed else ["cdn.example/x.js"])
    assert shown(found.unsealed_styles) == ([] if sealed else ["cdn.example/x.css"])


def test_the_citys_own_hosts_are_not_foreign():
    assert not read("<script src=https://cdn.batukota.go.id/x.js></script>").unsealed_scripts


def test_policies_of_the_page_count_early_and_in_the_head():
    meta = "<meta http-equiv=Content-Security-Policy content=\"default-src 'self'\">"
    assert read(f"<head>{meta}</head>").policies == ["default-src 'self'"]
    for html in (f"<head><script></script>{meta}</head>", f"<body>{meta}</body>"):
        found = read(html)
        assert found.policies == []
        assert found.late_policy
    assert not read("<meta http-equiv=content-security-policy content=' '>").late_policy


@pytest.mark.parametrize(
    ("html", "goal"),
    [
        ("<meta http-equiv=refresh content='0; url=/web'>", "/web"),
        ("<meta http-equiv=Refresh content='5;URL=\"/web\"'>", "/web"),
        ("<meta http-equiv=refresh content='0,/web'>", "/web"),
        ("<meta http-equiv=refresh content='60; url=/web'>", ""),
        ("<meta http-equiv=refresh content='x'>", ""),
        ("<meta http-equiv=refresh content='0'>", ""),
        ("<noscript><meta http-equiv=refresh content='0; url=/web'></noscript>", ""),
        (
            "<meta http-equiv=refresh content='0;/a'>" * 2,
            "/a",
        ),
    ],
)
def test_where_a_page_sends_its_reader(html, goal):
    assert read(html).refresh == goal


def test_referrer_and_handlers():
    found = read("<meta name=Referrer content=origin><p onclick=x onload=y>")
    assert found.referrer == ["origin"]
    assert found.handlers == 2


@pytest.mark.parametrize(
    ("href", "path"),
    [
        ("/login", "/login"),
        ("/index.php/login?next=/", "/index.php/login"),
        ("https://sso.batukota.go.id/auth/x", "/auth/x"),
        ("/wp-login.php", "/wp-login.php"),
        ("/log-out/login", None),
        ("/berita/blogin", None),
        ("", None),
    ],
)
def test_the_link_to_a_login_page(href, path):
    found = next(iter(read(f"<a href='{href}'>x</a>").logins), None)
    assert (found and found.path) == path


def test_the_first_login_link_counts():
    assert read("<a href=/login>x</a><a href=/admin>x</a>").logins[0].path == "/login"


def form(html):
    (one,) = read(html).forms
    return one


@pytest.mark.parametrize(
    ("html", "goal", "get"),
    [
        ("<form><input type=password name=p></form>", f"{SITE}/", True),
        ("<form method=POST action=/x><input type=password name=p></form>", f"{SITE}/x", False),
        ("<form method=dialog><input type=password name=p></form>", f"{SITE}/", False),
        (
            "<form method=post action=http://a.example/><input type=password name=p></form>",
            "a.example/",
            False,
        ),
        (
            "<form method=post id=f action=/x></form><input form=f type=PassWord name=p>",
            f"{SITE}/x",
            False,
        ),
        (
            "<table><form method=post action=/x><tr><td><input type=password name=p></table>",
            f"{SITE}/x",
            False,
        ),
        ("<input type=password name=p>", f"{SITE}/", False),
    ],
)
def test_where_a_password_goes(html, goal, get):
    found = form(html)
    assert found.password
    assert found.sends_password
    assert found.goals[0].shown == goal
    assert found.get is get


def test_a_button_may_send_a_form_elsewhere():
    found = form(
        "<form method=post><input type=password>"
        "<button formaction=http://a.example/ formmethod=get>x"
        "</button><input type=submit formmethod=post><button type=button formaction=/no></form>"
    )
    assert [goal.shown for goal in found.goals] == [f"{SITE}/", "a.example/"]
    assert found.get
    assert not found.sends_password


def test_a_form_that_leads_to_script():
    assert form("<form action='javascript:x()'><input name=q></form>").goals == []


def test_fields_outside_of_forms_share_one():
    found = read("<form><input name=q></form><p><input type=password><input type=text>")
    assert [one.password for one in found.forms] == [False, True]


def test_a_field_far_below_its_form_stands_alone():
    found = read("<form>" + "<i>" * 300 + "<input type=password name=p>")
    assert [one.password for one in found.forms] == [False, True]


def test_thousands_of_forms_are_not_all_kept():
    assert len(read("<form><input></form>" * 5000).forms) <= 501


@pytest.mark.parametrize(
    ("body", "kind", "text"),
    [
        ("é".encode(), "text/html", "é"),
        (b"\xef\xbb\xbfx", "text/html; charset=latin1", "x"),
        (b"\xff\xfe<\0p\0", "text/html", "<p"),
        (b"\xfe\xff\0<\0p", "text/html", "<p"),
        (b"<\0p\0", "text/html; charset=UTF-16LE", "<p"),
        (b"\0<\0p", "text/html; charset=utf-16be", "<p"),
        (b"\xe9", "text/html; charset=iso-8859-1", "é"),
        (b"<meta charset='windows-1252'>\x80", "text/html", "<meta charset='windows-1252'>€"),
        (b"<meta charset=utf-16>\xc3\xa9", "text/html", "<meta charset=utf-16>é"),
        (b"+ADw-script+AD4-", "text/html; charset=utf-7", "+ADw-script+AD4-"),
        (b"x\xff", "text/html; charset=undefined", "xÿ"),
        (b"\xff", "text/html", "\ufffd"),
    ],
)
def test_a_page_is_decoded_as_browsers_do(body, kind, text):
    assert text_of(Answer(status=200, fields=(("content-type", kind),), body=body)) == text


@pytest.mark.parametrize(
    ("kind", "body", "html"),
    [
        ("text/html", b"", True),
        ("Application/XHTML+xml; x", b"", True),
        ("application/json", b"<p>", False),
        ("", b"\n<p>", True),
        ("", b"{}", False),
    ],
)
def test_what_is_shown_as_a_page(kind, body, html):
    assert is_html(Answer(status=200, fields=(("content-type", kind),), body=body)) is html


@pytest.mark.parametrize(
    "html",
    ["<div>" * 100_000, "<ul><li>" * 60_000, "<a " + "b=c " * 5 + ">" * 5 + "<a>" * 30_000],
)
def test_a_page_of_too_many_elements_is_not_parsed(html):
    started = time.process_time()
    with pytest.raises(Unseen, match=str(MOST_ELEMENTS)):
        read(html)
    assert time.process_time() - started < 2


NAMES = " ".join(f"a{n}" for n in range(60_000))


@pytest.mark.parametrize(
    "html",
    [
        f"<p {NAMES}>",
        f"<p x='>' {NAMES}>",
        f"<!--<q y='--><p {NAMES} z='>",
        f'<script>if (a<b) c = "</script><p {NAMES}>',
        "<a " * 19_000 + 'b="',
        f"<p {NAMES}",
    ],
)
def test_an_element_of_too_many_attributes_is_not_parsed(html):
    started = time.process_time()
    with pytest.raises(Unseen, match=str(MOST_ATTRIBUTES)):
        read(html)
    assert time.process_time() - started < 2


@pytest.mark.parametrize(
    "html", ["", "<", "<p", "<p x", "<p x='", "<p x = 'y'/ >", "<p =x>", "a<b&&c<d;", "<p/>"]
)
def test_small_oddities_are_parsed(html):
    assert bomb(html) == ""


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * MOST_ELEMENTS,
        "<a href='" + "x" * 1_000_000 + "'>",
        "<sc\0ript src=http://a.example/></sc\0ript>" * 1000,
        b"\xff\xfe" + b"<p>" * 100_000,
        "<form>" * 9000 + "<input type=password>" * 9000,
        "<a href=//" + "[" * 4000 + ">",
        ("<p " + " ".join(f"a{n}" for n in range(MOST_ATTRIBUTES - 5)) + ">") * 40,
    ],
)
def test_bombs_are_read_in_bounded_time(html):
    started = time.process_time()
    assert read(html)
    assert time.process_time() - started < 5


def test_a_page_that_the_parser_refuses(monkeypatch):
    class Refusing(LexborHTMLParser):
        def __new__(cls, *_):
            raise SelectolaxError("no")

    monkeypatch.setattr("selectolax.lexbor.LexborHTMLParser", Refusing)
    with pytest.raises(Unseen, match="cannot be parsed"):
        read("<p>")


@given(st.binary(max_size=300))
def test_any_bytes_are_a_page(body):
    assert read_page(Answer(status=200, fields=(HTML,), body=body), HERE)


MARKUP = st.sampled_from(
    [
        "<form ",
        "<input type=password name=p>",
        "<table>",
        "<tr>",
        "<base href='//x'>",
        "action=",
        "'",
        ">",
        "<script src=http:x>",
        "<meta http-equiv=refresh content='0;u'>",
        "<a href=/login>",
        "<link rel=stylesheet href=//[>",
        "</form>",
        "<noscript>",
        "<button formaction>",
        "id=a",
        "<svg>",
        "</",
        "<select form=a>",
    ]
)


@given(st.lists(MARKUP, max_size=15).map("".join))
def test_any_markup_is_read(html):
    found = read(html)
    assert all(one.goals is not None for one in found.forms)
