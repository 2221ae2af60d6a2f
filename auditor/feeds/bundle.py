"""Carry feeds to a machine without a network: a signed bundle, nothing of it opened before that.

A bundle is a tar of four files: feeds.db.xz, feeds.json, SHA256SUMS, SHA256SUMS.sig. The signature
is OpenSSH's (`ssh-keygen -Y sign -n auditor-feeds`), by a key that the receiver lists in an
allowed_signers file. After an import every feed that was believed has the trust `bundle`: the
receiver has it on the signer's word. A suite's index keeps the fingerprint of its distributor's
key, which the signer's machine checked; where a feed had none, it is that of the bundle's key. What
the signer's machine did not believe, an import does not believe either.
"""

import hashlib
import lzma
import re
import shutil
import sqlite3
import subprocess
import tarfile
from collections.abc import Mapping
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import IO

import msgspec

from auditor.errors import ConfigError
from auditor.feeds.database import Bundle, Damaged, Held, check, read_held
from auditor.feeds.errors import FeedError
from auditor.feeds.intake import loss
from auditor.feeds.keep import FeedsFile, good, list_of, locked, put_in_place, status
from auditor.feeds.sources import Unreadable
from auditor.feeds.sources.unpack import unpacked_xz
from auditor.feeds.tables import FORMAT
from auditor.model.feed import AHEAD, Feed, Trust

NAMESPACE = "auditor-feeds"
MEMBERS: Mapping[str, int] = {
    "SHA256SUMS": 2**12,
    "SHA256SUMS.sig": 2**14,
    "feeds.json": 2**24,
    "feeds.db.xz": 2**30,
}
"""Largest size of each, in bytes."""
UNPACKED_LIMIT = 8 * 2**30
MEMORY_LIMIT = 256 * 2**20
HASHED = ("feeds.db.xz", "feeds.json")
CHUNK = 2**20
SECONDS = 60
PRESET = 2
_LINE = re.compile(r"([0-9a-f]{64})  ([a-z.]+)")
_GOOD = re.compile(r'Good "auditor-feeds" signature (?:for (\S+) )?with \S+ key (SHA256:\S+)')


def export_bundle(home: Path, bundle: Path, key: Path | None) -> Held:
    """Write what is held to a bundle, signed by a private key; without one, unsigned.

    Raises `ConfigError` for a key that cannot sign, `StoreError` where nothing can be written.
    """
    with locked(home) as scratch:
        path = good(home)
        if path is None:
            hint = "run `auditor feeds update` first"
            raise ConfigError("feeds export", "no feeds are held", hint=hint)
        held = read_held(path)
        _pack(path, scratch / "feeds.db.xz")
        (scratch / "feeds.json").write_bytes(list_of(held))
        sums = "".join(f"{_sha256(scratch / name)}  {name}\n" for name in HASHED)
        (scratch / "SHA256SUMS").write_text(sums, encoding="ascii")
        if key is not None:
            _sign(scratch / "SHA256SUMS", key)
        fresh = bundle.with_name(f"{bundle.name}.new")
        with tarfile.open(fresh, "w", format=tarfile.USTAR_FORMAT) as archive:
            for name in MEMBERS:
                if (scratch / name).exists():
                    archive.add(scratch / name, name, filter=_nameless)
        fresh.replace(bundle)
    return held


