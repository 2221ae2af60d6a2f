"""The chain of a suite of Debian or Ubuntu: signature → InRelease → hash → lists of packages."""

import hashlib
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

from auditor.feeds.entries import read_entries
from auditor.feeds.errors import FeedError
from auditor.feeds.sources import Unreadable
from auditor.model.base import Value
from auditor.model.feed import IndexEntry

KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
"""Debian's own keys, from the package debian-archive-keyring."""
GPGV_SECONDS = 30
EMPTY = 32
"""Bytes of a packed list without an entry."""
_SUITE = re.compile(r"[a-z][a-z0-9-]{0,60}")
_HASH = re.compile(r"([0-9a-f]{64})\s+([0-9]{1,12})\s+(\S+)")
_FORGED = "somebody changed it on its way: use another mirror"


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

    def name(self, distribution: str) -> str:
        """Return the suite's name of its address: Debian's `Suite` moves on with every release."""
        return self.suite if distribution == "ubuntu" else self.codename

    def lists(self, components: Iterable[str], arch: str) -> dict[str, Listed]:
        """Return by component the lists that hold something, of components that there are.

        Raises `FeedError` where `main` has no list, or another none that is packed as xz.
        """
        found = {}
        for component in components:
            path = packages_path(component, arch)
            listed = self.files.get(path)
            bare = self.files.get(path.removesuffix(".xz"))
            if listed is None and (component == "main" or (bare and bare.size)):
                problem = f"{self.codename} lists no {path}"
                raise FeedError(problem, "is the architecture right? See --arch")
            if listed is not None and (listed.size > EMPTY or component == "main"):
                found[component] = listed
        return found


def packages_path(component: str, arch: str) -> str:
    """Return the path of a component's list for an architecture within its suite."""
    return f"{component}/binary-{arch}/Packages.xz"


def digest_of(lists: Mapping[str, Listed]) -> str:
    """Return the hash that stands for lists together: of one list, its own."""
    if len(lists) == 1:
        return next(iter(lists.values())).sha256
    told = "".join(f"{lists[name].sha256}  {name}\n" for name in sorted(lists))
    return hashlib.sha256(told.encode()).hexdigest()


def read_release(in_release: bytes, keyring: Path = KEYRING) -> Release:
    """Verify an InRelease and read what was signed, nothing else that the file may hold.

    Where gpgv or the keyring is missing, `verified_by` is empty and the file is read unverified.
    """
    signed, fingerprint = _signed(in_release, keyring)
    fields = _fields(signed.decode("utf-8", "replace"))
    codename, suite = fields.get("codename", ""), fields.get("suite", "")
    named = _SUITE.fullmatch(codename) and (not suite or _SUITE.fullmatch(suite))
    if not named or "date" not in fields:
        raise FeedError("InRelease does not name a suite and its date", _FORGED)
    return Release(
        codename=codename,
        suite=suite,
        date=_date(fields["date"]),
        valid_until=_date(fields["valid-until"]) if "valid-until" in fields else None,
        by_hash=fields.get("acquire-by-hash") == "yes",
        files=dict(_files(fields.get("sha256", ""))),
        verified_by=fingerprint,
    )


def must_be_signed(listed: Listed, sha256: str, size: int, name: str) -> None:
    """Raise `FeedError` unless a file is the one that a release lists."""
    if (listed.sha256, listed.size) != (sha256, size):
        raise FeedError(
            f"{name} is not the one that was signed: {size} bytes, {listed.size} expected", _FORGED
        )


def read_lists(lists: Mapping[str, Path]) -> dict[str, IndexEntry]:
    """Return the newest version of each package of lists, by package; raises `FeedError`."""
    entries: dict[str, IndexEntry] = {}
    for name, path in lists.items():
        try:
            with path.open("rb") as file:
                found = read_entries(file)
        except Unreadable as error:
            raise FeedError(f"{name}: {error}") from error
        for package, entry in found.items():
            before = entries.get(package)
            if before is None or entry.key > before.key:
                entries[package] = entry
    return entries


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
        raise FeedError("InRelease is not a signed message", _FORGED)
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
        raise FeedError("the signature of InRelease is not by a key of the keyring", _FORGED)
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
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError) as error:
        raise FeedError(f"{text[:60]!r} is no date", _FORGED) from error
