"""Scan ports with nmap: one process for many targets, service names in a second, smaller pass.

nmap runs by a list of arguments, in its own process group, and is ended with the task; hosts
that were finished before count. What answered nothing at all, open or closed, was not seen.
"""

import contextlib
import os
import selectors
import shutil
import signal
import subprocess
from collections.abc import Iterator, Mapping
from ipaddress import ip_address

from auditor.collect import Limit, Settings
from auditor.collect.dial import Deadline, Unreached
from auditor.collect.guard import reach
from auditor.collect.nmap_xml import BrokenXml, Host, HostReader, Port
from auditor.model.fact import Evidence, Fact, Gap, Observation, Why
from auditor.model.inventory import Target
from auditor.plan import Task
from auditor.probe.base import Probe, Record
from auditor.probe.ports import SHOWN, TARPIT, PortsArgs

CHUNK = 65_536
TICK = 0.25
NAMED_AT_MOST = 200
"""Ports of one target whose service is asked for."""
KNOWN = frozenset({"22/tcp", "80/tcp", "443/tcp"})
"""Ports whose service other collectors look at: not asked again."""


class Scan:
    """One run of nmap: hosts by address, and why the others are missing."""

    def __init__(self) -> None:
        self.hosts: dict[str, Host] = {}
        self.why = Why.UNREACHABLE
        self.detail = "no port answered, neither open nor closed"


class PortsCollector:
    """Answers the `ports` probe for a batch of targets of one zone."""

    def collect(self, task: Task, settings: Settings, limit: Limit) -> Iterator[Observation]:
        """Yield one observation for each target."""
        (probe,) = task.probes
        if shutil.which("nmap") is None:
            for target in task.targets:
                yield Gap(
                    target=target.id,
                    probe=probe.key,
                    why=Why.UNSUPPORTED,
                    detail="nmap is not installed on the auditor's machine: apt install nmap",
                )
            return
        addresses: dict[str, str] = {}
        for target in task.targets:
            try:
                addresses[target.id] = reach(
                    target.address,
                    settings,
                    Deadline(limit, settings.connect_timeout),
                    local=target.local,
                )
            except Unreached as error:
                yield Gap(target=target.id, probe=probe.key, why=error.why, detail=error.detail)
        for version in (4, 6):
            family = {
                name: ip for name, ip in addresses.items() if ip_address(ip).version == version
            }
            if family:
                yield from _family(task, probe, family, settings, limit)


def _family(
    task: Task, probe: Probe, addresses: Mapping[str, str], settings: Settings, limit: Limit
) -> Iterator[Observation]:
    args = probe.args
    assert isinstance(args, PortsArgs)  # noqa: S101 - the collector answers one type
    scan = _scan(_first_pass(args, limit), sorted(set(addresses.values())), limit)
    found = {
        number
        for host in scan.hosts.values()
        for number in [p.port for p in _open(host) if p.port not in KNOWN][:NAMED_AT_MOST]
        if len(_open(host)) <= TARPIT
    }
    named = _named(found, scan, limit)
    for target in task.targets:
        if target.id in addresses:
            yield _observe(target, probe, addresses[target.id], scan, named, settings)


def _first_pass(args: PortsArgs, limit: Limit) -> list[str]:
    how = "-sS" if os.geteuid() == 0 else "-sT"
    ports = ["--top-ports", args.tcp[3:]] if args.tcp.startswith("top") else ["-p", args.tcp]
    timeout = max(1, int(limit.left * 0.8))
    return [how, *ports, "--max-retries", "2", "--host-timeout", f"{timeout}s", "-T4"]


def _named(ports: set[str], scan: Scan, limit: Limit) -> Scan:
    """Ask the services of open ports for their names; without an answer the table's names stay."""
    targets = sorted(
        address
        for address, host in scan.hosts.items()
        if any(port.port in ports for port in _open(host))
    )
    numbers = ",".join(sorted((p.partition("/")[0] for p in ports), key=int))
    if not targets or not numbers:
        return Scan()
    timeout = max(1, int(limit.left * 0.8))
    args = ["-sT", "-sV", "--version-light", "-p", numbers, "--host-timeout", f"{timeout}s", "-T4"]
    return _scan(args, targets, limit)


def _open(host: Host) -> list[Port]:
    return [port for port in host.ports if port.state == "open"]


def _scan(args: list[str], addresses: list[str], limit: Limit) -> Scan:
    scan = Scan()
    six = ["-6"] if ":" in addresses[0] else []
    command = ["nmap", "-n", "-Pn", *six, *args, "-oX", "-", *addresses]
    process = subprocess.Popen(  # noqa: S603 - addresses come from the resolver
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        _read(process, scan, limit)
    except BrokenXml as error:
        scan.why, scan.detail = Why.UNREADABLE, f"nmap: {error}"
    finally:
        _end(process)
    return scan


def _read(process: subprocess.Popen[bytes], scan: Scan, limit: Limit) -> None:
    assert process.stdout is not None  # noqa: S101 - a pipe
    reader = HostReader()
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while limit.left > 0:
            if not selector.select(TICK):
                continue
            piece = os.read(process.stdout.fileno(), CHUNK)
            if not piece:
                if process.wait() != 0:
                    scan.why = Why.UNREADABLE
                    scan.detail = f"nmap ended with status {process.returncode}"
                return
            for host in reader.feed(piece):
                scan.hosts[host.address] = host
    scan.why = Why.INTERRUPTED if limit.stopped else Why.TIMEOUT
    scan.detail = "the run was stopped" if limit.stopped else "the scan did not finish in time"


def _end(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    if process.stdout is not None:
        process.stdout.close()


def _observe(
    target: Target, probe: Probe, address: str, scan: Scan, named: Scan, settings: Settings
) -> Observation:
    host = scan.hosts.get(address)
    answered = host is not None and (
        any(port.state in ("open", "closed") for port in host.ports) or host.counts.get("closed")
    )
    if host is None or not answered:
        why, detail = scan.why, scan.detail
        return Gap(target=target.id, probe=probe.key, why=why, detail=detail)
    how = "SYN" if os.geteuid() == 0 else "connect"
    args = probe.args
    assert isinstance(args, PortsArgs)  # noqa: S101 - as above
    shown = " ".join(f"{p.port} {p.state} {p.service}" for p in host.ports[:SHOWN])
    return Fact(
        target=target.id,
        probe=probe.key,
        value=_record(host, named.hosts.get(address), args, _vantage(target, settings)),
        evidence=Evidence(
            source=f"nmap {how} scan of {address}, TCP {args.tcp}",
            excerpt=shown,
            seen_at=settings.now(),
        ),
    )


def _vantage(target: Target, settings: Settings) -> str:
    """Say from where the ports were seen."""
    return settings.inventory.seen_from(target)


def _record(host: Host, named: Host | None, args: PortsArgs, place: str) -> Record:
    details = {port.port: port for port in (named.ports if named else ())}
    opened = [details.get(port.port, port) for port in _open(host)]
    tarpit = len(opened) > TARPIT
    kept = opened[:SHOWN] if tarpit else opened
    return {
        "open": [
            {
                "port": port.port,
                "service": port.service,
                "product": port.product,
                "version": port.version,
                "tls": port.tls,
            }
            for port in kept
        ],
        "numbers": [port.port for port in kept],
        "filtered": host.counts.get("filtered", 0)
        + sum(port.state == "filtered" for port in host.ports),
        "scanned": f"TCP {args.tcp}",
        "vantage": place,
        "tarpit": tarpit,
    }
