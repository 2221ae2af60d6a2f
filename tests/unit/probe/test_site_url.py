"""Addresses are read as browsers read them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.probe.site_url import Place, follow, foreign, refer, registrable

HERE = Place(secure=True, name="web.batukota.go.id", path="/a/b")


@pytest.mark.parametrize(
    ("text", "goal"),
    [
        ("http://cdn.example/x", (False, "cdn.example", "/x")),
        ("HTTP:\\\\cdn.example\\x", (False, "cdn.example", "/x")),
        ("//cdn.example/x", (True, "cdn.example", "/x")),
        ("///cdn.example/x", (True, "cdn.example", "/x")),
        ("ht\ntp://cdn\t.example/x", (False, "cdn.example", "/x")),
        (" \x00http://cdn.example ", (False, "cdn.example", "/")),
        ("http:cdn.example/x", (False, "cdn.example", "/x")),
        ("https:x", (True, "web.batukota.go.id", "/a/x")),
        ("https:/x", (True, "web.batukota.go.id", "/x")),
        ("https:////cdn.example/x", (True, "cdn.example", "/x")),
        ("x?q=1#f", (True, "web.batukota.go.id", "/a/x")),
        ("https://USER:pw@CDN.example.:443/x", (True, "cdn.example", "/x")),
        ("https://[2001:db8::1]/", (True, "2001:db8::1", "/")),
        ("", (True, "web.batukota.go.id", "/a/b")),
        ("#x", (True, "web.batukota.go.id", "/a/b")),
        ("?q", (True, "web.batukota.go.id", "/a/b")),
        ("../../../c/./d/%2E%2e/e", (True, "web.batukota.go.id", "/c/e")),
        ("/c/d/..", (True, "web.batukota.go.id", "/c/")),
        (".", (True, "web.batukota.go.id", "/a/")),
        ("http://a.example?q=/../x", (False, "a.example", "/")),
        ("//a.example:0443/x/../y", (True, "a.example", "/y")),
        ("https://a@b@c.example/", (True, "c.example", "/")),
    ],
)
def test_a_reference_leads_where_a_browser_goes(text, goal):
    found = refer(HERE, text)
    assert (found.secure, found.host, found.path) == goal


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "mailto:a@b",
        "http://[::1",
        "https://a:99999/",
        "https://a:b/",
        "https:///",
        "http:",
        "//",
        "https://.../",
        "http://a b/",
        "https://a:1:2/",
        "ftp://a/",
        "x" * 5000,
    ],
)
def test_what_is_no_web_address_leads_nowhere(text):
    assert refer(HERE, text) is None


@pytest.mark.parametrize(
    "location",
    [
        "",
        " ",
        "https://user@web.batukota.go.id/",
        "https:\\\\web.batukota.go.id/",
        "https://web.batukota.go.id:8443/",
        "https://wéb.example/",
        "https://%77eb.batukota.go.id/",
        "\\x",
        "javascript:location='https://web.batukota.go.id/'",
    ],
)
def test_a_redirect_that_may_mislead_is_not_followed(location):
    assert follow(HERE, location) is None


def test_a_redirect_keeps_its_query_and_is_encoded():
    assert follow(HERE, "/cari?q=kota batu&é=1") == Place(
        secure=True, name=HERE.name, path="/cari?q=kota%20batu&%C3%A9=1"
    )


@pytest.mark.parametrize(
    ("here", "text", "path"),
    [
        ("/a?x=1", "", "/a?x=1"),
        ("/a?x=1", "?y=2", "/a?y=2"),
        ("/a?x=1", "?", "/a"),
        ("/a?x=1", "b", "/b"),
        ("/a?x=1", "#z", "/a?x=1"),
        ("/", "\ud800", "/?"),
    ],
)
def test_a_relative_address_keeps_what_it_does_not_name(here, text, path):
    assert refer(Place(secure=True, name="x.example", path=here), text).place.path == path


def test_a_reference_shows_no_query_and_nothing_that_steers():
    assert refer(HERE, "http://a.example/\u202ex?token=1").shown == "a.example/\ufffdx"


@pytest.mark.parametrize(
    ("name", "domain"),
    [
        ("disdik.batukota.go.id", "batukota.go.id"),
        ("BATUKOTA.go.id.", "batukota.go.id"),
        ("go.id", ""),
        ("10.0.0.1", "10.0.0.1"),
        ("[2001:db8::1]", "2001:db8::1"),
    ],
)
def test_the_domain_that_one_holder_registers(name, domain):
    assert registrable(name) == domain


def test_who_is_foreign():
    assert foreign("disdik.batukota.go.id", "malangkab.go.id")
    assert not foreign("disdik.batukota.go.id", "cdn.batukota.go.id")


def test_a_place_by_address_has_brackets():
    assert Place(secure=False, name="::1").url == "http://[::1]/"


@given(st.text(max_size=80))
def test_any_text_is_read(text):
    found = refer(HERE, text)
    assert found is None or (found.host and found.path)
    goal = follow(HERE, text)
    assert goal is None or (goal.path.isascii() and " " not in goal.path)
