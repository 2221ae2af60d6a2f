"""The nmap stage, through engine and collector, against the best single raw nmap command.

Run as root: `python -m tests.bench.bench_ports`. All happens in a network of its own.
"""

import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from datetime import UTC, date, datetime

from auditor.collect import Settings
from auditor.collect.engine import Engine
from auditor.model.fact import Fact
from auditor.model.inventory import Authority, City, Inventory, Scope, Target
from auditor.plan import PORTS_BATCH, Task
from auditor.probe.base import Probe, Via
from auditor.probe.ports import PROBE, PortsArgs
from tests.lab.namespaces import network_of

ROUNDS = 3
KNOWN = (22, 80, 443)
"""Ports whose service the stage does not ask for: other collectors do."""
NAMED = (2222, 8022)
RAW = (
    ("-sT",),
    ("-sS",),
    ("-sS", "-T4", "--max-retries", "2"),
    ("-sS", "-T5", "--min-rate", "5000"),
    ("-sS", "-T5", "--min-rate", "20000", "--max-retries", "0", "--min-hostgroup", "256"),
)
Row = tuple[str, float, float]
"""What was measured, wall in seconds, ratio to the best raw command before it."""


def addresses(count: int) -> list[str]:
    """Return the first addresses of a network on loopback."""
    return [f"127.1.0.{n}" for n in range(1, count + 1)]


def main() -> list[Row]:
    """Return rows for 200 targets without and with services, and for the full range."""
    text = "ip link set lo up; echo; exec sleep 900"
    with ExitStack() as stack:
        holder = stack.enter_context(
            subprocess.Popen(["unshare", "--net", "sh", "-c", text], stdout=subprocess.PIPE)
        )
        stack.callback(holder.kill)
        assert holder.stdout is not None
        holder.stdout.readline()
        stack.enter_context(network_of(holder.pid))
        for number, place in enumerate(addresses(200)):
            for port in KNOWN[: number % 3 + 1]:
                _listen(stack, place, port)
        rows = _compare("200 targets, top 1000", "top1000", 200)
        rows += _compare("10 targets, all ports", "1-65535", 10)
        for number, place in enumerate(addresses(50)):
            _listen(stack, place, NAMED[number % 2])
        rows += _compare("50 targets, services", "top1000", 50, "-sV", "--version-light")
    return rows


def _compare(what: str, tcp: str, count: int, *more: str) -> list[Row]:
    places = addresses(count)
    ports = ["--top-ports", tcp[3:]] if tcp.startswith("top") else ["-p", tcp]
    raw = {
        " ".join(flags): _best(lambda flags=flags: _raw([*flags, *more, *ports], places))
        for flags in RAW
    }
    best = min(raw, key=lambda flags: raw[flags])
    stage = _best(lambda: _stage(tcp, places))
    rows = [(f"{what}: nmap {flags}", wall, wall / raw[best]) for flags, wall in raw.items()]
    return [*rows, (f"{what}: the stage", stage, stage / raw[best])]


def _best(act: Callable[[], None]) -> float:
    walls = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        act()
        walls.append(time.perf_counter() - begun)
    return min(walls)


def _raw(flags: Sequence[str], places: Sequence[str]) -> None:
    command = ["nmap", "-n", "-Pn", *flags, "-oX", "-", *places]
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)


def _stage(tcp: str, places: Sequence[str]) -> None:
    today = date(2026, 1, 1)
    scope = Scope(networks=("127.0.0.0/8",))
    authority = Authority(letter="1", date=today, valid_until=today, scope=scope)
    inventory = Inventory(city=City(name="K"), authority=authority, opds=(), targets=())
    settings = Settings(inventory=inventory, now=lambda: datetime.now(UTC))
    probe = Probe(type=PROBE, args=PortsArgs(tcp=tcp))
    targets = [Target(id=f"t{n}", opd="o", address=place) for n, place in enumerate(places)]
    tasks = [
        Task(via=Via.PORTS, targets=tuple(targets[at : at + PORTS_BATCH]), probes=(probe,))
        for at in range(0, len(targets), PORTS_BATCH)
    ]
    engine = Engine(settings, jobs=1, stopped=threading.Event())
    seen = [one for done in engine.run(tasks) for one in done.observations]
    assert len(seen) == len(places)
    assert all(isinstance(one, Fact) and one.value["numbers"] for one in seen)


def _listen(stack: ExitStack, place: str, port: int) -> None:
    """Greet as an SSH server does."""
    import socket

    server = stack.enter_context(socket.create_server((place, port), backlog=64))
    stack.callback(server.shutdown, socket.SHUT_RDWR)

    def serve() -> None:
        with suppress(OSError):
            while True:
                with server.accept()[0] as connection, suppress(OSError):
                    connection.sendall(b"SSH-2.0-OpenSSH_9.2p1\r\n")
                    connection.settimeout(0.2)
                    connection.recv(1000)

    threading.Thread(target=serve, daemon=True).start()


if __name__ == "__main__":
    for what, wall, ratio in main():
        print(f"{what:90} {wall:7.2f} s  {ratio:5.2f}")
