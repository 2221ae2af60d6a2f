"""Bundles: what must not be opened, refused first; keys and signatures are ssh-keygen's own."""

import io
import json
import lzma
import os
import sqlite3
import subprocess
import tarfile
from contextlib import closing
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from auditor.cli import _run, options
from auditor.errors import ConfigError
from auditor.feeds import bundle as bundles
from auditor.feeds import open_library, status
from auditor.feeds.bundle import export_bundle, import_bundle
from auditor.feeds.errors import FeedError
from auditor.feeds.keep import keep
from auditor.model.feed import Trust
from tests.unit.feeds.test_keep import DATE, held, index, kept

NOW = DATE + timedelta(days=1)


@pytest.fixture(scope="session")
def keys(tmp_path_factory):
    """Keys of two colleagues, and a file that lists the first."""
    folder = tmp_path_factory.mktemp("keys")
    for name in ("budi", "orang-lain"):
        subprocess.run(
            ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", folder / name],
            check=True,
        )
    public = (folder / "budi.pub").read_text()
    (folder / "signers").write_text(f'budi@kota.go.id namespaces="auditor-feeds" {public}')
    return folder


@pytest.fixture
def home(tmp_path):
    """A home whose feeds go into bundles: signed, over TLS, and one that nobody vouches for."""
    place = tmp_path / "sender"
    keep(place, index(), index("trixie", verified_by=""), index("bullseye"))
    with closing(sqlite3.connect(place / "feeds.db")) as database:
        database.execute(
            "UPDATE feed SET trust = 'tls', verified_by = '' WHERE release = 'bullseye'"
        )
        database.commit()
    return place


@pytest.fixture
def bundle(home, keys, tmp_path):
    """A bundle that is well."""
    export_bundle(home, tmp_path / "bundle.tar", keys / "budi")
    return tmp_path / "bundle.tar"


@pytest.fixture
def receive(tmp_path, keys):
    """Import into another home."""

    def go(path, now=NOW, **fields):
        return import_bundle(tmp_path / "receiver", path, keys / "signers", now, **fields)

    return go


def members(path):
    with tarfile.open(path) as archive:
        return {m.name: archive.extractfile(m).read() for m in archive.getmembers()}


def pack(path, files):
    with tarfile.open(path, "w", format=tarfile.USTAR_FORMAT) as archive:
        for name, data in files.items():
            add(archive, name, data)


def add(archive, name, data, **fields):
    member = tarfile.TarInfo(name)
    member.size = len(data)
    for field, value in fields.items():
        setattr(member, field, value)
    archive.addfile(member, io.BytesIO(data))


def signed(path, files, key):
    """Make a bundle of files with right hashes and a right signature over them."""
    import hashlib

    folder = path.parent / "sign"
    folder.mkdir(exist_ok=True)
    sums = "".join(
        f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in bundles.HASHED
    )
    (folder / "SHA256SUMS").write_text(sums)
    (folder / "SHA256SUMS.sig").unlink(missing_ok=True)
    subprocess.run(
        ["ssh-keygen", "-q", "-Y", "sign", "-f", key, "-n", "auditor-feeds", folder / "SHA256SUMS"],
        check=True,
        capture_output=True,
    )
    whole = {
        "SHA256SUMS": sums.encode(),
        "SHA256SUMS.sig": (folder / "SHA256SUMS.sig").read_bytes(),
    }
    pack(path, whole | {name: files[name] for name in bundles.HASHED})


def refused(receive, path, words, **fields):
    """Assert that a bundle is refused and leaves nothing, of itself or on the way."""
    with pytest.raises(FeedError, match=words) as caught:
        receive(path, **fields)
    there = {entry.name for entry in (path.parent / "receiver").iterdir()}
    assert there <= {"feeds.lock", "feeds.db", "feeds.json", "feeds.db.old"}
    return caught.value


