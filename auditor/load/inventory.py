"""The inventory: who is audited, on whose authority. All its mistakes are told at once."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from auditor.errors import ConfigError
from auditor.load.authority import authority_gaps, authority_mistakes, filled
from auditor.load.decode import Written, decode, decode_each
from auditor.load.inventory_lint import Parts, mistakes, warnings
from auditor.load.refuse import refuse
from auditor.load.yaml import Document, read_yaml
from auditor.model.base import Value
from auditor.model.inventory import Group, Identifier, Inventory, Opd, Ssh, Target, TargetKind, Zone

HINT = "`auditor init` writes a first one"


class Defaults(Value, frozen=True):
    """What holds for every target that does not say otherwise."""

    ssh: Ssh | None = None
    """For servers, and for others that have an `ssh` key."""
    zone: Identifier | None = None


class InventoryFile(Inventory, frozen=True):
    """An inventory as it is written: with defaults."""

    defaults: Defaults = Defaults()


class WrittenInventory(Written[Inventory], frozen=True):
    """An inventory, its place, and what is odd but allowed."""

    warnings: tuple[ConfigError, ...] = ()


def load_inventory(path: Path) -> Inventory:
    """Read and lint an inventory; raises `ConfigErrors` with every mistake in it."""
    return parse_inventory(read_yaml(path, HINT)).value


def parse_inventory(document: Document) -> WrittenInventory:
    """Lint a document and make it an inventory; raises `ConfigErrors` with every mistake."""
    raw = document.value
    if not isinstance(raw, dict):
        raise document.mistake(
            (), "an inventory is a mapping: city, authority, opds, targets", HINT
        )
    errors = [*authority_gaps(document)]
    parts = _parts(document, raw, errors)
    head = _head(document, raw, errors)
    errors += mistakes(document, head, parts)
    refuse(errors)
    assert head is not None  # noqa: S101 - it is None only beside an error
    inventory = Inventory(
        city=head.city,
        authority=head.authority,
        opds=tuple(parts.opds.values()),
        targets=tuple(parts.targets.values()),
        zones=tuple(parts.zones.values()),
        groups=tuple(parts.groups.values()),
        ca_file=head.ca_file,
        resolvers=head.resolvers,
        trust_anchors=head.trust_anchors,
        countries=head.countries,
    )
    return WrittenInventory(inventory, document, (), tuple(warnings(document, inventory)))


def _parts(document: Document, raw: dict[str, Any], errors: list[ConfigError]) -> Parts:
    before = len(errors)
    defaults = _defaults(document, raw, errors)
    opds = decode_each(document, Opd, ("opds",), _list(document, raw, "opds", errors), errors)
    zones = decode_each(document, Zone, ("zones",), _zones(document, raw, errors), errors)
    groups = decode_each(document, Group, ("groups",), _groups(document, raw, errors), errors)
    whole = len(errors) == before
    written = [_merged(target, defaults) for target in _list(document, raw, "targets", errors)]
    targets = decode_each(document, Target, ("targets",), written, errors)
    return Parts(opds=opds, zones=zones, groups=groups, targets=targets, whole=whole)


def _list(
    document: Document, raw: dict[str, Any], name: str, errors: list[ConfigError]
) -> list[Any]:
    if isinstance(raw.get(name), list):
        return list(raw[name])
    problem = f"{name} is a list" if name in raw else f"the key {name!r} is missing"
    errors.append(document.mistake((name,), problem, "each entry begins with `- id: …`"))
    return []


def _zones(document: Document, raw: dict[str, Any], errors: list[ConfigError]) -> list[Any]:
    return _list(document, raw, "zones", errors) if "zones" in raw else [{"id": "default"}]


def _groups(document: Document, raw: dict[str, Any], errors: list[ConfigError]) -> list[Any]:
    return _list(document, raw, "groups", errors) if "groups" in raw else []


def _defaults(document: Document, raw: dict[str, Any], errors: list[ConfigError]) -> dict[str, Any]:
    if "defaults" not in raw:
        return {}
    try:
        decode(document, Defaults, ("defaults",))
    except ConfigError as error:
        errors.append(error)
        return {}
    return dict(raw["defaults"])


def _merged(target: Any, defaults: dict[str, Any]) -> Any:
    """Return a target with the defaults; what is no server is not visited unless it says how."""
    if not isinstance(target, dict):
        return target
    merged = dict(target)
    if "zone" in defaults:
        merged.setdefault("zone", defaults["zone"])
    if merged.get("kind") in _ADDRESSED_BY and (named := merged.get(_ADDRESSED_BY[merged["kind"]])):
        merged.setdefault("address", str(named[0]).partition("/")[0])
    if merged.get("kind") == TargetKind.OPD:
        merged.setdefault("address", "")
    if merged.get("kind", TargetKind.SERVER) != TargetKind.SERVER:
        merged.setdefault("ssh", None)
    own = merged.setdefault("ssh", {})
    if isinstance(own, dict):
        said = {**(defaults.get("ssh") or {}), **own}
        merged["ssh"] = {"left_open": [n for n in ("user", "port") if n not in said], **said}
    return merged


_ADDRESSED_BY = {TargetKind.DOMAIN: "domains", TargetKind.OPD: "networks"}
"""Where the address of a target stands that has no address of its own."""


def _head(
    document: Document, raw: dict[str, Any], errors: list[ConfigError]
) -> InventoryFile | None:
    """Decode all but the lists; stubs take the place of what the letter does not say yet."""
    bare = {**raw, "opds": [], "zones": [], "groups": [], "targets": []}
    bare.pop("defaults", None)
    bare["authority"] = filled(raw.get("authority"))
    try:
        return decode(document, InventoryFile, (), bare)
    except ConfigError as error:
        errors.append(error)
        return None


def check_authority(
    inventory: Inventory, targets: Iterable[Target], today: date, path: str
) -> None:
    """Refuse targets outside the letter's scope, and every target outside its dates."""
    refuse(authority_mistakes(inventory.authority, targets, today, path))
