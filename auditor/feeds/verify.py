"""The chain of a Debian suite: signature → InRelease → hash → Packages → entries."""

import hashlib
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

import msgspec

from auditor.errors import StoreError
from auditor.feeds.entries import read_entries
from auditor.feeds.sources import Unreadable
from auditor.model.base import Value
from auditor.model.feed import SuiteIndex

KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
"""Debian's own keys, from the package debian-archive-keyring."""
GPGV_SECONDS = 30
_CODENAME = re.compile(r"([a-z]+)-security")
_HASH = re.compile(r"([0-9a-f]{64})\s+([0-9]{1,12})\s+(\S+)")


class FeedError(StoreError):
    """A feed that cannot be believed or got; the data that was there before stays."""


class Listed(Value, frozen=True):
    """What a release says of one of its files; `size` in bytes."""

    sha256: str
    size: int


class Release(Value, frozen=True):
    """What an InRelease says of its suite; `verified_by` as in `SuiteIndex`."""

    codename: str
    suite: str
    date: datetime
    valid_until: datetime | None
    by_hash: bool
    """The mirror also has its files under their hashes, unmoved while it changes."""
    files: Mapping[str, Listed]
    verified_by: str

    def packages(self, arch: str) -> Listed:
        """Return what is said of the package list of an architecture."""
        name = packages_path(arch)
        if name not in self.files:
            raise FeedError(f"{self.suite} lists no {name}")
        return self.files[name]


def packages_path(arch: str) -> str:
    """Return the path of an architecture's package list within its suite."""
    return f"main/binary-{arch}/Packages.xz"


def read_release(in_release: bytes, keyring: Path = KEYRING) -> Release:
    """Verify an InRelease and read what was signed, nothing else that the file may hold.

    Where gpgv or the keyring is missing, `verified_by` is empty and the file is read unverified.
    """
    signed, fingerprint = _signed(in_release, keyring)
    fields = _fields(signed.decode("utf-8", "replace"))
    suite = _CODENAME.fullmatch(fields.get("codename", ""))
    if suite is None or "date" not in fields:
        raise FeedError("InRelease does not name a security suite and its date")
    return Release(
        codename=suite[1],
        suite=suite[0],
        date=_date(fields["date"]),
        valid_until=_date(fields["valid-until"]) if "valid-until" in fields else None,
        by_hash=fields.get("acquire-by-hash") == "yes",
        files=dict(_files(fields.get("sha256", ""))),
        verified_by=fingerprint,
    )


def read_index(release: Release, arch: str, packed: bytes) -> SuiteIndex:
    """Check a Packages.xz against its release and read the newest version of each package."""
    listed = release.packages(arch)
    digest = hashlib.sha256(packed).hexdigest()
    if (listed.sha256, listed.size) != (digest, len(packed)):
        raise FeedError(
            f"{packages_path(arch)} of {release.suite} is not the one that was signed: "
            f"{len(packed)} bytes, {listed.size} expected"
        )
    try:
        entries = read_entries(packed)
    except Unreadable as error:
        raise FeedError(f"{packages_path(arch)} of {release.suite}: {error}") from error
    return SuiteIndex(
        distribution="debian",
        release=release.codename,
        suite=release.suite,
        arch=arch,
        date=release.date,
        valid_until=release.valid_until,
        verified_by=release.verified_by,
        sha256=digest,
        entries=entries,
    )


def renewed(index: SuiteIndex, release: Release) -> SuiteIndex:
    """Return an index whose package list a newer release lists unchanged."""
    return msgspec.structs.replace(
        index,
        date=release.date,
        valid_until=release.valid_until,
        verified_by=release.verified_by,
        trusted=False,
    )


def _signed(in_release: bytes, keyring: Path) -> tuple[bytes, str]:
    """Return the signed text as gpgv gives it out, and the primary key's fingerprint."""
    gpgv = shutil.which("gpgv")
    if gpgv is None or not keyring.is_file():
        return _claimed(in_release), ""
    command = [gpgv, "--keyring", str(keyring.resolve()), "--status-fd", "2", "--output", "-"]
    try:
        done = subprocess.run(  # noqa: S603 - a fixed command; the text goes on its input
            command, input=in_release, capture_output=True, timeout=GPGV_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise FeedError(f"gpgv gave no answer within {GPGV_SECONDS} s") from error
    except OSError as error:
        raise FeedError(f"gpgv cannot be run: {error.strerror}") from error
    status = [
        line.split()[1:]
        for line in done.stderr.decode("utf-8", "replace").split("\n")
        if line.startswith("[GNUPG:] ")
    ]
    return done.stdout, _good_key(status, done.returncode)


def _claimed(in_release: bytes) -> bytes:
    """Return what the file claims was signed."""
    _, header, rest = in_release.partition(b"-----BEGIN PGP SIGNED MESSAGE-----\n")
    _, blank, rest = rest.partition(b"\n\n")
    text, end, _ = rest.partition(b"\n-----BEGIN PGP SIGNATURE-----\n")
    if not (header and blank and end):
        raise FeedError("InRelease is not a signed message")
    return text


def _good_key(status: list[list[str]], code: int) -> str:
    """Return the first key that signed well; one that the keyring lacks may have signed, too.

    A release is signed by the keys of two generations; a good signature beside a bad one, by an
    expired or revoked key, or around more than one text is none.
    """
    words = [line[0] for line in status]
    good = [
        line
        for before, line in zip(words, status[1:], strict=False)
        if (before, line[0]) == ("GOODSIG", "VALIDSIG")
    ]
    whole = words.count("PLAINTEXT") == 1 and "BADSIG" not in words
    if not good or not whole or not (code == 0 or "NO_PUBKEY" in words):
        raise FeedError("the signature of InRelease is not by a key of the keyring")
    return good[0][-1]


def _fields(text: str) -> dict[str, str]:
    """Read deb822 fields by lower-case name; lines that go on are joined with newlines."""
    fields: dict[str, str] = {}
    name = ""
    for line in text.splitlines():
        if line.startswith((" ", "\t")):
            fields[name] = f"{fields.get(name, '')}\n{line.strip()}"
        else:
            name, _, value = line.partition(":")
            name = name.lower()
            fields[name] = value.strip()
    return fields


def _files(text: str) -> Iterator[tuple[str, Listed]]:
    for line in text.splitlines():
        if match := _HASH.fullmatch(line):
            yield match[3], Listed(sha256=match[1], size=int(match[2]))


def _date(text: str) -> datetime:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError) as error:
        raise FeedError(f"{text[:60]!r} is no date") from error
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
