"""Feeds from a real HTTP server on loopback that plays a mirror, badly first."""

import os
import re
import ssl
import time
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from auditor.errors import ConfigError
from auditor.feeds import fetch
from auditor.feeds.apt import Mirror as Place
from auditor.feeds.fetch import Wanted, fetch_suites, read_suite, shown
from auditor.feeds.verify import FeedError
from auditor.model.feed import SuiteIndex
from tests.servers.certificates import issue
from tests.servers.feed_mirror import DATA, running

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
WANTED = Wanted(release="bookworm", arch="amd64")
IN_RELEASE = (DATA / "bookworm-security.InRelease").read_bytes()
PACKAGES = (DATA / "bookworm-security.Packages.xz").read_bytes()
OLD = (DATA / "bullseye-security.Packages.xz").read_bytes()
AGED = timedelta(hours=5)


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch):
    """Forget the environment's proxies."""
    for name in os.environ:
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)


@pytest.fixture
def mirror():
    """A mirror on loopback."""
    with running() as made:
        yield made


def get(mirror, wanted=WANTED, held=None, **place):
    values = {"base": mirror.base} | place
    known = {held.name: held} if held else {}
    return fetch_suites(Place(**values), [wanted], known, now=NOW)[wanted.name]


def endless(handler):
    handler.send_response(200)
    handler.end_headers()
    try:
        while True:
            handler.wfile.write(b"x" * 65_536)
    except OSError:
        return


def endless_header(handler):
    handler.wfile.write(b"HTTP/1.0 200 OK\r\n")
    try:
        while True:
            handler.wfile.write(b"X-More: " + b"x" * 60_000 + b"\r\n")
    except OSError:
        return


def dripping(first):
    """A byte at a time, each well within any time limit for a single read."""

    def drip(handler):
        handler.wfile.write(first)
        try:
            for _ in range(2000):
                handler.wfile.write(b"x")
                time.sleep(0.01)
        except OSError:
            return

    return drip


def cut(handler):
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(PACKAGES)))
    handler.end_headers()
    handler.wfile.write(PACKAGES[:1000])


def to(place):
    def redirect(handler):
        handler.send_response(302)
        handler.send_header("Location", place or handler.path)
        handler.end_headers()

    return redirect


def page(handler):
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html; charset=utf-8")
    handler.end_headers()
    handler.wfile.write(b"<h1>Log in to the city's network</h1>")


def raw(data):
    return lambda handler: handler.wfile.write(data)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (404, "InRelease: HTTP 404"),
        (500, "InRelease: HTTP 500"),
        (304, "InRelease: HTTP 304"),
        (204, "InRelease: HTTP 204"),
        (b"", "not by a key"),
        (IN_RELEASE.replace(b"Suite:", b"Suite!:", 1), "not by a key"),
        (IN_RELEASE[:5000], "not by a key"),
        ((DATA / "trixie-security.InRelease").read_bytes(), "trixie-security is given"),
        ((DATA / "bookworm-updates.InRelease").read_bytes(), "does not name a security suite"),
        (page, "web page"),
        (to(""), "(?i)redirect"),
        (to("file:///etc/passwd"), "protocol"),
        (to("http://[::1"), "InRelease: "),
        (to("http://127.0.0.1:1/x"), "InRelease: .*fail"),
        (endless, "more than 1048576 bytes"),
        (endless_header, "InRelease: "),
        (raw(b""), "InRelease: .*disconnected"),
        (raw(b"\x00\xff\r\n\r\n"), "InRelease: "),
        (raw(b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n"), "InRelease: "),
        (raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"), "InRelease: "),
    ],
)
def test_a_release_that_a_mirror_gets_wrong_is_not_believed(mirror, monkeypatch, answer, words):
    monkeypatch.setattr(fetch, "RELEASE_LIMIT", 2**20)
    mirror.answers["InRelease"] = answer

    error = get(mirror)

    assert_refused(error, words)
    assert mirror.files.count("Packages.xz") == 0


def assert_refused(answer, words):
    assert isinstance(answer, FeedError)
    assert re.search(words, str(answer)), answer


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (404, "Packages.xz: HTTP 404"),
        (500, "HTTP 500"),
        (PACKAGES[:-1] + b"x", "not the one that was signed"),
        (PACKAGES[:-1], "not the one that was signed"),
        (OLD[: len(PACKAGES)], "not the one that was signed"),
        (PACKAGES + b"x", f"more than {len(PACKAGES)} bytes"),
        (OLD, f"more than {len(PACKAGES)} bytes"),
        (cut, "Packages.xz: .*(complete|closed)"),
        (page, "web page"),
        (to(""), "(?i)redirect"),
        (endless, f"more than {len(PACKAGES)} bytes"),
    ],
)
def test_a_list_that_a_mirror_gets_wrong_is_not_believed(mirror, answer, words):
    mirror.answers["Packages.xz"] = answer

    error = get(mirror)

    assert_refused(error, words)


