"""DNS servers on loopback: Knot with good and broken zones, and scripted ones for what it refuses.

Knot holds every zone from the root down and is asked as if it were a resolver: it answers for the
deepest zone that it has, and the parent's DS records are where they belong.
"""

import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self, TypeAlias

import dns.dnssec
import dns.message
import dns.name
import dns.query
import dns.rdatatype
import dns.rrset
import dns.zone
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from tests.servers.tls_servers import free_port

KNOTD = shutil.which("knotd") or "/usr/sbin/knotd"
KEYMGR = shutil.which("keymgr") or "/usr/sbin/keymgr"
ONE, TWO = "127.53.0.1", "127.53.1.1"
"""Addresses of Knot, in two networks."""
OUTSIDE = "127.9.9.9"
"""An address that the authority letter of the tests does not cover."""

_CONF = """\
server:
  listen: [{one}@{port}, {two}@{port}]
  rundir: {folder}
log:
  - target: stderr
    any: error
database:
  storage: {folder}/db
acl:
  - id: anyone
    action: transfer
policy:
  - id: plain
    manual: on
    single-type-signing: on
    algorithm: ecdsap256sha256
    cds-cdnskey-publish: none
  - id: hashed
    manual: on
    single-type-signing: on
    algorithm: ecdsap256sha256
    cds-cdnskey-publish: none
    nsec3: on
    nsec3-iterations: 10
    nsec3-opt-out: {opt_out}
template:
  - id: default
    storage: {folder}
    zonefile-sync: -1
    zonefile-load: whole
    journal-content: none
zone:
"""
_HEAD = """\
$ORIGIN {origin}
$TTL 3600
@ SOA ns1.go.id. hostmaster.go.id. 2026112401 7200 900 1209600 3600
"""


class Key:
    """A key of a zone that the tests sign by themselves."""

    def __init__(self, algorithm: int = 13, bits: int = 0) -> None:
        self.private = (
            rsa.generate_private_key(65537, bits)
            if bits
            else ec.generate_private_key(ec.SECP256R1())
        )
        self.public = dns.dnssec.make_dnskey(self.private.public_key(), algorithm, flags=257)

    def ds(self, zone: str, digest: str = "SHA256") -> str:
        """Return the DS record that the parent publishes."""
        return dns.dnssec.make_ds(dns.name.from_text(zone), self.public, digest).to_text()


def signed_zone(
    origin: str, text: str, key: Key, *, begins: timedelta = timedelta(days=-1), days: int = 30
) -> str:
    """Return a zone file signed with a key, from `begins` (from now) for some days."""
    zone = dns.zone.from_text(text, origin, relativize=False)
    start = datetime.now(UTC) + begins
    dns.dnssec.sign_zone(
        zone,
        keys=[(key.private, key.public)],
        inception=start,
        expiration=start + timedelta(days=days),
        dnskey_ttl=3600,
        add_dnskey=True,
    )
    return zone.to_text(relativize=False)


