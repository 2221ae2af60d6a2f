"""The inventory: who is audited, on whose authority. All mistakes are told at once."""

import difflib
from collections.abc import Iterable, Iterator
from datetime import date
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

import msgspec

from auditor.errors import ConfigError, ConfigErrors
from auditor.load.decode import decode
from auditor.load.yaml import Document, Path_, read_yaml
from auditor.model.inventory import Authority, Inventory, Scope, Target

SHOWN = 20
"""Mistakes that are told in full."""


def load_inventory(path: Path) -> Inventory:
    """Read and lint an inventory; raises `ConfigErrors` with every mistake in it."""
    document = read_yaml(path)
    if not isinstance(document.value, dict):
        raise document.mistake((), "an inventory is a mapping with city, authority, opds, targets")
    _merge_defaults(document)
    errors = [*_missing_authority(document)]
    if errors:
        raise ConfigErrors(tuple(errors))
    inventory = decode(document, Inventory)
    _refuse([*_lint(document, inventory)])
    return inventory


def _refuse(errors: list[ConfigError]) -> None:
    if len(errors) > SHOWN:
        more = len(errors) - SHOWN
        errors = [*errors[:SHOWN], ConfigError(errors[0].path, f"and {more} more mistakes")]
    if errors:
        raise ConfigErrors(tuple(errors))


def _merge_defaults(document: Document) -> None:
    """Put `defaults: {ssh: {...}, zone: ...}` into every target that does not say otherwise."""
    defaults = document.value.pop("defaults", None)
    targets = document.value.get("targets")
    if defaults is None or not isinstance(targets, list):
        return
    if not isinstance(defaults, dict) or set(defaults) - {"ssh", "zone"}:
        raise document.mistake(("defaults",), "defaults may hold ssh and zone")
    for target in targets:
        if isinstance(target, dict):
            _merge(target, defaults)


def _merge(target: dict[str, Any], defaults: dict[str, Any]) -> None:
    if "zone" in defaults:
        target.setdefault("zone", defaults["zone"])
    ssh = defaults.get("ssh")
    if isinstance(ssh, dict) and isinstance(target.setdefault("ssh", {}), dict):
        target["ssh"] = {**ssh, **target["ssh"]}


def _missing_authority(document: Document) -> Iterator[ConfigError]:
    if not document.value.get("authority"):
        yield document.mistake(
            ("authority",),
            "the authority is missing: nothing may be scanned without an assignment letter",
            "`auditor init` writes an example of letter, date, valid_until and scope",
        )


def _lint(document: Document, inventory: Inventory) -> Iterator[ConfigError]:
    yield from _scope_mistakes(document, inventory.authority)
    yield from _twice(document, "opds", [opd.id for opd in inventory.opds])
    yield from _twice(document, "zones", [zone.id for zone in inventory.zones])
    yield from _twice(document, "targets", [target.id for target in inventory.targets])
    opds = {opd.id for opd in inventory.opds}
    zones = {zone.id for zone in inventory.zones}
    scope = _Scope(inventory.authority.scope)
    for number, target in enumerate(inventory.targets):
        at: Path_ = ("targets", number)
        if target.opd not in opds:
            yield _unknown(document, (*at, "opd"), "OPD", target.opd, opds)
        if target.zone not in zones:
            yield _unknown(document, (*at, "zone"), "zone", target.zone, zones)
        for name in outside(target, scope):
            yield document.mistake(
                (*at, "address" if name == target.address else "sites"),
                f"{target.id}: {name} lies outside the authority's scope",
                "extend the letter's scope, or leave the target out",
            )


class _Scope:
    """A scope with its networks parsed once."""

    def __init__(self, scope: Scope) -> None:
        self._scope = msgspec.structs.replace(scope, networks=())
        self._networks = [n for text in scope.networks if (n := _network(text)) is not None]

    def covers(self, address: str) -> bool:
        try:
            ip = ip_address(address)
        except ValueError:
            return self._scope.covers(address)
        return any(ip in network for network in self._networks)


def _network(text: str) -> Any:
    try:
        return ip_network(text)
    except ValueError:
        return None


def outside(target: Target, scope: "_Scope | Scope") -> list[str]:
    """Return the address, sites and domains of a target that a scope does not cover."""
    names = (target.address, *target.sites, *target.domains)
    return [name for name in names if not scope.covers(name)]


def _scope_mistakes(document: Document, authority: Authority) -> Iterator[ConfigError]:
    at: Path_ = ("authority", "scope")
    if not authority.scope.networks and not authority.scope.domains:
        yield document.mistake(at, "the scope is empty: name networks or domains")
    for number, text in enumerate(authority.scope.networks):
        if _network(text) is None:
            yield document.mistake(
                (*at, "networks", number),
                f"{text!r} is no network",
                "write 10.0.0.0/8 with host bits zero",
            )
    if authority.valid_until < authority.date:
        yield document.mistake(("authority", "valid_until"), "ends before it begins")


def _twice(document: Document, name: str, ids: list[str]) -> Iterator[ConfigError]:
    seen: dict[str, int] = {}
    for number, one in enumerate(ids):
        if one in seen:
            line, _ = document.places.get((name, seen[one]), (0, 0))
            yield document.mistake(
                (name, number, "id"), f"{one!r} is given twice", f"first in line {line}"
            )
        seen.setdefault(one, number)


def _unknown(
    document: Document, at: Path_, what: str, name: str, known: Iterable[str]
) -> ConfigError:
    names = sorted(known)
    close = difflib.get_close_matches(name, names, 1)
    hint = f"did you mean {close[0]!r}?" if close else f"known: {', '.join(names[:10])}"
    return document.mistake(at, f"there is no {what} {name!r}", hint)


def check_authority(
    inventory: Inventory, targets: Iterable[Target], today: date, path: str
) -> None:
    """Refuse to scan before or after the letter's dates, or outside its scope."""
    authority = inventory.authority
    if today < authority.date:
        raise ConfigError(
            path, f"authority {authority.letter} is valid only from {authority.date} on"
        )
    if today > authority.valid_until:
        raise ConfigError(
            path,
            f"authority {authority.letter} ended on {authority.valid_until}",
            hint="ask for a new assignment letter; nothing is scanned without one",
        )
    scope = _Scope(authority.scope)
    for target in targets:
        for name in outside(target, scope):
            raise ConfigError(path, f"{target.id}: {name} lies outside the authority's scope")
