"""Find facts by their dotted path, with the type they have or the reason they were not seen."""

from collections.abc import Mapping

import msgspec

from auditor.model.base import ProbeKey, Text
from auditor.model.fact import GAP, WAITING, WHY, Field, Gap, Json, Kind, Observation, Why
from auditor.probe.base import Probe


class Here(msgspec.Struct, frozen=True, kw_only=True):
    """A value that was seen.

    `refused` is the message of a program that refuses its own configuration (`valid: false`);
    `about_refusal` is true for the fields that say so.
    """

    path: str
    value: Json
    field: Field
    place: str = ""
    refused: str = ""
    about_refusal: bool = False


class Missing(msgspec.Struct, frozen=True):
    """A value that was not seen, and why."""

    why: str
    detail: str
    field: Field | None = None

    @property
    def waits(self) -> bool:
        """Tell whether nobody tried to look."""
        return self.why in WAITING

    @property
    def reason(self) -> Text:
        """Return why in words."""
        return next((text for why, text in WHY.items() if why == self.why), WHY[Why.NO_DATA])


_ABOUT_REFUSAL = frozenset({"valid", "message", "installed", "exists"})


class Scope(msgspec.Struct, frozen=True, kw_only=True):
    """The names that paths start from: a check's aliases, or the fields of one item."""

    roots: Mapping[str, tuple[Json, Field] | Missing]
    row: Mapping[str, Json] | None = None
    """The item, whose fields `fields` are the names then."""
    fields: Mapping[str, Field] = {}
    item: str = ""
    place: str = ""
    """Where the item is set, as its field `place` says."""
    quiet: bool = False
    """Only statuses are wanted: of most items of a table nobody will read the words."""

    def look(self, path: str) -> Here | Missing:
        """Return what stands at `path`; `a.b.c` also finds a key "b.c" of `a`."""
        name, _, rest = path.partition(".")
        root = self.roots.get(name) if self.row is None else self._field(self.row, name)
        if root is None:
            return Missing("no_data", f"there is no fact {name!r}")
        if isinstance(root, Missing):
            return root
        value, field = root
        return _walk(path, rest, value, field, self.place)

    def _field(self, row: Mapping[str, Json], name: str) -> "tuple[Json, Field] | Missing | None":
        field = self.fields.get(name)
        if field is None:
            return None
        if name in row:
            return row[name], field
        gap = row.get(GAP) or {"why": "no_data", "detail": "not reported"}
        return Missing(str(gap["why"]), str(gap["detail"]), field)

    def within(self, table: Here, record: Json) -> "Scope":
        """Return the scope of one item of a table, named by its key; quiet until it is told."""
        if not isinstance(record, dict):
            return Scope(roots={}, item=self.item, quiet=True)
        key = " ".join(str(record.get(name, "")) for name in table.field.key)
        return Scope(
            roots={},
            row=record,
            fields=table.field.fields,
            item=f"{self.item} {key}".strip() if self.item else key,
            place=str(record.get("place") or self.place),
            quiet=True,
        )

    @property
    def telling(self) -> "Scope":
        """The same, with reasons in words."""
        return msgspec.structs.replace(self, quiet=False) if self.quiet else self

    def titled(self, message: Text) -> Text:
        """Put the item's name before a message about it."""
        if not self.item:
            return message
        return Text(id=f"{self.item}: {message.id}", en=f"{self.item}: {message.en}")


def scope_of(probes: Mapping[str, Probe], observations: Mapping[ProbeKey, Observation]) -> Scope:
    """Return the scope of a check: each alias with its record, or why there is none."""
    roots: dict[str, tuple[Json, Field] | Missing] = {}
    for alias, probe in probes.items():
        gives = probe.type.gives
        seen = observations.get(probe.key)
        if seen is None:
            roots[alias] = Missing("no_data", "not collected", gives)
        elif isinstance(seen, Gap):
            roots[alias] = Missing(seen.why, seen.detail, gives)
        else:
            roots[alias] = (seen.value, gives)
    return Scope(roots=roots)


def _walk(path: str, rest: str, value: Json, field: Field, place: str) -> Here | Missing:
    refused = _refusal(value)
    gap: Mapping[str, Json] = {}
    while rest:
        if not isinstance(value, Mapping) or field.kind is not Kind.RECORD:
            return Missing("unreadable", f"{path}: not a record", field)
        gap = value.get(GAP) or gap
        name = rest if rest in value or rest in field.fields else rest.partition(".")[0]
        inner = field.fields.get(name, field.others)
        if inner is None:
            return Missing("no_data", f"there is no fact {path!r}")
        places = value.get("places")
        place = str(places.get(name, place)) if isinstance(places, Mapping) else place
        if name not in value:
            if refused:
                return Here(path=path, value=None, field=inner, refused=refused)
            return Missing(
                str(gap.get("why", "no_data")), str(gap.get("detail", "not reported")), inner
            )
        value, field = value[name], inner
        rest = rest[len(name) + 1 :]
    return Here(
        path=path,
        value=value,
        field=field,
        place=place,
        refused=refused,
        about_refusal=path.rpartition(".")[2] in _ABOUT_REFUSAL,
    )


def _refusal(value: Json) -> str:
    if isinstance(value, Mapping) and value.get("valid") is False:
        return str(value.get("message") or "valid: false")
    return ""
