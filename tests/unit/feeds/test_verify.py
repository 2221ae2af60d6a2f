"""The chain from a signature to the entries: what breaks it, then what holds."""

import hashlib
import lzma
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from auditor.feeds import verify
from auditor.feeds.errors import FeedError
from auditor.feeds.verify import Listed, digest_of, must_be_signed, read_lists, read_release

DATA = Path(__file__).parents[2] / "lab" / "data" / "debian-indexes"
TRIXIE = (DATA / "trixie-security.InRelease").read_bytes()
PACKAGES = (DATA / "trixie-security.Packages.xz").read_bytes()
KEYRINGS = Path("/usr/share/keyrings")
HEAD = b"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n"
EVIL = b"Codename: bookworm-security\nDate: Sat, 21 Nov 2026 00:53:02 UTC\nSHA256:\n"
TAIL = b"\n-----BEGIN PGP SIGNATURE-----\n\niQ==\n-----END PGP SIGNATURE-----\n"
NONE = Path("/nonexistent/keyring.gpg")


def refused(data, words, keyring=verify.KEYRING):
    with pytest.raises(FeedError, match=words):
        read_release(data, keyring)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<html>" * 100,
        TRIXIE[:5000],
        TRIXIE.replace(b"Suite:", b"Suite!:", 1),
        TRIXIE.replace(b"Hash: SHA256\n\n", b"Hash: SHA256\n\n" + EVIL, 1),
        TRIXIE.replace(b"Hash: SHA256\n\n", b"Hash: SHA256\nCodename: evil\n\n", 1),
        HEAD + EVIL + TAIL + TRIXIE,
        HEAD + EVIL + TAIL,
        TRIXIE + TRIXIE,
        bytes(range(256)) * 100,
    ],
)
def test_what_was_altered_is_refused(data):
    refused(data, "not by a key of the keyring")


@pytest.mark.parametrize(
    "data",
    [
        EVIL + b"\n" + TRIXIE,
        b"x" + HEAD + EVIL + TAIL.replace(b"-----BEGIN", b"x-----BEGIN") + TRIXIE,
        b"x" + HEAD + EVIL + b"\n-----BEGIN PGP SIGNATUREx\n" + TRIXIE,
        TRIXIE + EVIL,
    ],
)
def test_what_stands_around_the_signed_text_is_not_read(data):
    release = read_release(data)

    assert release == read_release(TRIXIE)
    assert release.codename == "trixie-security"


def test_a_key_of_another_release_does_not_sign_for_it():
    refused(TRIXIE, "not by a key", KEYRINGS / "debian-archive-bullseye-security-automatic.gpg")


def test_one_known_key_of_two_that_signed_is_enough():
    keyring = KEYRINGS / "debian-archive-trixie-security-automatic.gpg"

    assert read_release(TRIXIE, keyring).verified_by == "5E04A1E3223A19A20706E20F9904613D4CCE68C6"


def test_a_keyring_that_is_none_verifies_nothing(tmp_path):
    (tmp_path / "keys.gpg").write_text("no keys")

    refused(TRIXIE, "not by a key", tmp_path / "keys.gpg")


@pytest.mark.parametrize("status", ["REVKEYSIG", "EXPKEYSIG", "EXPSIG"])
def test_a_key_that_is_past_or_revoked_does_not_count(tmp_path, monkeypatch, status):
    script = (
        f"echo '[GNUPG:] PLAINTEXT 74 0' >&2; echo '[GNUPG:] {status} 1 x' >&2\n"
        "echo '[GNUPG:] VALIDSIG AA 2026-11-21' >&2; cat\n"
    )
    tool(tmp_path, monkeypatch, script)

    refused(TRIXIE, "not by a key")


def tool(folder, monkeypatch, script):
    """Put another gpgv in place of the real one, for answers that it gives to no test file."""
    path = folder / "gpgv"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


def test_a_gpgv_that_hangs_is_ended(tmp_path, monkeypatch):
    tool(tmp_path, monkeypatch, "exec sleep 20")
    monkeypatch.setattr(verify, "GPGV_SECONDS", 0.2)

    refused(TRIXIE, "no answer within 0.2 s")


def test_a_gpgv_that_cannot_run_is_told(tmp_path, monkeypatch):
    tool(tmp_path, monkeypatch, "")
    (tmp_path / "gpgv").write_text("#!/nonexistent/sh\n")

    refused(TRIXIE, "gpgv cannot be run")


