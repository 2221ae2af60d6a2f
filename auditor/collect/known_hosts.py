"""Host keys that were confirmed: OpenSSH's known_hosts format, read strictly, never guessed.

paramiko's own reader refuses the whole file when one `@revoked` or `@cert-authority` line is in
it; here `@revoked` bans a key or an authority for the hosts it names, and an authority of a
`@cert-authority` line vouches for host certificates only, never for a key that is shown bare.
"""

import base64
import binascii
import hashlib
import hmac
import os
from collections.abc import Iterable, Iterator
from enum import StrEnum
from pathlib import Path

import msgspec

from auditor.collect.host_patterns import listed

SSH_PORT = 22


class Standing(StrEnum):
    """What is known of a key that a server showed."""

    KNOWN = "known"
    UNKNOWN = "unknown"
    CHANGED = "changed"
    """Other keys were recorded for this address."""
    REVOKED = "revoked"


class Marker(StrEnum):
    """What a line says of its key; no marker: a host has this key."""

    NONE = ""
    REVOKED = "@revoked"
    AUTHORITY = "@cert-authority"


class Entry(msgspec.Struct, frozen=True):
    """One usable line: the hosts it is for, the key's type and its blob."""

    hosts: str
    type: str
    blob: bytes
    marker: Marker = Marker.NONE


class KnownHosts(msgspec.Struct, frozen=True):
    """Recorded keys of all files, in file order."""

    entries: tuple[Entry, ...]

    def standing(self, address: str, port: int, blob: bytes) -> Standing:
        """Judge the bare key that `address` showed on `port`."""
        if self.revoked(address, port, blob):
            return Standing.REVOKED
        recorded = [e.blob for e in self._of(Marker.NONE, host_name(address, port))]
        if blob in recorded:
            return Standing.KNOWN
        return Standing.CHANGED if recorded else Standing.UNKNOWN

    def revoked(self, address: str, port: int, *blobs: bytes) -> bool:
        """Tell whether one of these keys is revoked for a host, whatever its port."""
        names = (host_name(address, port), address.lower())
        return any(
            entry.blob in blobs for name in names for entry in self._of(Marker.REVOKED, name)
        )

    def types(self, address: str, port: int) -> tuple[str, ...]:
        """Return the key types recorded for a host, to be asked for first."""
        mine = self._of(Marker.NONE, host_name(address, port))
        return tuple(dict.fromkeys(entry.type for entry in mine))

    def authorities(self, address: str, port: int) -> frozenset[bytes]:
        """Return the keys that may certify a host; a name without a port holds for every port."""
        names = (host_name(address, port), address.lower())
        return frozenset(entry.blob for entry in self._of(Marker.AUTHORITY, *names))

    def _of(self, marker: Marker, *names: str) -> Iterator[Entry]:
        return (e for e in self.entries if e.marker is marker and _is_for(e.hosts, names))


def read_known_hosts(paths: Iterable[Path]) -> KnownHosts:
    """Read all files; one that does not exist holds nothing, a line that is broken is left out."""
    entries: list[Entry] = []
    for path in paths:
        try:
            text = path.read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            continue
        entries += _entries(text)
    return KnownHosts(tuple(entries))


def record(path: Path, address: str, port: int, keys: Iterable[tuple[str, bytes]]) -> None:
    """Append confirmed keys of a host; the file is made readable by its owner only."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    name = host_name(address, port)
    lines = "".join(f"{name} {kind} {base64.b64encode(blob).decode()}\n" for kind, blob in keys)
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "a", encoding="utf-8") as file:
        file.write(lines)


def forget(path: Path, address: str, port: int) -> int:
    """Remove what is recorded for exactly this host and return how many lines that were."""
    name = host_name(address, port)
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True) if path.exists() else []
    kept = [line for line in lines if line.split(maxsplit=1)[:1] != [name]]
    if len(kept) != len(lines):
        fresh = path.with_suffix(".new")
        fresh.write_text("".join(kept), encoding="utf-8")
        fresh.chmod(0o600)
        fresh.replace(path)
    return len(lines) - len(kept)


def host_name(address: str, port: int) -> str:
    """Return the name that known_hosts uses for an address and port."""
    return address.lower() if port == SSH_PORT else f"[{address.lower()}]:{port}"


def fingerprint(blob: bytes) -> str:
    """Return the SHA-256 fingerprint as `ssh-keygen -l` prints it."""
    digest = base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")
    return f"SHA256:{digest}"


def _entries(text: str) -> Iterator[Entry]:
    for line in text.splitlines():
        fields = line.split()
        if not fields or fields[0].startswith("#"):
            continue
        marker = fields.pop(0) if fields[0].startswith("@") else ""
        if marker not in set(Marker) or len(fields) < 3:  # noqa: PLR2004 - hosts, type, key
            continue
        try:
            blob = base64.b64decode(fields[2], validate=True)
        except binascii.Error:
            continue
        yield Entry(fields[0], fields[1], blob, Marker(marker))


def _is_for(hosts: str, names: tuple[str, ...]) -> bool:
    """Match a host by its names against a list of patterns; a negated pattern that matches wins."""
    if hosts.startswith("|1|"):
        return any(_is_hash_of(hosts, name) for name in names)
    return listed(hosts.lower().split(","), *names)


def _is_hash_of(hashed: str, name: str) -> bool:
    try:
        salt, digest = (base64.b64decode(part) for part in hashed.split("|")[2:4])
    except (ValueError, binascii.Error):
        return False
    return hmac.compare_digest(hmac.new(salt, name.encode(), hashlib.sha1).digest(), digest)
