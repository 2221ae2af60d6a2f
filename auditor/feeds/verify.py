"""The chain of a Debian suite: signature → InRelease → hash → Packages → entries."""

import hashlib
import lzma
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

from auditor.errors import StoreError
from auditor.model.base import Value
from auditor.model.feed import IndexEntry, SuiteIndex
from auditor.probe.deb_version import deb_key

KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
"""Debian's own keys, from the package debian-archive-keyring."""
UNPACKED_LIMIT = 256 * 2**20
MEMORY_LIMIT = 256 * 2**20
GPGV_SECONDS = 30
_FINGERPRINT = re.compile(r"^\[GNUPG:\] VALIDSIG ([0-9A-F]{40})", re.MULTILINE)
_SIGNED = re.compile(
    r"-----BEGIN PGP SIGNED MESSAGE-----\n(?:[^\n]+\n)*\n(.*?)\n-----BEGIN PGP SIGNATURE", re.DOTALL
)


class FeedError(StoreError):
    """A feed that cannot be believed or got; the data that was there before stays."""


class Release(Value, frozen=True):
    """What a verified InRelease says of its suite."""

    codename: str
    suite: str
    date: datetime
    valid_until: datetime | None
    hashes: Mapping[str, tuple[str, int]]
    """Path of a file in the suite → SHA-256 and size."""
    verified_by: str


def check_signature(in_release: bytes, keyring: Path = KEYRING) -> str:
    """Return the fingerprint of the key that signed, empty where it could not be checked.

    Raises `FeedError` for a signature that is wrong.
    """
    gpgv = shutil.which("gpgv")
    if gpgv is None or not keyring.exists():
        return ""
    try:
        done = subprocess.run(  # noqa: S603 - a fixed command; the text goes on its input
            [gpgv, "--keyring", str(keyring), "--status-fd", "1", "-"],
            input=in_release,
            capture_output=True,
            timeout=GPGV_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise FeedError("gpgv gave no answer") from error
    keys = _FINGERPRINT.findall(done.stdout.decode("utf-8", "replace"))
    if done.returncode != 0 or not keys:
        raise FeedError("the signature of InRelease is not Debian's")
    return str(keys[0])


def read_release(in_release: bytes, keyring: Path = KEYRING) -> Release:
    """Verify an InRelease and read the signed part of it, nothing else."""
    fingerprint = check_signature(in_release, keyring)
    signed = _SIGNED.search(in_release.decode("utf-8", "replace"))
    if signed is None:
        raise FeedError("InRelease is not a signed message")
    fields = _fields(signed[1])
    if "Codename" not in fields or "Date" not in fields:
        raise FeedError("InRelease says neither its codename nor its date")
    return Release(
        codename=fields["Codename"].removesuffix("-security"),
        suite=fields["Codename"],
        date=_date(fields["Date"]),
        valid_until=_date(fields["Valid-Until"]) if "Valid-Until" in fields else None,
        hashes=_hashes(fields.get("SHA256", "")),
        verified_by=fingerprint,
    )


def read_index(release: Release, arch: str, packed: bytes) -> SuiteIndex:
    """Check a Packages.xz against its release and read the newest version of each package."""
    name = f"main/binary-{arch}/Packages.xz"
    wanted = release.hashes.get(name)
    digest = hashlib.sha256(packed).hexdigest()
    if wanted is None:
        raise FeedError(f"{release.suite} lists no {name}")
    if wanted != (digest, len(packed)):
        raise FeedError(f"{name} of {release.suite} is not the one that was signed")
    entries: dict[str, IndexEntry] = {}
    for entry in _entries(_unpacked(packed)):
        before = entries.get(entry.package)
        if before is None or entry.key > before.key:
            entries[entry.package] = entry
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


def _unpacked(packed: bytes) -> str:
    unpacker = lzma.LZMADecompressor(memlimit=MEMORY_LIMIT)
    try:
        text = unpacker.decompress(packed, max_length=UNPACKED_LIMIT)
    except lzma.LZMAError as error:
        raise FeedError(f"Packages.xz cannot be unpacked: {error}") from error
    if not unpacker.eof:
        raise FeedError("Packages.xz is cut, or larger than any index")
    return text.decode("utf-8", "replace")


def _entries(text: str) -> Iterator[IndexEntry]:
    for stanza in text.split("\n\n"):
        fields = _fields(stanza)
        if "Package" in fields and "Version" in fields:
            source = fields.get("Source", fields["Package"]).partition(" ")[0]
            yield IndexEntry(
                package=fields["Package"],
                version=fields["Version"],
                key=deb_key(fields["Version"]),
                source=source,
            )


def _fields(text: str) -> dict[str, str]:
    """Read deb822 fields; lines that go on are joined with newlines."""
    fields: dict[str, str] = {}
    name = ""
    for line in text.splitlines():
        if line.startswith((" ", "\t")) and name:
            fields[name] += f"\n{line.strip()}"
        elif ":" in line:
            name, _, value = line.partition(":")
            fields[name] = value.strip()
    return fields


def _hashes(text: str) -> dict[str, tuple[str, int]]:
    rows = (line.split() for line in text.splitlines())
    return {row[2]: (row[0], int(row[1])) for row in rows if len(row) == 3 and row[1].isdecimal()}  # noqa: PLR2004


def _date(text: str) -> datetime:
    try:
        moment = parsedate_to_datetime(text)
    except ValueError as error:
        raise FeedError(f"{text!r} is no date") from error
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
