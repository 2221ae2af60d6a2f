"""Feeds from a real HTTP server on loopback that plays a mirror, well and badly."""

import hashlib
import lzma
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import msgspec
import pytest

from auditor.errors import ConfigError, StoreError
from auditor.feeds import fetch, keep, load_feeds, status, verify
from auditor.feeds.fetch import fetch_suite, new_client, own_mirror, read_suite
from auditor.feeds.verify import FeedError, read_index, read_release

DATA = Path(__file__).parents[1] / "lab" / "data" / "debian-indexes"
IN_RELEASE = (DATA / "bookworm-security.InRelease").read_bytes()
PACKAGES = (DATA / "bookworm-security.Packages.xz").read_bytes()


SIGNED = b"-----BEGIN PGP SIGNED MESSAGE-----\nHash: S\n\n%s\n-----BEGIN PGP SIGNATURE"


class Mirror:
    """Answers by path: bytes, a status number, or a function that writes what it likes."""

    def __init__(self) -> None:
        self.answers: dict[str, object] = {
            "InRelease": IN_RELEASE,
            "Packages.xz": PACKAGES,
        }
        mirror = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                answer = mirror.answers.get(self.path.rpartition("/")[2], 404)
                if callable(answer):
                    answer(self)
                elif isinstance(answer, int):
                    self.send_error(answer)
                else:
                    self.send_response(200)
                    self.send_header("Content-Length", str(len(answer)))
                    self.end_headers()
                    self.wfile.write(answer)

            def log_message(self, *_):
                """Stay quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/debian-security"


@pytest.fixture
def mirror() -> Iterator[Mirror]:
    """A mirror on loopback."""
    made = Mirror()
    thread = threading.Thread(target=made.server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield made
    made.server.shutdown()
    made.server.server_close()
    thread.join()


def get(mirror, codename="bookworm"):
    with new_client() as client:
        return fetch_suite(mirror.url, codename, "amd64", client=client)


def endless(handler):
    handler.send_response(200)
    handler.end_headers()
    try:
        while True:
            handler.wfile.write(b"x" * 65_536)
    except OSError:
        return


def truncated(handler):
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(PACKAGES)))
    handler.end_headers()
    handler.wfile.write(PACKAGES[:1000])


def elsewhere(handler):
    handler.send_response(302)
    handler.send_header("Location", handler.path)
    handler.end_headers()


@pytest.mark.parametrize(
    ("name", "answer", "words"),
    [
        ("InRelease", 404, "HTTP 404"),
        ("InRelease", b"", "signature"),
        ("InRelease", IN_RELEASE.replace(b"Suite:", b"Suite!:", 1), "signature"),
        ("InRelease", IN_RELEASE[:5000], "signature"),
        ("InRelease", b"<html>" * 100, "signature"),
        ("InRelease", elsewhere, "redirect"),
        ("InRelease", endless, "more than"),
        ("Packages.xz", 500, "HTTP 500"),
        ("Packages.xz", PACKAGES[:-1] + b"x", "not the one that was signed"),
        ("Packages.xz", PACKAGES + b"x", "not the one that was signed"),
        ("Packages.xz", truncated, "debian-security"),
        ("Packages.xz", endless, "more than"),
    ],
)
def test_what_a_mirror_gets_wrong_is_not_believed(mirror, monkeypatch, name, answer, words):
    monkeypatch.setattr(fetch, "SIZE_LIMIT", 2**20)
    mirror.answers[name] = answer

    with pytest.raises(FeedError, match=f"(?i){words}"):
        get(mirror)


def test_a_mirror_that_is_not_there_is_told(mirror):
    mirror.url = "http://127.0.0.1:1/debian-security"

    with pytest.raises(FeedError, match="refused"):
        get(mirror)


def test_another_suite_in_its_place_is_refused(mirror):
    mirror.answers["InRelease"] = (DATA / "trixie-security.InRelease").read_bytes()

    with pytest.raises(FeedError, match=r"gives trixie.* for bookworm"):
        get(mirror)


def test_a_good_mirror_gives_a_verified_index(mirror):
    index = get(mirror)

    assert index.release == "bookworm"
    assert len(index.verified_by) == 40
    assert index.sha256 == hashlib.sha256(PACKAGES).hexdigest()
    assert index.valid_until is not None
    assert len(index.entries) > 2000


def test_of_two_versions_of_a_package_the_newer_counts():
    text = "Package: a\nVersion: 1-2\n\nPackage: a\nVersion: 1-10\nSource: b (3)\n\nOdd: x\n"
    packed = lzma.compress(text.encode())
    release = release_of({"main/binary-amd64/Packages.xz": packed})

    index = read_index(release, "amd64", packed)

    assert (index.entries["a"].version, index.entries["a"].source) == ("1-10", "b")


def release_of(files):
    real = read_release(IN_RELEASE)
    hashes = {name: (hashlib.sha256(data).hexdigest(), len(data)) for name, data in files.items()}
    return msgspec.structs.replace(real, hashes=hashes)


def test_an_architecture_that_is_not_listed_is_told():
    with pytest.raises(FeedError, match="lists no main/binary-s390/Packages"):
        read_index(read_release(IN_RELEASE), "s390", PACKAGES)


@pytest.mark.parametrize(
    ("packed", "most", "words"),
    [
        (b"not xz at all", 2**26, "cannot be unpacked"),
        (lzma.compress(b"x" * 5000)[:-4], 2**26, "cut, or larger"),
        (lzma.compress(b"x" * 5000), 1000, "cut, or larger|memory"),
    ],
)
def test_a_bomb_or_a_cut_archive_is_refused(monkeypatch, packed, most, words):
    monkeypatch.setattr(verify, "UNPACKED_LIMIT", most)
    release = release_of({"main/binary-amd64/Packages.xz": packed})

    with pytest.raises(FeedError, match=f"(?i){words}"):
        read_index(release, "amd64", packed)


def test_without_gpgv_or_keyring_nothing_is_called_verified(tmp_path, monkeypatch):
    assert read_release(IN_RELEASE, tmp_path / "none.gpg").verified_by == ""
    monkeypatch.setenv("PATH", str(tmp_path))
    assert read_release(IN_RELEASE).verified_by == ""


def test_a_gpgv_that_hangs_is_ended(tmp_path, monkeypatch):
    script = tmp_path / "gpgv"
    script.write_text("#!/bin/sh\nexec /bin/sleep 20\n")
    script.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(verify, "GPGV_SECONDS", 0.2)

    with pytest.raises(FeedError, match="no answer"):
        read_release(IN_RELEASE)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"plain", "not a signed message"),
        (SIGNED % b"Origin: x", "date"),
        (SIGNED % b"Codename: x\nDate: soon", "no date"),
    ],
)
def test_a_release_that_says_too_little_is_refused(tmp_path, text, words):
    with pytest.raises(FeedError, match=words):
        read_release(text, tmp_path / "none.gpg")


def index(codename="bookworm"):
    return read_suite(DATA, codename, "amd64")


def test_files_that_are_missing_are_told(tmp_path):
    with pytest.raises(FeedError, match="No such file"):
        read_suite(tmp_path, "bookworm", "amd64")


def test_what_is_kept_comes_back(tmp_path):
    kept = index()
    keep.keep(tmp_path, kept)

    assert load_feeds(tmp_path).index("debian", "bookworm", "amd64") == kept
    assert load_feeds(tmp_path).index("debian", "sid", "amd64") is None
    assert load_feeds(tmp_path).release("debian", "12").codename == "bookworm"
    assert load_feeds(tmp_path).release("ubuntu", "22.04").codename == "jammy"
    assert status(tmp_path)[0].rows == len(kept.entries)


def test_an_older_or_shrunken_index_does_not_replace_a_better_one(tmp_path):
    kept = index()
    keep.keep(tmp_path, kept)
    few = dict(list(kept.entries.items())[:100])
    older = msgspec.structs.replace(kept, date=kept.date.replace(year=2025))

    with pytest.raises(FeedError, match="older than"):
        keep.keep(tmp_path, older)
    with pytest.raises(FeedError, match="not believed"):
        keep.keep(tmp_path, msgspec.structs.replace(kept, entries=few))
    assert load_feeds(tmp_path).index("debian", "bookworm", "amd64") == kept


def test_a_damaged_file_leaves_the_generation_before(tmp_path):
    keep.keep(tmp_path, index())
    keep.keep(tmp_path, index())
    (path,) = (tmp_path / "feeds").glob("*.index")
    path.write_bytes(b"damaged")

    assert load_feeds(tmp_path).index("debian", "bookworm", "amd64") == index()
    path.with_suffix(".old").unlink()
    assert load_feeds(tmp_path).indexes == ()


def test_a_disk_that_refuses_is_told(tmp_path):
    (tmp_path / "feeds").write_text("a file")

    with pytest.raises(StoreError, match="cannot keep"):
        keep.keep(tmp_path, index())


ONE_LINE = "deb [arch=amd64] http://mirror.lab/debian bookworm main\n"
SECURITY = "deb http://mirror.lab/debian-security bookworm-security main\n"
DEB822 = """\
Types: deb
URIs: http://mirror.lab/debian
Suites: bookworm

