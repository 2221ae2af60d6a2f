"""By what files and pages are recognised, and when two answers are the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.probe.exposed_absent import Absent, alike
from auditor.probe.exposed_marks import MARKS, is_html, recognise
from tests.unit.probe.talking import GONE, page

NAMES = sorted(MARKS)


@given(st.binary(max_size=2000), st.sampled_from(NAMES))
def test_any_bytes_are_recognised_or_not(data, name):
    assert isinstance(recognise(data, (name,)), str)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "piece", [b"<title>", b'{"_links":', b"A" * 70 + b"=", b"\n[1", b"<b>Warning</b>:", b" "]
)
def test_repeated_beginnings_cost_little(name, piece):
    recognise(piece * (16_384 // len(piece)), (name,))


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("env", b"APP=1\nB_C=2\n", "KEY=VALUE lines"),
        ("env", b"export DB_PASSWORD=x", "KEY=VALUE lines"),
        ("env", b"APP=1\n", ""),
        ("env", b"<html>\nAPP=1\nDB=2\n", ""),
        ("git", b"ref: refs/heads/main\n", "ref: refs/"),
        ("git", b"0" * 40 + b"\n", "commit id"),
        ("git", b"0" * 41, ""),
        ("git", b"x ref: refs/heads", ""),
        ("php", b"\n<?php\n$x", "PHP source"),
        ("sftp", b'[{"host": "x"}]', "SFTP settings"),
        ("dump", b"-- MariaDB dump 10", "MySQL dump"),
        ("dump", b"PGDMP\x01", "PostgreSQL dump"),
        ("dump", b"SQLite format 3\x00", "SQLite format 3"),
        ("dump", b"INSERT INTO warga VALUES", "SQL statements"),
        ("dump", b"berita tentang INSERT INTO", ""),
        ("archive", b"PK\x05\x06", "zip"),
        ("archive", b"\x1f\x8b\x08\x00", "gzip"),
        ("archive", b"Rar!\x1a\x07\x00", "RAR"),
        ("archive", b"7z\xbc\xaf\x27\x1c", "7-Zip"),
        ("archive", b"BZh9", "bzip2"),
        ("archive", b"\xfd7zXZ\x00", "xz"),
        ("archive", b"a" * 257 + b"ustar", "tar"),
        ("log", b"[2026-11-24 07:00:00] production.ERROR: x", "Laravel log"),
        ("log", b"[Tue Nov 24 07:00:00.1 2026] [error]", "web server error log"),
        ("log", b"2026/11/24 07:00:00 [error] 1#1", "web server error log"),
        ("log", b"10.0.0.1 - - [24/Nov/2026:07:00:00 +0700]", "access log"),
        ("log", b"ERROR - 2026-11-24 07:00:00 --> x", "log of an application"),
        ("phpinfo", b"<title>phpinfo()</title>", "phpinfo()"),
        ("status", b"Active connections: 3 \n", "nginx status"),
        ("api", b'{"openapi": "3.0.0"}', "OpenAPI document"),
        ("actuator", b'{"_links":{"self":{', "Spring actuator"),
        ("telescope", b"<title>Telescope - Laravel</title>", "Laravel Telescope"),
        ("listing", b"<title>Directory listing for /x/", "listing"),
        ("listing", b"<title>Berita</title>", ""),
        ("login", b'<form id="loginform">', "WordPress login"),
        ("debug", b"<b>Warning</b>:  x in y on line <b>3</b>", "PHP error"),
        ("debug", b"Traceback (most recent call last)", "stack trace"),
        ("debug", b"<title>404 Not Found</title>", ""),
        ("default_page", b"<title>Apache Tomcat/9.0.1</title>", "Tomcat"),
        ("firewall", b"<title>Attention Required! | Cloudflare</title>", "Cloudflare"),
    ],
)
def test_marks(name, data, told):
    assert recognise(data, (name,)) == told


@pytest.mark.parametrize(
    ("data", "type_", "html"),
    [
        (b"\xef\xbb\xbf\n<!DOCTYPE html>", "text/plain", True),
        (b"halo <b>", "text/html; charset=utf-8", True),
        (b"halo", "text/html", False),
        (b"halo <b>", "text/plain", False),
    ],
)
def test_a_page_is_told_by_its_look(data, type_, html):
    assert is_html(data, type_) is html


LONG = b"<p>" + b" ".join(b"kata%d" % n for n in range(200))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (GONE, page(b"x", 404), True),
        (GONE, page(b"x", 410), False),
        (GONE, page(b"x"), False),
        (page(b"", 301), page(b"", 302), True),
        (page(LONG), page(LONG + b" lebih"), True),
        (page(LONG), page(LONG[:512]), True),
        (page(LONG), page(LONG.replace(b"kata7", b"lain"), type_="text/plain"), False),
        (page(LONG), page(LONG[::-1]), False),
        (page(b"<>"), page(b"<>"), True),
        (page(b"<>"), page(b"{}"), False),
        (page(LONG, content_length="9"), page(b"", content_length="9"), True),
        (page(LONG, content_length="9"), page(b"", content_length="8"), False),
        (page(LONG, content_length="9"), page(b""), True),
    ],
)
def test_answers_that_are_the_same(one, other, same):
    assert alike(one, other) is same
    assert Absent(answers=(one,)).like(other) is same


def test_the_status_of_what_does_not_exist_is_the_odd_one():
    assert Absent(answers=(GONE, page(b"x"))).status == 200
    assert Absent(answers=(GONE, GONE)).status == 404
