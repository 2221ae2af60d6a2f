"""Cookies as browsers keep them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.probe.site_cookies import MOST, Cookie, Jar, read_cookie

HOST = "disdik.batukota.go.id"


def jar(*fields, secure=True, host=HOST):
    found = Jar()
    found.add(fields, host, secure=secure)
    return found.record()


def test_a_good_session_cookie():
    assert jar("__Host-PHPSESSID=rahasia; Path=/; Secure; HttpOnly; SameSite=Lax") == {
        "count": 1,
        "insecure": [],
        "readable": [],
        "cross_site": [],
        "wide": [],
        "unprefixed": [],
        "refused": [],
    }


def test_a_bare_session_cookie_has_every_weakness():
    record = jar("ci_session=rahasia; Domain=.batukota.go.id")
    for weakness in ("insecure", "readable", "cross_site", "wide", "unprefixed"):
        assert record[weakness] == ["ci_session"], weakness
    assert "rahasia" not in str(record)


@pytest.mark.parametrize(
    "name",
    [
        "PHPSESSID",
        "laravel_session",
        "ci_session",
        "JSESSIONID",
        "ASP.NET_SessionId",
        ".ASPXAUTH",
        "connect.sid",
        "sid",
        "SSESS1234abcd5678",
        "wordpress_logged_in_x",
        "auth_token",
        "id.sid",
    ],
)
def test_session_cookies_are_known_by_name(name):
    assert read_cookie(f"{name}=1", HOST, secure=True).session


@pytest.mark.parametrize("name", ["lang", "_ga", "theme", "XSRF-TOKEN", "csrf_session", "inside"])
def test_others_are_not(name):
    assert not read_cookie(f"{name}=1", HOST, secure=True).session


def test_a_token_against_forgery_may_be_read_but_not_cross():
    record = jar("XSRF-TOKEN=1; Secure")
    assert record["readable"] == []
    assert record["cross_site"] == ["XSRF-TOKEN"]


@pytest.mark.parametrize(
    ("field", "mode"),
    [
        ("a=1", ""),
        ("a=1; SameSite=LAX", "lax"),
        ("a=1; samesite = Strict ", "strict"),
        ("a=1; SameSite=None; Secure", "none"),
        ("a=1; SameSite=Lax; SameSite=foo", "invalid"),
        ("a=1; SameSite", "invalid"),
    ],
)
def test_same_site(field, mode):
    assert read_cookie(field, HOST, secure=True).same_site == mode


@pytest.mark.parametrize("field", ["a=1; SameSite=None", "a=1; SameSite=foo; Secure"])
def test_a_same_site_that_protects_nobody(field):
    assert jar(field)["cross_site"] == ["a"]


@pytest.mark.parametrize(
    "field",
    [
        "a=; Max-Age=0",
        "a=; Max-Age=-1",
        "a=; expires=Thu, 01 Jan 1970 00:00:00 GMT",
        "a=;Max-Age=00",
    ],
)
def test_a_cookie_that_is_deleted_is_none(field):
    assert read_cookie(field, HOST, secure=True) is None
    assert jar(field)["count"] == 0


def test_how_long_a_cookie_lives():
    assert read_cookie("a=1; Max-Age=5", HOST, secure=True).lasting
    assert read_cookie(
        "a=1; Max-Age=x; Expires=Wed, 09 Jun 2027 10:18:14 GMT", HOST, secure=True
    ).lasting
    assert not read_cookie("a=1", HOST, secure=True).lasting


@pytest.mark.parametrize(
    ("field", "secure"),
    [
        ("__Host-a=1; Path=/; Secure; Domain=disdik.batukota.go.id", True),
        ("__Host-a=1; Path=/x; Secure", True),
        ("__Host-a=1; Secure", True),
        ("__host-a=1; Path=/", True),
        ("__Secure-a=1", True),
        ("a=1; Secure", False),
        ("a=1; Domain=go.id", True),
        ("a=1; Domain=malangkab.go.id", True),
        ("a=1; Domain=sub.disdik.batukota.go.id", True),
        ("a=1\x01", True),
    ],
)
def test_cookies_that_browsers_refuse(field, secure):
    assert not isinstance(read_cookie(field, HOST, secure=secure), Cookie)
    assert len(jar(field, secure=secure)["refused"]) == 1


@pytest.mark.parametrize(
    ("domain", "wide"),
    [
        (".batukota.go.id", True),
        ("BATUKOTA.GO.ID", True),
        ("disdik.batukota.go.id", False),
        ("", False),
        (".", False),
    ],
)
def test_the_whole_domain_of_the_city(domain, wide):
    assert bool(jar(f"a=1; Domain={domain}")["wide"]) is wide


def test_a_site_on_a_public_suffix_keeps_its_own():
    assert jar("a=1; Domain=go.id", host="go.id")["refused"] == []


def test_names_that_change_with_every_visit_get_one_name():
    record = jar(
        "ci_session_0123456789abcdef=1",
        "ci_session_fedcba9876543210=1",
        "TS01a2b3c4d5=1",
        "=x",
        "x",
    )
    assert record["insecure"] == ["(nameless)", "TS*", "ci_session_*"]


def test_the_worst_of_one_name_counts():
    record = jar("a=1; Secure", "a=2")
    assert record["count"] == 1
    assert record["insecure"] == ["a"]


def test_ten_thousand_cookies_are_not_all_read():
    record = jar(*(f"{'abcdefghij'[n % 10]}x{'y' * (n % 7)}=1; Secure" for n in range(10_000)))
    assert record["gap"] == {"why": "cut", "detail": f"more than {MOST} cookies"}
    assert "insecure" not in record
    assert jar(*(f"sess{n}=1" for n in range(10_000)))["insecure"]


def test_a_name_is_inert_and_short():
    (name,) = jar("\u202e" + "n" * 500 + "=1; Secure; Domain=x")["refused"]
    assert len(name) == 64
    assert "\u202e" not in name


PARTS = st.sampled_from(
    [
        "a",
        "=",
        ";",
        "Secure",
        "HttpOnly",
        "SameSite=None",
        "Domain=",
        "__Host-",
        " ",
        "\x01",
        "é",
        "Max-Age=0",
        "expires=1970",
        "Path=/",
        "batukota.go.id",
    ]
)


@given(st.lists(PARTS, max_size=14).map("".join) | st.text(max_size=60), st.booleans())
def test_any_field_is_read(field, secure):
    found = read_cookie(field, HOST, secure=secure)
    assert found is None or isinstance(found, str | Cookie)
    assert set(jar(field, secure=secure)) >= {"count", "insecure"}
