"""A target as another list describes it, and how it becomes one of ours."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from auditor.errors import ConfigError
from auditor.load.decode import decode_each
from auditor.load.hint import did_you_mean
from auditor.load.inventory_lint import Parts, mistakes
from auditor.load.refuse import refuse
from auditor.load.yaml import Document
from auditor.model.inventory import Inventory, Opd, Target
from auditor.model.text import inert

_UNFIT = re.compile(r"[^a-z0-9._-]+")
_GAPS = re.compile(r"[\s_.-]+")


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """What one line of a list says of a target.

    `values` are keys of a target as an inventory writes them. `owners` are names that may tell
    the OPD, in levels, the nearest first; of one level at most one OPD may come out.
    """

    values: Mapping[str, Any]
    owners: Sequence[Sequence[str]]
    line: int


class Sheet(msgspec.Struct, frozen=True):
    """A list as it was read, and what of it was left out."""

    path: str
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()


class _Mark(NamedTuple):
    """A place in the list, in the form of libyaml's marks: from 0."""

    line: int
    column: int = 0


def identifier(text: str) -> str:
    """Return an id made of a name: small letters, digits, dots, - and _; "" where none is left."""
    return _UNFIT.sub("-", text.strip().lower()).strip("._-")[:63].rstrip("._-")


def cell(text: object) -> str:
    """Return a text on one line, without characters that could steer a terminal."""
    return inert(" ".join(str(text).split()))


def targets_of(
    sheet: Sheet, inventory: Inventory, names: Mapping[str, str]
) -> tuple[dict[str, Any], ...]:
    """Return the rows as an inventory writes them, or raise `ConfigErrors` with each bad line.

    `names` maps further names of offices to OPD ids.
    """
    errors: list[ConfigError] = []
    offices = _offices(inventory.opds, names)
    raws = []
    for row in sheet.rows:
        try:
            raws.append({**row.values, "opd": _owner(sheet, row, offices)})
        except ConfigError as error:
            errors.append(error)
            raws.append({**row.values, "opd": inventory.opds[0].id if inventory.opds else "-"})
    document = _as_document(sheet)
    parts = Parts(
        opds=dict(enumerate(inventory.opds)),
        zones=dict(enumerate(inventory.zones)),
        targets=decode_each(document, Target, ("targets",), raws, errors),
    )
    errors += mistakes(document, inventory, parts)
    refuse(errors)
    return tuple(raws)


def _as_document(sheet: Sheet) -> Document:
    """Return a document whose targets stand where the rows do."""
    spots = [(_Mark(row.line - 1), None) for row in sheet.rows]
    return Document(sheet.path, None, (_Mark(0), {"targets": (_Mark(0), spots)}))


def _offices(opds: Iterable[Opd], names: Mapping[str, str]) -> dict[str, str]:
    """Return OPD ids by every name that they go by; the operator's own map wins."""
    known = {opd.id: opd for opd in opds}
    found: dict[str, str] = {}
    for opd in known.values():
        for name in (opd.id, opd.name, *opd.aliases):
            found.setdefault(_folded(name), opd.id)
    for name, opd_id in names.items():
        if opd_id not in known:
            hint = did_you_mean(opd_id, known)
            raise ConfigError("--opd-map", f"there is no OPD {opd_id!r}", hint=hint)
        found[_folded(name)] = opd_id
    return found


def _folded(name: str) -> str:
    return _GAPS.sub(" ", name.casefold()).strip()


def _owner(sheet: Sheet, row: Row, offices: Mapping[str, str]) -> str:
    for level in row.owners:
        found = {offices[_folded(name)] for name in level if _folded(name) in offices}
        if len(found) > 1:
            problem = f"{row.values['id']} belongs to several OPDs: {', '.join(sorted(found))}"
            raise ConfigError(sheet.path, problem, line=row.line, hint="say which by --opd-map")
        if found:
            return found.pop()
    named = next((name for level in row.owners for name in level if name.strip()), "")
    problem = f"there is no OPD {named!r}" if named else "names no OPD"
    hint = f"{did_you_mean(_folded(named), offices)} (or map it: --opd-map {named!r}=ID)"
    raise ConfigError(sheet.path, f"{row.values['id']}: {problem}", line=row.line, hint=hint)
