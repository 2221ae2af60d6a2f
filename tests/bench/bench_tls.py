"""CPU and wall time of the TLS view against sslyze's smallest command set, on the same servers.

Run: `python -m tests.bench.bench_tls [servers]`. Each measurement has a process of its own.
"""

import resource
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from tests.servers.certificates import SITE, ec_key, issue, rsa_key
from tests.servers.tls_servers import free_port, nginx_server

SERVERS = 50
AT_ONCE = 10
"""Servers that are looked at side by side; sslyze's own default."""


def ours(ports: list[int]) -> None:
    """Look at each port through the collector."""
    from datetime import UTC, date, datetime

    from auditor.collect import Limit, Settings
    from auditor.collect.tls import TlsCollector
    from auditor.model.inventory import Authority, City, Inventory, Scope, Target
    from auditor.plan import Task
    from auditor.probe.base import Probe, Via
    from auditor.probe.tls import PROBE, TlsArgs

    today = date(2026, 1, 1)
    authority = Authority(
        letter="1", date=today, valid_until=today, scope=Scope(networks=("127.0.0.0/8", "::1/128"))
    )
    inventory = Inventory(city=City(name="K"), authority=authority, opds=(), targets=())
    settings = Settings(inventory=inventory, now=lambda: datetime.now(UTC))
    target = Target(id="t", opd="o", address="127.0.0.1", sites=(SITE,))
    question = Probe(type=PROBE, args=TlsArgs())
    task = Task(via=Via.TLS, targets=(target,), probes=(question,))

    def look(port: int) -> int:
        limit = Limit(60, threading.Event(), time.monotonic)
        (fact,) = TlsCollector(https=port).collect(task, settings, limit)
        (item,) = fact.value["endpoints"]
        return len(item["suites"])

    with ThreadPoolExecutor(AT_ONCE) as pool:
        print(sum(pool.map(look, ports)))


def sslyze(ports: list[int]) -> None:
    """Look at each port through sslyze: suites of every version, and the certificate."""
    from tests.servers.sslyze_oracle import suites_by_version

    print(len(suites_by_version(ports, SITE, certificate=True)))


def main() -> None:
    if len(sys.argv) > 2:
        {"ours": ours, "sslyze": sslyze}[sys.argv[1]](list(map(int, sys.argv[2:])))
        return
    count = int(sys.argv[1]) if len(sys.argv) > 1 else SERVERS
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        ports = [free_port() for _ in range(count)]
        stack.enter_context(nginx_server(folder, _servers(ports, folder)))
        print(f"{count} servers, two certificates each, TLS 1.2 and 1.3")
        print(f"{'':8}{'wall s':>8}{'CPU s':>8}{'peak MB':>9}")
        figures = {name: _measure(name, ports) for name in ("ours", "sslyze")}
    for name, (wall, cpu, peak) in figures.items():
        print(f"{name:8}{wall:8.1f}{cpu:8.1f}{peak:9.0f}")
    ratios = [theirs / mine for mine, theirs in zip(*figures.values(), strict=True)]
    print(f"{'ratio':8}{ratios[0]:8.1f}{ratios[1]:8.1f}{ratios[2]:9.1f}")


def _servers(ports: list[int], folder: Path) -> str:
    pairs = [
        issue(key=key).write(folder, stem) for key, stem in ((rsa_key(), "r"), (ec_key(), "e"))
    ]
    shown = "".join(f"ssl_certificate {c}; ssl_certificate_key {k};" for c, k in pairs)
    return "".join(
        f"server {{ listen 127.0.0.1:{port} ssl; {shown} ssl_protocols TLSv1.2 TLSv1.3; }}\n"
        for port in ports
    )


def _measure(name: str, ports: list[int]) -> tuple[float, float, float]:
    """Return wall seconds, CPU seconds and peak MB of a process that looks at all ports."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.monotonic()
    command = [sys.executable, "-c", _REPORTING, name, *map(str, ports)]
    answer = subprocess.run(command, check=True, capture_output=True, text=True)
    wall = time.monotonic() - begun
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, cpu, int(answer.stdout.split()[-1]) / 1024


_REPORTING = """
import resource
from tests.bench.bench_tls import main
main()
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""

if __name__ == "__main__":
    main()
