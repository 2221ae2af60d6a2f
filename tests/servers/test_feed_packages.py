"""A feed that is a package: found by signed lists, fetched from there, checked by its hash."""

import hashlib
import lzma
import os
import subprocess
from datetime import UTC, datetime, timedelta

import pytest

from auditor.feeds import open_library, packages
from auditor.feeds.errors import FeedError
from auditor.feeds.update import Order, update
from auditor.model.feed import FeedKind, Trust
from auditor.model.feed_list import Archive, FeedList, Source
from tests.servers.archive_key import archive_key
from tests.servers.feed_mirror import running

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
NAME = "debian-security-support"
POOL = f"pool/main/d/{NAME}"


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch):
    """Forget the environment's proxies."""
    for name in os.environ:
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def key(tmp_path_factory):
    """The archive's key."""
    with archive_key(tmp_path_factory.mktemp("gnupg")) as made:
        yield made


class Repository:
    """An archive with the suites bookworm and bookworm-security."""

    def __init__(self, mirror, key, folder):
        self.mirror, self.key, self.folder = mirror, key, folder
        self.date = NOW - timedelta(hours=9)
        self.base = mirror.base

    def offer(self, suite, *versions, **twist):
        """Offer builds of the package in a suite."""
        self.date += timedelta(minutes=1)
        told = "\n".join(self._stanza(version, twist) for version in versions)
        packed = lzma.compress(f"Package: bash\nVersion: 5.2\n\n{told}".encode())
        sha256 = hashlib.sha256(packed).hexdigest()
        text = (
            f"Origin: Debian\nSuite: x\nCodename: {suite}\n"
            f"Date: {self.date:%a, %d %b %Y %H:%M:%S} UTC\n"
            f"SHA256:\n {sha256} {len(packed)} main/binary-amd64/Packages.xz\n"
        )
        self.mirror.answers[f"{suite}/InRelease"] = self.key.sign(text)
        self.mirror.answers[f"{suite}/main/binary-amd64/Packages.xz"] = packed

    def _stanza(self, version, twist):
        deb = self.build(version)
        name = f"{NAME}_{version.replace(':', '%3a')}_all.deb"
        self.mirror.answers[name] = deb
        fields = {
            "Package": NAME,
            "Version": version,
            "Filename": f"{POOL}/{name}",
            "Size": len(deb),
            "SHA256": hashlib.sha256(deb).hexdigest(),
        } | twist
        return "".join(f"{field}: {value}\n" for field, value in fields.items() if value != "")

    def build(self, version):
        """Build it with the real dpkg-deb."""
        root = self.folder / f"root-{version.replace(':', '_')}"
        data = root / "usr" / "share" / NAME
        data.mkdir(parents=True, exist_ok=True)
        (root / "DEBIAN").mkdir(exist_ok=True)
        (root / "DEBIAN" / "control").write_text(
            f"Package: {NAME}\nVersion: {version}\nArchitecture: all\n"
            "Maintainer: Uji <uji@kota.go.id>\nDescription: x\n"
        )
        (data / "security-support-ended.deb12").write_text("pdns  4.7.3-2  2026-01-01  no more\n")
        (data / "security-support-limited").write_text("php-horde*  only from trusted users\n")
        deb = root.with_suffix(".deb")
        subprocess.run(
            ["dpkg-deb", "--root-owner-group", "--build", root, deb],
            check=True,
            capture_output=True,
        )
        return deb.read_bytes()


@pytest.fixture
def archive(key, tmp_path):
    """An archive that is well; the security suite does not name the package."""
    with running() as mirror:
        made = Repository(mirror, key, tmp_path)
        made.offer("bookworm", "1:12+2026.06.30")
        made.offer("bookworm-security")
        yield made


@pytest.fixture
def bring(archive, tmp_path):
    """Update from the archive."""

    def go(now=NOW):
        feeds = FeedList(
            archives=(
                Archive(
                    distribution="debian",
                    mirror=archive.base,
                    security=archive.base,
                    suites=("{release}-security", "{release}"),
                    keyring=str(archive.key.keyring),
                ),
            ),
            feeds=(
                Source(
                    name="support",
                    kind=FeedKind.SUPPORT,
                    source="debian_support",
                    urls=(f"deb:{NAME}",),
                    distributions=("debian",),
                ),
            ),
        )
        archive.mirror.asked.clear()
        order = Order(feeds=feeds, systems=(("debian", "bookworm"),))
        return {one.name: one for one in update(tmp_path / "home", order, now)}["support bookworm"]

    return go


def test_it_is_believed_as_the_list_that_names_it(bring, tmp_path):
    outcome = bring()

    assert outcome.problem == ""
    assert outcome.feed.trust is Trust.SIGNED
    assert outcome.feed.verified_by
    assert outcome.feed.date == datetime(2026, 6, 30, tzinfo=UTC)
    support = open_library(tmp_path / "home").of("debian", "bookworm").support
    assert {row.package for row in support} == {"pdns", "php-horde*"}


def test_what_no_list_changed_is_not_fetched_again(bring, archive):
    bring()

    assert bring(NOW + timedelta(hours=1)).problem == ""
    assert not [name for name in archive.mirror.files if name.endswith(".deb")]
    archive.offer("bookworm-security", "1:12+2026.06.30")
    assert bring(NOW + timedelta(hours=2)).problem == ""
    assert not [name for name in archive.mirror.files if name.endswith(".deb")]


def test_the_newest_of_all_suites_is_taken(bring, archive):
    bring()
    archive.offer("bookworm-security", "1:12+2026.08.01", "1:12+2026.07.01")

    outcome = bring(NOW + timedelta(hours=1))

    assert outcome.feed.validator == "1:12+2026.08.01"
    assert outcome.feed.date == datetime(2026, 8, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("twist", "words"),
    [
        ({"SHA256": "0" * 64}, "is not the one that was signed"),
        ({"Size": 10}, "more than 10 bytes"),
        ({"SHA256": ""}, "does not say where"),
        ({"Size": "9" * 13}, "does not say where"),
        ({"Filename": ""}, "does not say where"),
        ({"Filename": "pool/../../etc/passwd"}, "does not say where"),
        ({"Filename": "http://other.lab/x"}, "does not say where"),
        ({"Filename": f"{POOL}/gone.deb"}, "HTTP 404"),
    ],
)
def test_what_a_list_says_amiss_leaves_nothing(bring, archive, twist, words):
    archive.offer("bookworm", "1:12+2026.06.30", **twist)

    outcome = bring()

    assert outcome.feed is None
    assert words in outcome.problem


def test_a_list_that_cannot_be_read_is_told(tmp_path):
    (tmp_path / "list").write_bytes(b"no list at all")

    with pytest.raises(FeedError, match="list: cannot be unpacked"):
        list(packages.named({"main": tmp_path / "list"}, NAME))
