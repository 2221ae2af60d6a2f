"""The operators: does a value hold, and how to say it in Indonesian and English."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from auditor.bind import duration
from auditor.evaluate.versions import version_min
from auditor.model.base import Lang, Text
from auditor.model.check import Op
from auditor.model.fact import Field, Json, Kind
from auditor.model.shape import DEFAULT

SHOWN_ITEMS = 10
SHOWN_CHARS = 200
MATCHED_CHARS = 10_000
"""A pattern looks at no more of a target's text than this."""


def holds(op: Op, value: Json, operand: Json, field: Field, now: datetime) -> bool:
    """Judge a value that was seen; raises ValueError or TypeError where it has the wrong shape."""
    if op in _AGES:
        return _AGES[op](_age(value, now), _threshold(operand, now))
    if field.kind is Kind.DURATION and op is not Op.EXISTS:
        operand = duration(operand)
    return _JUDGES[op](value, operand)


def strays(op: Op, value: Json, operand: Json) -> list[str]:
    """Return the elements of a list that break `op`, each of them a finding of its own.

    Only `subset_of` and `empty` speak of elements; other operators give an empty list.
    """
    if op is Op.SUBSET_OF:
        return [str(part) for part in value if part not in operand]
    if op is Op.EMPTY and operand is True and isinstance(value, list):
        return [str(part) for part in value if not isinstance(part, dict)]
    return []


def say(op: Op, value: Json, operand: Json, field: Field, *, held: bool, place: str = "") -> Text:
    """Return "label: value" and, where it does not hold, what was expected."""
    found = {lang: show(value, field.kind, lang) for lang in Lang}
    note = _BY_DEFAULT if place == DEFAULT else Text(id="", en="")
    if held:
        return Text(
            id=f"{field.label.id}: {found[Lang.ID]}{note.id}",
            en=f"{field.label.en}: {found[Lang.EN]}{note.en}",
        )
    kind = Kind.DURATION if op in _AGES else field.kind
    wanted = {lang: show(operand, kind, lang) for lang in Lang}
    words = _EXPECTED_NOT if operand is False and op in _EXPECTED_NOT else _EXPECTED
    template = words[op]
    if op is Op.CONTAINS_NONE:
        found = wanted = {lang: show(_common(value, operand), field.kind, lang) for lang in Lang}
    if op is Op.CONTAINS_ALL:
        wanted = {lang: show(_absent(value, operand), field.kind, lang) for lang in Lang}
    return Text(
        id=f"{field.label.id}: {found[Lang.ID]}{note.id}, {template.id.format(wanted[Lang.ID])}",
        en=f"{field.label.en}: {found[Lang.EN]}{note.en}, {template.en.format(wanted[Lang.EN])}",
    )


def show(value: Json, kind: Kind, lang: Lang) -> str:
    """Write a value for a reader: short, on one line."""
    match value:
        case None | "" | [] | ():
            return "(kosong)" if lang is Lang.ID else "(none)"
        case bool():
            return _BOOLS[lang][value]
        case list() | tuple():
            parts = [show(part, kind, lang) for part in value[:SHOWN_ITEMS]]
            if (rest := len(value) - SHOWN_ITEMS) > 0:
                parts.append(f"dan {rest} lagi" if lang is Lang.ID else f"and {rest} more")
            return ", ".join(parts)
        case int() if kind is Kind.DURATION:
            return _span(value, lang)
    text = " ".join(str(value).split())
    return text if len(text) <= SHOWN_CHARS else f"{text[:SHOWN_CHARS]}…"


_BY_DEFAULT = Text(id=" (nilai bawaan)", en=" (default)")
_BOOLS: Mapping[Lang, Mapping[bool, str]] = {
    Lang.ID: {True: "ya", False: "tidak"},
    Lang.EN: {True: "yes", False: "no"},
}
_SPANS = ((86_400, "hari", "days"), (3600, "jam", "hours"), (60, "menit", "minutes"))


def _span(seconds: int, lang: Lang) -> str:
    for size, indonesian, english in _SPANS:
        if abs(seconds) >= size:
            number = f"{seconds / size:.1f}".removesuffix(".0")
            if lang is Lang.ID:
                return f"{number.replace('.', ',')} {indonesian}"
            return f"{number} {english if number != '1' else english[:-1]}"
    return f"{seconds} {'detik' if lang is Lang.ID else 'seconds'}"


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _age(value: Json, now: datetime) -> timedelta:
    return now - _moment(value)


def _threshold(operand: Json, now: datetime) -> timedelta:
    """An age: of a duration it is itself, "now" is 0, of a date its distance from now."""
    if operand == "now":
        return timedelta(0)
    if isinstance(operand, int):
        return timedelta(seconds=operand)
    try:
        return timedelta(seconds=duration(operand))
    except ValueError:
        return now - _moment(operand)


