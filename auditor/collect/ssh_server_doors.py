"""Where SSH servers of a target are looked for, and what the inventory expects there."""

import msgspec

from auditor.collect import Settings
from auditor.collect.ssh_route import route
from auditor.model.inventory import Ssh, Target

SSH_PORT = 22
OTHER_PORTS = (2222, 22_222)
"""Where SSH is often found: looked at if the inventory lists them, as whatever may answer there."""


class Door(msgspec.Struct, frozen=True):
    """A port; `expected`: an SSH server has to be there; `named`: the inventory lists the port."""

    port: int
    expected: bool
    named: bool

    def __str__(self) -> str:
        return f"{self.port}/tcp"


class House(msgspec.Struct, frozen=True, kw_only=True):
    """A target's address and doors; `user` is the audit account there.

    `jump`: the audit itself goes there through another server. `others` are ports where something
    else is to answer, by which a target that is down is told from a door that is shut.
    """

    address: str
    user: str
    doors: tuple[Door, ...]
    jump: bool = False
    others: tuple[int, ...] = ()


def house(target: Target, settings: Settings, ssh_port: int = SSH_PORT) -> House:
    """Return where to look. Raises `Refusal` where ssh_config or a jump cannot be read."""
    listed = {int(p.partition("/")[0]) for p in target.ports if p.endswith("/tcp")}
    sites = {443, 80} if target.sites else set()
    expected = {ssh_port} & listed
    address, user, jump = target.address, Ssh().user, False
    if target.ssh is not None and not target.local:
        *before, last = route(target, settings)
        address, user, jump = last.address, last.user, bool(before)
        expected |= {last.port}
    ports = sorted({ssh_port} | expected | listed.intersection(OTHER_PORTS))
    return House(
        address=address,
        user=user,
        jump=jump,
        doors=tuple(Door(port, port in expected, port in listed | expected) for port in ports),
        others=tuple(sorted((listed | sites).difference(ports))),
    )
