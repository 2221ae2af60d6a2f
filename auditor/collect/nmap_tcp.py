"""The probe `ports`: open TCP ports of many targets in one pass, their services in a second.

The second pass asks only hosts and ports that were found open, and never a tarpit: its answers
would cost a first pass that is already safe.
"""

from collections.abc import Iterator, Mapping

from auditor.collect import Limit, Settings
from auditor.collect.nmap_run import TIMING, Scan, pace, patience, privileged, scan_asked, top_ports
from auditor.collect.nmap_shut import shut_out
from auditor.collect.nmap_xml import Host, Port
from auditor.model.fact import GAP, Evidence, Fact, Gap, Observation, Why
from auditor.model.inventory import Target
from auditor.plan import Task
from auditor.probe import port_lists
from auditor.probe.base import Probe, Record
from auditor.probe.port_names import WATCHED
from auditor.probe.ports import SHOWN, TARPIT, TOP, PortsArgs

NAMED_AT_MOST = 100
"""Ports of one target whose service is asked for."""
TOGETHER = 128
"""Ports that hosts of one second pass may have open among them."""
SHUT_OUT = "it stopped answering during the scan: ports that seem filtered may be open"
KNOWN = frozenset({"22/tcp", "80/tcp", "443/tcp"})
"""Ports whose service other collectors look at: not asked again."""


class Asked:
    """What one pass scans: nmap's arguments, and for each target which ports count.

    Beside the most used ports go those of the services that checks look for, which nmap seldom
    counts among them; a list is scanned as it is. Without nmap's own ranking there are no
    arguments. Ports that the inventory names are scanned for the whole batch, but count only for
    their target: what is found of a target does not depend on those scanned beside it.
    """

    def __init__(self, tcp: str, targets: tuple[Target, ...]) -> None:
        own = {number for t in targets for number in port_lists.of(t.ports, "tcp")}
        self._guests: frozenset[int] = frozenset()
        self.args: list[str] = []
        self.told = f"TCP {tcp}"
        base = frozenset[int]()
        if tcp.startswith(TOP):
            self.told += " and the ports of watched services"
            tcp, base = top_ports(int(tcp.removeprefix(TOP))), WATCHED
        if tcp:
            base |= port_lists.numbers(tcp)
            self._guests = frozenset(own) - base
            self.args = ["-p", port_lists.write(base | own)]

    def counts(self, port: str, target: Target) -> bool:
        """Tell whether an open port is one of this target's."""
        return port in target.ports or int(port.partition("/")[0]) not in self._guests


def observe_tcp(
    task: Task, probe: Probe, addresses: Mapping[str, str], settings: Settings, limit: Limit
) -> Iterator[Observation]:
    """Yield an observation for each target that has an address, all of one IP version."""
    args = probe.args
    assert isinstance(args, PortsArgs)  # noqa: S101 - the probe `ports` has them
    targets = tuple(target for target in task.targets if target.id in addresses)
    asked = Asked(args.tcp, targets)
    if not asked.args:
        detail = "nmap does not tell which ports are the most used"
        for target in targets:
            yield Gap(target=target.id, probe=probe.key, why=Why.UNSUPPORTED, detail=detail)
        return
    zone = settings.inventory.zone(targets[0].zone)
    rate = pace(zone.rate if zone else None)
    how = "SYN" if privileged() else "connect"
    first = ["-Pn", "-sS" if how == "SYN" else "-sT", *asked.args, *TIMING, *rate]
    seen = scan_asked([*first, *patience(limit)], addresses.values(), limit)
    named = _named(seen, rate, limit)
    shut = shut_out(seen.hosts.values(), limit)
    for target in targets:
        host = seen.hosts.get(addresses[target.id])
        if host is None or host.timed_out or not answered(host):
            yield unseen(target, probe, host, seen)
            continue
        record = _record(host, named, target, asked)
        record |= {"scanned": asked.told, "vantage": settings.inventory.seen_from(target)}
        evidence = Evidence(
            source=f"nmap {how} scan of {host.address}, {asked.told},"
            f" seen from {record['vantage']}",
            excerpt=_excerpt(record),
            seen_at=settings.now(),
        )
        if host.address in shut:
            yield Gap(
                target=target.id, probe=probe.key, why=Why.BUSY, detail=SHUT_OUT, evidence=evidence
            )
            continue
        yield Fact(target=target.id, probe=probe.key, value=record, evidence=evidence)