def _common(value: Json, operand: Json) -> list[Json]:
    return [part for part in value if part in operand]


def _absent(value: Json, operand: Json) -> list[Json]:
    return [part for part in operand if part not in value]


def _mode_max(value: Json, operand: Json) -> bool:
    """No permission bit beyond those of the operand."""
    return int(value, 8) & ~int(operand, 8) == 0


def _equal(value: Json, operand: Json) -> bool:
    """Numbers and texts that look alike are alike: `sshd -T` gives numbers as text or int."""
    if isinstance(value, bool) or isinstance(operand, bool):
        return value is operand
    return value == operand or str(value) == str(operand)


def _is_in(value: Json, operand: Json) -> bool:
    return any(_equal(value, part) for part in operand)


def _matches(value: Json, operand: Json) -> bool:
    return re.search(operand, str(value)[:MATCHED_CHARS]) is not None


_AGES: Mapping[Op, Callable[[timedelta, timedelta], bool]] = {
    Op.OLDER_THAN: lambda age, limit: age > limit,
    Op.NEWER_THAN: lambda age, limit: age < limit,
}

_JUDGES: Mapping[Op, Callable[[Json, Json], bool]] = {
    Op.EQ: _equal,
    Op.NE: lambda value, operand: not _equal(value, operand),
    Op.IN: _is_in,
    Op.NOT_IN: lambda value, operand: not _is_in(value, operand),
    Op.MIN: lambda value, operand: bool(value >= operand),
    Op.MAX: lambda value, operand: bool(value <= operand),
    Op.MATCHES: _matches,
    Op.NOT_MATCHES: lambda value, operand: not _matches(value, operand),
    Op.CONTAINS: lambda value, operand: operand in value,
    Op.CONTAINS_ALL: lambda value, operand: not _absent(value, operand),
    Op.CONTAINS_NONE: lambda value, operand: not _common(value, operand),
    Op.SUBSET_OF: lambda value, operand: not [part for part in value if part not in operand],
    Op.EMPTY: lambda value, operand: (len(value) == 0) is operand,
    Op.EXISTS: lambda value, operand: (value is not None) is operand,
    Op.STARTS_WITH: lambda value, operand: str(value).startswith(operand),
    Op.MODE_MAX: _mode_max,
    Op.VERSION_MIN: version_min,
}

_EXPECTED: Mapping[Op, Text] = {
    Op.EQ: Text(id="seharusnya {}", en="expected {}"),
    Op.NE: Text(id="tidak boleh {}", en="must not be {}"),
    Op.IN: Text(id="seharusnya salah satu dari: {}", en="expected one of: {}"),
    Op.NOT_IN: Text(id="tidak boleh salah satu dari: {}", en="must be none of: {}"),
    Op.MIN: Text(id="paling sedikit {}", en="at least {}"),
    Op.MAX: Text(id="paling banyak {}", en="at most {}"),
    Op.MATCHES: Text(id="seharusnya sesuai pola {}", en="expected to match {}"),
    Op.NOT_MATCHES: Text(id="tidak boleh sesuai pola {}", en="must not match {}"),
    Op.CONTAINS: Text(id="harus memuat {}", en="must contain {}"),
    Op.CONTAINS_ALL: Text(id="belum memuat {}", en="lacks {}"),
    Op.CONTAINS_NONE: Text(id="tidak boleh ada", en="must be absent"),
    Op.SUBSET_OF: Text(id="yang diizinkan hanya: {}", en="allowed are only: {}"),
    Op.EMPTY: Text(id="seharusnya tidak ada", en="expected none"),
    Op.EXISTS: Text(id="seharusnya ada", en="expected to exist"),
    Op.STARTS_WITH: Text(id="seharusnya diawali {}", en="expected to start with {}"),
    Op.MODE_MAX: Text(id="paling longgar {}", en="no more than {}"),
    Op.VERSION_MIN: Text(id="paling rendah {}", en="at least {}"),
    Op.OLDER_THAN: Text(id="seharusnya lebih lama dari {}", en="expected older than {}"),
    Op.NEWER_THAN: Text(id="seharusnya lebih baru dari {}", en="expected newer than {}"),
    Op.WRITTEN: Text(
        id="bergantung pada nilai bawaan; tulis nilainya di berkas konfigurasi",
        en="relies on the default; write it in the configuration file",
    ),
}
_EXPECTED_NOT: Mapping[Op, Text] = {
    Op.EMPTY: Text(id="tidak boleh kosong", en="must not be empty"),
    Op.EXISTS: Text(id="seharusnya tidak ada", en="expected not to exist"),
}