def test_without_gpgv_or_keyring_nothing_is_called_verified(tmp_path, monkeypatch):
    known = read_release(TRIXIE)

    assert read_release(TRIXIE, NONE) == msgspec.structs.replace(known, verified_by="")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert read_release(TRIXIE).verified_by == ""


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"plain", "not a signed message"),
        (HEAD + b"Codename: bookworm-security", "not a signed message"),
        (HEAD[:-1] + TAIL, "not a signed message"),
        (b"\r\n".join([HEAD] + [b""] * 100_000), "not a signed message"),
        (HEAD + b"Date: x" + TAIL, "does not name"),
        (HEAD + b"Codename: x\nSuite: ../y\nDate: x" + TAIL, "does not name"),
        (HEAD + b"Codename: bookworm-security" + TAIL, "does not name"),
        (HEAD + b"Codename: ../x-security\nDate: x" + TAIL, "does not name"),
        (HEAD + b"Codename: x-security\nDate: soon" + TAIL, "'soon' is no date"),
        (HEAD + b"Codename: x-security\nDate: Sat, 99 Nov 99999 1:1:1" + TAIL, "is no date"),
    ],
)
def test_an_unverified_release_that_says_too_little_is_refused(data, words):
    refused(data, words, NONE)


def test_a_release_says_what_its_suite_is():
    release = read_release(TRIXIE)

    assert (release.codename, release.suite) == ("trixie-security", "stable-security")
    assert release.name("debian") == "trixie-security"
    assert release.name("ubuntu") == "stable-security"
    assert release.date == datetime(2026, 11, 21, 0, 53, 3, tzinfo=UTC)
    assert release.valid_until == datetime(2026, 11, 28, 0, 53, 3, tzinfo=UTC)
    assert release.by_hash
    assert release.lists(["main"], "amd64")["main"].size == len(PACKAGES)
    assert release.verified_by == "05AB90340C0C5E797F44A8C8254CF3B5AEC0A8F0"


def test_dates_without_a_zone_are_utc_and_folded_lines_that_open_a_text_are_ignored():
    text = b" folded\nCodename: x-security\nDate: Sat, 21 Nov 2026 00:53:02\nSHA256:\n odd line"

    release = read_release(HEAD + text + TAIL, NONE)

    assert release.date == datetime(2026, 11, 21, 0, 53, 2, tzinfo=UTC)
    assert (release.valid_until, release.by_hash, release.files) == (None, False, {})


def test_an_architecture_that_is_not_listed_is_told():
    with pytest.raises(FeedError, match="lists no main/binary-s390/Packages"):
        read_release(TRIXIE).lists(["main"], "s390")


def test_components_that_are_not_there_or_empty_are_left_out():
    components = ["main", "contrib", "non-free", "restricted"]

    assert list(read_release(TRIXIE).lists(components, "amd64")) == ["main", "contrib"]


def test_a_component_whose_list_is_packed_in_another_way_is_not_left_out():
    release = read_release(TRIXIE)
    files = {name: told for name, told in release.files.items() if "contrib" not in name}
    bare = {"contrib/binary-amd64/Packages": Listed(sha256="0" * 64, size=1000)}
    changed = msgspec.structs.replace(release, files=files | bare)

    with pytest.raises(FeedError, match="lists no contrib/binary-amd64/Packages"):
        changed.lists(["main", "contrib"], "amd64")


def test_several_lists_have_one_hash_in_any_order():
    lists = read_release(TRIXIE).lists(["main", "contrib"], "amd64")
    turned = dict(reversed(lists.items()))

    assert digest_of(lists) == digest_of(turned)
    assert digest_of({"main": lists["main"]}) == lists["main"].sha256
    assert digest_of({"main": lists["contrib"], "contrib": lists["main"]}) != digest_of(lists)


@pytest.mark.parametrize("change", [{"sha256": "0" * 64}, {"size": 3}])
def test_a_file_that_is_not_the_signed_one_is_refused(change):
    listed = Listed(sha256=hashlib.sha256(PACKAGES).hexdigest(), size=len(PACKAGES))
    got = {"sha256": listed.sha256, "size": listed.size} | change

    must_be_signed(listed, listed.sha256, listed.size, "x")
    with pytest.raises(FeedError, match="x is not the one that was signed"):
        must_be_signed(listed, got["sha256"], got["size"], "x")


def test_a_list_that_cannot_be_read_is_told_with_its_name(tmp_path):
    (tmp_path / "list").write_bytes(lzma.compress(b"nonsense"))

    with pytest.raises(FeedError, match=r"main of x: .* is no package"):
        read_lists({"main of x": tmp_path / "list"})


def test_of_several_lists_the_newest_version_counts(tmp_path):
    for name, text in (
        ("a", "Package: p\nVersion: 2\n\nPackage: q\nVersion: 1\n"),
        ("b", "Package: p\nVersion: 10\n"),
        ("c", "Package: p\nVersion: 3\n"),
    ):
        (tmp_path / name).write_bytes(lzma.compress(text.encode()))

    found = read_lists({name: tmp_path / name for name in "abc"})

    assert {name: entry.version for name, entry in found.items()} == {"p": "10", "q": "1"}