def _nameless(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode = 0o644
    return member


def _pack(path: Path, target: Path) -> None:
    with path.open("rb") as source, lzma.open(target, "wb", preset=PRESET) as file:
        shutil.copyfileobj(source, file, CHUNK)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sign(path: Path, key: Path) -> None:
    said = _ssh_keygen("-Y", "sign", "-f", str(key.absolute()), "-n", NAMESPACE, str(path))
    if said.returncode or not path.with_name(f"{path.name}.sig").exists():
        words = said.stderr.decode("utf-8", "replace").strip() or "ssh-keygen gives no signature"
        hint = "name a private key that ssh-keygen can use without a question"
        raise ConfigError(str(key), words, hint=hint)


def _ssh_keygen(*args: str, stdin: IO[bytes] | None = None) -> subprocess.CompletedProcess[bytes]:
    program = shutil.which("ssh-keygen")
    if program is None:
        hint = "install openssh-client"
        raise ConfigError("ssh-keygen", "there is no such program", hint=hint)
    try:
        return subprocess.run(  # noqa: S603 - fixed words and paths, no shell
            [program, *args],
            stdin=stdin or subprocess.DEVNULL,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        hint = "does the key ask for a passphrase? Load it into ssh-agent"
        raise ConfigError("ssh-keygen", f"no answer within {SECONDS} s", hint=hint) from error


def import_bundle(
    home: Path, bundle: Path, signers: Path, now: datetime, *, allow_older: bool = False
) -> Held:
    """Verify a bundle and make it what is held; return it. What was held becomes the one before.

    Nothing but the list of hashes is looked at before its signature is good. Raises `FeedError` for
    whatever is wrong with it: what was held then stays.
    """
    if not signers.is_file():
        hint = "one line a colleague: NAME ssh-ed25519 AAAA…"
        raise ConfigError(str(signers), "there is no such file", hint=hint)
    with locked(home) as scratch:
        _take(bundle, scratch)
        key = _signer(scratch, signers)
        _must_have_its_hashes(scratch)
        fresh = scratch / "feeds.db"
        _unpack(scratch / "feeds.db.xz", fresh)
        held = _checked(fresh, scratch / "feeds.json")
        _must_be_no_loss(held, status(home), now, allow_older=allow_older)
        _mark(fresh, held, key, now)
        put_in_place(home, fresh)
        return status(home)


def _take(bundle: Path, scratch: Path) -> None:
    """Copy the members out: only those that are expected, regular files, each below its limit."""
    names = list[str]()
    try:
        with bundle.open("rb") as file:
            while (member := _member(file)) is not None:
                if member.name not in MEMBERS or not member.isreg() or member.name in names:
                    raise FeedError(f"{bundle}: {member.name[:60]!r} has no place in a bundle")
                if member.size > MEMBERS[member.name]:
                    raise FeedError(f"{bundle}: {member.name} is larger than it can be")
                names.append(member.name)
                _copy(file, scratch / member.name, member.size)
    except FileNotFoundError as error:
        raise ConfigError(str(bundle), "there is no such file") from error
    except (tarfile.TarError, EOFError) as error:
        raise FeedError(f"{bundle}: is no bundle, or is cut: {error}", "copy it again") from error
    if "SHA256SUMS.sig" not in names:
        hint = "let a colleague sign it: auditor feeds export --key KEY"
        raise FeedError(f"{bundle}: is not signed", hint)
    if missing := MEMBERS.keys() - set(names):
        raise FeedError(f"{bundle}: lacks {', '.join(sorted(missing))}", "copy it again")


def _member(file: IO[bytes]) -> tarfile.TarInfo | None:
    """Read the next header, of the plain kind alone: others can ask for any amount of memory."""
    block = file.read(tarfile.BLOCKSIZE)
    if block == bytes(tarfile.BLOCKSIZE):
        return None
    return tarfile.TarInfo.frombuf(block, "ascii", "replace")


def _copy(file: IO[bytes], target: Path, size: int) -> None:
    left = size
    with target.open("xb") as copy:
        while left:
            part = file.read(min(CHUNK, left))
            if not part:
                raise EOFError(f"{target.name} ends early")
            copy.write(part)
            left -= len(part)
    file.read(-size % tarfile.BLOCKSIZE)


def _signer(scratch: Path, signers: Path) -> str:
    """Return name and fingerprint of the key that signed; raises `FeedError` for any other."""
    signature = scratch / "SHA256SUMS.sig"
    common = ("-s", str(signature), "-n", NAMESPACE)
    found = _ssh_keygen("-Y", "find-principals", *common[:2], "-f", str(signers.absolute()))
    names = re.split(r"[\n,]", found.stdout.decode("utf-8", "replace"))
    for name in filter(None, map(str.strip, names)):
        with (scratch / "SHA256SUMS").open("rb") as file:
            said = _ssh_keygen(
                "-Y", "verify", "-f", str(signers.absolute()), "-I", name, *common, stdin=file
            )
        match = _GOOD.search(said.stdout.decode("utf-8", "replace"))
        if said.returncode == 0 and match:
            return f"{name} {match[2]}"
    raise FeedError(
        f"the bundle is not signed by a key of {signers}",
        "ask who made it, and list that key there if you believe it",
    )


def _must_have_its_hashes(scratch: Path) -> None:
    lines = (scratch / "SHA256SUMS").read_text(encoding="ascii", errors="replace").splitlines()
    told = {match[2]: match[1] for line in lines if (match := _LINE.fullmatch(line))}
    for name in HASHED:
        if told.get(name) != _sha256(scratch / name):
            raise FeedError(f"{name} of the bundle is not the one that was signed", "copy it again")


def _unpack(packed: Path, target: Path) -> None:
    try:
        with packed.open("rb") as source, target.open("xb") as file:
            shutil.copyfileobj(unpacked_xz(source, UNPACKED_LIMIT), file, CHUNK)
    except Unreadable as error:
        raise FeedError(f"feeds.db.xz of the bundle {error}") from error


def _checked(database: Path, listed: Path) -> Held:
    """Return what the bundle holds, if its file is whole and its list says the same."""
    try:
        check(database)
        held = read_held(database)
        told = msgspec.json.decode(listed.read_bytes(), type=FeedsFile, strict=True)
    except (Damaged, msgspec.MsgspecError) as error:
        hint = "was it made by an auditor of the same version?"
        raise FeedError(f"the bundle holds no feeds that can be read: {error}", hint) from error
    if told != FeedsFile(FORMAT, held):
        raise FeedError("feeds.json of the bundle does not say what its feeds.db holds")
    if not held.feeds:
        raise FeedError("the bundle holds no feed", "run `auditor feeds update` before the export")
    return held


def _must_be_no_loss(new: Held, old: Held, now: datetime, *, allow_older: bool) -> None:
    before = {feed.name: feed for feed in old.feeds}
    for feed in new.feeds:
        held = before.get(feed.name)
        if feed.date > now + AHEAD:
            hint = "is this machine's clock right?"
            raise FeedError(f"{feed.name} is of {feed.date:%Y-%m-%d}, which is yet to come", hint)
        if not allow_older and held and (problem := loss(held, feed)):
            raise FeedError(f"{feed.name}: {problem}", "if that is what you want: --allow-older")
    lost = before.keys() - {feed.name for feed in new.feeds}
    if lost and not allow_older:
        problem = f"the bundle lacks what is held: {', '.join(sorted(lost))}"
        raise FeedError(problem, "if that is what you want: --allow-older")


def _mark(path: Path, held: Held, key: str, now: datetime) -> None:
    """Write on whose word the feeds are held from now on."""
    fingerprint = key.rpartition(" ")[2]
    with closing(sqlite3.connect(path)) as database:
        for feed in map(_by_bundle, held.feeds):
            database.execute(
                "UPDATE feed SET trust = ?, verified_by = ? WHERE name = ?",
                (feed.trust, feed.verified_by or _signed_by(feed, fingerprint), feed.name),
            )
        made = max((f.fetched for f in held.feeds if f.fetched), default=now)
        bundle = msgspec.to_builtins(Bundle(date=made, key=key, imported=now))
        database.execute("DELETE FROM bundle")
        database.execute("INSERT INTO bundle VALUES (:date, :key, :imported)", bundle)
        database.commit()


def _by_bundle(feed: Feed) -> Feed:
    if feed.trust in (Trust.SIGNED, Trust.TLS):
        return msgspec.structs.replace(feed, trust=Trust.BUNDLE)
    return feed


def _signed_by(feed: Feed, fingerprint: str) -> str:
    return fingerprint if feed.trust is Trust.BUNDLE else ""
