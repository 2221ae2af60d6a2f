"""What in an inventory cannot be meant, although each entry by itself can be read."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from auditor.errors import ConfigError
from auditor.load.authority import is_address, network_mistake, outside, scope_mistakes
from auditor.load.hint import did_you_mean
from auditor.load.yaml import Document, Steps
from auditor.model.inventory import Group, Inventory, Opd, Target, TargetKind, Zone
from auditor.model.scope import Cover, network

_JUMP = re.compile(
    r"(?:[^@\s:-][^@\s:]*@)?(\[[0-9A-Fa-f:.]+\]|[^-:\[\]\s@][^:\[\]\s@]*)(?::(\d{1,5}))?"
)
_PORT_LIMIT = 65_535


class Parts(msgspec.Struct, frozen=True, kw_only=True):
    """The entries that could be read, by their index in the file.

    `whole` says that no OPD, zone or group is missing: only then may one be called unknown.
    """

    opds: Mapping[int, Opd]
    zones: Mapping[int, Zone]
    targets: Mapping[int, Target]
    groups: Mapping[int, Group] = {}
    whole: bool = True


def mistakes(document: Document, head: Inventory | None, parts: Parts) -> Iterator[ConfigError]:
    """Yield every mistake; what hangs on an unreadable head is left out."""
    yield from _twice(document, "opds", parts.opds)
    yield from _twice(document, "zones", parts.zones)
    yield from _twice(document, "groups", parts.groups)
    yield from _twice(document, "targets", parts.targets)
    yield from _aliases(document, parts.opds)
    for number, zone in parts.zones.items():
        yield from _jump(document, ("zones", number, "jump"), zone.jump)
    if parts.whole:
        yield from _owners(document, parts)
    for number, target in parts.targets.items():
        yield from _target(document, ("targets", number), target)
    if head is not None:
        in_scope = [*scope_mistakes(document, head.authority)]
        yield from in_scope or _outside(document, head, parts)


def _twice(
    document: Document, name: str, entries: Mapping[int, Opd | Zone | Group | Target]
) -> Iterator[ConfigError]:
    seen: dict[str, int] = {}
    for number, entry in entries.items():
        first = seen.setdefault(entry.id, number)
        if first != number:
            line, _ = document.place((name, first))
            at = (name, number, "id")
            yield document.mistake(
                at, f"the id {entry.id!r} is given twice", f"first in line {line}"
            )


def _aliases(document: Document, opds: Mapping[int, Opd]) -> Iterator[ConfigError]:
    """An import must know which office a name means."""
    seen: dict[str, int] = {}
    for number, opd in opds.items():
        for name in {opd.id, opd.name, *opd.aliases}:
            first = seen.setdefault(" ".join(name.casefold().split()), number)
            if first != number and name != opd.id:
                line, _ = document.place(("opds", first))
                yield document.mistake(
                    ("opds", number), f"the name {name!r} means two OPDs", f"first in line {line}"
                )


def _owners(document: Document, parts: Parts) -> Iterator[ConfigError]:
    places: dict[str, tuple[str, set[str]]] = {
        "opd": ("OPD", {opd.id for opd in parts.opds.values()}),
        "zone": ("zone", {zone.id for zone in parts.zones.values()}),
        "group": ("group", {group.id for group in parts.groups.values()}),
    }
    for number, target in parts.targets.items():
        for field, (word, known) in places.items():
            name = getattr(target, field)
            if name is not None and name not in known:
                yield document.mistake(
                    ("targets", number, field),
                    f"{target.id}: there is no {word} {name!r}",
                    did_you_mean(name, known),
                )


def _target(document: Document, at: Steps, target: Target) -> Iterator[ConfigError]:
    machine = target.address or target.kind is not TargetKind.OPD
    named: list[tuple[Steps, str]] = [(("address",), target.address)] if machine else []
    named += [(("sites", n), name) for n, name in enumerate(target.sites)]
    named += [(("domains", n), name) for n, name in enumerate(target.domains)]
    for where, name in named:
        if not is_address(name):
            problem = f"{target.id}: {name!r} is neither an IP address nor a name"
            yield document.mistake((*at, *where), problem, "write it without a port")
    for number, text in enumerate(target.networks):
        if wrong := network_mistake(text):
            yield document.mistake((*at, "networks", number), *wrong)
    for number, port in enumerate(target.ports):
        if not 1 <= int(port.partition("/")[0]) <= _PORT_LIMIT:
            problem = f"{target.id}: {port!r} is no port"
            yield document.mistake((*at, "ports", number), problem, "ports go from 1 to 65535")
    if target.ssh is not None:
        yield from _jump(document, (*at, "ssh", "jump"), target.ssh.jump)


def _jump(document: Document, at: Steps, jump: str | None) -> Iterator[ConfigError]:
    for hop in () if jump is None else jump.split(","):
        match = _JUMP.fullmatch(hop.strip())
        port = int(match[2] or 22) if match else 0
        if match is None or not 1 <= port <= _PORT_LIMIT or not is_address(match[1].strip("[]")):
            yield document.mistake(
                at,
                f"jump: {hop!r} names no server",
                "write [user@]address[:port], several separated by commas",
            )


def _outside(document: Document, head: Inventory, parts: Parts) -> Iterator[ConfigError]:
    if not head.authority.scope.networks and not head.authority.scope.domains:
        return
    cover = Cover(head.authority.scope)
    for number, target in parts.targets.items():
        for where, name in outside(cover, target):
            if is_address(name) or network(name):
                yield document.mistake(
                    ("targets", number, *where),
                    f"{target.id}: {name} lies outside the authority's scope",
                    "extend the letter's scope, or leave it out",
                )


def warnings(document: Document, inventory: Inventory) -> Iterator[ConfigError]:
    """Yield what is allowed but rarely meant."""
    if not inventory.targets:
        yield document.mistake(("targets",), "there is no target yet")
    doors: dict[tuple[str, int], list[int]] = defaultdict(list)
    for number, target in enumerate(inventory.targets):
        if target.ssh is not None and not target.local:
            doors[target.address.lower(), target.ssh.port].append(number)
    for (address, port), numbers in doors.items():
        yield from _shared(document, inventory, f"{address} port {port}", numbers)


def _shared(
    document: Document, inventory: Inventory, door: str, numbers: Iterable[int]
) -> Iterator[ConfigError]:
    first, *others = numbers
    for number in others:
        ids = (inventory.targets[number].id, inventory.targets[first].id)
        yield document.mistake(
            ("targets", number, "address"), f"{ids[0]} and {ids[1]} are both reached at {door}"
        )
