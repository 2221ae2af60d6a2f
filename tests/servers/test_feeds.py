"""Feeds from a real HTTP server on loopback that plays a mirror, badly first."""

import os
import re
import ssl
import time
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from auditor.errors import ConfigError
from auditor.feeds import http, suites
from auditor.feeds.apt import Mirror as Place
from auditor.feeds.arrivals import Failed, SuiteCame, Unchanged
from auditor.feeds.errors import FeedError
from auditor.feeds.fetch import fetch, read_suite
from auditor.feeds.http import shown
from auditor.feeds.jobs import Suite
from auditor.feeds.verify import read_lists
from auditor.model.feed import Trust
from tests.servers.certificates import issue
from tests.servers.feed_mirror import DATA, running

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
WANTED = Suite(distribution="debian", release="bookworm", suite="bookworm-security", arch="amd64")
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


@pytest.fixture
def get(mirror, tmp_path, monkeypatch):
    """Fetch a suite from the mirror; `place` is how this machine's own apt reaches it."""

    def got(wanted=WANTED, held=None, **place):
        job = msgspec.structs.replace(wanted, mirror=place.get("base", mirror.base))
        if place:
            values = {"base": mirror.base} | place
            monkeypatch.setattr("auditor.feeds.fetch.own_mirror", lambda *_, **__: Place(**values))
            job = msgspec.structs.replace(job, mirror="auto")
        folder = tmp_path / "scratch"
        folder.mkdir(exist_ok=True)
        known = {held.name: held} if held else {}
        (came,) = fetch([job], known, folder, NOW)
        return came

    return got


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
        (
            (DATA / "bookworm-updates.InRelease").read_bytes(),
            "bookworm-updates is given for",
        ),
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
def test_a_release_that_a_mirror_gets_wrong_is_not_believed(
    get, mirror, monkeypatch, answer, words
):
    monkeypatch.setattr(suites, "RELEASE_LIMIT", 2**20)
    mirror.answers["InRelease"] = answer

    error = get()

    assert_refused(error, words)
    assert mirror.files.count("Packages.xz") == 0


def assert_refused(answer, words):
    assert isinstance(answer, Failed)
    assert re.search(words, str(answer.error)), answer.error
    assert isinstance(answer.error, FeedError)


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
def test_a_list_that_a_mirror_gets_wrong_is_not_believed(get, mirror, answer, words):
    mirror.answers["Packages.xz"] = answer

    error = get()

    assert_refused(error, words)