Types: deb
URIs: http://mirror.lab/secure
Suites: bookworm-security
"""


@pytest.mark.parametrize(
    ("name", "text", "address"),
    [
        ("sources.list", ONE_LINE + SECURITY, "http://mirror.lab/debian-security"),
        ("sources.list.d/debian.sources", DEB822, "http://mirror.lab/secure"),
    ],
)
def test_the_mirror_is_the_one_that_apt_uses(tmp_path, name, text, address):
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    (path.parent / "other.txt").write_text(SECURITY)

    assert own_mirror(tmp_path) == address


def test_an_apt_without_security_updates_is_told(tmp_path):
    (tmp_path / "sources.list").write_text(ONE_LINE)

    with pytest.raises(ConfigError, match="no security suite"):
        own_mirror(tmp_path)


@pytest.mark.parametrize(
    ("script", "proxy"),
    [
        ("echo \"P='http://proxy.lab:3128'\"", "http://proxy.lab:3128"),
        ("echo \"P='DIRECT'\"", None),
        ("true", None),
    ],
)
def test_apts_proxy_is_used(tmp_path, monkeypatch, script, proxy):
    tool = tmp_path / "apt-config"
    tool.write_text(f"#!/bin/sh\n{script}\n")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")

    assert fetch.apt_proxy() == proxy


def test_without_apt_there_is_no_proxy(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))

    assert fetch.apt_proxy() is None
