"""The probe `udp`: services that answer, by nmap's own questions for each port, and by four more.

A few TCP ports are asked along: a host that answers there is there, so that its silence over UDP
means something. A host that answers nothing at all is a gap.
"""

from collections.abc import Iterator, Mapping

from auditor.collect import Limit, Settings
from auditor.collect.nmap_run import TIMING, pace, patience, privileged, scan_asked
from auditor.collect.nmap_tcp import answered, unseen
from auditor.collect.nmap_xml import Host
from auditor.collect.udp_ask import ask
from auditor.model.fact import GAP, Evidence, Fact, Gap, Observation, Why
from auditor.model.inventory import Target
from auditor.plan import Task
from auditor.probe import port_lists
from auditor.probe.base import Probe, Record
from auditor.probe.exposure import expected
from auditor.probe.udp import UdpArgs, amplifiers
from auditor.probe.udp_questions import QUESTIONS

ALIVE = frozenset({22, 80, 443})
"""TCP ports by which a host shows that it is there."""


def observe_udp(
    task: Task, probe: Probe, addresses: Mapping[str, str], settings: Settings, limit: Limit
) -> Iterator[Observation]:
    """Yield an observation for each target that has an address, all of one IP version."""
    args = probe.args
    assert isinstance(args, UdpArgs)  # noqa: S101 - the probe `udp` has them
    targets = tuple(target for target in task.targets if target.id in addresses)
    if not privileged():
        detail = "nmap asks UDP only as root: run the audit's scan with sudo"
        for target in targets:
            yield Gap(target=target.id, probe=probe.key, why=Why.NEEDS_ROOT, detail=detail)
        return
    base = port_lists.numbers(args.ports)
    ports = base.union(*(port_lists.of(t.ports, "udp") for t in targets))
    tcp = ALIVE.union(*(port_lists.of(t.ports, "tcp") for t in targets))
    zone = settings.inventory.zone(targets[0].zone)
    wanted = f"T:{port_lists.write(tcp)},U:{port_lists.write(ports)}"
    command = ["-Pn", "-sS", "-sU", "-p", wanted, *TIMING, *pace(zone.rate if zone else None)]
    seen = scan_asked([*command, *patience(limit)], addresses.values(), limit)
    yes = _yes(seen.hosts, base, limit)
    for target in targets:
        host = seen.hosts.get(addresses[target.id])
        if host is None or host.timed_out or not answered(host):
            yield unseen(target, probe, host, seen)
            continue
        counted = {f"{number}/udp" for number in base} | set(target.ports)
        record = _record(host, yes.get(host.address, {}), target, counted)
        record |= {"scanned": f"UDP {args.ports}", "vantage": settings.inventory.seen_from(target)}
        yield Fact(
            target=target.id,
            probe=probe.key,
            value=record,
            evidence=Evidence(
                source=f"nmap UDP scan of {host.address}, UDP {args.ports},"
                f" seen from {record['vantage']}",
                excerpt=" ".join(record["numbers"]),
                seen_at=settings.now(),
            ),
        )


def _yes(
    hosts: Mapping[str, Host], base: frozenset[int], limit: Limit
) -> dict[str, dict[int, bool]]:
    """Return by address and port what our own questions were answered; silence is left out."""
    asked = {
        (address, number): question.packet
        for address, host in hosts.items()
        for number, question in QUESTIONS.items()
        if number in base and host.state_of(f"{number}/udp").startswith("open")
    }
    found: dict[str, dict[int, bool]] = {}
    for (address, number), answer in ask(asked, limit).items():
        found.setdefault(address, {})[number] = QUESTIONS[number].yes(answer)
    return found


def _record(host: Host, yes: Mapping[int, bool], target: Target, counted: set[str]) -> Record:
    services = {p.port: p.service for p in host.ports if p.state == "open"}
    services |= {f"{number}/udp": services.get(f"{number}/udp", "") for number in yes}
    names = sorted(
        (name for name in services if name.endswith("/udp") and name in counted),
        key=lambda name: int(name.partition("/")[0]),
    )
    allowed = expected(target)
    recursion, control = yes.get(53, False), yes.get(123, False)
    silent = sum(name not in services and _is_silent(host, name) for name in counted)
    record: Record = {
        "open": [
            {"port": name, "service": services[name], "expected": name in allowed} for name in names
        ],
        "numbers": names,
        "recursion": recursion,
        "ntp_control": control,
        "amplifiers": amplifiers(names, recursion=recursion, control=control),
        "unseen": silent,
    }
    return _unsure(record) if "53/udp" in names and 53 not in yes else record  # noqa: PLR2004 - DNS


def _unsure(record: Record) -> Record:
    """Leave out what a DNS server would have to tell that answered nmap and then kept silent.

    A time server that keeps silent on control messages refuses them: that is their usual no.
    """
    del record["recursion"]
    if not record["amplifiers"]:
        del record["amplifiers"]
    detail = "53/udp answered, but not the question for a name: whether it recurses was not seen"
    return record | {GAP: {"why": Why.NO_DATA.value, "detail": detail}}


def _is_silent(host: Host, name: str) -> bool:
    return name.endswith("/udp") and "filtered" in host.state_of(name)
