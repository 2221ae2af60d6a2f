"""Tell whether a target began to shut the auditor out while it was scanned.

A device that takes offence at a scan drops all that follows: its open ports then look filtered.
"""

from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice

from auditor.collect import Limit
from auditor.collect.dial import Connection, Deadline, Unreached
from auditor.collect.nmap_xml import Host
from auditor.model.fact import Why

PATIENCE = 2.0
"""Seconds that a port may take that answered before."""
DOORS = 3
"""Ports that are tried again, one after the other, open ones first."""
AT_ONCE = 16


def shut_out(hosts: Collection[Host], limit: Limit) -> frozenset[str]:
    """Return the addresses that no longer answer where they did; only those with silent ports.

    Without time to ask there are none: a host that nmap had finished counts.
    """
    doubted = [host for host in hosts if _silent(host)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        gone = pool.map(lambda host: _gone(host, limit), doubted)
        pairs = zip(doubted, gone, strict=True)
        return frozenset(host.address for host, is_gone in pairs if is_gone)


def _silent(host: Host) -> bool:
    return bool(host.counts.get("filtered")) or any(p.state == "filtered" for p in host.ports)


def _gone(host: Host, limit: Limit) -> bool:
    ports = list(islice(_answered(host), DOORS))
    return bool(ports) and not any(_answers(host.address, port, limit) for port in ports)


def _answered(host: Host) -> Iterator[int]:
    for wanted in ("open", "closed"):
        yield from (
            int(port.port.partition("/")[0])
            for port in host.ports
            if port.state == wanted and port.port.endswith("/tcp")
        )
    for state, protocol, listed in host.others:
        if (state, protocol) == ("closed", "tcp"):
            yield int(listed.replace("-", ",").partition(",")[0])


def _answers(address: str, port: int, limit: Limit) -> bool:
    try:
        with Connection(address, port, Deadline(limit, PATIENCE)):
            return True
    except Unreached as error:
        return error.why is Why.REFUSED or limit.left <= 0