@pytest.mark.parametrize(
    ("twist", "words"),
    [
        (lambda f: f | {"feeds.json": f["feeds.json"].replace(b"bookworm", b"bookworn")}, "signed"),
        (lambda f: f | {"feeds.db.xz": f["feeds.db.xz"] + b"x"}, "is not the one that was signed"),
        (lambda f: f | {"feeds.db.xz": lzma.compress(b"evil")}, "is not the one that was signed"),
        (lambda f: f | {"SHA256SUMS": f["SHA256SUMS"].upper()}, "not signed by a key"),
        (lambda f: f | {"SHA256SUMS": b""}, "not signed by a key"),
        (lambda f: f | {"SHA256SUMS.sig": b"no signature"}, "not signed by a key"),
        (lambda f: f | {"SHA256SUMS.sig": b""}, "not signed by a key"),
        (lambda f: without(f, "SHA256SUMS.sig"), "is not signed"),
        (lambda f: without(f, "SHA256SUMS"), "lacks SHA256SUMS"),
        (lambda f: without(f, "feeds.json"), "lacks feeds.json"),
        (lambda f: without(f, "feeds.db.xz"), "lacks feeds.db.xz"),
        (lambda f: f | {"more": b""}, "has no place"),
        (lambda f: f | {"../feeds.db": b""}, "has no place"),
        (lambda f: f | {"/etc/passwd": b""}, "has no place"),
        (lambda f: f | {"SHA256SUMS": b"x" * 5000}, "larger than it can be"),
    ],
)
def test_a_bundle_that_was_changed_is_refused(receive, bundle, twist, words):
    pack(bundle, twist(members(bundle)))

    refused(receive, bundle, words)


def without(files, name):
    return {other: data for other, data in files.items() if other != name}


@pytest.mark.parametrize(
    "kind",
    [
        tarfile.SYMTYPE,
        tarfile.LNKTYPE,
        tarfile.DIRTYPE,
        tarfile.FIFOTYPE,
        tarfile.CHRTYPE,
        tarfile.GNUTYPE_SPARSE,
        tarfile.GNUTYPE_LONGNAME,
        tarfile.XHDTYPE,
    ],
)
def test_a_member_that_is_no_plain_file_is_refused(receive, bundle, kind):
    files = members(bundle)
    with tarfile.open(bundle, "w", format=tarfile.USTAR_FORMAT) as archive:
        add(archive, "feeds.json", b"", type=kind, linkname="/etc/passwd")
        for name, data in files.items():
            add(archive, name, data)

    refused(receive, bundle, "has no place")


def test_a_member_that_comes_twice_is_refused(receive, bundle):
    with tarfile.open(bundle, "a", format=tarfile.USTAR_FORMAT) as archive:
        add(archive, "feeds.json", b"{}")

    refused(receive, bundle, "has no place")


@pytest.mark.parametrize("data", [b"", b"x" * 5000, bytes(511), lzma.compress(b"x" * 9999)])
def test_what_is_no_tar_is_refused(receive, bundle, data):
    bundle.write_bytes(data)

    refused(receive, bundle, "is no bundle, or is cut")


