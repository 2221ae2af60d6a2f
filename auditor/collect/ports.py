"""What nmap sees of a batch of targets: TCP ports, UDP services, hosts in networks.

Every target's address is looked up once, through the scope guard; nmap gets addresses only.
"""

import shutil
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_address
from typing import TypeAlias

from auditor.collect import Limit, Settings
from auditor.collect.dial import Deadline, Unreached
from auditor.collect.guard import reach
from auditor.collect.nmap_discovery import observe_networks
from auditor.collect.nmap_tcp import observe_tcp
from auditor.collect.nmap_udp import observe_udp
from auditor.model.fact import Gap, Observation, Why
from auditor.model.inventory import Target
from auditor.plan import Task
from auditor.probe import discovery, ports, udp
from auditor.probe.base import Probe

Answer: TypeAlias = Callable[
    [Task, Probe, Mapping[str, str], Settings, Limit], Iterator[Observation]
]

NAMES_AT_ONCE = 16
_ANSWERS: Mapping[str, Answer] = {ports.PROBE.name: observe_tcp, udp.PROBE.name: observe_udp}


class PortsCollector:
    """Answers one of the probes `ports`, `udp` and `discovery` for targets of one zone."""

    def collect(self, task: Task, settings: Settings, limit: Limit) -> Iterator[Observation]:
        """Yield one observation for each target."""
        (probe,) = task.probes
        if shutil.which("nmap") is None:
            detail = "nmap is not installed on the auditor's machine: apt install nmap"
            for target in task.targets:
                yield Gap(target=target.id, probe=probe.key, why=Why.UNSUPPORTED, detail=detail)
            return
        if probe.type.name == discovery.PROBE.name:
            yield from observe_networks(task, probe, settings, limit)
            return
        addresses: dict[str, str] = {}
        for target, found in _addresses(task, settings, limit):
            if isinstance(found, str):
                addresses[target.id] = found
            else:
                yield Gap(target=target.id, probe=probe.key, why=found.why, detail=found.detail)
        for version in (4, 6):
            family = {id_: ip for id_, ip in addresses.items() if ip_address(ip).version == version}
            if family:
                yield from _ANSWERS[probe.type.name](task, probe, family, settings, limit)


def _addresses(
    task: Task, settings: Settings, limit: Limit
) -> Iterator[tuple[Target, str | Unreached]]:
    """Look the targets' addresses up side by side."""

    def look_up(target: Target) -> str | Unreached:
        deadline = Deadline(limit, settings.connect_timeout)
        try:
            return reach(target.address, settings, deadline, local=target.local)
        except Unreached as error:
            return error

    with ThreadPoolExecutor(NAMES_AT_ONCE) as pool:
        yield from zip(task.targets, pool.map(look_up, task.targets), strict=True)
