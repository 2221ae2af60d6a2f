"""Bring a lab up and down, and reach it: `with Lab(specs) as lab:`."""

import base64
import ctypes
import os
import pickle
import select
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

import yaml
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from tests.lab.city import OPDS
from tests.lab.spec import DOMAIN, NETWORK, PASSWORD, Fault, TargetSpec
from tests.servers.certificates import Issued, issue

ROOT = Path(__file__).parents[2]
UP_SECONDS = 90
CLONE_NEWNET = 0x40000000
_libc = ctypes.CDLL(None, use_errno=True)


def why_not() -> str:
    """Return why no lab can be made here, or nothing."""
    if os.geteuid() != 0:
        return "the lab needs root (Linux namespaces)"
    probe = subprocess.run(
        ["unshare", "--mount", "--net", "--pid", "--fork", "true"], capture_output=True, check=False
    )
    return "" if probe.returncode == 0 else "this machine allows no namespaces"


class Lab:
    """Targets in namespaces. `folder` holds key, certificates and inventory while it is up."""

    password = PASSWORD

    def __init__(self, specs: Sequence[TargetSpec], folder: Path | None = None) -> None:
        self.specs = tuple(specs)
        self._given = folder
        self.addresses = {
            spec.name: f"10.79.{(n + 10) // 250}.{(n + 10) % 250 + 1}"
            for n, spec in enumerate(self.specs)
        }

    def __enter__(self) -> Self:
        """Start the lab; it is ready when this returns."""
        self._temporary = tempfile.TemporaryDirectory(prefix="auditor-lab-")
        self.folder = self._given or Path(self._temporary.name)
        self.folder.mkdir(parents=True, exist_ok=True)
        now = datetime.now(UTC)
        self.ca = issue(
            "Lab CA Kota Batu", names=None, ca=True, days=365, begins=now - timedelta(days=30)
        )
        self.ca_file = self.folder / "ca.pem"
        self.ca_file.write_bytes(self.ca.pem)
        self.key = self.folder / "audit-key"
        self._host_keys = {spec.name: _key() for spec in self.specs}
        own = ed25519.Ed25519PrivateKey.generate()
        self.key.unlink(missing_ok=True)
        self.key.write_bytes(_private(own))
        self.key.chmod(0o600)
        wanted = {
            "specs": self.specs,
            "addresses": self.addresses,
            "public_key": _public(own),
            "host_keys": {name: _private(key) for name, key in self._host_keys.items()},
            "certificates": {
                spec.name: {site: self._chain(spec, site, now) for site in spec.sites}
                for spec in self.specs
            },
        }
        self._process = subprocess.Popen(
            [
                "unshare",
                "--mount",
                "--net",
                "--pid",
                "--ipc",
                "--uts",
                "--fork",
                "--kill-child",
                "--mount-proc",
                sys.executable,
                "-m",
                "tests.lab.inside",
            ],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            preexec_fn=_die_with_parent,  # noqa: PLW1509 - one call of prctl, no lock
        )
        self._process.stdin.write(base64.b64encode(pickle.dumps(_plain(wanted))) + b"\n")
        self._process.stdin.flush()
        ready, _, _ = select.select([self._process.stdout], [], [], UP_SECONDS)
        line = self._process.stdout.readline() if ready else b""
        if not line:
            self.__exit__()
            raise RuntimeError("the lab did not come up")
        self._child = _child_of(self._process.pid)
        return self

    def __exit__(self, *_: object) -> None:
        """End the lab; its namespaces take everything with them."""
        self._process.kill()
        self._process.wait()
        self._process.stdin.close()
        self._process.stdout.close()
        self._temporary.cleanup()

    def _chain(self, spec: TargetSpec, site: str, now: datetime) -> tuple[Issued, ...]:
        begins = now - timedelta(days=100 if spec.has(Fault.EXPIRED) else 10)
        names = ("lain.example",) if spec.has(Fault.WRONG_NAME) else (site,)
        issuer = None if spec.has(Fault.SELF_SIGNED) else self.ca
        title = "<script>alert(1)</script>" if spec.has(Fault.HOSTILE) else site
        leaf = issue(title, issuer, names=names, begins=begins, days=90)
        return (leaf,) if issuer is None else (leaf, self.ca)

    def command(self, *command: str) -> list[str]:
        """Return the command line that runs `command` in the lab's network."""
        return ["nsenter", "--net", f"--target={self._child}", *command]

    def run(self, *command: str, **more: object) -> subprocess.CompletedProcess:
        """Run a command in the lab's network."""
        return subprocess.run(self.command(*command), check=False, **more)

    @contextmanager
    def network(self) -> Iterator[None]:
        """Put this thread, and threads that it starts, into the lab's network."""
        with (
            Path("/proc/thread-self/ns/net").open("rb") as home,
            Path(f"/proc/{self._child}/ns/net").open("rb") as lab,
        ):
            _set_network(lab.fileno())
            try:
                yield
            finally:
                _set_network(home.fileno())

    def inside(self, name: str, *command: str) -> subprocess.CompletedProcess:
        """Run a command as root on a target."""
        number = [spec.name for spec in self.specs].index(name)
        pid = self._target_pid(number)
        return subprocess.run(
            ["nsenter", f"--target={pid}", "--all", "--root", *command],
            capture_output=True,
            text=True,
            check=False,
        )

    def _target_pid(self, number: int) -> int:
        """The target's first process, as this machine counts: the one rooted in its overlay."""
        for entry in Path("/proc").iterdir():
            if entry.name.isdecimal():
                try:
                    if (
                        str((entry / "root").readlink()) == f"/mnt/{number}/root"
                        and b"sleep" in (entry / "cmdline").read_bytes()
                        and _is_below(int(entry.name), self._child)
                    ):
                        return int(entry.name)
                except OSError:
                    continue
        raise RuntimeError(f"target {number} has no process")

    def change_host_key(self, name: str) -> None:
        """Give a target another host key, as an impostor would have."""
        new = _private(_key()).decode()
        script = (
            f"cat >/etc/ssh/ssh_host_ed25519_key <<'END'\n{new}END\nkill -HUP $(cat /run/sshd.pid)"
        )
        self.inside(name, "sh", "-c", script)

    def known_hosts(self) -> str:
        """Return known_hosts lines of all targets."""
        return "".join(
            f"{self.addresses[name]} {_public(key)}\n" for name, key in self._host_keys.items()
        )

    def inventory(self) -> dict:
        """Return the inventory of the lab as plain data."""
        today = datetime.now(UTC).date()
        return {
            "city": {
                "name": "Kota Batu",
                "tz": "Asia/Jakarta",
                "unit": "Dinas Komunikasi dan Informatika",
            },
            "authority": {
                "letter": "800/123/35.79.4/2026",
                "date": str(today - timedelta(days=7)),
                "valid_until": str(today + timedelta(days=90)),
                "issued_by": "Sekretaris Daerah",
                "scope": {"networks": [NETWORK], "domains": [DOMAIN]},
            },
            "ca_file": str(self.ca_file),
            "opds": list(OPDS),
            "targets": [self._target(spec) for spec in self.specs],
        }

    def _target(self, spec: TargetSpec) -> dict:
        return {
            "id": spec.name,
            "opd": spec.opd,
            "address": self.addresses[spec.name],
            "roles": list(spec.roles),
            "tags": spec.tags,
            "ssh": {
                "user": "auditor",
                "key": str(self.key),
                "sudo": "no" if spec.sudo == "none" else "auto",
            },
            "ports": list(spec.ports),
            "sites": list(spec.sites),
        }

    def write_inventory(self, path: Path) -> Path:
        """Write the inventory and, beside it in `home`, the known hosts."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(yaml.safe_dump(self.inventory(), allow_unicode=True, sort_keys=False))
        return path

    def make_home(self, home: Path) -> Path:
        """Make an auditor's home that knows the targets' keys."""
        home.mkdir(parents=True, exist_ok=True)
        (home / "known_hosts").write_text(self.known_hosts())
        return home


def _plain(wanted: dict) -> dict:
    """Certificates travel as bytes: their objects cannot be pickled."""
    chains = {
        target: {
            site: tuple(_Bytes(c.pem, c.key_pem) for c in chain) for site, chain in sites.items()
        }
        for target, sites in wanted["certificates"].items()
    }
    return wanted | {"certificates": chains}


class _Bytes:
    """A certificate and key as they are written to files."""

    def __init__(self, pem: bytes, key_pem: bytes) -> None:
        self.pem = pem
        self.key_pem = key_pem


def _key() -> ed25519.Ed25519PrivateKey:
    return ed25519.Ed25519PrivateKey.generate()


def _private(key: ed25519.Ed25519PrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption())


def _public(key: ed25519.Ed25519PrivateKey) -> str:
    return key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()


def _die_with_parent() -> None:
    """Ask the kernel to kill the lab when the process that made it dies (PR_SET_PDEATHSIG)."""
    _libc.prctl(1, 9)


def _set_network(descriptor: int) -> None:
    if _libc.setns(descriptor, CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "setns")


def _child_of(pid: int) -> int:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return int(children[0])


def _is_below(pid: int, ancestor: int) -> bool:
    while pid > 1:
        if pid == ancestor:
            return True
        stat = Path(f"/proc/{pid}/stat").read_text()
        pid = int(stat.rpartition(")")[2].split()[1])
    return False