class Knot:
    """Zones by name; `signs` are signed by Knot itself, the rest is served as it is written."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self._zones: dict[str, list[str]] = {}
        self._parents: dict[str, str] = {}
        self._settings: dict[str, str] = {}

    def add(self, origin: str, lines: str, *, policy: str = "", open_: bool = False) -> None:
        """Add a zone; with a policy Knot signs it."""
        self._zones[origin] = [_HEAD.format(origin=origin) + lines]
        self._settings[origin] = "    acl: anyone\n" if open_ else ""
        if policy:
            self._settings[origin] += f"    dnssec-signing: on\n    dnssec-policy: {policy}\n"

    def add_ready(self, origin: str, text: str) -> None:
        """Add a zone as it is."""
        self._zones[origin] = [text]
        self._settings[origin] = ""

    def write(self, origin: str, line: str) -> None:
        """Add a line to a zone."""
        self._zones[origin].append(line)

    def configure(self, opt_out: str = "off") -> None:
        """Write the configuration and make the keys of the zones that Knot signs."""
        (self.folder / "db").mkdir()
        conf = _CONF.format(one=ONE, two=TWO, port=self.port, folder=self.folder, opt_out=opt_out)
        for origin, options in self._settings.items():
            conf += f"  - domain: {origin}\n    file: {self._file(origin)}\n{options}"
        (self.folder / "knot.conf").write_text(conf)
        for origin, options in self._settings.items():
            if "dnssec-signing" in options:
                self._keymgr(origin, "generate", "ksk=yes", "zsk=yes", "algorithm=ecdsap256sha256")

    def ds(self, origin: str) -> str:
        """Return the DS record (SHA-256) of a zone that Knot signs."""
        lines = self._keymgr(origin, "ds").splitlines()
        return next(line.split("DS ", 1)[1] for line in lines if line.split()[-2] == "2")

    def _keymgr(self, origin: str, *words: str) -> str:
        command = [KEYMGR, "-c", str(self.folder / "knot.conf"), origin, *words]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def _file(self, origin: str) -> str:
        return f"{origin.strip('.') or 'root'}.zone"

    @contextmanager
    def running(self) -> Iterator[None]:
        """Run Knot until the block ends."""
        for origin, lines in self._zones.items():
            (self.folder / self._file(origin)).write_text("\n".join(lines) + "\n")
        log = (self.folder / "log").open("wb")
        command = [KNOTD, "-c", str(self.folder / "knot.conf")]
        with log, subprocess.Popen(command, stdout=log, stderr=log) as process:
            try:
                self._wait(process)
                yield
            finally:
                process.terminate()

    def _wait(self, process: subprocess.Popen) -> None:
        waiting = set(self._zones)
        for _ in range(200):
            waiting = {zone for zone in waiting if not self._serves(zone)}
            if not waiting:
                return
            if process.poll() is not None:
                break
            time.sleep(0.05)
        raise RuntimeError(f"{waiting}: {(self.folder / 'log').read_text()}")

    def _serves(self, zone: str) -> bool:
        query = dns.message.make_query(zone, "SOA", want_dnssec=True)
        try:
            reply = dns.query.udp(query, ONE, timeout=0.5, port=self.port)
        except (dns.exception.DNSException, OSError):
            return False
        return bool(reply.answer)


RAW = b"\xff"
"""A packet that begins with it is sent over TCP as it is, without its length."""
Script: TypeAlias = Callable[[dns.message.Message], list[bytes]]
"""What a server sends for a question; nothing: silence."""


class Scripted:
    """A server that does as told, over UDP and TCP at one port; counts what it is asked."""

    def __init__(self, address: str, port: int, udp: Script, tcp: Script | None = None) -> None:
        self.address = address
        self.port = port
        self.asked: list[str] = []
        self._scripts = (udp, tcp or udp)
        self._ended = threading.Event()

    def __enter__(self) -> Self:
        self._udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._udp.bind((self.address, self.port))
        self.port = self._udp.getsockname()[1]
        self._tcp = socket.create_server((self.address, self.port))
        for line in (self._udp, self._tcp):
            line.settimeout(0.05)
        self._threads = [
            threading.Thread(target=run, daemon=True) for run in (self._answer, self._accept)
        ]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        for thread in self._threads:
            thread.join(2)
        self._udp.close()
        self._tcp.close()

    def _note(self, query: dns.message.Message) -> None:
        question = query.question[0]
        kind = dns.rdatatype.to_text(question.rdtype)
        self.asked.append(f"{question.name.to_text(omit_final_dot=True)} {kind}")

    def _answer(self) -> None:
        while not self._ended.is_set():
            try:
                data, sender = self._udp.recvfrom(65_535)
            except TimeoutError:
                continue
            query = dns.message.from_wire(data)
            self._note(query)
            for packet in self._scripts[0](query):
                self._udp.sendto(packet, sender)

    def _accept(self) -> None:
        while not self._ended.is_set():
            try:
                line, _ = self._tcp.accept()
            except TimeoutError:
                continue
            with line:
                line.settimeout(1)
                try:
                    self._talk(line)
                except OSError:
                    continue  # the client has seen enough

    def _talk(self, line: socket.socket) -> None:
        size = int.from_bytes(line.recv(2), "big")
        query = dns.message.from_wire(line.recv(size))
        self._note(query)
        for packet in self._scripts[1](query):
            line.sendall(packet if packet[:1] == RAW else len(packet).to_bytes(2, "big") + packet)


def reply(query: dns.message.Message, *answers: str, rcode: int = 0, flags: int = 0) -> bytes:
    """Return an answer with records written as in a zone file, in order."""
    message = dns.message.make_response(query)
    message.set_rcode(rcode)
    message.flags |= flags
    for line in answers:
        name, ttl, class_, kind, *rest = line.split(maxsplit=4)
        message.answer.append(dns.rrset.from_text(name, int(ttl), class_, kind, *rest))
    return message.to_wire(max_size=65_535)
