"""security.txt and robots.txt, good, odd and hostile."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.probe.http_talk import Answer
from auditor.probe.site_contact import SECURITY_TXT, Robots, security_record

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
URL = f"https://web.batukota.go.id{SECURITY_TXT}"
PLAIN = ("content-type", "text/plain; charset=utf-8")
DATE = ("date", "Tue, 24 Nov 2026 08:00:00 GMT")
GOOD = "Contact: mailto:csirt@batukota.go.id\nExpires: 2027-05-24T08:00:00Z\n"


def read(text, *fields, url=URL, old=False):
    body = text if isinstance(text, bytes) else text.encode()
    said = Answer(status=200, fields=fields or (PLAIN, DATE), body=body)
    return security_record(said, url, NOW, old=old)


def test_a_sound_file():
    assert read(f"# halo\n{GOOD}Canonical: {URL}\n") == {
        "present": True,
        "contacts": 1,
        "signed": False,
        "problems": [],
        "expires": "2027-05-24T08:00:00+00:00",
        "term_days": 181,
    }


def test_a_signed_file():
    text = (
        f"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n{GOOD}"
        "-----BEGIN PGP SIGNATURE-----\n\nContact: mailto:evil@example.org\n"
        "-----END PGP SIGNATURE-----\n"
    )
    record = read(text)
    assert record["signed"]
    assert record["contacts"] == 1


@pytest.mark.parametrize(
    ("text", "fields", "problems"),
    [
        ("Contact: csirt@batukota.go.id\nExpires: 2027-05-24T08:00:00Z", (), ["no-contact"]),
        ("Contact: tel:+62-341-1\n", (), ["no-expires"]),
        (GOOD + "expires: 2027-05-24T08:00:00Z", (), ["many-expires"]),
        ("Contact: https://a.example/\nExpires: besok", (), ["odd-expires"]),
        ("Contact: https://a.example/\nExpires: 2027-13-24T08:00:00Z", (), ["odd-expires"]),
        ("Contact: https://a.example/\nExpires: 0001-01-01T00:00:00+23:59", (), ["odd-expires"]),
        (GOOD, (("content-type", "text/html"),), ["not-text-plain"]),
        (GOOD, (("x", "y"),), ["not-text-plain"]),
        (GOOD + "Canonical: https://other.example/", (), ["other-canonical"]),
        (GOOD + "\n" * 10_000, (), ["too-long"]),
    ],
)
def test_what_is_wrong(text, fields, problems):
    assert read(text, *fields)["problems"] == problems


def test_the_wrong_place():
    assert read(GOOD, url="http://a.example/security.txt", old=True)["problems"] == [
        "not-https",
        "old-place",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<!DOCTYPE html>\nContact: mailto:a@b",
        "\ufeff <html>Contact: x",
        "halo dunia",
        b"\x00\xff\xfe",
    ],
)
def test_what_is_no_such_file(text):
    assert read(text) == {"present": False}


def test_no_file():
    assert security_record(None, URL, NOW) == {"present": False}


@pytest.mark.parametrize("date", ["", "x", "Mon, 24 May 2027 08:00:00 GMT"])
def test_the_servers_own_clock_does_not_count(date):
    assert read(GOOD, PLAIN, ("date", date))["term_days"] == 181


def test_addresses_are_not_kept():
    assert "csirt" not in str(read(GOOD))


@given(st.text(max_size=300) | st.binary(max_size=300))
def test_any_file_is_read(text):
    assert "present" in read(text)


@given(
    st.lists(
        st.sampled_from(
            ["Contact: ", "Expires: ", "2027-05-24T08:00:00Z", "mailto:a@b", "\n", "<"]
        ),
        max_size=12,
    ).map("".join)
)
def test_any_fields_are_read(text):
    record = read(text)
    assert ("problems" in record) is record["present"]


ROBOTS = b"""
User-agent: Googlebot
Disallow: /hanya-google
User-agent: lain
User-agent: *
Allow: /admin/umum
Disallow: /admin   # rahasia
Disallow: /*.sql$
Disallow: /arsip*/backup
Disallow:
Sitemap: https://a.example/
"""


@pytest.mark.parametrize(
    ("path", "barred"),
    [
        ("/admin/login", True),
        ("/admin/umum/x", False),
        ("/hanya-google", False),
        ("/dump.sql", True),
        ("/dump.sql?x", False),
        ("/arsip2020/x/backup.zip", True),
        ("/arsip", False),
        ("/", False),
    ],
)
def test_what_robots_bars(path, barred):
    assert Robots(ROBOTS).bars(path) is barred


def test_rules_that_end():
    robots = Robots(b"User-agent: *\nDisallow: /x$\nDisallow: /a*b$")
    assert robots.bars("/x")
    assert not robots.bars("/xy")
    assert robots.bars("/a-b")
    assert not robots.bars("/a-b-c")


def test_paths_that_invite_a_look():
    assert Robots(ROBOTS).telling == ["/*.sql$", "/admin", "/arsip*/backup"]


def test_a_hostile_robots_txt_costs_little():
    robots = Robots(b"User-agent: *\n" + b"Disallow: " + b"*a" * 249 + b"$\n" * 10_000)
    assert not robots.bars("/" + "a" * 4000 + "b")


@given(st.binary(max_size=200), st.text(max_size=30))
def test_any_robots_txt_is_read(body, path):
    robots = Robots(body)
    assert robots.bars(path) in {True, False}
    assert len(robots.telling) <= 30
