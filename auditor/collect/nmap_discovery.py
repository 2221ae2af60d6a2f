"""The probe `discovery`: who answers in a target's networks, and whom the inventory knows."""

import contextlib
import socket
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from ipaddress import ip_address
from itertools import chain

from auditor.collect import Limit, Settings
from auditor.collect.dial import Deadline, Unreached, resolve
from auditor.collect.nmap_run import pace, privileged, scan
from auditor.collect.nmap_xml import Host
from auditor.model.fact import GAP, Evidence, Fact, Gap, Observation, Why
from auditor.model.inventory import Inventory, Target
from auditor.plan import Task
from auditor.probe.base import Probe, Record, Unseen
from auditor.probe.discovery import MOST_UNKNOWN, Network, search_area

IPV4, IPV6 = 4, 6
NAMES_AT_ONCE = 16
NAMES_TIME = 60.0
"""Seconds in which the inventory's names are resolved, all of them."""
OURSELVES = "localhost-response"
"""nmap's reason for the machine that it runs on."""
REST = "…"
"""Stands for the addresses of hosts that were not seen."""
_ROOT = ("-PE", "-PP", "-PS22,80,135,443,445,3389,8080", "-PA80,443", "-PU53,161")
_PLAIN = ("-PS22,53,80,135,139,443,445,554,3389,8000,8080,9100",)


class Search:
    """What one target's networks showed."""

    def __init__(self, known: frozenset[str], ours: frozenset[str]) -> None:
        self._known = known
        self._ours = ours
        self.seen = 0
        self.strangers = 0
        self.unknown: list[Record] = []

    def take(self, host: Host, area: tuple[Network, ...]) -> None:
        """Count a host that answered; one outside the area was not asked for."""
        here = host.reason == OURSELVES or host.address in self._ours
        if here or not _lies_in(host.address, area):
            return
        self.seen += 1
        if host.address in self._known:
            return
        self.strangers += 1
        if len(self.unknown) < MOST_UNKNOWN:
            how = f"{host.reason} {host.vendor}".strip()
            self.unknown.append({"address": host.address, "how": how})


def observe_networks(
    task: Task, probe: Probe, settings: Settings, limit: Limit
) -> Iterator[Observation]:
    """Yield an observation for each target; one that names no network was not asked."""
    known: frozenset[str] = frozenset()
    unresolved = -1
    for target in task.targets:
        if target.networks and unresolved < 0:
            known, unresolved = known_addresses(settings.inventory, limit)
        yield _observe(target, probe, settings, limit, known, unresolved)


def _observe(
    target: Target,
    probe: Probe,
    settings: Settings,
    limit: Limit,
    known: frozenset[str],
    unresolved: int,
) -> Observation:
    try:
        area = search_area(target.networks, settings.inventory.authority.scope.networks)
    except Unseen as unseen:
        return Gap(target=target.id, probe=probe.key, why=unseen.why, detail=unseen.detail)
    record: Record = {"asked": bool(area), "vantage": settings.inventory.seen_from(target)}
    if area:
        found = Search(known, own_addresses(area))
        stopped = _search(area, target, found, settings, limit)
        if stopped is not None and not found.unknown:
            why, detail = stopped
            return Gap(target=target.id, probe=probe.key, why=why, detail=detail)
        cut = found.strangers > len(found.unknown)
        record |= {
            "unknown": [*found.unknown, *_unseen(stopped, cut=cut)],
            "networks": [str(network) for network in area],
            "seen": found.seen,
            "known": found.seen - found.strangers,
            "unresolved": unresolved,
            "truncated": cut,
        }
    told = [item["address"] for item in record.get("unknown", []) if GAP not in item]
    return Fact(
        target=target.id,
        probe=probe.key,
        value=record,
        evidence=Evidence(
            source=f"nmap host discovery in {', '.join(target.networks)},"
            f" seen from {record['vantage']}",
            excerpt=" ".join(told[:100]),
            seen_at=settings.now(),
        ),
    )


def _unseen(stopped: tuple[Why, str] | None, *, cut: bool) -> list[Record]:
    """Return a row for hosts that were not seen or are not told; none where all are."""
    if stopped is None and not cut:
        return []
    why, detail = stopped or (Why.CUT, f"more than {MOST_UNKNOWN} unknown hosts")
    return [{"address": REST, GAP: {"why": why.value, "detail": detail}}]


def _search(
    area: tuple[Network, ...], target: Target, found: Search, settings: Settings, limit: Limit
) -> tuple[Why, str] | None:
    """Search the networks; return why the search is not whole, None where it is."""
    zone = settings.inventory.zone(target.zone)
    pings = _ROOT if privileged() else _PLAIN
    args = ["-sn", *pings, "-T4", "--max-retries", "2", *pace(zone.rate if zone else None)]
    for version in (IPV4, IPV6):
        part = tuple(network for network in area if network.version == version)
        if not part:
            continue
        done = scan(args, [str(n) for n in part], limit, take=partial(found.take, area=part))
        if not done.whole:
            return done.why, done.detail
    if not found.seen:
        return Why.UNREACHABLE, "no host answered: the networks cannot be seen from here"
    return None


def _lies_in(address: str, area: Iterable[Network]) -> bool:
    ip = ip_address(address)
    return any(ip in network for network in area)


def own_addresses(area: Iterable[Network]) -> frozenset[str]:
    """Return the addresses of this machine towards networks; nothing is sent."""
    found = set()
    for network in area:
        family = socket.AF_INET if network.version == IPV4 else socket.AF_INET6
        with socket.socket(family, socket.SOCK_DGRAM) as raw, contextlib.suppress(OSError):
            raw.connect((str(network.network_address), 9))
            found.add(str(raw.getsockname()[0]))
    return frozenset(found)


def known_addresses(inventory: Inventory, limit: Limit) -> tuple[frozenset[str], int]:
    """Return the addresses of all that the inventory names, and how many names have none.

    Only names that the letter covers are looked up.
    """
    names = {name for target in inventory.targets for name in (target.address, *target.sites)}
    names |= set(inventory.resolvers)
    scope = inventory.authority.scope
    wanted = sorted(name for name in names if _is_ip(name) or scope.covers(name))
    deadline = Deadline(limit, NAMES_TIME)

    def look_up(name: str) -> tuple[str, ...]:
        try:
            return resolve(name, deadline)
        except Unreached:
            return ()

    with ThreadPoolExecutor(NAMES_AT_ONCE) as pool:
        found = list(pool.map(look_up, wanted))
    unresolved = len(names) - len(wanted) + sum(not answer for answer in found)
    return frozenset(chain.from_iterable(found)), unresolved


def _is_ip(name: str) -> bool:
    return name.replace(".", "").isdecimal() or ":" in name
