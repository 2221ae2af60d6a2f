"""Compare our verdicts on real SSH servers with ssh-audit's: `python -m tests.bench.compare_ssh`.

Writes docs/comparison-ssh.md. Needs ssh-audit from PyPI, sshd, Dropbear and TinySSH.
"""

import subprocess
import tempfile
import threading
import time
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path

from auditor.collect import Limit, Settings
from auditor.model.fact import Json
from auditor.model.inventory import Authority, City, Inventory, Scope
from tests.servers import ssh_audit_oracle as oracle
from tests.servers.ssh_server_asking import fact
from tests.servers.ssh_server_fleet import fleet

DOC = Path(__file__).parents[2] / "docs/comparison-ssh.md"
HEAD = """\
# SSH servers: our verdicts beside ssh-audit's

Made by `python -m tests.bench.compare_ssh` with ssh-audit {version} on real servers on loopback;
`tests/servers/test_ssh_server.py` makes the same comparison and fails on a difference that is not
explained here.

The lists of algorithms, the fingerprints of host keys, the sizes of RSA keys and the verdicts on
Terrapin are the same on every server, with these exceptions:

- ssh-audit shows no host key of a server that has post-quantum key exchanges or certificates alone;
  we do ("hardened", "certified").
- Where OpenSSH chooses the Diffie-Hellman group, ssh-audit leaves out the one of 2048 bits that the
  server gives to those who ask for less; we tell the smallest that it gives, which a policy judges.

## Servers

| server | software | algorithms | ssh-audit: fail, warn | ours: weak | Terrapin | host keys |
|---|---|---|---|---|---|---|
"""
TABLE = """
## Algorithms that ssh-audit finds fault with and our list of weak algorithms does not

| use | algorithm | ssh-audit | why it is not on our list |
|---|---|---|---|
"""


def main() -> None:
    """Write the page."""
    rows, found = [], set()
    with tempfile.TemporaryDirectory() as folder, fleet(Path(folder)) as ports:
        theirs = oracle.look(ports.values())
        for name, port in ports.items():
            value = fact(port, _settings(), Limit(60, threading.Event(), time.monotonic)).value
            (row,) = value["servers"]
            rows.append(_server(name, row, theirs[port], value["host_keys"]))
            found.update(oracle.differences(row, theirs[port]))
    version = (
        subprocess.run([oracle.PROGRAM, "-h"], capture_output=True, text=True, check=False)
        .stdout.partition("ssh-audit v")[2]
        .split(",")[0]
    )
    DOC.write_text(HEAD.format(version=version) + "".join(rows) + TABLE + "".join(_rows(found)))


def _settings() -> Settings:
    today = date(2026, 1, 1)
    scope = Scope(networks=("127.0.0.0/8",))
    authority = Authority(letter="1", date=today, valid_until=today, scope=scope)
    inventory = Inventory(city=City(name="K"), authority=authority, opds=(), targets=())
    return Settings(inventory=inventory, now=lambda: datetime.now(UTC))


def _server(name: str, row: Json, theirs: oracle.Theirs, keys: Json) -> str:
    verdicts = [v.word for listed in theirs.algorithms.values() for v in listed.values()]
    weak = sum(len(row[f"weak_{field}"]) for field in oracle.FIELDS.values())
    shown = ", ".join(f"{key['type']} {key['bits']}" for key in keys)
    cells = (
        name,
        row["software"],
        str(len(verdicts)),
        f"{verdicts.count('fail')}, {verdicts.count('warn')}",
        str(weak),
        "open" if row["terrapin"] else "closed",
        shown,
    )
    return f"| {' | '.join(cells)} |\n"


def _rows(found: Iterable[oracle.Difference]) -> Iterable[str]:
    for one in sorted(found):
        yield f"| {one.use} | `{one.name}` | {one.theirs} | {one.why or '**not explained**'} |\n"


if __name__ == "__main__":
    main()