@pytest.mark.parametrize(
    "first", [b"", b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n"]
)
def test_a_mirror_that_drips_is_left(get, mirror, monkeypatch, first):
    monkeypatch.setattr(suites, "SECONDS", 0.3)
    mirror.answers["InRelease"] = dripping(first)
    began = time.monotonic()

    error = get()

    assert_refused(error, "not there within 0 s")
    assert time.monotonic() - began < 8


def test_a_mirror_that_says_nothing_is_left(get, mirror, monkeypatch):
    monkeypatch.setattr(http, "SILENCE", 0.2)
    mirror.answers["InRelease"] = lambda _: mirror.ended.wait(5)

    assert_refused(get(), "InRelease: ReadTimeout")


def test_a_mirror_that_is_not_there_is_told(get, mirror):
    mirror.base = "http://127.0.0.1:1/debian-security"

    assert_refused(get(), "(?i)connection")


def test_a_connection_that_fails_once_is_tried_again(get, mirror, monkeypatch):
    """The second attempt finds the mirror; there is no third."""
    tried = []
    real = http._follow

    async def follow(client, url, *rest):
        tried.append(url)
        there = url if len(tried) > 1 else "http://127.0.0.1:1/x"
        return await real(client, there, *rest)

    monkeypatch.setattr(http, "_follow", follow)

    assert isinstance(get(), SuiteCame)
    assert tried[0] == tried[1]
    monkeypatch.setattr(mirror, "base", "http://127.0.0.1:1")
    tried.clear()
    get()
    assert len(tried) == 2


@pytest.mark.parametrize(
    "place", [{"ca_file": "/nonexistent.pem"}, {"proxy": "ftp://x"}, {"proxy": "socks5h://x:1"}]
)
def test_settings_that_cannot_be_used_are_told(get, mirror, place):
    with pytest.raises(ConfigError, match="not usable"):
        get(**place)


def test_a_password_in_the_address_is_used_and_not_shown(get, mirror):
    mirror.base = mirror.base.replace("//", "//audit:r@hasia@")

    feed = get().feed
    mirror.answers["InRelease"] = 500
    error = get().error

    assert "hasia" not in feed.source + str(error)
    assert all(headers["Authorization"].startswith("Basic ") for _, headers in mirror.asked)
    assert shown("http://h/a@b") == "http://h/a@b"


def suite(name, **fields):
    values = {"distribution": "debian", "release": name, "suite": f"{name}-security"}
    return Suite(**(values | {"arch": "amd64"} | fields))


def test_one_suite_that_fails_leaves_the_others(mirror, tmp_path):
    mirror.answers["trixie-security/InRelease"] = 500
    wanted = [suite(name, mirror=mirror.base) for name in ("bullseye", "trixie", "bookworm")]

    came = fetch(wanted, {}, tmp_path, NOW)

    assert [type(answer) for answer in came] == [SuiteCame, Failed, SuiteCame]
    assert came[1].names == (wanted[1].name,)


def test_a_good_mirror_gives_a_verified_suite(get, mirror):
    came = get()

    feed = came.feed
    assert feed.name == WANTED.name
    assert feed.verified_by == "AC530D520F2F3269F5E98313A48449044AAD5C5D"
    assert (feed.trust, feed.size) == (Trust.SIGNED, len(PACKAGES))
    assert feed.source == f"{mirror.base}/dists/bookworm-security main"
    assert feed.fetched == NOW
    assert read_lists(came.lists) == read_suite(DATA, "bookworm", "amd64").entries
    assert mirror.asked[0][1]["User-Agent"].startswith("auditor/")


def test_a_list_that_the_mirror_lacks_fails_its_suite(get):
    """Updates of non-free firmware would be missed without a word."""
    wanted = msgspec.structs.replace(WANTED, components=("main", "non-free-firmware"))

    assert_refused(get(wanted), "non-free-firmware/binary-amd64/Packages.xz: HTTP 404")


def test_a_list_is_fetched_by_its_hash_where_the_mirror_has_it(get, mirror):
    sha256 = read_suite(DATA, "bookworm", "amd64").sha256
    mirror.answers |= {sha256: PACKAGES, "Packages.xz": b"of the next hour"}

    assert isinstance(get(), SuiteCame)
    assert mirror.files == ["InRelease", sha256]


def test_without_files_by_hash_the_list_is_asked_for_by_its_name(get, mirror):
    mirror.answers["InRelease"] = IN_RELEASE.replace(b"Acquire-By-Hash: yes\n", b"")

    came = get(msgspec.structs.replace(WANTED, keyring=DATA / "no-keyring.gpg"))

    assert (came.feed.verified_by, came.feed.trust) == ("", Trust.NONE)
    assert mirror.files == ["InRelease", "Packages.xz"]


def test_a_mirror_that_sends_elsewhere_is_followed(get, mirror):
    other = mirror.base.replace("/debian-security", "/other/dists/bookworm-security/InRelease")
    mirror.answers["bookworm-security/InRelease"] = lambda handler: (
        mirror.send(handler, IN_RELEASE) if "other" in handler.path else to(other)(handler)
    )

    assert isinstance(get(), SuiteCame)


@pytest.mark.parametrize(
    ("header", "value", "condition"),
    [
        ("ETag", '"a1-b2"', "If-None-Match"),
        ("ETag", 'W/"a1"', "If-None-Match"),
        ("Last-Modified", "Sat, 21 Nov 2026 00:53:04 GMT", "If-Modified-Since"),
    ],
)
def test_what_is_unchanged_is_not_fetched_again(get, mirror, header, value, condition):
    mirror.headers[header] = value
    held = msgspec.structs.replace(get().feed, fetched=NOW - AGED)
    mirror.asked.clear()
    mirror.answers["InRelease"] = 304

    came = get(held=held)

    assert mirror.files == ["InRelease"]
    assert mirror.asked[0][1][condition] == value
    assert came == Unchanged(names=(WANTED.name,), fetched=NOW)


def test_a_list_that_is_unchanged_is_not_fetched_again(get, mirror):
    whole = get().feed
    held = msgspec.structs.replace(whole, date=whole.date - AGED, validator="")
    mirror.asked.clear()

    assert get(held=held) == SuiteCame(feed=whole, same=True)
    assert mirror.files == ["InRelease"]


@pytest.mark.parametrize(
    "doubt",
    [
        {"trust": Trust.NONE},
        {"trust": Trust.BUNDLE},
        {"source": "/media/usb"},
        {"source": "{base}/dists/bookworm-security main contrib"},
    ],
)
def test_what_is_held_counts_only_if_it_is_verified_and_of_the_same_place(get, mirror, doubt):
    doubt = {name: str(value).format(base=mirror.base) for name, value in doubt.items()}
    mirror.headers["ETag"] = '"a"'
    whole = get()
    mirror.asked.clear()

    assert get(held=msgspec.structs.replace(whole.feed, **doubt)) == whole
    assert "Packages.xz" in mirror.files
    assert "If-None-Match" not in mirror.asked[0][1]


@pytest.mark.parametrize("tag", ["\xff\xfe", "x" * 500, ""])
def test_an_odd_tag_is_not_kept(get, mirror, tag):
    mirror.headers["ETag"] = tag

    assert get().feed.validator == ""


@pytest.mark.parametrize("way", ["apt", "environment"])
def test_a_proxy_is_used(get, mirror, monkeypatch, way):
    """The mirror plays the proxy: it gets the whole address of a name that nobody knows."""
    proxy = mirror.base.removesuffix("/debian-security")
    place = {"base": "http://mirror.invalid/debian-security"}
    if way == "apt":
        place["proxy"] = proxy
    else:
        monkeypatch.setenv("http_proxy", proxy)

    assert isinstance(get(**place), SuiteCame)
    assert mirror.asked[0][0].startswith("http://mirror.invalid/debian-security/dists/")


def test_direct_means_no_proxy(get, mirror, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")

    assert isinstance(get(direct=True), SuiteCame)
    assert isinstance(get(), Failed)


def test_the_authority_of_apts_configuration_is_trusted_and_no_other(get, tmp_path):
    authority = issue("Otoritas Cermin", ca=True)
    certificate, key = issue(
        "localhost", authority, names=("localhost",), begins=datetime.now(UTC) - AGED
    ).write(tmp_path, "mirror")
    (tmp_path / "ca.pem").write_bytes(authority.pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)

    with running(context) as mirror:
        base = mirror.base.replace("127.0.0.1", "localhost")
        trusted = get(base=base, ca_file=str(tmp_path / "ca.pem"))
        strange = get(base=base)
        mirror.answers["InRelease"] = to("http://127.0.0.1:1/InRelease")
        downgraded = get(base=base, ca_file=str(tmp_path / "ca.pem"))

    assert isinstance(trusted, SuiteCame)
    assert_refused(strange, "(?i)certificate")
    assert_refused(downgraded, "redirects from https to http")


def test_files_that_are_missing_are_told(tmp_path):
    with pytest.raises(FeedError, match=r"bookworm-security.InRelease: No such file"):
        read_suite(tmp_path, "bookworm", "amd64")


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("InRelease", IN_RELEASE.replace(b"Suite:", b"Suite!:", 1), "not by a key"),
        ("InRelease", (DATA / "trixie-security.InRelease").read_bytes(), "is given for bookworm"),
        ("InRelease", b"x" * (suites.RELEASE_LIMIT + 1), "more than 4194304 bytes"),
        ("Packages.xz", OLD, "not the one that was signed"),
    ],
)
def test_a_folder_is_believed_no_more_than_a_mirror(tmp_path, name, data, words):
    for part, copy in (("InRelease", IN_RELEASE), ("Packages.xz", PACKAGES)):
        (tmp_path / f"bookworm-security.{part}").write_bytes(data if part == name else copy)

    with pytest.raises(FeedError, match=words):
        read_suite(tmp_path, "bookworm", "amd64")