def answered(host: Host) -> bool:
    """Tell whether anything came back from a host, be it a refusal."""
    listed = any(port.state in ("open", "closed") for port in host.ports)
    return listed or bool(host.counts.get("closed")) or host.opened > 0


def unseen(target: Target, probe: Probe, host: Host | None, seen: Scan) -> Gap:
    """Return why nothing, or not all, was seen of a host."""
    why, detail = seen.why, seen.detail
    if host is not None and host.timed_out:
        why, detail = Why.TIMEOUT, "the scan of this host did not finish in time"
    return Gap(target=target.id, probe=probe.key, why=why, detail=detail)


def _open(host: Host) -> list[Port]:
    return [port for port in host.ports if port.state == "open" and port.port.endswith("/tcp")]


def _named(seen: Scan, rate: list[str], limit: Limit) -> dict[str, Host]:
    """Ask the services of open ports what they are; hosts by address."""
    wanted = {}
    for address, host in seen.hosts.items():
        ports = {port.port for port in _open(host)} - KNOWN
        if ports and host.opened <= TARPIT:
            first = sorted(port_lists.of(ports, "tcp"))[:NAMED_AT_MOST]
            wanted[address] = frozenset(first)
    found: dict[str, Host] = {}
    for addresses, numbers in _together(wanted):
        args = ["-Pn", "-sT", "-sV", "--version-light", "-p", port_lists.write(numbers)]
        found |= scan_asked([*args, *TIMING, *rate, *patience(limit)], addresses, limit).hosts
    return found


def _together(wanted: Mapping[str, frozenset[int]]) -> Iterator[tuple[list[str], frozenset[int]]]:
    """Gather hosts with the same or few ports: a process costs more than some closed ports."""
    addresses: list[str] = []
    ports: frozenset[int] = frozenset()
    for address in sorted(wanted, key=lambda a: (len(wanted[a]), sorted(wanted[a]), a)):
        if addresses and len(ports | wanted[address]) > TOGETHER:
            yield addresses, ports
            addresses, ports = [], frozenset()
        addresses.append(address)
        ports |= wanted[address]
    if addresses:
        yield addresses, ports


def _record(host: Host, named: Mapping[str, Host], target: Target, asked: Asked) -> Record:
    other = named.get(host.address)
    details = {port.port: port for port in (_open(other) if other else ())}
    tarpit = host.opened > TARPIT
    opened = [port for port in _open(host) if asked.counts(port.port, target)]
    kept = opened[:SHOWN] if tarpit else opened
    return {
        "open": [_item(port, details.get(port.port)) for port in kept],
        "numbers": [port.port for port in kept],
        "listed": [
            _listed(name, host) for name in sorted(set(target.ports)) if name.endswith("/tcp")
        ],
        "filtered": host.counts.get("filtered", 0)
        + sum(port.state == "filtered" for port in host.ports),
        "tarpit": tarpit,
    }


def _item(port: Port, named: Port | None) -> Record:
    shown = named or port
    item: Record = {
        "port": port.port,
        "service": shown.service,
        "product": shown.product,
        "version": shown.version,
        "tls": shown.tls,
    }
    if named is not None or port.port in KNOWN:
        return item | {"identified": named is None or named.identified}
    detail = "the service was not asked, or did not answer in time"
    return item | {GAP: {"why": Why.NO_DATA.value, "detail": detail}}


def _listed(name: str, host: Host) -> Record:
    """Say whether a port of the inventory is open; a filtered one was not seen."""
    state = host.state_of(name)
    if state in ("open", "closed"):
        return {"port": name, "open": state == "open"}
    detail = f"{name} kept silent: a filter stands before it"
    return {"port": name, GAP: {"why": Why.NO_DATA.value, "detail": detail}}


def _excerpt(record: Record) -> str:
    return "\n".join(
        " ".join(filter(None, (p["port"], "open", p["service"], p["product"], p["version"])))
        for p in record["open"][:SHOWN]
    )[:4000]