@pytest.mark.parametrize(
    "first", [b"", b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n"]
)
def test_a_mirror_that_drips_is_left(mirror, monkeypatch, first):
    monkeypatch.setattr(fetch, "SECONDS", 0.3)
    mirror.answers["InRelease"] = dripping(first)
    began = time.monotonic()

    error = get(mirror)

    assert_refused(error, "not there within 0 s")
    assert time.monotonic() - began < 8


def test_a_mirror_that_says_nothing_is_left(mirror, monkeypatch):
    monkeypatch.setattr(fetch, "SILENCE", 0.2)
    mirror.answers["InRelease"] = lambda _: mirror.ended.wait(5)

    assert_refused(get(mirror), "InRelease: ReadTimeout")


def test_a_mirror_that_is_not_there_is_told(mirror):
    mirror.base = "http://127.0.0.1:1/debian-security"

    assert_refused(get(mirror), "(?i)connection")


@pytest.mark.parametrize("base", ["", "mirror", "ftp://mirror.lab/x", "http://", "http:// x/"])
def test_what_is_no_address_is_the_operators_mistake(base):
    with pytest.raises(ConfigError, match="is no address"):
        fetch_suites(Place(base=base), [WANTED], {}, now=NOW)


@pytest.mark.parametrize(
    "place", [{"ca_file": "/nonexistent.pem"}, {"proxy": "ftp://x"}, {"proxy": "socks5h://x:1"}]
)
def test_settings_that_cannot_be_used_are_told(mirror, place):
    with pytest.raises(ConfigError, match="not usable"):
        get(mirror, **place)


def test_a_password_in_the_address_is_used_and_not_shown(mirror):
    mirror.base = mirror.base.replace("//", "//audit:r@hasia@")

    index = get(mirror)
    mirror.answers["InRelease"] = 500
    error = get(mirror)

    assert "hasia" not in index.source + str(error)
    assert all(headers["Authorization"].startswith("Basic ") for _, headers in mirror.asked)
    assert shown("http://h/a@b") == "http://h/a@b"


def test_one_suite_that_fails_leaves_the_others(mirror):
    mirror.answers["trixie-security/InRelease"] = 500
    wanted = [Wanted(release=name, arch="amd64") for name in ("bullseye", "trixie", "bookworm")]

    came = fetch_suites(Place(base=mirror.base), wanted, {}, now=NOW)

    assert [type(answer) for answer in came.values()] == [SuiteIndex, FeedError, SuiteIndex]
    assert list(came) == [suite.name for suite in wanted]


def test_a_good_mirror_gives_a_verified_index(mirror):
    index = get(mirror)

    assert index.name == WANTED.name
    assert index.verified_by == "AC530D520F2F3269F5E98313A48449044AAD5C5D"
    assert index.source == f"{mirror.base}/dists/bookworm-security"
    assert index.fetched == NOW
    assert index.entries == read_suite(DATA, "bookworm", "amd64").entries
    assert mirror.asked[0][1]["User-Agent"].startswith("auditor/")


def test_a_list_is_fetched_by_its_hash_where_the_mirror_has_it(mirror):
    sha256 = read_suite(DATA, "bookworm", "amd64").sha256
    mirror.answers |= {sha256: PACKAGES, "Packages.xz": b"of the next hour"}

    assert isinstance(get(mirror), SuiteIndex)
    assert mirror.files == ["InRelease", sha256]


def test_without_files_by_hash_the_list_is_asked_for_by_its_name(mirror):
    mirror.answers["InRelease"] = IN_RELEASE.replace(b"Acquire-By-Hash: yes\n", b"")
    place, keyring = Place(base=mirror.base), DATA / "no-keyring.gpg"

    (index,) = fetch_suites(place, [WANTED], {}, now=NOW, keyring=keyring).values()

    assert index.verified_by == ""
    assert mirror.files == ["InRelease", "Packages.xz"]


def test_a_mirror_that_sends_elsewhere_is_followed(mirror):
    other = mirror.base.replace("/debian-security", "/other/dists/bookworm-security/InRelease")
    mirror.answers["bookworm-security/InRelease"] = lambda handler: (
        mirror.send(handler, IN_RELEASE) if "other" in handler.path else to(other)(handler)
    )

    assert isinstance(get(mirror), SuiteIndex)


@pytest.mark.parametrize(
    ("header", "value", "condition"),
    [
        ("ETag", '"a1-b2"', "If-None-Match"),
        ("ETag", 'W/"a1"', "If-None-Match"),
        ("Last-Modified", "Sat, 21 Nov 2026 00:53:04 GMT", "If-Modified-Since"),
    ],
)
def test_what_is_unchanged_is_not_fetched_again(mirror, header, value, condition):
    mirror.headers[header] = value
    held = msgspec.structs.replace(get(mirror), fetched=NOW - AGED)
    mirror.asked.clear()
    mirror.answers["InRelease"] = 304

    index = get(mirror, held=held)

    assert mirror.files == ["InRelease"]
    assert mirror.asked[0][1][condition] == value
    assert index == msgspec.structs.replace(held, fetched=NOW)


def test_a_list_that_is_unchanged_is_not_fetched_again(mirror):
    whole = get(mirror)
    held = msgspec.structs.replace(whole, date=whole.date - AGED, validator="")
    mirror.asked.clear()

    assert get(mirror, held=held) == whole
    assert mirror.files == ["InRelease"]


@pytest.mark.parametrize(
    "doubt", [{"verified_by": ""}, {"verified_by": "", "trusted": True}, {"source": "/media/usb"}]
)
def test_what_is_held_counts_only_if_it_is_verified_and_of_the_same_place(mirror, doubt):
    mirror.headers["ETag"] = '"a"'
    whole = get(mirror)
    mirror.asked.clear()

    assert get(mirror, held=msgspec.structs.replace(whole, **doubt)) == whole
    assert "Packages.xz" in mirror.files
    assert "If-None-Match" not in mirror.asked[0][1]


@pytest.mark.parametrize("tag", ["\xff\xfe", "x" * 500, ""])
def test_an_odd_tag_is_not_kept(mirror, tag):
    mirror.headers["ETag"] = tag

    assert get(mirror).validator == ""


@pytest.mark.parametrize("way", ["apt", "environment"])
def test_a_proxy_is_used(mirror, monkeypatch, way):
    """The mirror plays the proxy: it gets the whole address of a name that nobody knows."""
    proxy = mirror.base.removesuffix("/debian-security")
    place = {"base": "http://mirror.invalid/debian-security"}
    if way == "apt":
        place["proxy"] = proxy
    else:
        monkeypatch.setenv("http_proxy", proxy)

    assert isinstance(get(mirror, **place), SuiteIndex)
    assert mirror.asked[0][0].startswith("http://mirror.invalid/debian-security/dists/")


def test_direct_means_no_proxy(mirror, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")

    assert isinstance(get(mirror, direct=True), SuiteIndex)
    assert isinstance(get(mirror), FeedError)


def test_the_authority_of_apts_configuration_is_trusted_and_no_other(tmp_path):
    authority = issue("Otoritas Cermin", ca=True)
    certificate, key = issue(
        "localhost", authority, names=("localhost",), begins=datetime.now(UTC) - AGED
    ).write(tmp_path, "mirror")
    (tmp_path / "ca.pem").write_bytes(authority.pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)

    with running(context) as mirror:
        mirror.base = mirror.base.replace("127.0.0.1", "localhost")
        trusted = get(mirror, ca_file=str(tmp_path / "ca.pem"))
        strange = get(mirror)

    assert isinstance(trusted, SuiteIndex)
    assert_refused(strange, "(?i)certificate")


def test_files_that_are_missing_are_told(tmp_path):
    with pytest.raises(FeedError, match=r"bookworm-security.InRelease: No such file"):
        read_suite(tmp_path, "bookworm", "amd64")


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("InRelease", IN_RELEASE.replace(b"Suite:", b"Suite!:", 1), "not by a key"),
        ("InRelease", (DATA / "trixie-security.InRelease").read_bytes(), "is given for bookworm"),
        ("InRelease", b"x" * (fetch.RELEASE_LIMIT + 1), "more than 4194304 bytes"),
        ("Packages.xz", OLD, "not the one that was signed"),
    ],
)
def test_a_folder_is_believed_no_more_than_a_mirror(tmp_path, name, data, words):
    for part, copy in (("InRelease", IN_RELEASE), ("Packages.xz", PACKAGES)):
        (tmp_path / f"bookworm-security.{part}").write_bytes(data if part == name else copy)

    with pytest.raises(FeedError, match=words):
        read_suite(tmp_path, "bookworm", "amd64")
