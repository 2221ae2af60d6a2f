"""Conversations with scripted sites: what becomes a fact, what a gap."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.model.fact import Why
from auditor.probe.http_talk import Answer, Mute
from auditor.probe.site import MOST_REQUESTS
from auditor.probe.site_trip import FRONT_BODY
from tests.unit.probe.site_talks import (
    CLOSED,
    HTML,
    MISSING,
    PLAIN,
    SILENT,
    SITE,
    Scripted,
    front,
    moved,
    page,
)

HTTP, HTTPS = f"http://{SITE}/", f"https://{SITE}/"
OUT = Mute(why=Why.SCOPE, detail="not covered")
HUNG_UP = Mute(
    why=Why.UNREADABLE,
    detail="does not speak HTTP: can't handle event type ConnectionClosed when role=SERVER",
)
LATE = Mute(why=Why.UNREADABLE, detail="TLS failed: TLSV1_UNRECOGNIZED_NAME")


def tell(pages, special=None):
    return Scripted(pages, special).tell()


def why(record):
    return record["gap"]["why"]


def test_a_plain_good_site():
    site = Scripted({HTTPS: page("<p>x", ("strict-transport-security", "max-age=31536000"))})
    record = site.tell()
    assert record["clear"] == {
        "answered": True,
        "status": 301,
        "location": HTTPS,
        "redirects_https": True,
        "first_https": True,
        "same_host": True,
        "permanent": True,
    }
    assert record["hsts"]["max_age"] == 31_536_000
    assert record["bare"] == {"clear": "closed", "secure": "closed"}
    assert record["page"] == {"url": HTTPS, "status": 200, "secure": True, "html": True}
    assert record["login"] == {"found": False}
    assert record["error_page"] == {"status": 404, "leaks": []}
    assert record["cors"] == {"anyone": False, "trusted": []}
    assert record["forwarded"] == {"reflected": []}
    assert record["versions"] == {"server": "", "powered_by": "", "methods": []}
    assert {ask.method for ask in site.asked} == {"GET"}
    assert len(site.asked) <= MOST_REQUESTS


def test_no_survey_asks_more_than_agreed():
    chain = {HTTP: moved(HTTPS), HTTPS: moved("/1")}
    chain |= {f"{HTTPS}{n}": moved(f"/{n + 1}") for n in range(1, 5)}
    chain[f"{HTTPS}5"] = page("<a href=/login>x")
    chain[f"{HTTPS}.well-known/security.txt"] = moved("/s")
    site = Scripted(chain)
    record = site.tell()
    assert len(site.asked) == MOST_REQUESTS
    assert record["page"]["url"] == f"{HTTPS}5"
    assert why(record["robots"]) == "cut"
    assert why(record["login"]) == "denied"


@pytest.mark.parametrize("mute", [SILENT, CLOSED])
def test_a_site_that_does_not_answer(mute):
    site = Scripted({HTTP: mute, HTTPS: mute})
    record = site.tell()
    assert len(site.asked) == 2
    for name in ("page", "csp", "headers", "cookies", "versions", "bare", "login", "content"):
        assert why(record[name]) == mute.why
    assert ("answered" in record["clear"]) is (mute is CLOSED)


def test_a_site_without_https_is_judged_as_citizens_see_it():
    record = tell(
        {HTTPS: CLOSED, HTTP: page("<form method=post><input type=password name=p></form>")}
    )
    assert record["secure"]["answered"] is False
    assert record["hsts"]["max_age"] == 0
    assert record["page"]["secure"] is False
    assert record["login"]["clear"] == [f"{SITE}/"]
    assert record["content"]["clear_forms"] == [f"{SITE}/"]


def test_silence_over_https_is_no_absence():
    record = tell({HTTPS: SILENT})
    assert "answered" not in record["secure"]
    assert why(record["hsts"]) == why(record["page"]) == why(record["cookies"]) == "timeout"


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (403, "denied"),
        (401, "denied"),
        (429, "busy"),
        (503, "busy"),
        (500, "unreadable"),
        (404, "unreadable"),
    ],
)
def test_an_error_page_is_not_the_site(status, reason):
    said = page("x", ("x-frame-options", "DENY"), ("server", "nginx/1.2.3"), status=status)
    record = tell({HTTPS: said})
    for name in ("page", "csp", "headers", "content", "login", "cors", "forwarded", "cookies"):
        assert why(record[name]) == reason
    assert why(record["hsts"]) == reason
    assert record["versions"]["server"] == "server: nginx/1.2.3"
    assert "powered_by" not in record["versions"]


@pytest.mark.parametrize(
    ("http", "facts"),
    [
        (moved(f"https://www.{SITE}/"), {"first_https": True, "same_host": False}),
        (moved(f"http://www.{SITE}/"), {"first_https": False, "same_host": True}),
        (moved(HTTPS, status=302), {"permanent": False}),
        (moved(HTTPS, status=308), {"permanent": True}),
        (moved("https://lain.example/"), {"redirects_https": False}),
        (moved(f"https:\\\\{SITE}/"), {"redirects_https": False}),
        (moved(f"https://user@{SITE}/"), {"redirects_https": False}),
        (moved("javascript:alert(1)"), {"redirects_https": False}),
        (moved(""), {"redirects_https": False}),
        (page("<meta http-equiv=refresh content='0;url=https://x/'>"), {"redirects_https": False}),
    ],
)
def test_redirects_in_clear(http, facts):
    pages = {HTTP: http, HTTPS: page(), f"http://www.{SITE}/": moved(f"https://www.{SITE}/")}
    record = tell(pages)["clear"]
    assert {name: record[name] for name in facts} == facts


def test_redirects_in_clear_without_end_and_into_nothing():
    record = tell({HTTP: moved("/a"), f"{HTTP}a": moved("/"), HTTPS: page()})
    assert why(record["clear"]) == "unreadable"
    record = tell({HTTP: moved("/a"), f"{HTTP}a": OUT, HTTPS: page()})
    assert why(record["clear"]) == "scope"
    assert record["clear"]["status"] == 301


@pytest.mark.parametrize(
    ("pages", "reason"),
    [
        ({HTTPS: moved("https://lain.example/")}, "no_data"),
        ({HTTPS: moved("/a"), f"{HTTPS}a": OUT}, "scope"),
        ({HTTPS: moved("/a"), f"{HTTPS}a": moved("/")}, "unreadable"),
        ({HTTPS: moved("javascript:x")}, "unreadable"),
        ({HTTPS: moved("")}, "unreadable"),
        (
            {HTTPS: page("<meta http-equiv=refresh content='0;url=https://lain.example/'>")},
            "no_data",
        ),
    ],
)
def test_a_front_page_that_leads_elsewhere(pages, reason):
    record = tell(pages)
    assert why(record["headers"]) == reason
    assert record["secure"]["answered"]


def test_the_pages_own_redirect_is_followed():
    html = "<meta http-equiv=refresh content='0;url=/web?id=1'>"
    record = tell({HTTPS: page(html), f"{HTTPS}web": page("x", ("x-frame-options", "DENY"))})
    assert record["page"]["url"] == f"{HTTPS}web"
    assert record["headers"]["framing"] == "header"


def test_a_page_that_leads_to_itself_is_the_page():
    assert (
        tell({HTTPS: page("<meta http-equiv=refresh content='5;url=/'>")})["page"]["status"] == 200
    )


def test_hsts_counts_for_the_name_that_was_asked():
    there = page("x", ("strict-transport-security", "max-age=31536000"))
    record = tell({HTTPS: moved(f"https://www.{SITE}/"), f"https://www.{SITE}/": there})
    assert record["hsts"]["max_age"] == 0
    assert record["page"]["url"] == f"https://www.{SITE}/"


def bare(clear, secure):
    def special(ask):
        return (secure if ask.secure else clear) if ask.bare else None

    return front(special=special)["bare"]


@pytest.mark.parametrize(
    ("heard", "said"),
    [
        (CLOSED, "closed"),
        (LATE, "closed"),
        (HUNG_UP, "closed"),
        (moved(HTTPS), "https"),
        (moved(HTTP), "clear"),
        (moved(""), "clear"),
        (page("<h1>Welcome to nginx!</h1>"), "default"),
        (page("<title>Index of /</title>"), "listing"),
        (page("<p>Dinas"), "content"),
        (page("x", status=404), "denied"),
    ],
)
def test_what_the_bare_address_answers(heard, said):
    assert bare(heard, heard) == {"clear": said, "secure": said}


@pytest.mark.parametrize(
    ("heard", "reason"),
    [(SILENT, "timeout"), (page("x", status=502), "unreadable"), (page("", status=429), "busy")],
)
def test_a_bare_address_that_was_not_seen(heard, reason):
    record = bare(CLOSED, heard)
    assert record["clear"] == "closed"
    assert "secure" not in record
    assert why(record) == reason


def missing(heard):
    return front(
        special=lambda ask: (
            heard if len(ask.path) > 20 and "?" not in ask.path and "well" not in ask.path else None
        )
    )["error_page"]


@pytest.mark.parametrize(
    ("body", "leak"),
    [
        ('Traceback (most recent call last):\n  File "/srv/app.py"', "stack-trace"),
        ("<pre>\n   at org.apache.Foo(Bar.java:3)", "stack-trace"),
        ("<b>Warning</b>: include(x) in <b>x</b> on line <b>3</b>", "script-error"),
        ("SQLSTATE[42S02]", "database-error"),
        ("in /var/www/html/index.php", "path"),
        ("C:\\inetpub\\wwwroot\\x.aspx", "path"),
        ("<title>Whoops! There was an error.</title>", "debug-page"),
        ("<center>nginx/1.22.1</center>", "version"),
        ("<address>Apache/2.4.57 (Debian) Server</address>", "version"),
    ],
)
def test_what_an_error_page_gives_away(body, leak):
    assert leak in missing(page(body, status=500))["leaks"]


def test_a_quiet_error_page_of_the_city_and_a_soft_one():
    assert missing(page("Halaman tidak ditemukan. Hubungi 0341-1.", status=404))["leaks"] == []
    assert missing(page("Selamat datang"))["status"] == 200


@pytest.mark.parametrize(
    ("heard", "reason"),
    [
        (SILENT, "timeout"),
        (page("x" * 300_000, status=404), "cut"),
        (page("x", status=429), "busy"),
    ],
)
def test_an_error_page_that_was_not_seen_whole(heard, reason):
    record = missing(heard)
    assert why(record) == reason
    assert "leaks" not in record


def test_what_was_found_before_the_cut_counts():
    assert missing(page("nginx/1.2.3" + "x" * 300_000, status=404))["leaks"] == ["version"]


def origin(heard):
    """Answer what comes with an Origin; a function is given the origin."""

    def special(ask):
        named = dict(ask.fields).get("Origin")
        return (heard(named) if callable(heard) else heard) if named else None

    return special


def test_an_origin_that_is_echoed_with_credentials():
    def echo(named):
        return page(
            "", ("access-control-allow-origin", named), ("access-control-allow-credentials", "true")
        )

    assert front(special=origin(echo))["cors"] == {"anyone": True, "trusted": ["foreign", "null"]}


@pytest.mark.parametrize(
    ("heard", "reason"), [(SILENT, "timeout"), (page("", status=403), "denied")]
)
def test_foreign_origins_that_get_no_answer(heard, reason):
    assert why(front(special=origin(heard))["cors"]) == reason


@pytest.mark.parametrize(("again", "fixed"), [("'nonce-one'", True), ("'nonce-two'", False)])
def test_a_nonce_that_stays(again, fixed):
    name = "content-security-policy"
    other = page("", (name, f"script-src {again}"))
    record = front((name, "script-src 'nonce-one'"), special=origin(other))
    assert record["csp"]["nonce_fixed"] is fixed


def forwarded(answer):
    def special(ask):
        name = dict(ask.fields).get("X-Forwarded-Host")
        return answer(name) if name else None

    return front(special=special)["forwarded"]


@pytest.mark.parametrize(
    ("answer", "places"),
    [
        (lambda name: moved(f"https://{name}/"), ["header"]),
        (lambda name: page(f"<link rel=canonical href=https://{name}/>"), ["page"]),
        (lambda name: page(f"{name}", ("link", name), status=500), ["header", "page"]),
        (lambda name: page("x", ("set-cookie", f"a={name}")), []),
        (lambda _: page("x", status=400), []),
    ],
)
def test_a_false_name(answer, places):
    assert forwarded(answer) == {"reflected": places}


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (lambda _: SILENT, "timeout"),
        (lambda _: page("x", status=502), "unreadable"),
        (lambda _: page("x", status=429), "busy"),
        (lambda _: page("x" * (FRONT_BODY + 1)), "cut"),
    ],
)
def test_a_false_name_without_an_answer(answer, reason):
    assert why(forwarded(answer)) == reason


def test_a_false_name_never_reaches_a_shared_cache():
    site = Scripted({HTTPS: moved("/?a=b"), f"{HTTPS}": page()})
    site.tell()
    (ask,) = (ask for ask in site.asked if dict(ask.fields).get("X-Forwarded-Host"))
    assert ask.path.startswith("/?")
    assert len(ask.path) > 20


GOOD = "Contact: https://a.example/\nExpires: 2027-01-01T00:00:00Z\n"
PLACE, OLD = "/.well-known/security.txt", "/security.txt"


def test_security_txt_where_it_belongs_and_where_it_once_stood():
    assert front(pages={PLACE: page(GOOD, PLAIN)})["security_txt"]["problems"] == []
    assert front(pages={OLD: page(GOOD, PLAIN)})["security_txt"]["problems"] == ["old-place"]
    moved_ = {PLACE: moved("/keamanan.txt"), "/keamanan.txt": page(GOOD, PLAIN)}
    assert front(pages=moved_)["security_txt"]["present"]
    assert not front(pages={PLACE: moved("https://lain.example/s")})["security_txt"]["present"]


@pytest.mark.parametrize(
    ("heard", "reason"),
    [(SILENT, "timeout"), (page("", status=500), "unreadable"), (page("", status=429), "busy")],
)
def test_security_txt_that_could_not_be_seen(heard, reason):
    assert why(front(pages={PLACE: heard})["security_txt"]) == reason


ROBOTS = "User-agent: *\nDisallow: /login\nDisallow: /backup"
LINK = "<a href=/login>Masuk</a>"
LOGIN = "<form method=post><input type=password name=p></form>"


@pytest.mark.parametrize(
    ("heard", "record"),
    [
        (page(ROBOTS, PLAIN), {"present": True, "telling": ["/backup"]}),
        (page("<html>"), {"present": False, "telling": []}),
        (MISSING, {"present": False, "telling": []}),
    ],
)
def test_robots(heard, record):
    assert front(pages={"/robots.txt": heard})["robots"] == record


@pytest.mark.parametrize("heard", [SILENT, page("", status=503), page(ROBOTS, PLAIN)])
def test_a_login_page_is_not_visited_against_robots(heard):
    record = front(body=LINK, pages={"/robots.txt": heard, "/login": page(LOGIN)})
    assert why(record["login"]) == "denied"


def test_a_login_page_that_the_front_page_links_to():
    said = page(LOGIN, ("cache-control", "private, No-Store"), ("set-cookie", "ci_session=1"))
    record = front(body=LINK, pages={"/login": moved("/masuk"), "/masuk": said})
    assert record["login"] == {
        "found": True,
        "path": "/masuk",
        "clear": [],
        "get": [],
        "cached": False,
    }
    assert record["cookies"]["insecure"] == ["ci_session"]


@pytest.mark.parametrize(
    ("heard", "record"),
    [
        (page("<p>daftar"), {"found": False}),
        (page("{}", ("content-type", "application/json")), {"found": False}),
    ],
)
def test_a_link_to_what_is_no_login(heard, record):
    assert front(body=LINK, pages={"/login": heard})["login"] == record


@pytest.mark.parametrize(
    ("heard", "reason"),
    [
        (SILENT, "timeout"),
        (page("", status=403), "denied"),
        (page("<i>" * 30_000), "cut"),
        (page("x" * (FRONT_BODY + 1)), "cut"),
        (page(LOGIN + "x" * FRONT_BODY), "cut"),
    ],
)
def test_a_login_page_that_was_not_seen(heard, reason):
    assert why(front(body=LINK, pages={"/login": heard})["login"]) == reason


def test_a_login_elsewhere_is_not_this_sites():
    assert front(body="<a href=https://sso.lain.example/login>x")["login"] == {"found": False}
    assert front(body=f"<a href=https://{SITE}:8443/login>x")["login"] == {"found": False}


def test_a_front_page_that_asks_for_the_password_itself():
    record = front(body="<form action=http://a.example/><input type=password name=p></form>")
    assert record["login"]["get"] == record["login"]["clear"] == ["a.example/"]
    assert record["login"]["cached"] is True


def test_of_a_page_that_is_cut_no_absence_is_told():
    long = "x" * (FRONT_BODY + 1)
    record = front(body=long)
    assert record["content"] == {"gap": record["content"]["gap"]}
    assert why(record["login"]) == why(record["content"]) == "cut"
    record = front(body=f"<img src=http://a.example/>{long}")
    assert record["content"]["mixed_passive"] == ["a.example/"]
    assert "mixed_active" not in record["content"]
    assert record["headers"]["framing"] == "none"


def test_a_page_that_is_a_bomb_leaves_what_the_header_says():
    record = front(("x-frame-options", "DENY"), body="<div>" * 30_000)
    assert record["headers"]["framing"] == "header"
    assert why(record["headers"]) == why(record["csp"]) == why(record["content"]) == "cut"
    assert "referrer_policy" not in record["headers"]
    assert why(record["login"]) == "cut"
    record = front(("content-security-policy", "default-src 'self'"), body="<div>" * 30_000)
    assert record["csp"]["present"]


def test_what_a_policy_upgrades_is_not_mixed():
    html = "<script src=http://a.example/x></script>"
    assert front(body=html)["content"]["mixed_active"] == ["a.example/x"]
    upgraded = front(("content-security-policy", "upgrade-insecure-requests"), body=html)
    assert upgraded["content"]["mixed_active"] == []


def test_an_answer_that_is_no_page():
    said = page("{}", ("content-type", "application/json"))
    record = tell({HTTPS: said})
    assert record["page"]["html"] is False
    assert record["content"]["unsealed_scripts"] == []


@pytest.mark.parametrize("status", range(200, 204))
def test_any_success_is_the_site(status):
    assert tell({HTTPS: page(status=status)})["page"]["status"] == status


HEARD = st.one_of(
    st.sampled_from([CLOSED, SILENT, OUT, MISSING]),
    st.builds(
        Answer,
        status=st.sampled_from([200, 204, 301, 302, 308, 304, 403, 404, 429, 500, 503, 999]),
        fields=st.lists(
            st.sampled_from(
                [
                    HTML,
                    PLAIN,
                    ("location", "/x"),
                    ("location", HTTP),
                    ("location", "//["),
                    ("set-cookie", "sid=1; Domain=batukota.go.id"),
                    ("server", "a/1.2"),
                    ("access-control-allow-origin", "*"),
                    ("content-security-policy", "default-src *"),
                ]
            ),
            max_size=4,
        ).map(tuple),
        body=st.sampled_from(
            [b"", b"<a href=/login>", LOGIN.encode(), GOOD.encode(), b"\x00\xff", b"<div>" * 25_000]
        ),
    ),
)


@settings(deadline=None)
@given(st.lists(HEARD, min_size=16, max_size=16))
def test_whatever_a_site_answers_the_record_has_its_shape(answers):
    left = iter(answers)
    site = Scripted(special=lambda _: next(left, SILENT))
    record = site.tell()
    assert len(site.asked) <= MOST_REQUESTS
    assert len(record) == 17