def test_a_bundle_that_was_cut_is_refused(receive, bundle):
    whole = bundle.read_bytes()
    for size in (len(whole) // 2, 700, 512):
        bundle.write_bytes(whole[:size])

        refused(receive, bundle, "is no bundle, or is cut|is not signed|lacks")


def test_a_bundle_by_another_key_is_refused(receive, home, keys, tmp_path):
    export_bundle(home, tmp_path / "bundle.tar", keys / "orang-lain")

    error = refused(receive, tmp_path / "bundle.tar", "not signed by a key of")

    assert "ask who made it" in error.hint


def test_a_signature_for_something_else_is_refused(receive, bundle, keys, tmp_path):
    files = members(bundle)
    (tmp_path / "SHA256SUMS").write_bytes(files["SHA256SUMS"])
    subprocess.run(
        [
            "ssh-keygen",
            "-q",
            "-Y",
            "sign",
            "-f",
            keys / "budi",
            "-n",
            "file",
            tmp_path / "SHA256SUMS",
        ],
        check=True,
        capture_output=True,
    )
    pack(bundle, files | {"SHA256SUMS.sig": (tmp_path / "SHA256SUMS.sig").read_bytes()})

    refused(receive, bundle, "not signed by a key")


def test_a_bundle_without_a_signature_is_refused(receive, home, tmp_path):
    export_bundle(home, tmp_path / "bundle.tar", None)

    assert "--key" in refused(receive, tmp_path / "bundle.tar", "is not signed").hint


def test_nothing_is_unpacked_before_the_signature_is_good(receive, bundle, monkeypatch):
    def unpack(*_):
        raise AssertionError

    monkeypatch.setattr(bundles, "_unpack", unpack)
    monkeypatch.setattr(bundles, "_checked", unpack)
    pack(bundle, members(bundle) | {"SHA256SUMS.sig": b"no signature"})

    refused(receive, bundle, "not signed by a key")


def bomb():
    packer = lzma.LZMACompressor(preset=0)
    return b"".join(packer.compress(bytes(2**20)) for _ in range(40)) + packer.flush()


@pytest.mark.parametrize(
    ("database", "words"),
    [
        (bomb(), "unpacks to more than 16777216 bytes"),
        (b"not packed", "cannot be unpacked"),
        (lzma.compress(b"x" * 10_000)[:-40], "it is cut"),
        (lzma.compress(b"no database" * 1000), "no feeds that can be read"),
        (lzma.compress(b""), "no feeds that can be read"),
    ],
)
def test_even_a_colleagues_bundle_is_bounded_and_checked(
    receive, bundle, keys, monkeypatch, database, words
):
    monkeypatch.setattr(bundles, "UNPACKED_LIMIT", 2**24)
    signed(bundle, members(bundle) | {"feeds.db.xz": database}, keys / "budi")

    refused(receive, bundle, words)


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("CREATE TRIGGER t AFTER INSERT ON feed BEGIN SELECT 1; END", "other tables"),
        ("DELETE FROM entry", "0 of 10 rows"),
        ("PRAGMA user_version = 1", "format 1, not 2"),
        ("UPDATE feed SET trust = 'law'", "no feeds that can be read"),
        ("UPDATE feed SET date = '2026-11-20T00:00:00Z'", "does not say what its feeds.db holds"),
    ],
)
def test_a_database_that_is_not_ours_is_refused(receive, bundle, keys, tmp_path, statement, words):
    files = members(bundle)
    (tmp_path / "twisted.db").write_bytes(lzma.decompress(files["feeds.db.xz"]))
    with closing(sqlite3.connect(tmp_path / "twisted.db")) as database:
        database.execute(statement)
        database.commit()
    packed = lzma.compress((tmp_path / "twisted.db").read_bytes())
    signed(bundle, files | {"feeds.db.xz": packed}, keys / "budi")

    refused(receive, bundle, words)


def test_a_list_that_is_no_list_is_refused(receive, bundle, keys):
    signed(bundle, members(bundle) | {"feeds.json": b"[]"}, keys / "budi")

    refused(receive, bundle, "no feeds that can be read")


def test_an_import_holds_what_the_sender_held_and_says_on_whose_word(
    receive, home, bundle, tmp_path
):
    came = receive(bundle)

    trust = {feed.release: (feed.trust, feed.verified_by) for feed in came.feeds}
    assert trust["bookworm"] == (Trust.BUNDLE, "AB" * 20)
    assert trust["bullseye"][0] is Trust.BUNDLE
    assert trust["bullseye"][1].startswith("SHA256:")
    assert trust["trixie"] == (Trust.NONE, "")
    assert came.bundle.key.startswith("budi@kota.go.id SHA256:")
    assert came.bundle.imported == NOW
    assert came.bundle.date == index().fetched
    library = open_library(tmp_path / "receiver")
    assert library.of("debian", "bookworm").indexes == (kept(index(bundled=True)),)
    assert not library.of("debian", "trixie").indexes[0].believed
    assert status(home).bundle is None


def test_what_was_held_before_is_the_generation_before(receive, bundle, tmp_path):
    keep(tmp_path / "receiver", index(count=10, date=DATE - timedelta(days=1)))

    receive(bundle)

    assert (tmp_path / "receiver" / "feeds.db.old").exists()
    assert len(held(tmp_path / "receiver")) == 3


@pytest.mark.parametrize(
    ("present", "words"),
    [
        (index(date=DATE + timedelta(hours=1)), "older than the one that is held"),
        (index("trixie"), "trixie-security amd64: .* nothing vouches for the new one"),
        (index(count=20), "has 10 rows, the last 20"),
        (index("buster"), "lacks what is held: buster-security amd64"),
    ],
)
def test_an_older_bundle_is_refused_unless_told(receive, bundle, tmp_path, present, words):
    keep(tmp_path / "receiver", present)

    assert "--allow-older" in refused(receive, bundle, words).hint
    assert list(held(tmp_path / "receiver").values()) == [kept(present)]
    receive(bundle, allow_older=True)
    assert len(held(tmp_path / "receiver")) == 3


