"""The SSH servers on the way to a target: the inventory's words first, then ssh_config's."""

import re
from collections.abc import Iterator
from pathlib import Path

import msgspec

from auditor.collect import Settings
from auditor.collect.known_hosts import SSH_PORT, host_name
from auditor.collect.refusal import Refusal
from auditor.collect.ssh_config import Misconfigured
from auditor.collect.ssh_way import Way, way_to
from auditor.model.fact import Why
from auditor.model.inventory import Ssh, Target

HOPS = 8
"""Servers on a way at most; a way that is longer goes in circles."""
_JUMP = re.compile(r"(?:(?P<user>[^@\s]+)@)?(?P<address>\[[^\]]+\]|[^:\s]+)(?::(?P<port>\d{1,5}))?")


class Hop(msgspec.Struct, frozen=True, kw_only=True):
    """One SSH server on the way; the last one is the target."""

    user: str
    address: str
    port: int
    way: Way
    keys: tuple[str, ...]
    """Private keys named in the inventory, which are tried before those of ssh_config."""
    only_these_keys: bool
    """Nothing but `keys` is tried."""
    audited: bool = False
    """It is the target itself, no server on the way to it."""

    @property
    def known_as(self) -> tuple[str, int]:
        """Address and port under which its keys are recorded."""
        return (self.way.alias, SSH_PORT) if self.way.alias else (self.address, self.port)

    def __str__(self) -> str:
        return host_name(self.address, self.port)


def route(target: Target, settings: Settings) -> tuple[Hop, ...]:
    """Return every hop in turn; raises `Refusal` where the way cannot be gone."""
    ssh = target.ssh or Ssh()
    zone = next((z for z in settings.inventory.zones if z.id == target.zone), None)
    jump = ssh.jump or (zone.jump if zone else None)
    user = None if "user" in ssh.left_open else ssh.user
    port = None if "port" in ssh.left_open else ssh.port
    way = _way(target.address, settings, user=user, port=port, direct=jump is not None)
    _check_scope(target, way, settings)
    last = Hop(
        user=user or way.user or ssh.user,
        address=way.hostname,
        port=port or way.port or ssh.port,
        way=way,
        keys=(ssh.key,) if ssh.key else (),
        only_these_keys=ssh.key is not None,
        audited=True,
    )
    hops = (*_through(jump or way.jump, ssh, settings, way.jump_place), last)
    if len(hops) > HOPS:
        raise Refusal(Why.UNREACHABLE, f"more than {HOPS} servers on the way: does it go round?")
    return hops


def _through(
    jumps: str | None, ssh: Ssh, settings: Settings, place: str, depth: int = 1
) -> Iterator[Hop]:
    """Yield the hops of a jump list; the first of it is reached as ssh_config says of itself."""
    if jumps is None or jumps.lower() == "none" or depth > HOPS:
        return
    first, *others = jumps.split(",")
    hop = _jump(first, ssh, settings, place, direct=False)
    yield from _through(hop.way.jump, ssh, settings, hop.way.jump_place, depth + 1)
    yield hop
    for text in others:
        yield _jump(text, ssh, settings, place, direct=True)


def _jump(text: str, ssh: Ssh, settings: Settings, place: str, *, direct: bool) -> Hop:
    match = _JUMP.fullmatch(text.strip())
    if match is None:
        where = f"{place}: " if place else ""
        raise Refusal(Why.UNREACHABLE, f"{where}jump {text!r} is not [user@]address[:port]")
    user, port = match["user"], int(match["port"] or 0) or None
    way = _way(match["address"].strip("[]"), settings, user=user, port=port, direct=direct)
    return Hop(
        user=user or way.user or ssh.user,
        address=way.hostname,
        port=port or way.port or SSH_PORT,
        way=way,
        keys=(ssh.key,) if ssh.key else (),
        only_these_keys=bool(ssh.key and not way.keys),
    )


def _way(
    address: str, settings: Settings, *, user: str | None, port: int | None, direct: bool
) -> Way:
    try:
        return way_to(address, settings.ssh_config, user=user, port=port, direct=direct)
    except Misconfigured as error:
        raise Refusal(Why.UNSUPPORTED, f"ssh_config: {error}") from error


def _check_scope(target: Target, way: Way, settings: Settings) -> None:
    """The authority was asked about the inventory's address; ssh_config must not lead elsewhere."""
    scope = settings.inventory.authority.scope
    if way.hostname != target.address and not scope.covers(way.hostname):
        raise Refusal(
            Why.SCOPE,
            f"{way.hostname_place}: HostName {way.hostname} lies outside the authority's scope",
        )


def config_files(home: Path) -> tuple[Path, ...]:
    """Return the files that ssh reads for a person with this home."""
    return (home / ".ssh/config", Path("/etc/ssh/ssh_config"))
