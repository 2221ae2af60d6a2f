"""What a site cannot make pass: firewalls' pages, false clocks, detours, tokens in addresses."""

import time

import pytest

from auditor.model.fact import GAP, Why
from auditor.probe.html_bombs import bomb
from auditor.probe.http_talk import Answer, Mute, told
from auditor.probe.site_contact import Robots
from auditor.probe.site_errors import leaks
from auditor.probe.site_headers import limits_features
from tests.unit.probe.site_talks import HTML, PLAIN, SITE, Scripted, front, moved, page

WALL = page("<html>Request unsuccessful. Incapsula incident ID: 1-2</html>")
FORM = "<form method=post action=https://web.batukota.go.id/x><input type=password name=p></form>"


def test_a_firewalls_page_is_not_the_site():
    record = Scripted({f"https://{SITE}/": WALL}).tell()
    for name in ("secure", "hsts", "headers", "csp", "content", "cookies", "login"):
        assert record[name][GAP]["why"] is Why.DENIED


def missing(heard):
    return front(special=lambda ask: heard(ask) if len(ask.path) == 26 else None)["error_page"]


def test_a_redirect_of_what_is_missing_is_followed_once():
    def leads(ask):
        return moved("/404.html")

    body = "<pre>Traceback (most recent call last)</pre>"
    record = front(
        special=lambda ask: leads(ask) if len(ask.path) == 26 else None,
        pages={"/404.html": page(body, status=404)},
    )
    assert record["error_page"] == {"status": 404, "leaks": ["stack-trace"]}


@pytest.mark.parametrize("goal", ["https://lain.example/", "/lagi", "//x:8443/"])
def test_an_error_page_that_was_not_reached_is_unseen(goal):
    record = front(
        special=lambda ask: moved(goal) if len(ask.path) == 26 else None,
        pages={"/lagi": moved("/lagi")},
    )
    assert record["error_page"]["status"] == 301
    assert GAP in record["error_page"]
    assert "leaks" not in record["error_page"]


def test_a_refresh_field_is_a_redirect():
    record = front(("refresh", "0; url=/dalam"), pages={"/dalam": page("<p>x", HTML, ("a", "b"))})
    assert record["page"]["url"] == f"https://{SITE}/dalam"


@pytest.mark.parametrize("goal", ["https://web.batukota.go.id:8443/", "ftp://a/"])
def test_a_refresh_that_cannot_be_followed_hides_the_site(goal):
    record = front(body=f"<meta http-equiv=refresh content='0;url={goal}'>")
    assert record["content"][GAP]["why"] is Why.NO_DATA


def test_the_last_content_type_counts():
    body = "<img src=http://a.example/x.png>"
    answer = Answer(status=200, fields=(PLAIN, HTML), body=body.encode())
    record = Scripted({f"https://{SITE}/": answer}).tell()
    assert record["content"]["mixed_passive"] == ["a.example/x.png"]


def test_a_nonce_in_a_meta_element_is_not_compared():
    body = "<head><meta http-equiv=content-security-policy content=\"script-src 'nonce-abc'\">"
    record = front(body=body)
    assert record["csp"]["present"]
    assert "nonce_fixed" not in record["csp"]
    assert GAP in record["csp"]


def test_a_password_form_in_clear_is_in_clear_wherever_it_is_sent():
    record = Scripted(
        {
            f"https://{SITE}/": page(f"<a href=http://{SITE}/login>masuk</a>"),
            f"http://{SITE}/login": page(FORM),
        }
    ).tell()
    assert record["login"]["clear"] == [f"{SITE}/login"]


def test_a_foreign_login_link_does_not_hide_the_sites_own():
    body = "<a href=https://fb.example/login>fb</a><a href=/masuk>masuk</a>"
    record = front(body=body, pages={"/masuk": page(FORM)})
    assert record["login"]["path"] == "/masuk"


def test_robots_are_heeded_behind_a_redirect():
    rules = page("User-agent: auditor\nDisallow: /rahasia", PLAIN)
    record = front(
        body="<a href=/login>masuk</a>",
        pages={"/login": moved("/rahasia"), "/robots.txt": rules},
    )
    assert record["login"][GAP]["why"] is Why.DENIED


@pytest.mark.parametrize("telling", [True, False])
def test_a_robots_txt_that_is_too_long(telling):
    text = "User-agent: x\nDisallow: /backup\n" * telling + "\n" * 3000
    record = front(pages={"/robots.txt": page(text, PLAIN)}, body="<a href=/login>masuk</a>")
    assert record["robots"].get("telling") == (["/backup"] if telling else None)
    assert record["robots"][GAP]["why"] is Why.CUT
    assert record["login"][GAP]["why"] is Why.DENIED


def test_paths_barred_to_one_visitor_are_told_as_well():
    robots = Robots(b"User-agent: Googlebot\nDisallow: /backup\n")
    assert robots.telling == ["/backup"]
    assert not robots.bars("/backup")


def test_security_txt_that_leads_into_the_clear():
    text = page("Contact: https://a.example/\nExpires: 2027-05-24T08:00:00Z\n", PLAIN)
    record = Scripted(
        {
            f"https://{SITE}/": page(),
            f"https://{SITE}/.well-known/security.txt": moved(f"http://{SITE}/s.txt"),
            f"http://{SITE}/s.txt": text,
        }
    ).tell()
    assert record["security_txt"]["problems"] == ["not-https"]


def test_garbage_cannot_say_that_a_port_is_closed():
    said = Mute(
        why=Why.UNREADABLE, detail="does not speak HTTP: ConnectionClosed HANDSHAKE_FAILURE"
    )
    record = front(special=lambda ask: said if ask.bare else None)
    assert "clear" not in record["bare"]


def test_tokens_in_addresses_are_not_kept():
    pages = {
        f"http://{SITE}/": moved(f"https://a:rahasia@{SITE}/;jsessionid=rahasia?t=rahasia#rahasia"),
        f"https://{SITE}/": moved(f"https://{SITE}/x;s=rahasia?token=rahasia"),
        f"https://{SITE}/x;s=rahasia": page(FORM),
    }
    record = Scripted(pages).tell()
    assert record["login"]["path"] == "/x"
    assert "rahasia" not in str(record)


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("https://u:p@a.id/x?y#z", "https://a.id/x"),
        ("//u@a.id/x;y", "//a.id/x"),
        ("/x@y", "/x@y"),
        ("https://a.id/x@y", "https://a.id/x@y"),
        ("", ""),
    ],
)
def test_what_is_kept_of_an_address(address, kept):
    assert told(address) == kept


@pytest.mark.parametrize(
    ("value", "limited"),
    [
        ("camera=(), microphone=(), geolocation=()", True),
        ('camera=(self "https://a.id"), microphone=(), geolocation=self', True),
        ("camera=*, microphone=(), geolocation=()", False),
        ("camera=(), microphone=(), geolocation=(*)", False),
        ("fullscreen=*", False),
        ("camera 'none'", False),
        ("", False),
    ],
)
def test_which_permissions_are_limited(value, limited):
    assert limits_features([value]) is limited


@pytest.mark.parametrize("text", ["\n" * 262_144, "\n \n\t" * 60_000, "#0 " * 87_000])
def test_no_page_keeps_the_reader_of_errors_busy(text):
    begin = time.process_time()
    assert leaks(text.encode()) == []
    assert time.process_time() - begin < 5


def test_elements_that_share_one_long_gap_are_a_bomb():
    begin = time.process_time()
    assert bomb("<a" * 2200 + " " * 500_000)
    assert time.process_time() - begin < 2