def test_a_bundle_of_the_future_is_refused(receive, bundle):
    refused(receive, bundle, "yet to come", now=DATE - timedelta(days=3))


def test_a_later_update_replaces_what_came_by_bundle(receive, bundle, tmp_path):
    receive(bundle)

    newer = index(date=DATE + timedelta(hours=5), fetched=NOW)
    assert keep(tmp_path / "receiver", newer) == {}
    came = status(tmp_path / "receiver")
    assert {feed.release: feed.trust for feed in came.feeds} == {
        "bookworm": Trust.SIGNED,
        "bullseye": Trust.BUNDLE,
        "trixie": Trust.NONE,
    }
    assert came.bundle is not None


def test_mistakes_of_the_operator_are_told(receive, home, keys, tmp_path):
    with pytest.raises(ConfigError, match="no feeds are held"):
        export_bundle(tmp_path / "empty", tmp_path / "b.tar", keys / "budi")
    with pytest.raises(ConfigError, match="signers: there is no such file"):
        import_bundle(tmp_path / "r", tmp_path / "b.tar", tmp_path / "signers", NOW)
    with pytest.raises(ConfigError, match=r"b\.tar: there is no such file"):
        receive(tmp_path / "b.tar")
    (tmp_path / "no-key").write_text("no key")
    with pytest.raises(ConfigError, match="no-key: "):
        export_bundle(home, tmp_path / "b.tar", tmp_path / "no-key")
    assert not (tmp_path / "b.tar").exists()


def test_without_ssh_keygen_nothing_is_signed_or_believed(
    receive, bundle, home, keys, tmp_path, monkeypatch
):
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(ConfigError, match="there is no such program"):
        export_bundle(home, tmp_path / "b.tar", keys / "budi")
    with pytest.raises(ConfigError, match="there is no such program"):
        receive(bundle)


def test_an_ssh_keygen_that_asks_is_ended(home, keys, tmp_path, monkeypatch):
    (tmp_path / "ssh-keygen").write_text("#!/bin/sh\nexec /bin/sleep 20\n")
    (tmp_path / "ssh-keygen").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setattr(bundles, "SECONDS", 0.2)

    with pytest.raises(ConfigError, match=r"no answer within 0.2 s"):
        export_bundle(home, tmp_path / "b.tar", keys / "budi")


@pytest.fixture
def feeds(capsys, monkeypatch):
    """Run `auditor feeds ARGS` on the day after the data."""
    monkeypatch.setattr(options, "now", lambda: NOW)

    def run(*args):
        code = _run(["feeds", *map(str, args)], "auditor")
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run


def test_the_commands_carry_feeds_from_one_home_to_another(feeds, home, keys, tmp_path):
    bundle, there = tmp_path / "b.tar", tmp_path / "there"

    code, out, _ = feeds("export", "--home", home, bundle, "--key", keys / "budi")
    assert (code, out) == (0, f"{bundle}: 3 feeds, signed\n")
    code, out, _ = feeds("import", "--home", there, bundle, "--allowed-signers", keys / "signers")
    assert code == 0
    assert "3 feeds: imported bundle of 2026-11-21 02:53 UTC, signed by budi@kota.go.id" in out
    code, out, _ = feeds("status", "--home", there)
    assert "imported bundle of 2026-11-21 02:53 UTC, signed by budi@kota.go.id SHA256:" in out
    assert json.loads(feeds("status", "--home", there, "--json")[1])["bundle"]["key"]


def test_a_bundle_that_is_refused_ends_incomplete(feeds, home, keys, tmp_path):
    bundle = tmp_path / "b.tar"
    code, out, _ = feeds("export", "--home", home, bundle)
    assert (code, "NOT signed" in out) == (0, True)

    code, _, err = feeds(
        "import", "--home", tmp_path / "there", bundle, "--allowed-signers", keys / "signers"
    )

    assert code == 5
    assert "is not signed (let a colleague sign it" in err
    assert err.endswith("exit 5: the bundle is refused; what was held stays\n")


def test_times_are_read_back_as_they_were(receive, bundle):
    came = receive(bundle)

    assert msgspec.convert(msgspec.to_builtins(came), type(came)) == came
    assert came.bundle.date.tzinfo == UTC or isinstance(came.bundle.date, datetime)
