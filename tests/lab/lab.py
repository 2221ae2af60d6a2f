"""Bring a lab up and down, and reach it: `with Lab(specs) as lab:`.

The test process stays in the machine's own namespaces. What shall reach the targets runs in the
lab's network: a command through `lab.run(…)`, threads of this process under `with lab.network():`.
"""

import json
import os
import pickle
import select
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, suppress
from pathlib import Path
from secrets import token_hex
from tempfile import gettempdir
from typing import Self

import yaml

from tests.lab.identity import new_authority, new_key, site_keys
from tests.lab.inventory import inventory
from tests.lab.names import ANCHOR
from tests.lab.namespaces import UNSHARE, first_child, network_of, why_not
from tests.lab.spec import DOMAIN, PASSWORD, TargetSpec

ROOT = Path(__file__).parents[2]
UP_SECONDS, DOWN_SECONDS = 90, 5


class Lab:
    """Targets in namespaces.

    `folder` holds key, authority's certificate and inventory while the lab is up; without one it is
    a temporary folder. The lab ends with the process that made it, however that ends, and takes
    its temporary folder with it.
    """

    password = PASSWORD
    why_not = staticmethod(why_not)

    def __init__(self, specs: Sequence[TargetSpec], folder: Path | None = None) -> None:
        self.specs = tuple(specs)
        self.addresses = {
            spec.name: f"10.79.{(n + 10) // 250}.{(n + 10) % 250 + 1}"
            for n, spec in enumerate(self.specs)
        }
        self._given = folder and folder.resolve()

    def __enter__(self) -> Self:
        """Start the lab; every service answers when this returns, else RuntimeError."""
        with ExitStack() as opened:
            temporary = Path(gettempdir()) / f"auditor-lab-{token_hex(8)}"
            self.folder = self._given or temporary
            self.ca_file = self.folder / "ca.pem"
            self.key = self.folder / "audit-key"
            process = _start(temporary)  # before the folder: from here on it will be removed
            opened.callback(shutil.rmtree, temporary, ignore_errors=True)
            opened.callback(_end, process)
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=self._given is not None)
            wanted = pickle.dumps(self._wanted())
            with suppress(BrokenPipeError):  # it has ended already, and said why
                process.stdin.write(wanted)
                process.stdin.flush()
            self._pids = _ready(process)
            self._first = first_child(process.pid)
            self._opened = opened.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        """End the lab; its namespaces take everything with them."""
        self._opened.close()

    def _wanted(self) -> dict[str, object]:
        """Make keys and certificates, keep the auditor's, return what `inside` builds from."""
        authority, own = new_authority(), new_key()
        self._host_keys = {spec.name: new_key() for spec in self.specs}
        self.ca_file.write_bytes(authority.pem)
        self.key.unlink(missing_ok=True)
        self.key.touch(mode=0o600)
        self.key.write_bytes(own.private)
        return {
            "specs": self.specs,
            "addresses": self.addresses,
            "public_key": own.public,
            "host_keys": {name: key.private for name, key in self._host_keys.items()},
            "site_keys": {spec.name: site_keys(spec, authority) for spec in self.specs},
            "zone": self._zone(),
        }

    def _zone(self) -> dict[str, str]:
        """Return the addresses behind the names of the lab's zone."""
        names = {site: self.addresses[spec.name] for spec in self.specs for site in spec.sites}
        servers = (self.addresses[spec.name] for spec in self.specs if "dns" in spec.roles)
        return names | {f"ns1.{DOMAIN}": address for address in servers}

    def trust_anchor(self) -> Path:
        """Write the DS records of the lab's zone, as its name server made them."""
        (server,) = (spec.name for spec in self.specs if "dns" in spec.roles)
        told = self.inside(server, *ANCHOR)
        told.check_returncode()
        path = self.folder / "trust-anchors.ds"
        path.write_text(told.stdout, encoding="utf-8")
        return path

    def command(self, *command: str) -> list[str]:
        """Return the command line that runs `command` in the lab's network."""
        return ["nsenter", "--net", f"--target={self._first}", "--", *command]

    def run(self, *command: str, **more: object) -> subprocess.CompletedProcess:
        """Run a command in the lab's network; `more` goes to subprocess.run."""
        return subprocess.run(self.command(*command), check=False, **more)

    def hand_over(self, *command: str, env: Mapping[str, str] | None = None) -> int:
        """Run a command with the terminal in the lab's network; return its exit code.

        Ctrl-C is for the command alone, so that it can stop as it likes. Main thread only.
        """
        before = signal.signal(signal.SIGINT, lambda *_: None)
        try:
            return self.run(*command, env=env).returncode
        finally:
            signal.signal(signal.SIGINT, before)

    def network(self) -> AbstractContextManager[None]:
        """Put this thread, and threads that it starts, into the lab's network."""
        return network_of(self._first)

    def inside(self, name: str, *command: str) -> subprocess.CompletedProcess:
        """Run a command as root on a target, by no network; output is captured as text."""
        lab = ["nsenter", "--all", f"--target={self._first}", "--"]
        target = ["nsenter", "--all", "--root", f"--target={self._pids[name]}", "--"]
        return subprocess.run(
            [*lab, *target, *command], capture_output=True, text=True, check=False
        )

    def change_host_key(self, name: str) -> None:
        """Give a target another host key, as an impostor would have."""
        script = (
            f"cat >/etc/ssh/ssh_host_ed25519_key <<'END'\n{new_key().private.decode()}END\n"
            "kill -HUP $(cat /run/sshd.pid)"
        )
        self.inside(name, "sh", "-c", script).check_returncode()

    def known_hosts(self) -> str:
        """Return known_hosts lines of all targets, with the keys that they started with."""
        return "".join(
            f"{self.addresses[name]} {key.public}\n" for name, key in self._host_keys.items()
        )

    def inventory(self) -> dict[str, object]:
        """Return the inventory of the lab as plain data."""
        made = inventory(self.specs, self.addresses, key=self.key, ca_file=self.ca_file)
        servers = [self.addresses[spec.name] for spec in self.specs if "dns" in spec.roles]
        if servers:
            made |= {"resolvers": servers, "trust_anchors": str(self.trust_anchor())}
            made["targets"].append(
                {"id": "zona", "opd": "kominfo", "kind": "domain", "domains": [DOMAIN]}
            )
        return made

    def write_inventory(self, path: Path) -> Path:
        """Write the inventory as YAML."""
        path.parent.mkdir(parents=True, exist_ok=True)
        text = yaml.safe_dump(self.inventory(), allow_unicode=True, sort_keys=False)
        path.write_text(text, encoding="utf-8")
        return path

    def make_home(self, home: Path) -> Path:
        """Make an auditor's home that knows the targets' keys."""
        home.mkdir(parents=True, exist_ok=True)
        (home / "known_hosts").write_text(self.known_hosts(), encoding="utf-8")
        return home


def _start(temporary: Path) -> subprocess.Popen:
    """Start the lab's first process, which waits for what is wanted on its input.

    It removes `temporary` when this process ends before it.
    """
    owner = os.pidfd_open(os.getpid())
    try:
        return subprocess.Popen(
            [*UNSHARE, sys.executable, "-m", "tests.lab.inside", str(owner), str(temporary)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            pass_fds=(owner,),
            start_new_session=True,  # Ctrl-C is for the auditor; the lab must outlive its stop
        )
    finally:
        os.close(owner)


def _ready(process: subprocess.Popen) -> dict[str, int]:
    """Wait for the lab's word; return each target's first process, as the lab counts."""
    answered, _, _ = select.select([process.stdout], [], [], UP_SECONDS)
    line = process.stdout.readline() if answered else b""
    pids: dict[str, int] | None = json.loads(line or b"null")
    if pids is None:
        raise RuntimeError("the lab did not come up: its reason stands above, on stderr")
    return pids


def _end(process: subprocess.Popen) -> None:
    """Close the lab's input, upon which it ends; returns when its namespaces are cleared."""
    try:
        process.communicate(timeout=DOWN_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
